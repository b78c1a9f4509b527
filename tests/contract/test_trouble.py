"""When the machine is busy or a released file is not what it was: one sentence, and the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pages import menu
from tests.conftest import Busy
from tests.visit import errors, give, heading, visit

BUSY = "The machine is busy with other visitors. Try again in a moment."


def test_a_busy_machine_says_so_and_the_inputs_stay(busy: Busy) -> None:
    test = visit(part="Take", sample="Dogs")
    assert errors(test) == [BUSY]
    assert "never stored" in test.caption[-2].value, "the frame stays around it"
    assert test.title[0].value == "What is in this picture?"
    assert test.file_uploader
    assert test.pills[0].value == "Dogs"
    busy.over()
    assert errors(test.run()) == []
    assert heading(test).startswith("I see **a dog**")
    assert test.query_params == {"part": "Take", "sample": "Dogs"}, "the visitor's choices stay"


def test_a_busy_machine_keeps_an_upload_for_later(busy: Busy, cat: bytes) -> None:
    busy.over()
    test = visit(part="Take", sample="Dogs")
    busy.again()
    assert errors(give(test, ("mine.jpg", cat))) == [BUSY]
    busy.over()
    assert errors(test.run()) == []
    assert heading(test).startswith("I see **a cat**")


def test_maps_that_no_longer_get_a_place_say_so_below_the_answer(busy: Busy) -> None:
    busy.again(after=1)  # the answer: the sample was decoded for home
    test = visit(part="Why")
    assert set(errors(test)) == {BUSY}
    assert heading(test).startswith("I see **an espresso**")


def flip(path: Path) -> None:
    """One bit, in the middle, where no header could tell."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


SPOILT: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "an altered graph": ("model.int8.onnx", flip, "is not the released one"),
    "a missing graph": ("model.int8.onnx", Path.unlink, "is missing"),
    "altered labels": ("labels.txt", flip, "is not the released one"),
    "altered evidence": ("evidence.npz", flip, "is not the released one"),
    "a missing card": ("card.json", Path.unlink, "has no readable card.json"),
    "half a card": ("card.json", lambda path: path.write_bytes(path.read_bytes()[:999]), "wrong"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_release_is_told_on_its_page_and_every_other_works(
    what: str, released: Path
) -> None:
    file, spoil, told = SPOILT[what]
    spoil(released / file)
    for part in ("Why", "Trust", "Take"):
        (sentence,) = errors(visit(part=part))
        assert told in sentence
        assert str(released) not in sentence
    home = visit("home")
    assert set(errors(home)) <= {sentence}
    assert len(home.subheader) == len(menu.SECTIONS)
    cards = visit("model_cards")
    assert cards.title[0].value == "Model cards"
    assert len(errors(cards)) == (file == "card.json")


def test_a_spoilt_file_that_nothing_needs_yet_stops_nothing(released: Path) -> None:
    flip(released / "model.onnx")  # fp32, which the CPU does not serve
    assert errors(visit(part="Trust")) == []
    (sentence,) = errors(visit(part="Trust", precision="fp32"))
    assert "model.onnx" in sentence


def test_the_released_folder_itself_is_whole(released: Path) -> None:
    assert released.exists()  # the copy is what the app loads, and it answers
    assert heading(visit(part="Take")).startswith("I see **an espresso**")
