"""A machine that is busy, at once or later: every part of every page says so, and stands."""

import time
from dataclasses import replace

import pytest

from models import deadline
from models.decode import tables
from models.errors import BusyError, GlassboxError, ReleaseError
from models.explain.methods import METHODS
from pages import menu
from pages.card_fraud import payment
from pages.network_intrusion import table
from tests.conftest import Busy
from tests.machine_health import test_page as machine
from tests.network_intrusion import test_page as network
from tests.visit import alts, errors, heading, visit
from tests.visual_inspection import test_page as inspection

MOST = 6  # places that are given before the machine gets busy
BUSY = "The machine is busy with other visitors. Try again in a moment."
PAGES = [entry.name for entry in menu.MENU]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_whenever_the_machine_gets_busy(page: str, busy: Busy) -> None:
    busy.over()
    start = visit(page, part="Take")
    title = [found.value for found in start.title]
    for part in [tab.label for tab in start.tabs] or [""]:
        for after in range(MOST + 1):
            busy.again(after)
            test = visit(page, part=part)
            where = f"{part}, busy after {after}"
            assert set(errors(test)) <= {BUSY}, where
            assert [found.value for found in test.title] == title, where
            assert "never stored" in test.caption[-2].value, f"no footer: {where}"
            if busy.left >= 0:
                break  # it needs no more
            assert errors(test), f"not a word: {where}"


def test_an_error_that_no_part_of_a_page_caught_is_one_sentence_in_the_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_given: object) -> None:
        raise ReleaseError("A released file is not what it was.")

    monkeypatch.setattr(payment, "dial", fails)
    test = visit("card_fraud")
    assert errors(test) == ["A released file is not what it was."]
    assert test.title
    assert "never stored" in test.caption[-2].value


def test_no_error_but_ours_is_caught_in_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not issubclass(ZeroDivisionError, GlassboxError)
    monkeypatch.setattr(payment, "dial", lambda _: 1 / 0)
    assert len(visit("card_fraud").exception) == 1


def test_where_one_of_two_maps_was_made_it_is_shown_with_its_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(*_given: object, **_more: object) -> None:
        raise BusyError(BUSY)

    monkeypatch.setitem(METHODS, "Occlusion", replace(METHODS["Occlusion"], run=no_room))
    test = visit(part="Why")
    assert errors(test) == [BUSY]
    shown = " ".join(alts(test))
    assert "Grad-CAM for" in shown
    assert "Occlusion for" not in shown
    said = " ".join(text.value for text in (*test.caption, *test.markdown))
    assert "To be believed" in said, "its own test"
    assert "random tries" in said
    assert "rank correlation" not in said


def test_a_series_of_sensors_that_was_given_is_judged_when_there_is_room(busy: Busy) -> None:
    busy.over()
    test = visit(machine.PAGE, part="Take")
    before = heading(test)
    busy.again()
    test.file_uploader[0].set_value([("sensors.csv", machine.table(), "text/csv")])
    assert errors(test.run()) == [BUSY]
    assert heading(test) == before, "the series before it stays"
    busy.over()
    assert errors(test.run()) == []
    assert heading(test).startswith("It changed: first alarm at t4")


def test_a_table_that_was_given_is_read_when_there_is_room(busy: Busy) -> None:
    busy.over()
    test = network.given(table.template())
    rows = len(network.answers(test))
    shorter = b"".join(table.template().splitlines(keepends=True)[:-1])
    busy.again()
    test.file_uploader[0].set_value([("rows.csv", shorter, "text/csv")])
    assert errors(test.run()) == [BUSY]
    assert len(network.answers(test)) == rows, "the table before it stays"
    busy.over()
    assert errors(test.run()) == []
    assert len(network.answers(test)) == rows - 1


def test_a_table_that_takes_too_long_says_so_and_what_to_do(host: pytest.MonkeyPatch) -> None:
    def slow(*_given: object) -> None:
        with deadline.work(0.0):  # bound by the page's own
            time.sleep(1.1)
            deadline.check()

    host.setenv("GLASSBOX_DEADLINE", "1")
    host.setattr(tables, "read", slow)
    assert errors(network.given(b"a,b\n1,2\n")) == [
        "That took too long and was stopped: give less at once, or try again in a moment."
    ]


def test_good_pictures_are_each_read_once_however_often_the_machine_gets_busy(busy: Busy) -> None:
    busy.over()
    good, asked = inspection.washers()[:6], inspection.washers()[13:14]
    calm = heading(inspection.given(good, asked))
    test = visit(inspection.PAGE, part="Take")
    for uploader, files in ((0, good), (1, asked)):
        named = [(f"{i}.png", data, "image/png") for i, data in enumerate(files)]
        test.file_uploader[uploader].set_value(named)
    for _ in range(3):
        busy.again(after=2)
        assert errors(test.run()) == [BUSY]
        assert [len(uploader.value) for uploader in test.file_uploader] == [6, 1]
        assert test.slider
        assert test.tabs
    busy.over()
    assert errors(test.run()) == []
    assert heading(test) == calm


def test_a_continuation_says_what_hinders_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> None:
        raise ReleaseError("A released file is not what it was.")

    test = visit("text_prediction", part="Take")
    monkeypatch.setattr("pages.text_prediction.write._side", fails)
    test.button("text_go").click().run()
    assert errors(test) == ["A released file is not what it was."]
    assert "never stored" in test.caption[-2].value


def test_a_busy_machine_takes_nothing_away_but_its_answer(busy: Busy) -> None:
    chosen = {"sample": "Dogs", "part": "Why", "class": "lion", "depth": "edges", "detector": "3"}
    busy.over()
    test = visit(**chosen)
    shown = alts(test)
    for after in (0, 1, 2, 3):
        busy.again(after)
        assert set(errors(test.run())) <= {BUSY}
        assert test.file_uploader
        if after >= 1:  # the picture is decoded already: here is an answer
            assert heading(test).startswith("I see **a dog**")
            assert test.expander, "the experiments stand below what there is no room for"
    busy.over()
    assert errors(test.run()) == []
    assert test.query_params.items() >= (chosen.items() - {("part", "Why")})  # where it opens
    assert alts(test) == shown
