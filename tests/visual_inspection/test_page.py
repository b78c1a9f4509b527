"""Visual inspection: what a visitor sees of a part, of their own pictures, and of a link."""

import io
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from models import catalog
from models.visual_inspection import Finding
from pages.visual_inspection import figures, show
from pages.visual_inspection.samples import GOOD, SHEETS
from tests.visit import alts, errors, heading, visit

PAGE = "visual_inspection"
FIRST = next(iter(SHEETS))
pytestmark = pytest.mark.skipif(PAGE not in catalog.NAMES, reason=f"{PAGE} is not released")


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def washers() -> list[bytes]:
    return [png(tile) for tile in SHEETS["Metal washer"].tiles()]


def given(good: list[bytes], asked: list[bytes], **query: str) -> AppTest:
    test = visit(PAGE, **({"part": "Take"} | query))
    for uploader, files in ((0, good), (1, asked)):
        named = [(f"xanthippe-{i}.png", data, "image/png") for i, data in enumerate(files)]
        test.file_uploader[uploader].set_value(named)
    return test.run()


def said(test: AppTest) -> str:
    return " ".join(str(one.value) for one in (*test.markdown, *test.caption, *test.info))


@pytest.mark.parametrize("sample", SHEETS)
def test_of_every_sample_the_good_one_is_like_the_good_ones(sample: str) -> None:
    test = visit(PAGE, sample=sample, which="1", part="Take")
    assert errors(test) == []
    assert heading(test) == "This part is like the good ones"
    assert any("nearly dark" in alt for alt in alts(test))


def test_a_scratch_is_odd_when_the_page_opens_and_the_good_ones_are_shown() -> None:
    test = visit(PAGE, part="Why")
    assert errors(test) == []
    assert heading(test).startswith("Something is odd in ")
    assert any(f"{GOOD} pictures of good parts" in alt for alt in alts(test))
    assert "Each was held against the others" in said(test)


@pytest.mark.parametrize("part", ["Trust", "Take"])
def test_every_part_opens(part: str) -> None:
    assert errors(visit(PAGE, part=part)) == []


def test_a_visitors_pictures_are_inspected_and_are_in_no_link() -> None:
    tiles = washers()
    test = given(tiles[:6], [tiles[13]])
    assert errors(test) == []
    assert heading(test).startswith("Something is odd in ")
    assert not [code for code in test.code if "?" in code.value]
    assert "xanthippe" not in str(test.query_params)


def test_many_pictures_get_a_table_the_oddest_first() -> None:
    tiles = washers()
    test = given(tiles[:8], [*tiles[12:], b"no picture"])
    (frame,) = [one.value for one in test.dataframe if "oddest in" in one.value]
    assert len(frame) == 5
    assert frame["score"].dropna().is_monotonic_decreasing
    assert (frame["answer"] == "no picture").sum() == 1


def test_a_picture_that_is_taken_away_leaves_the_others_their_scores() -> None:
    tiles = washers()
    test = given(tiles[:6], tiles[12:15])
    whole, left = scores(test), test.file_uploader[1].value[1:]
    test.file_uploader[1].set_value([(one.name, one.getvalue(), one.type) for one in left])
    assert scores(test.run()) == {
        name: whole[name] for name in ("xanthippe-1.png", "xanthippe-2.png")
    }
    assert len({*whole.values()}) == 3


def scores(test: AppTest) -> dict[str, float]:
    (frame,) = [one.value for one in test.dataframe if "oddest in" in one.value]
    return dict(zip(frame["picture"], frame["score"], strict=True))


@pytest.mark.parametrize(
    ("good", "says"), [(1, "one good picture"), (3, "3 good pictures"), (0, "first")]
)
def test_too_few_good_pictures_get_a_sentence(good: int, says: str) -> None:
    tiles = washers()
    test = given(tiles[:good], [tiles[13]])
    assert errors(test) == [], "a hint is no error"
    (sentence,) = [info.value for info in test.info]
    assert says in sentence
    assert heading(test) == ""


def test_good_pictures_alone_ask_for_one_to_inspect() -> None:
    test = given(washers()[:5], [])
    assert errors(test) == []
    (sentence,) = [info.value for info in test.info]
    assert "picture to inspect" in sentence


def test_a_bad_good_picture_is_said_and_the_others_are_taken() -> None:
    tiles = washers()
    test = given([*tiles[:5], b"%PDF-1.4 no picture"], [tiles[13]])
    assert errors(test) == []
    assert heading(test)
    assert any("PDF" in text.value for text in test.text)


