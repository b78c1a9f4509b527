"""Face recognition: what a visitor reads, and that nothing of a face outlives or leaves a visit."""

import gc
import io
import logging
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager as Manager
from streamlit.testing.v1 import AppTest

from models import catalog
from models.errors import BusyError, ReleaseError
from models.face_recognition import worse
from pages.face_recognition import enrol, faces
from pages.parts.source.samples import FACES
from pages.parts.state import ours
from tests.conftest import Busy
from tests.visit import alts, errors, heading, script, visit

PAGE = "face_recognition"
FIND = "Who is in this photo?"
SECRET = "Xanthippe Quillfeather"
BUSY = "The machine is busy with other visitors. Try again in a moment."


def file(name: str, size: int = 400) -> bytes:
    """A sample as a visitor's own photo: other bytes, other size."""
    image = Image.open(io.BytesIO(FACES[name].read())).convert("RGB")
    image.thumbnail((size, size))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def ticked(**query: str) -> AppTest:
    test = visit(PAGE, **query)
    test.checkbox(faces.CONSENT).check()
    return test.run()


def give(test: AppTest, place: int, data: bytes) -> AppTest:
    test.file_uploader[place].set_value([("secret-name.jpg", data, "image/jpeg")])
    return test.run()


def made(test: AppTest) -> list[str]:
    """What the session holds of pictures in their places, by the pictures' keys."""
    names = (f"{faces.OWN}_found_{place}" for place in faces.PLACES)
    return [test.session_state[name][0] for name in names if name in test.session_state]


def said(test: AppTest) -> str:
    return re.sub(r"\s+", " ", " ".join(str(found.value) for found in test.markdown))


def test_two_pictures_of_one_person_are_compared_when_the_page_opens() -> None:
    test = visit(PAGE)
    assert errors(test) == []
    assert heading(test) == "**The same person** (very sure)."
    assert "within the threshold" in said(test)
    assert "Of pairs so far apart, more than 99 in 100 are of one person" in said(test)
    assert any("Distances of" in alt and "these two lie" in alt for alt in alts(test))
    assert any("face 1 of 1 framed" in alt for alt in alts(test))


@pytest.mark.parametrize("other", ["Biden 2010", "Collins", "Hopper 1984"])
def test_two_people_are_told_apart(other: str) -> None:
    assert heading(visit(PAGE, other=other)) == "**Two different people** (very sure)."


def test_the_same_picture_twice_says_so() -> None:
    assert heading(visit(PAGE, other="Obama 2009")).startswith("**The same picture twice.**")


def test_a_picture_without_a_face_gets_one_sentence_and_the_other_stays() -> None:
    test = visit(PAGE, other="Drawn dress")
    assert errors(test) == []
    assert [w.value for w in test.warning if "No face was found" in w.value]
    assert heading(test) == ""
    assert any("Barack Obama speaking" in alt for alt in alts(test))
    assert test.tabs  # the rest of the page goes on


def test_of_several_faces_one_is_picked_and_the_link_holds_it() -> None:
    test = visit(PAGE, other="Group 2011")
    first = heading(test)
    test.selectbox("other_face").select("7").run()
    assert heading(test) != first
    again = visit(PAGE, other="Group 2011", other_face="7")
    assert heading(again) == heading(test)


def test_the_threshold_moves_the_answer_and_its_error_rates() -> None:
    test = visit(PAGE)
    test.slider("threshold").set_value(0.1).run()
    assert heading(test).startswith("**Two different people**")
    strict = next(c.value for c in test.caption if c.value.startswith("At 0.10"))
    assert "0.00% of" in strict
    test.slider("threshold").set_value(1.2).run()
    assert heading(test).startswith("**The same person**")


@pytest.mark.parametrize("text", ["nan", "x", "-5", "1e9"])
def test_a_threshold_that_somebody_typed_into_the_address_does_no_harm(text: str) -> None:
    test = visit(PAGE, threshold=text)
    assert errors(test) == []
    assert heading(test)


