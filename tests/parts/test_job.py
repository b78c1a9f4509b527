"""Long work: a bar and Stop while it goes on, nothing lost, and each hindrance told."""

import pytest
from streamlit.testing.v1 import AppTest

from models import lines
from pages.parts.job.job import Job


def page() -> None:
    """Squares of numbers, and two steps that explain them; a test sets the session."""
    import streamlit as st  # noqa: PLC0415

    from models.errors import BusyError  # noqa: PLC0415
    from pages.parts.job import later  # noqa: PLC0415
    from pages.parts.job.job import Job  # noqa: PLC0415
    from pages.parts.state.held import held  # noqa: PLC0415
    from pages.parts.state.ours import Findings  # noqa: PLC0415

    state = st.session_state
    job: Job[int, int] = Job.of("squares", state.about)

    def ask(some: list[int], told: object) -> list[int]:
        told(0.5)  # type: ignore[operator]
        if state.busy in some:
            raise BusyError("No room.")
        state.asked += some
        return [one * one for one in some]

    def find(step: tuple[str, ...], tell: later.Tell) -> str:
        tell(step[1])(1, 1)
        state.asked.append(step)
        return step[1].upper()

    with later.page_run():
        state.whole = job.run(state.numbers, "numbers", ask, chunk=2, pause=state.pause)
        findings = held("findings", "a", lambda: Findings(None))
        why: Job[tuple[str, ...], str] = Job.of("why", "a")
        steps = [("spell", "a"), ("spell", "b")] if state.explains else []
        why.later(steps, "The spelling comes", findings, find)


def opened(**given: object) -> AppTest:
    test = AppTest.from_function(page, default_timeout=20)
    default = {"about": 1, "numbers": range(5), "busy": -1, "pause": 0, "explains": False}
    for name, value in (default | {"asked": []} | given).items():
        test.session_state[name] = value
    return ran(test)


def ran(test: AppTest, **given: object) -> AppTest:
    for name, value in given.items():
        test.session_state[name] = value
    test.run()
    assert not test.exception
    return test


def job(test: AppTest, name: str = "squares") -> Job:
    found: Job = test.session_state[f"{name}_job"][1]
    return found


def buttons(test: AppTest) -> list[str]:
    return [button.label for button in test.button]


def test_all_is_done_once_and_leaves_neither_bar_nor_buttons() -> None:
    test = opened()
    assert job(test).done == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    assert test.session_state.whole
    assert buttons(test) == []
    assert len(test.get("progress")) == 0
    assert ran(test).session_state.asked == [*range(5)]


def test_what_is_added_is_done_and_what_is_gone_is_forgotten() -> None:
    test = ran(opened(), numbers=[7, 3, 4])
    assert job(test).done == {3: 9, 4: 16, 7: 49}
    assert test.session_state.asked == [*range(5), 7]


def test_about_something_else_it_begins_anew() -> None:
    test = ran(opened(busy=3), about=2, busy=-1)
    assert test.error.values == []
    assert test.session_state.asked == [0, 1, *range(5)]


def test_what_was_stopped_waits_and_goes_on() -> None:
    test = opened(busy=3)
    job(test).halt(range(5))  # as its button does
    ran(test, busy=-1)
    assert buttons(test) == ["Go on"]
    assert (test.error.values, test.info.values) == ([], []), "it was the visitor's own wish"
    assert test.get("progress")[0].proto.text == "2 of 5 numbers"
    assert not test.session_state.whole
    assert test.session_state.asked == [0, 1]
    test.button("squares_go_on").click().run()
    assert test.session_state.asked == [*range(5)]
    assert buttons(test) == []


def test_what_comes_after_a_stop_is_done_at_once() -> None:
    test = opened(busy=3)
    assert buttons(ran(test)) == ["Go on"]
    ran(test, busy=-1, numbers=[8, 9])
    assert job(test).done == {8: 64, 9: 81}


@pytest.mark.parametrize(
    ("busy", "says"),
    [
        (3, "No room. What is done was kept: go on when you like."),
        (0, "No room. Go on when you like."),
    ],
)
def test_what_it_is_busy_for_is_told_and_goes_on(busy: int, says: str) -> None:
    test = opened(busy=busy)
    assert test.error.values == [says]
    assert ran(test).error.values == [says], "it is not tried again unasked"
    test.session_state.busy = -1
    test.button("squares_go_on").click().run()
    assert test.error.values == []
    assert test.session_state.whole


def test_after_so_many_it_asks_whether_to_go_on() -> None:
    test = opened(pause=4)
    assert test.info.values == ["4 of 5 numbers are done: go on when you like."]
    test.button("squares_go_on").click().run()
    assert test.session_state.whole


def test_of_one_thing_the_share_is_told() -> None:
    test = opened(numbers=[0], busy=0)
    assert test.get("progress")[0].proto.text == "0% of all numbers"


def test_what_explains_is_found_when_there_is_room_and_can_be_stopped() -> None:
    test = opened(numbers=[], explains=True)
    assert job(test, "why").done == {("spell", "a"): "A", ("spell", "b"): "B"}
    assert buttons(test) == []
    with lines.answering():  # somebody else
        test = opened(numbers=[], explains=True)
        assert buttons(test) == ["Stop"]
        test.button("why_stop").click().run()
        assert [found.value for found in test.caption] == ["Stopped before a and b."]
        assert buttons(test) == ["Go on"]
    assert ran(test).session_state.asked == []
    test.button("why_go_on").click().run()
    assert test.session_state.asked == [("spell", "a"), ("spell", "b")]
    assert buttons(test) == []
