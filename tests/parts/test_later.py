"""What explains comes after the answer: at once on an idle machine, else when there is room."""

import pytest

from models import engine, lines
from models.errors import BusyError
from pages.parts.job import later
from tests.visit import alts, errors, give, heading, visit

ROOM = "when there is room"


def told(test) -> list[str]:
    return [found.value for found in test.caption if ROOM in found.value]


def test_alone_a_visitor_has_every_map_with_its_measures_at_once(cat: bytes) -> None:
    test = give(visit(), ("mine.jpg", cat))
    assert errors(test) == []
    said = alts(test)
    assert [alt for alt in said if alt.startswith("Grad-CAM for")]
    assert [alt for alt in said if alt.startswith("Occlusion for")]
    assert [alt for alt in said if "after erasing" in alt]
    assert told(test) == []


def test_among_others_the_answer_and_the_cheapest_map_stand_and_the_rest_is_put_off(
    cat: bytes,
) -> None:
    test = visit()
    with lines.answering():  # somebody else's
        give(test, ("mine.jpg", cat))
        assert errors(test) == []
        assert heading(test).startswith("I see **a cat**")
        said = alts(test)
        assert [alt for alt in said if alt.startswith("Grad-CAM for")]
        assert not [alt for alt in said if alt.startswith("Occlusion for")]
        assert told(test)
    assert errors(test.run()) == []
    assert [alt for alt in alts(test) if alt.startswith("Occlusion for")]
    assert told(test) == []


def test_what_explains_waits_in_the_second_line_and_an_answer_does_not(
    cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = visit()
    seen: list[tuple[str, bool]] = []
    infer = engine.runtime.Session.run

    def run(self, outputs, feeds, until):
        n = len(next(iter(feeds.values())))
        seen.append((f"{n} {','.join(outputs)}", lines.current() is not None))
        return infer(self, outputs, feeds, until)

    monkeypatch.setattr(engine.runtime.Session, "run", run)
    give(test, ("mine.jpg", cat))
    assert ("1 logits,embedding,class_map", False) in seen, "one run for both"
    assert "1 class_map" not in dict(seen)
    many = [explains for what, explains in seen if what.startswith("8 ")]
    assert many
    assert all(many)


def test_an_error_of_ours_stands_in_its_place_once_and_is_tried_again(
    cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def busy(*_, **__):
        tries.append(1)
        raise BusyError("That took too long and was stopped. Try again.")

    test = visit()
    monkeypatch.setattr("pages.parts.explain.explained.faithful.deletion", busy)
    give(test, ("mine.jpg", cat))
    assert errors(test) == ["That took too long and was stopped. Try again."]
    assert heading(test).startswith("I see **a cat**")
    assert len(tries) == 1
    monkeypatch.undo()
    assert errors(test.run()) == []


def test_work_outside_of_a_page_is_refused() -> None:
    with pytest.raises(LookupError):
        later.work("Nothing comes", lambda tell: tell("nothing")(1, 1))


def test_who_waits_long_for_an_answer_reads_their_place_in_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = lines.Lines(1)
    assert places.acquire(0), "somebody holds the only one"
    monkeypatch.setattr(engine.runtime, "_slots", lambda: places)
    monkeypatch.setenv("GLASSBOX_LINE", "2")
    read = []
    waits = later.st.delta_generator.DeltaGenerator.caption
    monkeypatch.setattr(
        later.DeltaGenerator,
        "caption",
        lambda place, text, **more: read.append(text) or waits(place, text, **more),
    )
    (sentence,) = errors(visit(part="Take"))
    assert sentence.startswith("The machine is busy")
    assert "Others are being answered: you are next." in read