def test_own_photos_need_the_tick_and_samples_do_not() -> None:
    test = visit(PAGE)
    assert heading(test)
    assert all(uploader.disabled for uploader in test.file_uploader)
    assert any("nothing is stored" in caption.value for caption in test.caption)
    test = ticked()
    assert not any(uploader.disabled for uploader in test.file_uploader)


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bytes of uploads as the server's memory lets them go."""
    gone: list[bytes] = []
    one, every = Manager.remove_file, Manager.remove_session_files

    def remove_file(self: Manager, session_id: str, file_id: str) -> None:
        gone.extend(record.data for record in self.get_files(session_id, [file_id]))
        one(self, session_id, file_id)

    def remove_session_files(self: Manager, session_id: str) -> None:
        gone.extend(record.data for record in self.file_storage[session_id].values())
        every(self, session_id)

    monkeypatch.setattr(Manager, "remove_file", remove_file)
    monkeypatch.setattr(Manager, "remove_session_files", remove_session_files)
    return gone


def test_uploads_are_compared_and_taking_the_tick_away_deletes_them(forgotten: list[bytes]) -> None:
    test = give(ticked(), 0, file("Obama 2010"))
    assert heading(test).startswith("**The same person**")
    assert "one" not in test.query_params
    test.query_params["part"] = "Take"
    test.run()
    assert any("never in a link" in c.value for c in test.caption)
    test.checkbox(faces.CONSENT).uncheck().run()
    assert file("Obama 2010") in forgotten
    assert f"{faces.OWN}_found_face_one" not in test.session_state, "of ours all visits keep one"
    assert test.session_state["face_one_last"].sample == "Obama 2009"
    assert heading(test).startswith("**The same person**")  # the samples again


@pytest.mark.parametrize(("harm", "reason"), [("small", "too small"), ("blurred", "too blurred")])
def test_a_face_too_poor_to_tell_is_not_decided_on(harm: str, reason: str) -> None:
    picture = np.asarray(Image.open(io.BytesIO(FACES["Collins"].read())).convert("RGB"))
    spoilt = {
        "small": lambda: worse.smaller(picture, 90),
        "blurred": lambda: worse.blurred(picture, 7),
    }[harm]()
    buffer = io.BytesIO()
    Image.fromarray(spoilt).save(buffer, "PNG")
    test = give(ticked(), 0, buffer.getvalue())
    assert heading(test).startswith("**I will not decide.**")
    assert reason in heading(test)


def test_a_file_that_is_no_picture_leaves_what_was_there() -> None:
    test = give(ticked(), 0, b"no picture at all")
    (error,) = errors(test)
    assert error.startswith("This is not a picture")
    assert heading(test).startswith("**The same person**")


@pytest.mark.parametrize("mode", ["Are these two one person?", FIND])
@pytest.mark.parametrize("part", ["Why", "Trust", "Take"])
def test_every_part_has_its_sentences(mode: str, part: str) -> None:
    test = visit(PAGE, mode=mode, part=part)
    assert errors(test) == []
    sentences = alts(test)
    assert all(len(sentence) > 10 for sentence in sentences)
    if part == "Why":
        found = "Distance to everybody" if mode == FIND else "What makes the first face"
        assert any(found in sentence for sentence in sentences)
    if part == "Trust":
        assert "nearly all of them white men" in said(test)
        assert any("equal error rate" in str(table.value) for table in test.dataframe)


def test_two_of_thirteen_are_found_in_the_group() -> None:
    test = visit(PAGE, mode=FIND)
    assert heading(test).startswith("I see 12 faces:")
    assert "Barack Obama" in heading(test)
    assert "Joe Biden" in heading(test)
    assert "Hopper" not in heading(test)
    (table,) = [t for t in test.dataframe if "who" in t.value]
    assert len(table.value) == 12
    assert (table.value["who"] == "nobody enrolled").any()


def test_with_nobody_enrolled_everybody_is_nobody() -> None:
    test = visit(PAGE, mode=FIND, ours="false")
    assert "nobody who is enrolled" in heading(test)


def enrolled(test: AppTest, name: str, *data: bytes) -> AppTest:
    test.text_input("face_name").input(name)
    test.file_uploader("face_photos").set_value(
        [(f"{name}-{i}.jpg", one, "image/jpeg") for i, one in enumerate(data)]
    )
    test.button("FormSubmitter:face_enrol-Enrol").click()
    return test.run()


