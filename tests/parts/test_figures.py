"""Figures, pictures made for looking, words and links: what they say, without a page around."""

import tomllib
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import streamlit as st

from models import catalog, decode
from models.card import Table
from models.image_recognition import Recognition
from pages.parts.draw import figures, measures, pictures, result
from pages.parts.draw.figures import Drawn
from pages.parts.sections import results
from pages.parts.state import choices
from tests.helpers import ROOT

KNOWN, STRANGERS = np.linspace(-0.5, 4, 50), np.linspace(-4, 0.5, 30)


def table(columns: list[str], *rows: list[str | float | None]) -> Table:
    return Table(columns, [*rows], split="test", n=100)


LAYERS = table(
    ["weights", "kind", "output", "count"],
    ["a", "Conv", "8 x 7 x 7", 216.0],
    ["", "Relu", "8 x 7 x 7", None],
)
HISTORY = [
    {"epoch": 1.0, "train_accuracy": 0.5, "validation_accuracy": 0.4},
    {"epoch": 2.0, "train_accuracy": 0.9, "validation_accuracy": 0.8},
]
WAYS = ("rules", "linear", "neighbours", "network")
AMOUNTS = table(["way", "1 %", "100 %"], *[[way, 0.5, 0.75] for way in WAYS])
BINS = table(["said", "right", "pictures"], [0.5, 0.25, 40.0], [0.9, 0.95, 60.0], [0.1, None, 0.0])
MIXED = table(["it is", "Coat", "Shirt"], ["Coat", 40.0, 3.0], ["Shirt", 7.0, 50.0])
# Each figure, and what its sentence must say of it.
DRAWN: dict[str, tuple[Drawn, list[str]]] = {
    "bars": (figures.bars(["cat", "dog"], [0.914, 0.004]), ["cat 91%", "dog < 1%"]),
    "familiarity": (
        figures.in_distribution_score(KNOWN, STRANGERS, 1.25, "photos"),
        ["1.2", "it knows"],
    ),
    "layers": (figures.layers(LAYERS), ["2 layers", "216 weights", "8 x 7 x 7"]),
    "history": (measures.history(HISTORY), ["2 epochs", "90.0%", "80.0%"]),
    "amounts": (measures.amounts(AMOUNTS), ["1 %, 100 %", "network 50.0%, 75.0%", *WAYS]),
    "reliability": (measures.reliability(BINS), ["50%: 25%", "90%: 95%"]),
    "confusion": (measures.confusion(MIXED), ["100 pictures", "Shirt called Coat 7 times"]),
}


def along(figure: go.Figure, axis: str) -> list[Any]:
    """Everything that a figure draws along x or y."""
    return [value for trace in figure.data if trace[axis] is not None for value in trace[axis]]


@pytest.mark.parametrize("name", DRAWN)
def test_every_axis_is_named_and_the_sentence_says_the_values(name: str) -> None:
    (figure, alt), said = DRAWN[name]
    assert figure.layout.xaxis.title.text
    names = all(isinstance(value, str) for value in along(figure, "y"))
    assert figure.layout.yaxis.title.text or names
    assert alt.endswith(".")
    assert [words for words in said if words not in alt] == []


@pytest.mark.parametrize("name", DRAWN)
def test_shares_are_shown_in_per_cent(name: str) -> None:
    figure, _ = DRAWN[name][0]
    for axis in ("x", "y"):
        shown = along(figure, axis)
        if shown and all(isinstance(value, float) and 0 <= value <= 1 for value in shown):
            assert "%" in figure.layout[f"{axis}axis"].tickformat


def test_bars_show_every_share_and_call_none_of_them_nothing() -> None:
    (figure, _), _ = DRAWN["bars"]
    (trace,) = figure.data
    assert [*trace.x] == [0.914, 0.004]
    assert [*trace.text] == ["91%", "< 1%"]
    assert figure.layout.xaxis.title.text == "probability"


def test_familiarity_shows_both_sets_the_limit_and_where_this_input_stands() -> None:
    (figure, _), _ = DRAWN["familiarity"]
    assert [trace.name for trace in figure.data] == ["photos", "things it never learned"]
    assert [len(trace.x) for trace in figure.data] == [50, 30]
    assert [line.x0 for line in figure.layout.shapes] == [0, 1.25]
    assert {note.text for note in figure.layout.annotations} == {"limit", "yours"}
    assert figure.layout.yaxis.title.text.endswith("(%)")
    far, said = figures.in_distribution_score(KNOWN, STRANGERS, -40, "photos")
    assert far.layout.shapes[1].x0 == -5, "an input off the scale stands at its edge"
    assert "-40.0" in said
    assert "does not know" in said


def test_layers_show_a_bar_a_layer_also_where_one_has_no_weights() -> None:
    (figure, _), _ = DRAWN["layers"]
    assert [*figure.data[0].y] == [216, 0]
    assert figure.layout.yaxis.title.text == "weights"


