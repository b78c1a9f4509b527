"""What visitors give: one picture, many, and what is none."""

import csv
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from pages.parts.job import batch
from pages.parts.source import picture
from pages.parts.source.samples import FOLDER
from tests.visit import PAGE, alts, errors, give, heading, script, state, visit


def png_header(width: int, height: int) -> bytes:
    """A whole and tiny PNG file that says it is huge."""
    parts = {b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)}
    parts |= {b"IDAT": zlib.compress(bytes(99)), b"IEND": b""}
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pixel() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    return file.getvalue()


def still(test: AppTest) -> str:
    """The sentence that names whose answer stays; empty where none does."""
    found = [text.value for text in test.text if text.value.startswith("This is still")]
    return "".join(found)


BAD = {
    "text.png": b"Dear Sir or Madam, this is not a picture.",
    "empty.png": b"",
    "pixel.png": pixel(),
    "huge.png": png_header(50_000, 50_000),
    "program.png": b"MZ\x90\0\3\0\0\0" + bytes(200),
}


def test_a_visitors_photo_is_answered_and_leaves_the_sample(cat: bytes) -> None:
    test = give(visit(part="Take", sample="Dogs"), ("mine.jpg", cat))
    assert errors(test) == []
    assert heading(test).startswith("I see **a cat**")
    assert state(test, "sample") == [None]
    assert "sample" not in test.query_params, "an upload is in no link"
    assert not [code for code in test.code if "sample=" in code.value]
    assert "never in a link" in " ".join(caption.value for caption in test.caption)
    assert alts(test)[0] == "The picture that you gave"


def test_a_sample_takes_the_place_of_an_upload(cat: bytes) -> None:
    test = give(visit(part="Take", sample="Dogs"), ("mine.jpg", cat))
    test.pills[0].select("Mountain")
    assert errors(test.run()) == []
    assert "alp" in heading(test)
    assert "sample=Mountain" in test.code[0].value


