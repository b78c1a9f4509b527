"""Who goes first: answers before explanations, and of those a step for each in turn."""

import threading
import time
from collections.abc import Callable

import pytest

from models import lines
from models.lines import Lines, Turn

LONG = 20.0  # seconds: far more than any of this takes


def waiting(places: Lines, order: list[str], name: str, turn: Turn | None = None, steps: int = 1):
    """A thread that takes so many places one after the other, and notes each in `order`."""

    def run() -> None:
        for _ in range(steps):
            assert places.acquire(LONG)
            order.append(name)
            time.sleep(0.01)
            places.release()

    def explain() -> None:
        assert turn is not None
        with lines.explaining(turn):
            run()

    before = in_line(places)
    thread = threading.Thread(target=run if turn is None else explain)
    thread.start()
    until(lambda: in_line(places) > before)
    return thread


def in_line(places: Lines) -> int:
    return len(places._answers) + len(places._explaining)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_answers_go_before_explanations_that_came_sooner() -> None:
    places, order = Lines(1), []
    assert places.acquire(0)
    threads = [
        waiting(places, order, "map", Turn(), steps=2),
        waiting(places, order, "first"),
        waiting(places, order, "second"),
    ]
    places.release()
    for thread in threads:
        thread.join(LONG)
    assert order == ["first", "second", "map", "map"]


def test_of_many_explanations_each_gets_a_step_in_turn() -> None:
    places, order = Lines(1), []
    assert places.acquire(0)
    threads = [waiting(places, order, name, Turn(), steps=3) for name in "abc"]
    places.release()
    for thread in threads:
        thread.join(LONG)
    assert sorted(order[:3]) == sorted(order[3:6]) == sorted(order[6:]) == ["a", "b", "c"]


def test_who_comes_later_gets_a_first_step_before_anybodys_next() -> None:
    places, order = Lines(1), []
    old = Turn(steps=5)
    assert places.acquire(0)
    threads = [waiting(places, order, "old", old), waiting(places, order, "new", Turn())]
    places.release()
    for thread in threads:
        thread.join(LONG)
    assert order == ["new", "old"]


def test_while_an_answer_is_made_explanations_leave_free_places_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines, "FIRST_STEP", LONG)
    places, order = Lines(1), []
    with lines.answering():
        assert places.acquire(0), "an answer takes it"
        places._stepped = time.monotonic()  # another explanation had its step just now
        thread = waiting(places, order, "map", Turn())
        places.release()
        time.sleep(3 * lines.LOOK)
        assert order == []
        assert lines.others()
    thread.join(LONG)
    assert order == ["map"]
    assert not lines.others()


def test_a_machine_in_full_use_still_gives_a_step_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines, "LATER_STEP", 0.3)
    places, order = Lines(1), []
    with lines.answering():
        thread = waiting(places, order, "map", Turn(), steps=3)
        thread.join(LONG)
    assert order == ["map"] * 3


def test_what_an_answer_waits_for_is_no_longer_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FIRST_STEP", LONG)
    places, order, turn = Lines(1), [], Turn(nobodys=True)
    places._stepped = time.monotonic()
    with lines.answering():
        thread = waiting(places, order, "in store", turn)
        time.sleep(2 * lines.LOOK)
        assert order == []
        turn.urgent = True
        thread.join(LONG)
    assert order == ["in store"]


def test_who_leaves_the_line_frees_it_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    class LeftError(Exception):
        pass

    seen: list[int] = []

    def look(before: int) -> None:
        seen.append(before)
        raise LeftError

    places = Lines(1)
    assert places.acquire(0)
    monkeypatch.setattr(lines, "_watch", [look])
    with pytest.raises(LeftError):
        places.acquire(LONG)
    assert seen == [0]
    assert in_line(places) == 0
    places.release()
    assert places.acquire(0)


def test_a_place_that_does_not_come_in_time_leaves_nothing_behind() -> None:
    places = Lines(1)
    assert places.acquire(0)
    assert not places.acquire(0.05)
    assert not places.acquire(blocking=False)
    places.release()
    assert places.acquire(blocking=False)
    assert in_line(places) == 0


def test_who_waits_is_told_how_many_are_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, list[int]] = {}

    def look(before: int) -> None:
        told.setdefault(threading.current_thread().name, []).append(before)

    monkeypatch.setattr(lines, "_watch", [look])
    places, order = Lines(1), []
    assert places.acquire(0)
    threads = [waiting(places, order, str(i)) for i in range(3)]
    until(lambda: len(told) == 3)
    places.release()
    for thread in threads:
        thread.join(LONG)
    assert [told[thread.name][0] for thread in threads] == [0, 1, 2]