def test_a_heat_map_gets_brighter_with_its_values_and_a_flat_one_is_drawn_too() -> None:
    ramp = np.linspace(-3, 9, 64, dtype=np.float32).reshape(8, 8)
    shades = pictures.coloured(ramp).reshape(-1, 3) @ [0.299, 0.587, 0.114]
    assert (np.diff(shades) > 0).all()
    photo = np.full((300, 200, 3), 90, np.uint8)
    values = np.linspace(0, 1, 60_000, dtype=np.float32).reshape(300, 200)
    assert pictures.overlay(photo, values).shape == photo.shape
    assert len(np.unique(pictures.overlay(photo, 0 * values).reshape(-1, 3), axis=0)) == 1


def test_the_frame_dims_all_but_the_middle_and_a_strip_has_gaps() -> None:
    photo = np.full((40, 80, 3), 200, np.uint8)
    framed = pictures.framed(photo, 0.5)
    assert framed[20, 40, 0] == 200
    assert (framed == 200).all(-1).sum() == 20 * 20
    assert framed[0, 0, 0] < 100
    strip = pictures.strip([photo, photo], side=16, gap=4)
    assert strip.shape == (16, 36, 4)
    assert [strip[0, x, 3] for x in (0, 17, 20)] == [255, 0, 255]


def test_an_outline_runs_around_the_patch_and_leaves_the_rest() -> None:
    for picture in (np.zeros((28, 28), np.uint8), np.zeros((300, 200, 3), np.uint8)):
        mask = np.zeros(picture.shape[:2], bool)
        mask[8:16, 8:20] = True
        shown = pictures.outlined(picture, mask)
        scale = len(shown) // len(picture)
        orange = (shown == pictures.OUTLINE).all(-1)
        assert orange[8 * scale, 8 * scale]
        assert not orange[12 * scale, 14 * scale]
        assert not orange[~mask.repeat(scale, 0).repeat(scale, 1)].any()


def test_a_result_to_send_holds_both_pictures_and_all_words() -> None:
    lit = np.full((224, 224, 3), (250, 0, 0), np.uint8)
    over = np.full((28, 28, 3), (0, 0, 250), np.uint8)
    words = "I see an espresso (95%).", "what the map is " * 20, "host.example/glassbox"
    made = decode.picture(result.sheet(lit, over, *words)).pixels
    half = made.shape[1] // 2
    left, right = (
        (made[:, part] == lit[0, 0]).all(-1) for part in (slice(half), slice(half, None))
    )
    assert left.sum() == result.SIDE**2
    assert not right.any()
    assert (made[:, half:] == over[0, 0]).all(-1).sum() == result.SIDE**2
    longer = decode.picture(result.sheet(lit, over, "word " * 40, *words[1:])).pixels
    assert len(longer) > len(made), "long words take more lines"
    assert made.shape[1] == longer.shape[1]


def answered(first: int, share: float, in_distribution_score: float) -> str:
    probabilities = np.full(1000, (1 - share) / 999, np.float32)
    probabilities[first] = share
    labels = tuple(catalog.load("image_recognition").text("labels.txt").split("\n")[:-1])
    return results.sentence(Recognition(labels, probabilities, in_distribution_score))


def test_the_answer_in_words_is_as_sure_as_the_network() -> None:
    assert answered(967, 0.8, 1) == "I see **an espresso** (80%)."
    assert answered(967, 0.3, 1) == "I am not sure. It may be **an espresso** (30%)."
    assert answered(282, 0.8, 1).startswith("I see **a cat** (80%), most like *tiger cat*")
    unknown = answered(967, 0.99, -0.1)
    assert unknown.startswith("**I am not sure.**")
    assert "*espresso* (99%)" in unknown


class Context:
    url = "https://host.example:8443/deep/image_recognition?old=1#there"


def test_a_link_keeps_the_page_and_holds_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "context", Context())
    link = choices.link(**{"sample": "Page of text", "class": "jack-o'-lantern & co", "part": None})
    assert link == (
        "https://host.example:8443/deep/image_recognition"
        "?sample=Page+of+text&class=jack-o%27-lantern+%26+co"
    )


def light(colour: str) -> float:
    """Relative luminance of a colour "#rrggbb" (WCAG 2.2)."""
    parts = np.array([*bytes.fromhex(colour.removeprefix("#"))]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_the_main_colour_can_be_read(theme: str) -> None:
    colours = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][theme]
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    main = colours["primaryColor"]
    for under in ("backgroundColor", "secondaryBackgroundColor"):  # chosen tabs and pills
        assert contrast(main, colours[under]) >= 4.5
    # Streamlit writes a primary button in white, whatever the main colour. None that can be read
    # so can be read on a dark page too: then no button is one.
    if contrast("#ffffff", main) < 4.5:
        pages = [path.read_text() for path in (ROOT / "pages").rglob("*.py")]
        assert not [text for text in pages if 'type="primary"' in text]
