"""Faces in a picture: finding them, drawing them, picking one and saying if it is fit to compare.

What is made of a visitor's picture lies in their session, for the picture that is shown, and
nowhere else.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from models.catalog import Model
from models.decode import Pixels
from models.face_detection import Face, Found, detect
from models.face_recognition.align import align
from models.face_recognition.quality import Quality, complaints, quality
from pages.parts.draw import inline, pictures
from pages.parts.draw.figures import HERE, OURS
from pages.parts.source import picture as inputs
from pages.parts.source import place as source
from pages.parts.state import choices, ours
from pages.parts.state.held import held

SHOWN = (640, 300)  # pixels of width and height that a picture with boxes has at most
CONSENT = "face_consent"
PLACES = ("face_one", "face_other", "face_photo")  # of pictures, by their names in the session
ENROLLED = "face_own_people"
SMALL = 104  # pixels of an aligned face beside the answer
TAG = 16  # pixels of the height of a box's number
OWN = "face_own"  # what was made of a visitor's faces starts with this in the session
GIVEN = "face_own_given"  # that there was a photo of theirs
TICK = "I may use my photos here, and agree that their faces are measured for this visit"
TERMS = (
    "Each face in them is turned into 128 numbers for the comparison that you see. Photos and "
    "numbers stay in this server's memory for your visit alone; nothing is stored or passed on. "
    "Taking the tick away, or coming back from another page, deletes them. Our samples need no "
    "tick."
)


@dataclass(frozen=True)
class Seen:
    """One face of a picture, ready to be compared."""

    key: str  # of picture and face
    alt: str
    sample: str | None
    picture: Pixels
    face: Face
    crop: Pixels  # aligned, [150, 150, 3]
    quality: Quality

    def small(self) -> str:
        """The crop as the network sees it, for a small place."""
        public = None if self.sample is None else (self.key, "crop")
        return ours.kept(public, lambda: inline.photo(pictures.enlarged(self.crop, 150), SMALL))


def public(*seen: Seen) -> ours.Key:
    """The key of what is made of these faces; None where one of them is the visitor's."""
    return None if any(one.sample is None for one in seen) else tuple(one.key for one in seen)


def consent() -> bool:
    """The one tick before the first own photo; without it, nothing that was given is left.

    Another page drops the tick, so that is so after a look elsewhere too.
    """
    ticked: bool = st.checkbox(TICK, key=CONSENT)
    st.caption(TERMS)
    uphold()
    return ticked


def uphold() -> None:
    """Without the tick, delete the visitor's photos and all that was made of them.

    In both modes of the page. Called before anything that can fail, too.
    """
    state = st.session_state
    given = [place for place in PLACES if _is_given(place)]
    if given:
        state[GIVEN] = True
    if state.get(CONSENT):
        return
    for place in given:
        state[f"{place}_round"] = state.get(f"{place}_round", 0) + 1
        state.pop(f"{place}_last", None)
        source.forget(place)
    if GIVEN in state or ENROLLED in state:
        for key in [key for key in state if str(key).startswith(OWN)]:
            del state[key]
    inputs.forget()


def _is_given(place: str) -> bool:
    """Whether a photo of the visitor lies in a place, be it that it could not be read."""
    state = st.session_state
    widgets = (f"{place}_{kind}_{state.get(f'{place}_round', 0)}" for kind in ("upload", "camera"))
    last: inputs.Given | None = state.get(f"{place}_last")
    return any(state.get(key) for key in widgets) or (last is not None and last.sample is None)


def found(model: Model, place: str, given: inputs.Given) -> Found:
    """The faces of the picture shown in a place, found once."""
    if (key := given.public("faces", model.release)) is not None:
        return ours.kept(key, lambda: detect(model, given.picture.pixels))
    return held(f"{OWN}_found_{place}", given.key, lambda: detect(model, given.picture.pixels))


def pick(place: str, there: Found, given: inputs.Given) -> Seen | None:
    """Show the picture with its faces and let one be picked; None, with a sentence, for none."""
    if not there.faces:
        st.image(inline.photo(drawn(given.picture.pixels, ())), alt=given.alt)
        st.warning(
            "No face was found in this picture. Use one in which a face looks at the camera and is "
            "at least 40 pixels high."
        )
        return None
    number, key = 1, f"{place}_face"
    if len(there.faces) > 1:
        options = [str(i) for i in range(1, len(there.faces) + 1)]
        said = f"Which of the {len(options)} faces? The largest is 1"
        number = int(choices.pick(st.selectbox, said, options, key=key))
    face = there.faces[number - 1]
    shown = ours.kept(
        given.public("framed", number),
        lambda: inline.photo(drawn(there.picture, there.faces, number)),
    )
    st.image(shown, alt=f"{given.alt}; face {number} of {len(there.faces)} framed")
    if there.turned:
        st.caption(turned(there))
    return ours.kept(given.public("seen", number), lambda: _seen(there, face, given, number))


def _seen(there: Found, face: Face, given: inputs.Given, number: int) -> Seen:
    crop = align(there.picture, face.points)
    key = f"{given.key}-{number}"
    return Seen(key, given.alt, given.sample, there.picture, face, crop, quality(face, crop))


def turned(there: Found) -> str:
    """What was done to a picture that did not stand upright."""
    return f"Turned to the left by {there.turned} degrees: so its face stands upright."


def drawn(
    picture: Pixels,
    faces: tuple[Face, ...],
    chosen: int | None = None,
    most: tuple[int, int] = SHOWN,
) -> Pixels:
    """The picture with a numbered box around every face, and the chosen one's five points.

    most: its width and height in pixels. Without a chosen face, all boxes have one colour.
    """
    scale = min(1.0, most[0] / picture.shape[1], most[1] / picture.shape[0])
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    image = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
    draw = ImageDraw.Draw(image)
    for number, face in enumerate(faces, 1):
        ours = number == chosen
        colour = HERE if ours or chosen is None else "#ffffff"
        left, top, right, bottom = (side * scale for side in face.box)
        draw.rectangle((left, top, right, bottom), outline=colour, width=4 if ours else 2)
        if len(faces) > 1:
            above = max(0.0, top - TAG)
            wide = draw.textlength(str(number), font_size=TAG - 2)
            draw.rectangle((left, above, left + wide + 5, above + TAG), fill=colour)
            ink = "#ffffff" if colour == HERE else "#000000"
            draw.text((left + 3, above - 1), str(number), fill=ink, font_size=TAG - 2)
        for x, y in face.points * scale if ours else ():
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=OURS, outline="#ffffff")
    return np.asarray(image)


def unfit(model: Model, seen: Seen) -> str:
    """Why a face is not compared, in one sentence; empty where it is fit."""
    words = complaints(model, seen.quality)
    return f"{' and '.join(words)}." if words else ""


def side_by_side(one: Seen, other: Seen) -> None:
    """The two aligned crops, as the network really sees them."""
    st.image(
        [one.small(), other.small()],
        width=SMALL,
        caption=["first, as seen", "second, as seen"],
        alt=[f"The first face, aligned: {one.alt}", f"The second face, aligned: {other.alt}"],
    )
