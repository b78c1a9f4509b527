"""The dial's arithmetic, against numbers worked out by hand and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from models.kinds.thresholds import Day, LabelledScores, best_f1, cheapest

# Five normal and four abnormal ones, one of each at 3.
JUDGED = LabelledScores.of([1, 2, 2, 3, 5, 3, 4, 6, 7], [0, 0, 0, 0, 0, 1, 1, 1, 1])


def test_a_threshold_is_counted_as_by_hand() -> None:
    point = JUDGED.at(4)
    assert (point.caught, point.missed, point.false, point.passed) == (3, 1, 1, 4)
    assert point.recall == 3 / 4
    assert point.precision == 3 / 4
    assert point.false_rate == 1 / 5
    assert point.f1 == 6 / 8
    assert point.accuracy == 7 / 9


def test_a_score_at_the_threshold_is_an_alarm() -> None:
    assert JUDGED.at(3).caught == 4
    assert JUDGED.at(3).false == 2
    assert JUDGED.at(np.nextafter(3, 4)).caught == 3


def test_no_alarm_has_no_precision() -> None:
    point = JUDGED.at(8)
    assert point.precision is None
    assert (point.recall, point.f1, point.false) == (0, 0, 0)
    assert Day(100, 0.1, 1, 1).precision(point) is None


def test_a_day_costs_what_it_does_by_hand() -> None:
    # 1,000 rows, 20 abnormal: a quarter of those missed, a fifth of 980 false alarms.
    day = Day(rows=1_000, share=0.02, false_cost=3, missed_cost=50)
    point = JUDGED.at(4)
    assert day.false_alarms(point.false_rate) == pytest.approx(196)
    assert day.missed(point.recall) == pytest.approx(5)
    assert day.cost(point.recall, point.false_rate) == pytest.approx(196 * 3 + 5 * 50)
    assert day.precision(point) == pytest.approx(15 / (15 + 196))


@pytest.mark.parametrize(
    ("false_cost", "missed_cost", "threshold"),
    [
        (1, 0, np.inf),  # nothing is lost by missing: no alarm
        (0, 1, 3),  # nothing is lost by alarms: the highest that catches all
        (1, 1, 6),  # 2 missed, against 1 + 1 at 4 and 0 + 2 at 3: the fewest alarms
        (1, 3, 3),  # 0 missed and 2 false, against 1 missed and 1 false
        (3, 1, 6),
    ],
)
def test_the_cheapest_threshold_is_the_one_by_hand(
    false_cost: float, missed_cost: float, threshold: float
) -> None:
    day = Day(9, 4 / 9, false_cost, missed_cost)
    assert cheapest(JUDGED, day) == threshold


def test_no_other_threshold_is_cheaper_or_has_a_better_f1() -> None:
    rng = np.random.default_rng(0)
    judged = LabelledScores.of(
        np.r_[rng.normal(0, 1, 300), rng.normal(1, 1, 40)], np.arange(340) >= 300
    )
    day = Day(5_000, 0.03, 4, 70)
    points = [judged.at(t) for t in (*judged.normal, *judged.abnormal, np.inf)]
    best = judged.at(cheapest(judged, day))
    surprisals = [day.cost(point.recall, point.false_rate) for point in points]
    assert day.cost(best.recall, best.false_rate) == pytest.approx(min(surprisals))
    assert judged.at(best_f1(judged)).f1 == max(point.f1 for point in points)


def test_the_best_f1_is_for_the_share_that_is_said() -> None:
    # At 3 recall is 1 and 2 of 5 normal ones raise an alarm, at 6 it is 1/2 and none does.
    f1 = {3: 2 * 0.01 / (0.01 + 0.99 * 0.4 + 0.01), 6: 2 * 0.005 / (0.005 + 0.01)}
    assert f1[6] > f1[3]
    assert best_f1(JUDGED, 0.01) == 6
    assert best_f1(JUDGED, 0.9) == 3


def test_the_curves_areas_are_scikit_learns_ties_too() -> None:
    rng = np.random.default_rng(1)
    scores, abnormal = rng.integers(0, 20, 500) / 4, rng.random(500) < 0.2
    scores = scores + abnormal
    curve = LabelledScores.of(scores, abnormal).curve
    assert curve.auroc == pytest.approx(roc_auc_score(abnormal, scores))
    assert curve.average_precision == pytest.approx(average_precision_score(abnormal, scores))
    assert curve.thresholds[0] == np.inf
    for i in (1, 5, len(curve.thresholds) - 1):
        point = LabelledScores.of(scores, abnormal).at(curve.thresholds[i])
        assert (point.recall, point.precision) == (curve.recall[i], curve.precision[i])
