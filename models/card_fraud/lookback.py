"""Card transactions -> features of each that only look back, as the Fraud Detection Handbook does.

    features = lookback.features(transactions)      # float64 [n, len(NAMES)]

Training and pages compute them here. A window of w days is (t - w, t]: it holds the transaction
itself, and of several in the same second those that stand before it. What is known of frauds is
seven days late: a terminal's windows of frauds end at t - 7 days.

The handbook's fifteen (Le Borgne et al. 2022, chapter 3, Baseline feature transformation) come
first. The others compare the amount with the card's own month, and a terminal's latest known days.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models import deadline

Array = np.ndarray[Any, Any]
DAY = 86_400  # seconds
DELAY = 7  # days until a fraud is known
WINDOWS = (1, 7, 30)  # days
HISTORY = WINDOWS[-1] + DELAY  # days before a transaction that its features can see
COMPROMISED = 28  # days: the older frauds at a terminal, known or not, say nothing of today
NIGHT = 7 * 3_600  # seconds of the day before which it is night
THURSDAY = 3  # the day of the week of 1970-01-01, where Monday is 0


@dataclass(frozen=True)
class Feature:
    """One feature. kind: `amount` and `count` are as they are, `share` 0..1, `ratio` any."""

    name: str
    meaning: str
    kind: str


def _span(days: int) -> str:
    return "one day" if days == 1 else f"{days} days"


FEATURES: tuple[Feature, ...] = (
    Feature("amount", "amount of this transaction", "amount"),
    Feature("weekend", "on a Saturday or Sunday", "share"),
    Feature("night", "between midnight and seven", "share"),
    *(
        feature
        for days in WINDOWS
        for feature in (
            Feature(f"card_count_{days}d", f"the card's transactions in {_span(days)}", "count"),
            Feature(f"card_mean_{days}d", f"mean amount of the card in {_span(days)}", "amount"),
        )
    ),
    *(
        feature
        for days in WINDOWS
        for feature in (
            Feature(
                f"terminal_count_{days}d",
                f"the terminal's transactions in {_span(days)}, up to a week ago",
                "count",
            ),
            Feature(
                f"terminal_risk_{days}d",
                f"share of fraud among the terminal's in {_span(days)}, up to a week ago",
                "share",
            ),
        )
    ),
    Feature("usual_amount", "mean amount of the card's 30 days before", "amount"),
    Feature("times_usual", "this amount over the card's mean of 30 days", "ratio"),
    Feature("spreads_above", "standard deviations above the card's mean of 30 days", "ratio"),
    Feature("terminal_risk_21d", "share of fraud at the terminal, 7 to 28 days ago", "share"),
    Feature("terminal_last_3", "share of fraud among the terminal's last three known", "share"),
)
NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
# What an autoencoder sees that is given no labels: amounts, and nothing of counts and hours. With
# those too its average precision on the folds of training was 0.015, twice that of guessing.
UNLABELLED: tuple[int, ...] = tuple(
    i for i, feature in enumerate(FEATURES) if feature.kind in ("amount", "ratio")
)


@dataclass(frozen=True)
class Transactions:
    """time int64 [n]: seconds of Unix time. customer, terminal int64 [n]. amount float64 [n].

    fraud: bool [n], what is known in the end, or None where nobody said. clock: float64 [n],
    seconds of the day where the card was used, NaN where only the date is known; by default those
    of `time`.
    """

    time: Array
    customer: Array
    terminal: Array
    amount: Array
    fraud: Array | None
    clock: Array | None = None

    def __len__(self) -> int:
        return len(self.time)

    def take(self, rows: Array) -> "Transactions":
        """Some of them."""
        fraud, clock = (None if one is None else one[rows] for one in (self.fraud, self.clock))
        return Transactions(
            self.time[rows],
            self.customer[rows],
            self.terminal[rows],
            self.amount[rows],
            fraud,
            clock,
        )


class Past:
    """The rows of each card or terminal in the order of time, to sum over windows of them."""

    def __init__(self, owner: Array, time: Array) -> None:
        """owner: int64 [n]; time: int64 [n], rising."""
        self.order = np.argsort(owner, kind="stable")  # within an owner time goes on rising
        owner, time = owner[self.order], time[self.order] - time.min()
        first = np.r_[True, owner[1:] != owner[:-1]]
        self.begin = np.maximum.accumulate(np.where(first, np.arange(len(owner)), 0))
        # One rising number for each row, so far apart that no window reaches another owner.
        self.key = (np.cumsum(first) - 1) * (time.max() + 2 * HISTORY * DAY) + time
        self.found: dict[int, Array] = {}  # of `upto`: windows share their ends

    def upto(self, ago: int) -> Array:
        """How many rows, in this order, lie at or before `ago` seconds before each: int64 [n].

        Those of the owners before it included; of ago 0, the rows down to itself.
        """
        if ago == 0:
            return np.arange(1, len(self.key) + 1)
        if ago not in self.found:
            self.found[ago] = np.searchsorted(self.key, self.key - ago, side="right")
        return self.found[ago]

    def between(self, values: Array, old: int, new: int, itself: bool = True) -> Array:
        """The sum of values over (t - old, t - new] days, in the given order: float64 [n].

        itself: whether the row at t counts.

        Of each window's own values alone: the difference of two sums over all would lose the cents
        of everybody beside one very large amount of somebody.
        """
        deadline.check()
        begin, end = self.upto(old * DAY), self.upto(new * DAY) - (not itself)
        return self._back(_sums(values[self.order], begin, end))

    def last(self, values: Array, count: int, ago: int) -> Array:
        """The mean of the last `count` values at or before t - ago days; 0 where there is none."""
        total = np.r_[0.0, np.cumsum(values[self.order])]
        end = np.maximum(self.upto(ago * DAY), self.begin)
        start = np.maximum(end - count, self.begin)
        return self._back((total[end] - total[start]) / np.maximum(end - start, 1))

    def _back(self, values: Array) -> Array:
        found = np.empty_like(values)
        found[self.order] = values
        return found


def _sums(values: Array, begin: Array, end: Array) -> Array:
    """The sum over values[begin:end] for each pair: float64 [n].

    Of the blocks of a segment tree, at most two a level, so that nothing is subtracted.
    """
    found = np.zeros(len(begin))
    level, begin, end = values.astype(np.float64), begin.copy(), end.copy()
    open_ = np.flatnonzero(begin < end)
    while len(open_):
        deadline.check()
        odd = open_[begin[open_] % 2 == 1]
        found[odd] += level[begin[odd]]
        begin[odd] += 1
        odd = open_[end[open_] % 2 == 1]
        end[odd] -= 1
        found[odd] += level[end[odd]]
        begin[open_] //= 2
        end[open_] //= 2
        open_ = open_[begin[open_] < end[open_]]
        level = np.r_[level, 0.0][: len(level) + len(level) % 2].reshape(-1, 2).sum(1)
    return found


def features(given: Transactions) -> Array:
    """The features of each transaction, in the given order: float64 [n, len(NAMES)].

    Of the labels nothing is used that is younger than `DELAY` days; without labels every risk is 0.
    Raises BusyError past the deadline of `deadline.work`.
    """
    order = np.argsort(given.time, kind="stable")
    rows = given.take(order)
    found = np.empty((len(rows), len(NAMES)))
    if len(rows):
        found[order] = np.stack([*_made(rows).values()], 1)
    return found


def _made(rows: Transactions) -> dict[str, Array]:
    """Feature by feature, for rows in the order of time."""
    one, amount = np.ones(len(rows)), rows.amount.astype(np.float64)
    known = np.zeros(len(rows)) if rows.fraud is None else rows.fraud.astype(np.float64)
    clock = rows.time % DAY if rows.clock is None else rows.clock
    card, terminal = Past(rows.customer, rows.time), Past(rows.terminal, rows.time)
    made = {
        "amount": amount,
        "weekend": ((rows.time // DAY + THURSDAY) % 7 >= 5).astype(np.float64),
        "night": (clock < NIGHT).astype(np.float64),  # of an unknown clock: no
    }
    for days in WINDOWS:
        count = card.between(one, days, 0)
        made[f"card_count_{days}d"] = count
        made[f"card_mean_{days}d"] = card.between(amount, days, 0) / count
    for days in WINDOWS:
        count = terminal.between(one, DELAY + days, DELAY)
        made[f"terminal_count_{days}d"] = count
        frauds = terminal.between(known, DELAY + days, DELAY)
        made[f"terminal_risk_{days}d"] = frauds / np.maximum(count, 1)
    month = WINDOWS[-1]
    before = card.between(one, month, 0, itself=False)
    mean = card.between(amount, month, 0, itself=False) / np.maximum(before, 1)
    square = card.between(amount**2, month, 0, itself=False) / np.maximum(before, 1)
    usual = np.where(before > 0, mean, amount)
    spread = np.sqrt(np.maximum(square - mean**2, (0.1 * mean) ** 2))
    made["usual_amount"] = usual
    made["times_usual"] = amount / np.maximum(usual, 0.01)
    made["spreads_above"] = np.where(before > 1, (amount - usual) / np.maximum(spread, 0.01), 0)
    count = terminal.between(one, COMPROMISED, DELAY)
    made["terminal_risk_21d"] = terminal.between(known, COMPROMISED, DELAY) / np.maximum(count, 1)
    made["terminal_last_3"] = terminal.last(known, 3, DELAY)
    return {name: made[name] for name in NAMES}
