"""Transactions: judged by what stands before them, with labels and without, and explained."""

import time
from dataclasses import replace

import numpy as np
import pytest

from models import catalog
from models.card_fraud import (
    contributions,
    lookback,
    medians,
    nearest,
    out_of_range,
    predict,
    reading,
    scored,
)
from models.card_fraud.lookback import NAMES, UNLABELLED
from models.decode import tables
from pages.card_fraud import payment, table
from pages.card_fraud.samples import TRANSACTIONS
from training.card_fraud import data

NAME = "card_fraud"
pytestmark = pytest.mark.skipif(NAME not in catalog.NAMES, reason="card_fraud is not released")


@pytest.fixture(scope="module")
def model() -> catalog.Model:
    return catalog.load(NAME)


def judged(model: catalog.Model, name: str) -> tuple[float, float]:
    """Log-odds and how unusual the latest transaction of a sample is."""
    given = payment.read(payment.frame(TRANSACTIONS[name]))
    found, _ = predict(model, given.transactions)
    return float(found.log_odds[0]), float(found.anomaly_score[0])


def test_plain_frauds_raise_an_alarm_and_plain_use_does_not(model: catalog.Model) -> None:
    threshold = model.card.settings["threshold"].value
    for name in ("Five times as much", "A very large amount", "A terminal with a past"):
        assert judged(model, name)[0] >= threshold, name
    for name in ("As ever", "A new card"):
        assert judged(model, name)[0] < threshold, name


def test_what_is_not_known_yet_is_not_seen(model: catalog.Model) -> None:
    threshold = model.card.settings["threshold"].value
    assert judged(model, "Taken over yesterday")[0] < threshold


def test_without_labels_an_amount_is_unusual_and_a_terminal_s_past_is_not(
    model: catalog.Model,
) -> None:
    usual = judged(model, "As ever")[1]
    assert judged(model, "Five times as much")[1] > usual + 1
    given = payment.read(payment.frame(TRANSACTIONS["A terminal with a past"]))
    told, _ = predict(model, given.transactions)
    untold, _ = predict(model, replace(given.transactions, fraud=None))
    assert untold.anomaly_score[0] == told.anomaly_score[0], "it never saw a label"
    assert untold.log_odds[0] < told.log_odds[0] - 2


def test_contributions_sum_to_the_difference_from_a_median_transaction(
    model: catalog.Model,
) -> None:
    given = payment.read(payment.frame(TRANSACTIONS["Five times as much"]))
    found, _ = predict(model, given.transactions)
    parts = contributions(model, found.features[0])
    middle, _ = scored(model, medians(model)[None])
    whole = float(found.log_odds[0] - middle.log_odds[0])
    assert parts.values.sum() == pytest.approx(whole, abs=1e-3)
    top = [NAMES[i] for i in np.argsort(-parts.values)[:4]]
    assert {"times_usual", "spreads_above", "amount"} & set(top)


def test_shares_and_groups_are_of_what_needs_no_label(model: catalog.Model) -> None:
    given = payment.read(payment.frame(TRANSACTIONS["As ever"]))
    found, _ = predict(model, given.transactions)
    assert found.shares.shape == found.typical.shape == (len(given), len(UNLABELLED))
    assert found.shares.sum(1) == pytest.approx(np.ones(len(given)), abs=0.05)
    groups = nearest(model, found.code[0])
    assert len(groups) == 3
    assert [group.distance for group in groups] == sorted(group.distance for group in groups)
    assert all(not name.startswith("terminal_risk") for name in groups[0].values)


def test_a_sample_is_the_same_in_the_template_among_all_others(model: catalog.Model) -> None:
    given = reading.read(tables.read(table.template()))
    found, _ = predict(model, given.transactions)
    begin = 0
    for name, sample in TRANSACTIONS.items():
        assert float(found.log_odds[begin]) == pytest.approx(judged(model, name)[0], abs=1e-3), name
        begin += len(sample.rows)


def test_what_lies_outside_of_training_s_range_is_counted(model: catalog.Model) -> None:
    middle = medians(model)[None].repeat(3, 0)
    assert out_of_range(model, middle) == []
    middle[1, NAMES.index("amount")] = 1e6
    assert out_of_range(model, middle) == [("amount", 1)]


def test_no_row_of_the_data_set_is_released(model: catalog.Model) -> None:
    made = lookback.features(data.made_up(20, 50).transactions)[-48:]
    assert (model.arrays("golden.npz")["predict.in.features"] == made.astype(np.float32)).all()
    held = model.arrays("evidence.npz")
    assert {name for name, values in held.items() if values.ndim > 1} == {
        "prototype_code",
        "prototype_typical",
    }


def test_two_hundred_thousand_rows_and_one_are_judged_in_time(
    model: catalog.Model, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = data.made_up(1_000, 100)
    began = time.perf_counter()
    found, _ = predict(model, corpus.transactions)
    took = time.perf_counter() - began
    one, _ = predict(model, corpus.transactions.take(np.array([0])))
    with capsys.disabled():
        print(f"\n[{len(corpus.day):,} transactions to scores: {took:.2f} s]")
    assert np.isfinite(found.log_odds).all()
    assert np.isfinite(one.log_odds).all()
    assert took < 40  # promised nothing; those of the tests are shared
