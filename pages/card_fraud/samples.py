"""The transactions that visitors may start with: of our own making, none from a data set.

Each sample is five or six weeks of a few cards; the latest transaction is the one that is judged.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

Row = tuple[str, str, str, str, bool]  # time, customer, terminal, amount, known as a fraud
END = datetime(2026, 3, 20, 18, 30)  # of the latest transaction of every sample
DAYS = 40


@dataclass(frozen=True)
class Sample:
    """Transactions, the latest first. fraud: what the latest was made as. told: what happens."""

    fraud: bool
    told: str
    rows: list[Row]


def _row(when: datetime, customer: str, terminal: str, amount: float, fraud: bool = False) -> Row:
    return f"{when:%Y-%m-%d %H:%M}", customer, terminal, f"{amount:.2f}", fraud


def _past(seed: int, customer: str = "Ann", default: float = 22.0, days: int = DAYS) -> list[Row]:
    """A card that is used about every day at one of three shops."""
    rng = random.Random(seed)
    rows = []
    for day in range(1, days + 1):
        if rng.random() < 0.85:
            when = END - timedelta(days=day, minutes=rng.randint(-400, 300))
            amount = max(2.0, rng.gauss(default, default / 3))
            rows.append(_row(when, customer, rng.choice(("bakery", "grocer", "station")), amount))
    return rows


def _others(terminal: str, seed: int, taken_over: float = 0.0) -> list[Row]:
    """What other cards do at a terminal, about once a day; all frauds since it was taken over.

    taken_over: so many days ago, or 0 where it never was.
    """
    rng = random.Random(seed)
    rows = []
    for day in range(1, DAYS + 1):
        when = END - timedelta(days=day, minutes=rng.randint(-500, 300))
        fraud = (END - when).total_seconds() < taken_over * 86_400
        card, amount = f"card {rng.randint(2, 60)}", max(3.0, rng.gauss(45, 20))
        if rng.random() < 0.9:
            rows.append(_row(when, card, terminal, amount, fraud))
    return rows


def _made(last: Row, *parts: list[Row]) -> list[Row]:
    """The latest first, then all others back in time."""
    return [last, *sorted((row for part in parts for row in part), reverse=True)]


TRANSACTIONS: dict[str, Sample] = {
    "Five times as much": Sample(
        True,
        "Somebody has the data of Ann's card and spends five times what she does.",
        _made(_row(END, "Ann", "web shop", 121.00), _past(2), _others("web shop", 12)),
    ),
    "As ever": Sample(
        False,
        "Ann buys at her grocer, for what she usually spends.",
        _made(_row(END, "Ann", "grocer", 24.90), _past(1), _others("grocer", 11)),
    ),
    "A very large amount": Sample(
        True,
        "More than 220 at once, which in the simulation nobody spends honestly.",
        _made(_row(END, "Ann", "jeweller", 336.00), _past(3, default=60), _others("jeweller", 13)),
    ),
    "A terminal with a past": Sample(
        True,
        "The petrol pump was taken over 16 days ago; frauds of its first days are known by now.",
        _made(_row(END, "Ann", "pump 4", 23.50), _past(4), _others("pump 4", 14, 16)),
    ),
    "Taken over yesterday": Sample(
        True,
        "The same pump, taken over yesterday: no fraud there is a week old, so none is known.",
        _made(_row(END, "Ann", "pump 4", 23.50), _past(5), _others("pump 4", 14, 1.5)),
    ),
    "A generous evening": Sample(
        False,
        "Ann invites friends: three times what she usually spends, and honestly.",
        _made(_row(END, "Ann", "restaurant", 71.00), _past(6), _others("restaurant", 16)),
    ),
    "A new card": Sample(
        False,
        "The second transaction of a card: there is no past to look back at.",
        _made(
            _row(END, "Zoe", "grocer", 35.00),
            [_row(END - timedelta(days=1), "Zoe", "grocer", 12.00)],
        ),
    ),
}
