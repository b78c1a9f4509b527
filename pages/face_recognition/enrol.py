"""Enrolling people: ours, and those whom a visitor gives a name and up to five photos.

The visitor's live in their session alone: in no link, no cache, no log; one button deletes them,
and the end of the visit does too.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import decode
from models.catalog import Model
from models.decode import Pixels
from models.errors import GlassboxError, InputError
from models.explain import Floats
from models.face_detection import detect
from models.face_recognition import embed
from models.face_recognition.align import align
from models.face_recognition.quality import complaints, quality
from pages.face_recognition import faces
from pages.parts.draw import inline
from pages.parts.draw.words import plain
from pages.parts.source import picture
from pages.parts.source.samples import FACES
from pages.parts.state import choices, ours

MOST_PEOPLE, MOST_PHOTOS, MOST_LETTERS = 20, 5, 40
OURS = {
    "Barack Obama": ("Obama 2009", "Obama 2010"),
    "Joe Biden": ("Biden 2010",),
    "Eileen Collins": ("Collins",),
    "Grace Hopper": ("Hopper 1984",),
}


@dataclass(frozen=True)
class Kept:
    """One enrolled picture of a person."""

    crop: Pixels
    descriptor: Floats


People = dict[str, list[Kept]]


def enrolled(detection: Model, recognition: Model, allowed: bool) -> People:
    """Draw what enrols people; return all who are enrolled, ours and the visitor's."""
    st.markdown("**Who can be found**")
    with_ours = choices.toggle("Our four people", True, key="ours")
    with st.expander("Enrol somebody of yours", icon=":material/person_add:"):
        _form(detection, recognition, allowed)
    people = dict(_ours(detection, recognition)) if with_ours else {}
    people |= own()
    if people:
        crops = [(name, kept[0].crop, len(kept)) for name, kept in people.items()]
        st.image(
            [inline.photo(crop, 76) for _, crop, _ in crops],
            width=76,
            caption=[f"{plain(name)} ({n})" for name, _, n in crops],
            alt=[f"Enrolled: {name}, {n} pictures" for name, _, n in crops],
        )
    if own():
        st.button(
            "Delete everybody that I enrolled",
            key="face_delete",
            on_click=_delete,
            icon=":material/delete:",
        )
    return people


def own() -> People:
    """Those whom the visitor enrolled."""
    enrolled: People = st.session_state.get(faces.ENROLLED, {})
    return enrolled


def _delete() -> None:
    st.session_state.pop(faces.ENROLLED, None)


def _ours(detection: Model, recognition: Model) -> People:
    """The people of our samples."""

    def one(name: str) -> list[Kept]:
        return ours.kept(
            (detection.release, recognition.release, name),
            lambda: [_kept(detection, recognition, FACES[sample].read()) for sample in OURS[name]],
        )

    return {name: one(name) for name in OURS}


def _kept(detection: Model, recognition: Model, data: bytes) -> Kept:
    """One picture of one person, measured. Raises InputError where it will not do."""
    there = detect(detection, decode.picture(data).pixels)
    if not there.faces:
        raise InputError("No face was found in it: use one in which a face looks at the camera.")
    large = [face for face in there.faces if face.height > there.faces[0].height / 2]
    if len(large) > 1:
        raise InputError(f"It shows {len(large)} people: use a picture of one, or cut them off.")
    crop = align(there.picture, large[0].points)
    if poor := complaints(recognition, quality(large[0], crop)):
        raise InputError(f"Its face is {' and '.join(poor)}: use a better picture.")
    return Kept(crop, embed(recognition, [crop])[0][0])


def _form(detection: Model, recognition: Model, allowed: bool) -> None:
    """A name and one to five photos; what cannot be used is said, the others are kept."""
    with st.form("face_enrol", clear_on_submit=True, border=False):
        name = st.text_input("Name", max_chars=MOST_LETTERS, key="face_name", disabled=not allowed)
        files = st.file_uploader(
            f"One to {MOST_PHOTOS} photos of this person alone",
            type=picture.TYPES,
            accept_multiple_files=True,
            key="face_photos",
            disabled=not allowed,
        )
        asked = st.form_submit_button("Enrol", disabled=not allowed)
    if not allowed:
        st.caption("Tick above what happens to your photos first.")
    if asked and allowed:
        try:
            _enrol(detection, recognition, " ".join(name.split()), files)
        finally:  # of a photo, its aligned face and 128 numbers are all that is kept
            picture.forget(files)


def _enrol(detection: Model, recognition: Model, name: str, files: list[UploadedFile]) -> None:
    own: People = st.session_state.setdefault(faces.ENROLLED, {})
    if not name or not name.isprintable():
        st.error("Give the person a name of letters or digits.")
    elif name.casefold() in {one.casefold() for one in OURS}:
        st.error(f"{plain(name)} is one of ours: give another name.")
    elif not files:
        st.error("Give at least one photo of this person.")
    elif name not in own and len(own) >= MOST_PEOPLE:
        st.error(f"At most {MOST_PEOPLE} people can be enrolled: delete them to start again.")
    else:
        _enrol_each(detection, recognition, name, files)


def _enrol_each(detection: Model, recognition: Model, name: str, files: list[UploadedFile]) -> None:
    """Photo after photo; where the machine has no more room, those before stay enrolled."""
    own: People = st.session_state[faces.ENROLLED]
    for number, file in enumerate(files, 1):
        if len(own.get(name, ())) == MOST_PHOTOS:
            st.warning(f"{plain(name)} has {MOST_PHOTOS} photos now; the rest was left out.")
            return
        try:
            own[name] = [*own.get(name, ()), _kept(detection, recognition, file.getvalue())]
        except InputError as error:
            st.error(f"Photo {number} was left out. {error}", icon=":material/error:")
        except GlassboxError as error:
            st.error(f"{error} {_left(number, len(files))}", icon=":material/error:")
            return


def _left(first: int, last: int) -> str:
    """Which photos are still to be enrolled."""
    if first == last:
        return f"Photo {first} was not enrolled: give it once more."
    between = "and" if last == first + 1 else "to"
    return f"Photos {first} {between} {last} were not enrolled: give them once more."
