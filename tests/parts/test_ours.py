"""What is the same for everyone is computed once; what a visitor gave is kept by nobody else."""

import threading
import time

import numpy as np
import pytest

from models import engine, lines
from models.lines import Turn
from models.store import Store, weight
from pages.menu import MENU
from pages.parts.state import ours
from pages.parts.state.ours import Findings
from tests.visit import errors, give, heading, visit


def test_a_value_is_made_once_for_a_key_and_each_time_without_one() -> None:
    store, made = Store(lambda: 10**9), []
    for _ in range(2):
        assert store.kept(("cat",), lambda: made.append("ours") or "map") == "map"
        assert ours.kept(None, lambda: made.append("theirs") or "map") == "map"
    assert made == ["ours", "theirs", "theirs"]


def test_what_was_used_longest_ago_goes_when_the_store_is_full() -> None:
    store = Store(lambda: 5_000)
    for name in "abcd":
        store.put((name,), np.zeros(1_400, np.uint8))
        store.get(("a",))
    assert [name for name in "abcd" if store.get((name,)) is not None] == ["a", "c", "d"]
    assert store.bytes <= 5_000
    store.put(("huge",), np.zeros(9_000, np.uint8))
    assert store.get(("huge",)) is None
    assert store.get(("a",)) is not None, "what does not fit pushes nothing out"
    store.put(("a",), np.zeros(10, np.uint8))
    store.drop()
    assert store.bytes == 0


def test_a_weight_counts_arrays_and_texts_wherever_they_lie() -> None:
    array = np.zeros((100, 100), np.float32)
    held = Findings(None, {"maps": [array, {"inside": (array,)}], "text": "x" * 5_000})
    assert 2 * array.nbytes + 5_000 < weight(held) < 2 * array.nbytes + 10_000


def test_visits_that_ask_for_the_same_wait_for_the_one_that_makes_it() -> None:
    store, made, found = Store(lambda: 10**9), [], []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> str:
        made.append(1)
        begun.set()
        assert go_on.wait(20)
        return "map"

    threads = [
        threading.Thread(target=lambda: found.append(store.kept(("cat",), make))) for _ in range(4)
    ]
    threads[0].start()
    assert begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.05)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert found == ["map"] * 4
    assert made == [1]


def test_an_error_is_not_kept_and_the_next_tries_anew() -> None:
    store = Store(lambda: 10**9)
    with pytest.raises(ZeroDivisionError):
        store.kept(("cat",), lambda: 1 // 0)
    assert store.kept(("cat",), lambda: 1) == 1


def test_an_answer_that_waits_for_what_is_made_in_store_hurries_it() -> None:
    store, turn = Store(lambda: 10**9), Turn(nobodys=True)
    begun, hurried = threading.Event(), threading.Event()

    def make() -> str:
        begun.set()
        end = time.monotonic() + 20
        while not turn.urgent and time.monotonic() < end:
            time.sleep(0.005)
        if turn.urgent:
            hurried.set()
        return "answer"

    def in_store() -> None:
        with lines.explaining(turn):
            store.kept(("cat",), make)

    thread = threading.Thread(target=in_store)
    thread.start()
    assert begun.wait(20)
    assert store.kept(("cat",), lambda: "made twice") == "answer"
    thread.join(20)
    assert hurried.is_set()
    assert not turn.urgent


@pytest.mark.parametrize("page", [entry.name for entry in MENU])
def test_a_second_visit_of_a_page_as_it_opens_asks_no_network(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert errors(visit(page)) == []

    def never(*_: object, **__: object) -> None:
        pytest.fail("an inference for what was known already")

    monkeypatch.setattr(engine.runtime.Session, "run", never)
    assert errors(visit(page)) == []


def test_nothing_that_a_visitor_gave_is_kept_for_others(cat: bytes) -> None:
    test = visit()
    before = set(ours.STORE._held)
    give(test, ("mine.jpg", cat))
    assert heading(test).startswith("I see **a cat**")
    assert set(ours.STORE._held) == before
    for page, field in (("sentiment", "sentiment_text"), ("text_prediction", "typed")):
        test = visit(page)
        before = set(ours.STORE._held)
        area = test.text_area if page == "sentiment" else test.text_input
        area(key=field).set_value("My own words about a film that I liked").run()
        assert errors(test) == []
        assert set(ours.STORE._held) == before


def test_what_the_server_made_in_store_is_pushed_out_by_no_visitor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with lines.explaining(Turn(nobodys=True)):
        ours.kept(("first",), lambda: "as it opens")
    monkeypatch.setattr(ours, "MOST", 3_000)
    for number in range(9):
        ours.kept(("chosen", number), lambda: np.zeros(1_000, np.uint8))
    assert ours.STORE.bytes <= 3_000
    assert ours.get(("chosen", 0)) is None
    assert ours.kept(("first",), lambda: "anew") == "as it opens"