def test_somebody_enrolled_is_found_then_deleted_and_in_no_link_no_cache_and_no_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    test = ticked(mode=FIND, ours="false", photo="Collins")
    assert "nobody who is enrolled" in heading(test)
    enrolled(test, SECRET, file("Collins"))
    assert errors(test) == []
    assert f"**{SECRET}**" in heading(test)
    test.query_params["part"] = "Take"
    test.run()
    links = [code.value for code in test.code]
    assert links
    assert not any(word in text for word in SECRET.split() for text in links)
    assert not any(word in str(test.query_params) for word in SECRET.split())
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    assert not any(word in logged for word in SECRET.split())
    other = visit(PAGE, mode=FIND, ours="false", photo="Collins")  # another visitor, same server
    assert "nobody who is enrolled" in heading(other)
    test.button("face_delete").click().run()
    assert "nobody who is enrolled" in heading(test)
    assert faces.ENROLLED not in test.session_state
    gc.collect()
    held = [kept for kept in gc.get_objects() if type(kept) is dict and SECRET in kept]
    assert not [d for d in held if isinstance(d[SECRET], list)]  # no gallery anywhere in memory


def test_taking_the_tick_away_in_one_mode_deletes_what_was_given_in_the_other() -> None:
    test = give(ticked(), 0, file("Biden 2010"))
    assert heading(test).startswith("**Two different people**")
    test.segmented_control("mode").set_value(FIND).run()
    test.checkbox(faces.CONSENT).uncheck().run()
    assert "face_one_last" not in test.session_state
    assert f"{faces.OWN}_found_face_one" not in test.session_state


def test_leaving_the_page_drops_the_tick_and_with_it_all_that_was_given() -> None:
    test = enrolled(ticked(mode=FIND, ours="false", photo="Collins"), SECRET, file("Collins"))
    assert SECRET in heading(test)
    test.switch_page(script("fashion")).run()
    test.switch_page(script(PAGE)).run()
    test.segmented_control("mode").set_value(FIND).run()
    assert not test.checkbox(faces.CONSENT).value
    assert faces.ENROLLED not in test.session_state
    assert SECRET not in heading(test)


def test_an_answer_never_goes_against_its_odds() -> None:
    test = visit(PAGE)
    test.slider("threshold").set_value(0.1).run()
    assert heading(test).startswith("**Two different people**, by the threshold that you set.")
    assert heading(test).endswith("I would say one person.")
    assert "more than 99 in 100 are of one person" in said(test)


def test_the_photos_that_somebody_is_enrolled_with_are_not_kept(forgotten: list[bytes]) -> None:
    enrolled(ticked(mode=FIND, ours="false", photo="Collins"), SECRET, file("Collins"))
    assert file("Collins") in forgotten


PHOTOS = ("Obama 2009", "Obama 2010", "Collins")


