"""The Fraud Detection Handbook's simulated card transactions, its protocol, and made-up ones.

Le Borgne et al. 2022, chapter 3 and 5. Learned from seven days; measured on the seven days that
come a week later, since a fraud is known only after a week. Cards of which a fraud is known by
then are not measured: they would be blocked. `test` is 2018-08-08 to 08-14; every choice is made on
four folds that are as long and end before the delay of the test begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import card as cards
from models.card_fraud.lookback import DAY, DELAY, Transactions
from training import sources

Array = np.ndarray[Any, Any]
FILE = "fraud_handbook_simulated.npz"
HOME = "https://fraud-detection-handbook.github.io/fraud-detection-handbook/"
BEGIN = 1_522_540_800  # 2018-04-01 00:00, the first day, in Unix time
OWNERS = ("customer", "terminal")
WEEK = 7  # days of training, of the delay and of a test
START = 115  # 2018-07-25, counted from the first day
FOLDS = tuple(START - DELAY - WEEK - WEEK * fold for fold in range(4))  # first training days
SCENARIOS = {
    1: "amount above 220",
    2: "terminal compromised for 28 days",
    3: "card's data stolen for 14 days",
}


@dataclass(frozen=True)
class Corpus:
    """transactions in the order of time; day int64 [n], from 0; scenario uint8 [n], 0 for none.

    start: the first training day of the release; folds: those of the choices.
    """

    transactions: Transactions
    day: Array
    scenario: Array
    start: int = START
    folds: tuple[int, ...] = FOLDS

    @property
    def fraud(self) -> Array:
        """Which are frauds: bool [n]."""
        assert self.transactions.fraud is not None
        return self.transactions.fraud


@dataclass(frozen=True)
class Split:
    """Rows of a corpus: what is learned from and what is measured, both in the order of time."""

    learned: Array
    measured: Array


def corpus() -> Corpus:
    """The data set. Raises what sources.fetch raises."""
    with np.load(sources.fetch("fraud-handbook", FILE)) as held:
        time = held["tx_time_seconds"].astype(np.int64)
        customer, terminal = (held[f"{name}_id"].astype(np.int64) for name in OWNERS)
        amount, fraud = held["amount"].astype(np.float64), held["fraud"] > 0
        scenario = held["scenario"].astype(np.uint8)
    needed = time < (START + WEEK + DELAY + WEEK) * DAY  # nothing after the test
    found = Transactions(time + BEGIN, customer, terminal, amount, fraud).take(
        np.flatnonzero(needed)
    )
    return Corpus(found, time[needed] // DAY, scenario[needed])


def split(corpus: Corpus, start: int) -> Split:
    """The handbook's training and test rows for a first training day.

    A card leaves the test when a fraud of it is known: one of the training days, or one that is a
    week old on the day that is measured.
    """
    day, fraud, customer = corpus.day, corpus.fraud, corpus.transactions.customer
    learned = np.flatnonzero((day >= start) & (day < start + WEEK))
    known = set(customer[learned][fraud[learned]].tolist())
    measured = []
    for i in range(WEEK):
        today = start + WEEK + DELAY + i
        known |= set(customer[(day == today - DELAY - 1) & fraud].tolist())
        rows = np.flatnonzero(day == today)
        measured.append(rows[~np.isin(customer[rows], [*known])])
    return Split(learned, np.concatenate(measured))


def by_day(corpus: Corpus, rows: Array) -> Iterator[Array]:
    """Places in `rows` of each day, one after another."""
    for day in np.unique(corpus.day[rows]):
        yield np.flatnonzero(corpus.day[rows] == day)


def card_precision(corpus: Corpus, rows: Array, scores: Array, most: int = 100) -> float:
    """Share of frauds' cards among the `most` of each day with the highest score of a transaction.

    A card that was found so on one day is not looked at again. rows: int64 [n] of the corpus;
    scores: [n].
    """
    found: set[int] = set()
    shares = []
    for places in by_day(corpus, rows):
        card = corpus.transactions.customer[rows[places]]
        kept = ~np.isin(card, [*found])
        cards_today, owner = np.unique(card[kept], return_inverse=True)
        best = np.full(len(cards_today), -np.inf)
        np.maximum.at(best, owner, scores[places][kept])
        stolen = np.zeros(len(cards_today), bool)
        np.logical_or.at(stolen, owner, corpus.fraud[rows[places]][kept])
        top = np.argsort(-best, kind="stable")[:most]
        found |= set(cards_today[top[stolen[top]]].tolist())
        shares.append(float(stolen[top].sum()) / most)
    return float(np.mean(shares))


def cited(*parts: tuple[str, int]) -> list[cards.Data]:
    """The data set as cards name it, a line a part."""
    source = sources.DATA["fraud-handbook"]
    return [cards.Data(source.title, source.licence, HOME, name, n) for name, n in parts]


def made_up(customers: int = 120, days: int = 60, seed: int = 0) -> Corpus:
    """Transactions of our own making, with three kinds of fraud, to test and time with."""
    rng = np.random.default_rng(seed)
    terminals = max(20, customers // 2)
    n = customers * days * 2
    day = np.sort(rng.integers(0, days, n))
    time = day * DAY + rng.integers(0, DAY, n)
    order = np.argsort(time, kind="stable")
    day, time = day[order], time[order]
    customer, terminal = rng.integers(0, customers, n), rng.integers(0, terminals, n)
    usual = rng.uniform(5, 80, customers)
    amount = np.round(np.abs(rng.normal(usual[customer], usual[customer] / 3)) + 0.5, 2)
    scenario = np.zeros(n, np.uint8)
    # A terminal and a card in ten are taken over for a while; a few amounts are far too high.
    for kind, owner, count in ((2, terminal, terminals), (3, customer, customers)):
        for one in rng.choice(count, max(2, count // 10), replace=False):
            begin = rng.integers(0, days)
            inside = (owner == one) & (day >= begin) & (day < begin + (28 if kind == 2 else 14))
            scenario[inside & (rng.random(n) < (1 if kind == 2 else 0.4))] = kind
    amount[scenario == 3] *= 5
    high = rng.random(n) < 0.002
    amount[high] = np.round(rng.uniform(221, 400, int(high.sum())), 2)
    scenario[amount > 220] = 1
    found = Transactions(time + BEGIN, customer, terminal, amount, scenario > 0)
    start = days - WEEK - DELAY - WEEK
    return Corpus(found, day, scenario, start, (start - WEEK,))