@pytest.mark.parametrize("name", [*BAD, "cut.jpg"])
def test_what_is_no_picture_gets_one_sentence_and_the_answer_before_it_stays(
    name: str, cat: bytes
) -> None:
    test = give(visit(part="Take", sample="Dogs"), ("mine.jpg", cat))
    before, shown = heading(test), alts(test)
    test = give(test, (name, BAD.get(name, cat[: len(cat) // 2])))
    (sentence,) = errors(test)
    assert sentence.endswith(".")
    assert name not in sentence
    assert (heading(test), alts(test)) == (before, shown)
    assert still(test) == "This is still mine.jpg's answer."
    test = give(test, ("next.jpg", cat))
    assert errors(test) == []
    assert still(test) == ""


def test_after_a_bad_file_the_sample_before_it_keeps_its_link() -> None:
    test = give(visit(part="Take", sample="Dogs"), ("text.png", BAD["text.png"]))
    assert len(errors(test)) == 1
    assert heading(test).startswith("I see **a dog**")
    assert "sample=Dogs" in test.code[0].value
    assert still(test) == "This is still the answer to our sample “Dogs”."


@pytest.mark.parametrize(
    ("page", "place", "query"),
    [
        ("fashion", 0, {}),
        ("explainability", 0, {"network": "Clothes"}),
        ("face_recognition", 1, {}),
    ],
)
def test_on_every_page_what_stays_after_a_damaged_photo_is_named(
    page: str, place: int, query: dict[str, str], cat: bytes
) -> None:
    test = visit(page, part="Take", **query)
    if page == "face_recognition":
        test.checkbox("face_consent").set_value(True).run()
    good = (FOLDER / "face-hopper-1984.jpg").read_bytes() if place else cat
    for name, data in (("*good*.jpg", good), ("bad.jpg", good[: len(good) // 2])):
        test.file_uploader[place].set_value([(name, data, "image/jpeg")])
        test.run()
    assert len(errors(test)) == 1
    assert still(test) == "This is still *good*.jpg's answer."


def test_many_pictures_give_a_table_with_progress_and_a_download(
    cat: bytes, dogs: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float] = []
    bar = DeltaGenerator.progress

    def noted(place: DeltaGenerator, share: float, text: str) -> DeltaGenerator:
        shares.append(share)
        return bar(place, share, text)

    monkeypatch.setattr(batch, "CHUNK", 1)
    monkeypatch.setattr(DeltaGenerator, "progress", noted)
    files = [("a.jpg", cat), ("no.png", BAD["text.png"]), ("b.jpg", dogs)]
    test = give(visit(part="Take"), *files)
    assert errors(test) == []
    assert shares == [0, 1 / 3, 2 / 3, 1]
    table = test.dataframe[0].value
    assert [*table["file"]] == [name for name, _ in files]
    assert table["answer"][1].startswith("This is not a picture")
    assert table["probability"].isna().tolist() == [False, True, False]
    assert table["picture"][0].startswith("data:image/jpeg;base64,")
    assert f"{PAGE}_csv" in [button.key for button in test.download_button]
    assert heading(test).startswith("I see **a dog**"), "the newest is answered in full"


def test_a_bad_newest_of_many_leaves_the_table_and_the_answer_to_the_one_before(
    cat: bytes,
) -> None:
    test = visit(part="Take", sample="Dogs")
    test = give(test, ("a.jpg", cat), ("text.png", BAD["text.png"]))
    assert len(errors(test)) == 1
    assert heading(test).startswith("I see **a cat**")
    assert "This is still a.jpg's answer." in [text.value for text in test.text]
    assert [*test.dataframe[0].value["file"]] == ["a.jpg", "text.png"]


def test_a_second_picture_is_answered_when_it_comes_and_a_third(cat: bytes, dogs: bytes) -> None:
    test = give(visit(part="Take"), ("a.jpg", cat))
    for files, seen in (("ab", "a dog"), ("abc", "a cat")):
        given = {"a": cat, "b": dogs, "c": cat}
        test = give(test, *((f"{name}.jpg", given[name]) for name in files))
        assert heading(test).startswith(f"I see **{seen}**")
        assert len(test.dataframe[0].value) == len(files)


def test_any_of_many_pictures_can_be_looked_at_closely(cat: bytes, dogs: bytes) -> None:
    test = give(visit(part="Take"), ("a.jpg", cat), ("b.jpg", dogs))
    assert heading(test).startswith("I see **a dog**")
    first, newest = state(test, f"{PAGE}_files")[0]
    # What a click on the first row sets: AppTest has none.
    test.session_state[f"{PAGE}_closely"] = newest, first
    assert errors(test.run()) == []
    assert heading(test).startswith("I see **a cat**")
    assert len(test.dataframe[0].value) == 2
    test = give(test, ("a.jpg", cat), ("b.jpg", dogs))
    assert heading(test).startswith("I see **a dog**"), "a newer one came"


def test_what_was_given_stays_for_the_visit_until_it_is_taken_away(cat: bytes) -> None:
    test = give(visit(part="Take"), ("mine.jpg", cat))
    test.switch_page(script("model_cards")).run()
    test.switch_page(script(PAGE)).run()
    assert errors(test) == []
    assert heading(test).startswith("I see **a cat**")
    assert state(test, "sample") == [None]
    test.button(f"{PAGE}_take_away").click()
    assert errors(test.run()) == []
    test.run()
    assert "espresso" in heading(test)
    test.switch_page(script("model_cards")).run()
    test.switch_page(script(PAGE)).run()
    assert "espresso" in heading(test)


def test_the_same_picture_is_explained_on_the_other_page(cat: bytes) -> None:
    test = give(visit(part="Why"), ("mine.jpg", cat))
    test.button(f"{PAGE}_to_explainability").click()
    assert errors(test.run()) == []
    assert test.title[0].value == "Why did it say that?"
    assert heading(test).startswith("I see **a cat**")
    assert alts(test)[0] == "The picture that you gave"
    assert "sample" not in test.query_params
    test.button("explainability_to_image_recognition").click()
    assert errors(test.run()) == []
    assert test.title[0].value == "What is in this picture?"
    assert heading(test).startswith("I see **a cat**")


def test_a_click_on_the_chosen_sample_keeps_it_and_what_was_asked_of_it() -> None:
    test = visit(**{"part": "Take", "sample": "Dogs", "class": "lion"})
    test.pills[0].set_value(None)  # what the browser sends for a second click
    assert errors(test.run()) == []
    assert heading(test).startswith("I see **a dog**")
    assert state(test, "sample") == ["Dogs"]
    assert "class=lion" in test.code[0].value


def test_too_many_pictures_are_counted_and_said(
    cat: bytes, dogs: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "MAX_FILES", 2)
    test = give(visit(part="Take"), *[("a.jpg", cat), ("b.jpg", dogs)] * 2)
    assert errors(test) == []
    assert [warning.value for warning in test.warning] == [
        "The first 2 of your 4 pictures were taken."
    ]
    assert len(test.dataframe[0].value) == 2


def test_the_camera_is_asked_for_only_after_a_click(cat: bytes) -> None:
    test = visit(part="Take")
    assert not test.camera_input
    test.toggle[0].set_value(True)
    test.run().camera_input[0].upload("photo.jpg", cat)
    assert errors(test.run()) == []
    assert alts(test)[0] == "The picture that you gave"


HARMFUL = ["=cmd|' /C calc'!A0.png", "+1.png", "-1.png", "@SUM(1).png"]
HARMFUL += [f"{blank}=1.png" for blank in "\t\r\n"]


def test_the_download_holds_no_formula_and_no_path_of_a_visitor(
    cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: dict[str, Any] = {}
    monkeypatch.setattr(
        st,
        "download_button",
        lambda _label, data, name, *_, **more: saved.update({more["key"]: (name, data)}),
    )
    names = [*HARMFUL, "../../etc/passwd.png", 'a",=1.png', "<script>.png"]
    test = give(visit(part="Take"), *[(name, cat) for name in names])
    assert errors(test) == []
    name, data = saved[f"{PAGE}_csv"]
    assert Path(name).name == name == "glassbox-answers.csv"
    rows = [*csv.DictReader(io.StringIO(data().decode(), newline=""))]
    written = [f"'{name}" if name in HARMFUL else name for name in names]
    assert [row["file"] for row in rows] == written
    # The table on the page is saved by its own toolbar, in the browser, as it stands there.
    assert [*test.dataframe[0].value["file"]] == written
    assert "picture" not in rows[0]
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))


@pytest.mark.parametrize("name", HARMFUL)
def test_a_cell_that_starts_a_formula_is_made_text_and_a_number_stays_one(name: str) -> None:
    frame = pd.DataFrame({"file": [name, "plain"], "familiarity": [-1.5, 2.0]})
    cells = [*csv.reader(io.StringIO(batch.csv_of(batch.harmless(frame)).decode(), newline=""))]
    assert cells[1:] == [[f"'{name}", "-1.5"], ["plain", "2.0"]]


def tiff(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "TIFF", compression="tiff_lzw")
    return file.getvalue()


def test_a_cat_of_twelve_bits_in_a_tiff_is_known_and_how_it_was_read_is_said(cat: bytes) -> None:
    grey = np.asarray(Image.open(io.BytesIO(cat)).convert("L")).astype(np.uint16) * 16
    test = give(visit(part="Take"), ("cat.tif", tiff(grey)))
    assert errors(test) == []
    assert "cat" in heading(test)
    assert not heading(test).startswith("I don't know")
    notes = [caption.value for caption in test.caption if "12 bits" in caption.value]
    assert notes == [
        "None of its values is above 4,095, so that was taken for white: it was read as 12 bits."
    ]


def test_of_many_pictures_the_table_says_how_a_deep_one_was_read(cat: bytes) -> None:
    grey = np.asarray(Image.open(io.BytesIO(cat)).convert("L")).astype(np.uint16) * 4
    test = give(visit(part="Take"), ("a.jpg", cat), ("b.tif", tiff(grey)))
    assert errors(test) == []
    plain, deep = test.dataframe[0].value["how it was read"].fillna("")
    assert plain == ""
    assert "read as 10 bits" in deep


@pytest.mark.parametrize("page", ["image_recognition", "fashion", "explainability"])
def test_every_uploader_of_pictures_takes_tiff_and_not_heic(page: str, cat: bytes) -> None:
    test = visit(page, part="Take")
    assert {".tif", ".tiff"} <= {*test.file_uploader[0].proto.type}
    assert ".heic" not in test.file_uploader[0].proto.type
    photo = tiff(np.asarray(Image.open(io.BytesIO(cat))))
    assert errors(give(test, ("mine.tiff", photo))) == []
    assert alts(test)[0].startswith("The picture that you gave")
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1" + bytes(99)
    (sentence,) = errors(give(test, ("photo.jpg", heic)))
    assert sentence == "This is a HEIC photo: export it as JPEG and try again."
