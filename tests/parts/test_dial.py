"""The dial: what it says is what is counted, and it stays within its own scores."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.card import Table
from models.kinds.thresholds import Day, LabelledScores, cheapest
from pages.parts.anomaly import dial_figures, trust
from pages.parts.anomaly.dial import Dial

RNG = np.random.default_rng(0)
JUDGED = LabelledScores.of(
    np.r_[RNG.normal(0, 1, 900), RNG.normal(3, 1, 100)], np.arange(1000) >= 900
)
DIAL = Dial(
    "some", JUDGED, "1,000 made-up rows", 1.5, "score", "rows", "fault", "faults", 10_000, 5, 200
)


def following() -> None:
    from tests.parts.test_dial import page  # noqa: PLC0415

    page(follow=True)


def page(follow: bool = False) -> None:
    import streamlit as st  # noqa: PLC0415

    from pages.parts.anomaly import dial  # noqa: PLC0415
    from tests.parts.test_dial import DIAL  # noqa: PLC0415

    st.write(f"outside {dial.threshold(DIAL):.2f}")
    dial.draw(DIAL, lambda here: st.write(f"alarm from {here:.2f}"), 2.0, follow)


def opened(**query: str) -> AppTest:
    test = AppTest.from_function(page, default_timeout=20)
    test.query_params.update(query)
    return test.run()


def numbers(test: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in test.metric}


def expected(threshold: float, day: Day) -> dict[str, str]:
    point = JUDGED.at(threshold)
    precision = day.precision(point)
    return {
        "precision": "none" if precision is None else f"{precision:.1%}",
        "recall": f"{point.recall:.1%}",
        "false alarms a day": f"{day.false_alarms(point.false_rate):,.0f}",
        "cost a day": f"{day.cost(point.recall, point.false_rate):,.0f}",
    }


def test_the_numbers_are_those_of_the_threshold_and_follow_it() -> None:
    test = opened()
    assert numbers(test) == expected(1.5, Day(10_000, 0.1, 5, 200))
    test.slider("some_dial").set_value(2.25).run()
    assert numbers(test) == expected(2.25, Day(10_000, 0.1, 5, 200))
    assert "alarm from 2.25" in [text.value for text in test.markdown]


def test_what_stands_outside_follows_where_it_is_asked_to() -> None:
    test = AppTest.from_function(following, default_timeout=60).run()
    assert "outside 1.50" in [text.value for text in test.markdown]
    test.slider("some_dial").set_value(0.5).run()
    assert not test.exception
    assert "outside 0.50" in [text.value for text in test.markdown]
    assert "alarm from 0.50" in [text.value for text in test.markdown]


def test_the_numbers_follow_what_the_visitor_types() -> None:
    test = opened()
    for name, value in (("false_cost", 7), ("missed_cost", 30), ("rows", 500), ("share", 2)):
        test.number_input(f"some_{name}").set_value(value).run()
    day = Day(500, 0.02, 7, 30)
    assert numbers(test) == expected(1.5, day)
    best = cheapest(JUDGED, day)
    assert f"Cheapest at **{best:.2f}**" in test.caption[0].value


def test_a_dial_that_costs_far_more_than_it_must_says_so_and_is_set_by_one_click() -> None:
    test = opened(some_dial="4")
    cost = float(numbers(test)["cost a day"].replace(",", ""))
    test.button("some_cheapest").click().run()
    assert float(numbers(test)["cost a day"].replace(",", "")) < cost
    best = cheapest(JUDGED, Day(10_000, 0.1, 5, 200))
    assert best - DIAL.step < test.slider("some_dial").value <= best
    assert not [button for button in test.button if button.key == "some_cheapest"]


def test_where_missing_costs_nothing_no_alarm_is_cheapest() -> None:
    test = opened(some_missed_cost="0")
    assert "no alarm at all" in test.caption[0].value


def test_a_link_restores_the_dial_and_the_costs() -> None:
    test = opened(some_dial="0.75", some_missed_cost="40")
    assert test.slider("some_dial").value == 0.75
    assert numbers(test) == expected(0.75, Day(10_000, 0.1, 5, 40))


USUAL = (1.5, Day(10_000, 0.1, 5, 200))
TYPED = {
    **dict.fromkeys(("nan", "x", ""), USUAL),
    "1e12": (DIAL.ends[1], Day(1e9, 1, 5, 200)),
    "-999": (DIAL.ends[0], Day(1, 0, 5, 200)),
}


@pytest.mark.parametrize("asked", TYPED)
def test_what_somebody_typed_into_the_address_becomes_the_nearest_that_can_be(asked: str) -> None:
    test = opened(some_dial=asked, some_rows=asked, some_share=asked)
    assert not test.exception
    assert numbers(test) == expected(*TYPED[asked])


def test_the_picture_says_the_same_in_words() -> None:
    figure, alt = dial_figures.histogram(DIAL, 1.5, 2.0, 99.0)
    point = JUDGED.at(1.5)
    assert f"{point.recall:.1%} of the faults and {point.false_rate:.1%} of the normal" in alt
    drawn = [sum(bar.y) for bar in figure.data]
    assert drawn == pytest.approx([100, 100]), "no score is left out"
    words = [note.text.strip() for note in figure.layout.annotations]
    assert words == ["dial", "cheapest", "this one"]
    low, high = DIAL.ends
    assert all(low <= note.x <= high for note in figure.layout.annotations)


def test_the_curves_carry_the_dials_place() -> None:
    point = JUDGED.at(1.5)
    figure, alt = dial_figures.precision_recall(JUDGED, point, {"another": JUDGED})
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (point.recall, point.precision)
    assert f"area {JUDGED.curve.average_precision:.3f}" in alt
    assert max(len(line.x) for line in figure.data) <= dial_figures.MOST
    figure, alt = dial_figures.roc(JUDGED, point)
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (point.false_rate, point.recall)
    assert figure.data[0].x[[0, -1]].tolist() == [0, 1]


def test_who_is_ahead_is_read_from_the_table() -> None:
    rows = [["ours", 0.9, 0.5], ["forest", 0.8, 0.7], ["tree", 0.9, 0.1]]
    told = trust.ahead(Table(["model", "auroc", "f1"], rows, "test", 9))
    assert told == "Ahead by AUROC ours and tree; by F1 forest."