@pytest.mark.parametrize("good", [0, 1, 2])
def test_a_machine_that_gets_busy_keeps_whom_it_enrolled_names_the_rest_and_forgets_the_photos(
    good: int, forgotten: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = ticked(mode=FIND, ours="false", photo="Collins")
    measure, measured = enrol._kept, []

    def few(*given: Any) -> enrol.Kept:
        measured.append(given)
        if len(measured) > good:
            raise BusyError(BUSY)
        return measure(*given)

    monkeypatch.setattr(enrol, "_kept", few)
    photos = [file(name) for name in PHOTOS]
    enrolled(test, "Ada", *photos)
    rest = ("Photos 1 to 3 were", "Photos 2 and 3 were", "Photo 3 was")[good]
    once = "it" if good == 2 else "them"
    assert errors(test) == [f"{BUSY} {rest} not enrolled: give {once} once more."]
    assert len(test.session_state[faces.ENROLLED].get("Ada", [])) == good
    assert [photo in forgotten for photo in photos] == [True] * 3
    assert len(measured) == good + 1
    assert any("(face 1)" in text.value or "nobody" in text.value for text in test.markdown)


def test_uploads_are_forgotten_when_enrolling_breaks_off(
    forgotten: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = ticked(mode=FIND, ours="false", photo="Collins")
    monkeypatch.setattr(enrol, "_kept", lambda *_: 1 / 0)
    enrolled(test, "Ada", file("Collins"))
    assert len(test.exception) == 1, "a bug is a bug"
    assert file("Collins") in forgotten


def test_on_a_busy_machine_somebody_can_still_be_enrolled_later(
    busy: Busy, forgotten: list[bytes]
) -> None:
    busy.over()
    test = ticked(mode=FIND, photo="Collins")
    ours.STORE.drop(lambda key: key[-1] in enrol.OURS)  # ours too are enrolled anew
    busy.again()
    enrolled(test, "Ada", file("Collins"))
    assert errors(test) == [f"{BUSY} Photo 1 was not enrolled: give it once more.", BUSY]
    assert file("Collins") in forgotten
    busy.over()
    enrolled(test, "Ada", file("Collins"))
    assert errors(test) == []
    assert "**Ada**" in heading(test) or "Eileen Collins" in heading(test)


def test_a_photo_that_a_busy_machine_never_read_goes_with_the_tick(
    busy: Busy, forgotten: list[bytes]
) -> None:
    busy.over()
    test = ticked()
    busy.again()
    assert errors(give(test, 0, file("Collins"))) == [BUSY]
    assert file("Collins") not in forgotten
    busy.over()
    test.checkbox(faces.CONSENT).uncheck().run()
    assert file("Collins") in forgotten
    assert errors(test) == []
    assert test.file_uploader[0].value in (None, [])


def test_what_was_given_goes_with_the_tick_where_the_models_cannot_be_loaded(
    forgotten: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = give(ticked(), 0, file("Collins"))

    def fails(_: str) -> None:
        raise ReleaseError("A released file is missing.")

    monkeypatch.setattr("pages.parts.job.guard.model", fails)
    test.checkbox(faces.CONSENT).uncheck()
    assert errors(test.run()) == ["A released file is missing."]
    assert file("Collins") in forgotten
    assert not [key for key in made(test) if "sample" not in key]


def test_what_was_made_of_a_photo_goes_with_the_tick_when_a_sample_stands_in_its_place() -> None:
    test = give(ticked(part="Why"), 0, file("Obama 2010"))
    own, findings = test.session_state[f"{faces.OWN}_why"]
    assert findings.public is None
    assert findings.known("heats")
    test.session_state["part"] = "Take"
    test.run()
    test.pills("one").select("Collins").run()
    assert test.session_state[f"{faces.OWN}_why"][0] == own
    test.checkbox(faces.CONSENT).uncheck().run()
    assert f"{faces.OWN}_why" not in test.session_state


def test_taking_the_tick_away_deletes_whoever_was_enrolled() -> None:
    test = enrolled(ticked(mode=FIND, ours="false", photo="Collins"), SECRET, file("Collins"))
    assert SECRET in heading(test)
    test.checkbox(faces.CONSENT).uncheck().run()
    assert faces.ENROLLED not in test.session_state
    assert "nobody who is enrolled" in heading(test)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("", ["Collins"], "Give the person a name"),
        ("barack OBAMA", ["Collins"], "is one of ours"),
        ("Ada", [], "Give at least one photo"),
        ("Ada", ["Drawn dress"], "Photo 1 was left out. No face was found"),
        ("Ada", ["Group 2011"], "people: use a picture of one"),
    ],
)
def test_what_cannot_be_enrolled_gets_one_sentence(
    name: str, data: list[str], sentence: str
) -> None:
    test = enrolled(ticked(mode=FIND), name, *[file(sample, 1500) for sample in data])
    (error,) = errors(test)
    assert sentence in error
    assert faces.ENROLLED not in test.session_state or not test.session_state[faces.ENROLLED]
    assert heading(test).startswith("I see 12 faces")


def test_a_name_is_shown_as_it_is_typed_and_never_as_markup() -> None:
    name = "**A** [b](c) <i>"
    test = enrolled(ticked(mode=FIND, ours="false", photo="Collins"), name, file("Collins"))
    assert errors(test) == []
    assert r"\*\*A\*\* \[b\]\(c\) \<i\>" in heading(test)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_experiments_do_what_they_say(number: int) -> None:
    test = visit(PAGE)
    test.button(f"{PAGE}_experiment_{number}").click().run()
    assert errors(test) == []
    assert heading(test)


def test_the_models_are_named_and_their_files_offered() -> None:
    test = visit(PAGE, part="Take")
    offered = {button.proto.label.split(" (")[0] for button in test.get("download_button")}
    for name in ("face_detection", PAGE):
        card = catalog.load(name).card
        files = {f.file for by in card.graphs.values() for f in by.values()}
        assert files <= offered
