"""Columns of truth of strangers: which words mean normal, and nothing guessed."""

import pytest

from models.decode import labels


@pytest.mark.parametrize(
    ("cells", "abnormal"),
    [
        (["normal", "neptune"], [False, True]),
        (["Normal", "Neptune"], [False, True]),
        ([" NORMAL. ", "smurf."], [False, True]),
        (["BENIGN", "DoS Hulk"], [False, True]),
        (["0", "1"], [False, True]),
        (["0.0", "1.0", ""], [False, True, False]),
        (["1", ""], [True, False]),
        (["0", "0"], [False, False]),
        (["1", "1"], [True, True]),
        (["false", "TRUE"], [False, True]),
        (["attack", "Attack"], [True, True]),
    ],
)
def test_what_everybody_means_is_understood(cells: list[str], abnormal: list[bool]) -> None:
    found = labels.read(cells, attacks=True).abnormal()
    assert found is not None
    assert found.tolist() == abnormal


@pytest.mark.parametrize("cells", [["a", "b"], ["1", "2"], ["-1", "1"], ["0", "1", "2"], ["gut"]])
def test_nothing_is_guessed_and_the_visitor_can_say_it(cells: list[str]) -> None:
    found = labels.read(cells, attacks=True)
    assert found.open
    assert found.abnormal() is None
    told = found.abnormal(found.words[0])
    assert told is not None
    assert told.tolist() == [cell != found.words[0] for cell in cells]
    assert found.abnormal("of another table") is None


def test_words_that_are_no_names_of_attacks_are_asked_for() -> None:
    assert labels.read(["no", "maybe"]).open
    assert not labels.read(["no", "yes"]).open
    assert not labels.read(["no", "maybe"], attacks=True).open


def test_the_note_says_how_it_was_read() -> None:
    assert labels.read(["Normal", "a", "b"], attacks=True).note == (
        "normal means normal, the other 2 values do not"
    )
    assert labels.read(["ok", "bad"]).note == "ok means normal, the other value does not"
    assert not labels.read(["x", "y"]).note
