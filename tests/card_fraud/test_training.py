"""How card_fraud is made: the handbook's windows and delay by hand, and a small release."""

from pathlib import Path

import numpy as np
import pytest

from models import catalog
from models.card_fraud.lookback import NAMES, Transactions
from training.card_fraud import data, train
from training.card_fraud.data import Corpus
from training.card_fraud.measure import HANDBOOK


def made(rows: list[tuple[int, int, int]]) -> Corpus:
    """(day, customer, fraud), a second apart."""
    day, customer, fraud = map(np.array, zip(*rows, strict=True))
    time = data.BEGIN + day * 86_400 + np.arange(len(rows))
    n = len(rows)
    given = Transactions(time, customer, np.zeros(n, int), np.ones(n), fraud > 0)
    return Corpus(given, day, (fraud > 0).astype(np.uint8))


def test_a_week_is_learned_a_week_passes_and_a_week_is_measured() -> None:
    corpus = made([(day, day, 0) for day in range(30)])
    split = data.split(corpus, 2)
    assert corpus.day[split.learned].tolist() == [*range(2, 9)]
    assert corpus.day[split.measured].tolist() == [*range(16, 23)]


def test_the_dates_are_the_handbook_s() -> None:
    first = np.datetime64(data.BEGIN + data.START * 86_400, "s")
    assert str(first) == "2018-07-25T00:00:00"
    assert str(first + np.timedelta64(14, "D"))[:10] == "2018-08-08"
    # The last fold is measured when the test's training begins: no fold sees the delay.
    assert max(data.FOLDS) + 14 == data.START
    assert data.FOLDS == (101, 94, 87, 80)


def test_cards_whose_fraud_is_known_leave_the_test_from_the_day_it_is_known() -> None:
    rows = [(3, 1, 1), (9, 2, 1), (10, 3, 1), (15, 4, 1)]  # in training; in the delay; too late
    rows += [(day, customer, 0) for day in (16, 17, 18) for customer in (1, 2, 3, 4, 5)]
    corpus = made(sorted(rows))
    measured = data.split(corpus, 2).measured
    found = {
        day: set(corpus.transactions.customer[measured][corpus.day[measured] == day].tolist())
        for day in (16, 17, 18)
    }
    # On day 16 frauds to day 8 are known, on day 17 that of day 9, on day 18 that of day 10.
    assert found == {16: {2, 3, 4, 5}, 17: {3, 4, 5}, 18: {4, 5}}


def test_card_precision_counts_cards_by_day_and_each_found_card_once() -> None:
    rows = [(0, 1, 1), (0, 1, 0), (0, 2, 0), (0, 3, 1), (1, 1, 1), (1, 2, 1), (1, 4, 0)]
    corpus = made(rows)
    scores = np.array([0.1, 0.9, 0.5, 0.2, 0.9, 0.8, 0.7])
    # Day 0, two cards: 1 (its best score 0.9, a fraud) and 2. Day 1 without card 1: 2 and 4.
    assert data.card_precision(corpus, np.arange(7), scores, 2) == pytest.approx(0.5)
    assert data.card_precision(corpus, np.arange(7), -scores, 1) == pytest.approx(0.5)


def test_the_handbooks_features_come_first() -> None:
    assert HANDBOOK == 15
    assert NAMES[HANDBOOK - 1] == "terminal_risk_30d"


def test_made_up_transactions_have_every_kind_of_fraud() -> None:
    corpus = data.made_up()
    assert set(np.unique(corpus.scenario)) == {0, 1, 2, 3}
    assert (np.diff(corpus.transactions.time) >= 0).all()
    assert 0.005 < corpus.fraud.mean() < 0.2


def test_a_release_in_small_holds_together(tmp_path: Path) -> None:
    card = train.smoke(tmp_path)
    base = data.made_up().fraud.mean()
    assert card.metric("average_precision", "test").value > 3 * base
    assert {"rivals", "members", "tries", "by_scenario", "ranges"} <= card.tables.keys()
    assert len(card.tables["rivals"].rows) == 7
    assert catalog.load("card_fraud", tmp_path / "card_fraud").card == card