def test_pictures_of_different_sizes_go_together() -> None:
    tiles = SHEETS["Metal washer"].tiles()
    small = [png(np.asarray(Image.fromarray(one).resize((120, 90)))) for one in tiles[:3]]
    test = given([*small, *map(png, tiles[3:6])], [png(tiles[12][:100])])
    assert errors(test) == []
    assert heading(test)


def test_a_link_restores_sample_picture_and_dial() -> None:
    test = visit(PAGE, sample="Cloth", which="3", part="Take", **{f"{PAGE}_dial": "1.5"})
    (link,) = [code.value for code in test.code if "?" in code.value]
    query = parse_qs(urlsplit(link).query)
    assert query["sample"] == ["Cloth"]
    assert query["which"] == ["3"]
    assert query[f"{PAGE}_dial"] == ["1.5"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_experiment_sets_the_page(number: int) -> None:
    test = visit(PAGE)
    test.button(key=f"{PAGE}_experiment_{number}").click().run()
    assert errors(test) == []
    assert heading(test)


def test_good_pictures_keep_their_shape_and_nothing_between_them_is_black() -> None:
    wide, tall = np.full((50, 100, 3), 200, np.uint8), np.full((90, 30, 3), 200, np.uint8)
    sheet = show.strip([wide, tall] * 4)
    assert sheet.shape[1] > sheet.shape[0]
    shown = sheet[..., 3] > 0
    assert (sheet[shown][:, :3] == 200).all()
    side = show.CELL - show.GAP
    assert (shown[:side, :side].any(0).sum(), shown[:side, :side].any(1).sum()) == (side, side / 2)
    assert shown[:side, show.CELL :].any(0)[:side].sum() == round(side / 3)
    assert not shown[show.CELL :, 2 * show.CELL :].any(), "eight pictures, six in a row"


def test_a_good_picture_stays_dark_and_an_odd_one_is_lit_where_it_is_odd() -> None:
    picture = np.full((100, 100, 3), 120, np.uint8)
    heat = np.full((56, 56), 0.9, np.float32)
    dark = figures.heated(picture, Finding(0.9, heat, ()), 1.2)
    assert len(np.unique(dark)) == 1
    heat[10:14, 40:44] = 3
    lit = figures.heated(picture, Finding(3.0, heat, ()), 1.2)
    changed = np.argwhere((lit != dark).any(2)).mean(0) / lit.shape[0]
    assert changed == pytest.approx([12 / 56, 42 / 56], abs=0.03)
    assert figures.where(Finding(3.0, heat, ())) == "the top right"
    flat = np.full((56, 56), 17.470196, np.float32)
    flat[0, 0] = np.nextafter(flat[0, 0], np.float32(20))  # rounding is no place
    assert figures.where(Finding(17.5, flat, ())) == "all of it"


def test_copies_among_the_good_pictures_are_said_to_teach_nothing() -> None:
    tiles = washers()
    test = given([*tiles[:5], tiles[0], tiles[2]], [tiles[13]])
    assert errors(test) == []
    (sentence,) = [warning.value for warning in test.warning]
    assert "1 and 6, and 3 and 7 are one and the same" in sentence
    assert "teaches nothing" in sentence
    test = given([tiles[0]] * 5, [tiles[0], tiles[13]])
    assert errors(test) == []
    (sentence,) = [warning.value for warning in test.warning]
    assert "1, 2, 3, 4 and 5 are one and the same" in sentence
    assert "a score says little here" in sentence
    assert not visit(PAGE, part="Take").warning


def test_a_scratch_in_twelve_bits_is_found_and_how_it_was_read_is_said() -> None:
    def deep(tile: np.ndarray) -> bytes:
        file = io.BytesIO()
        grey = np.asarray(Image.fromarray(tile).convert("L")).astype(np.uint16) * 16
        Image.fromarray(grey).save(file, "TIFF")
        return file.getvalue()

    tiles = [deep(tile) for tile in SHEETS["Metal washer"].tiles()]
    test = given(tiles[:8], [tiles[13]])
    assert errors(test) == []
    assert heading(test).startswith("Something is odd in ")
    assert "8 of 8 good pictures: None of its values is above 4,095" in said(test)
    test = given(tiles[:8], [tiles[12]])
    assert heading(test) == "This part is like the good ones"
