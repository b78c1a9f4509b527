"""Find: who of the enrolled people is in a photo, or that nobody is.

Who is enrolled is the matter of enrol.py.
"""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from models.catalog import Model
from models.engine import Run
from models.face_detection import Found
from models.face_recognition import SURE, embed, gallery, probability
from models.face_recognition.align import align
from models.face_recognition.gallery import Nearest
from models.face_recognition.quality import complaints, quality
from pages.face_recognition import enrol, faces, figures, verify
from pages.face_recognition.enrol import People
from pages.parts.draw import charts, inline
from pages.parts.draw.words import plain
from pages.parts.job import batch
from pages.parts.source import picture as inputs
from pages.parts.source.samples import FACES
from pages.parts.state import choices, ours

PAGE, PLACE, FIRST = faces.PLACES[2], "photo", "Group 2011"
MOST_NAMES = 4  # in the sentence above the photo; all stand in the table
SHOWN = (900, 460)  # pixels of width and height that the photo has at most


@dataclass(frozen=True)
class Named:
    """One face of the photo and how each enrolled person compares.

    trouble: why nothing is decided on this face; empty where something is.
    """

    number: int
    order: list[Nearest]
    trouble: str

    def who(self, limit: float) -> str | None:
        """The name, or None where nobody enrolled is near enough or nothing was decided."""
        near = None if self.trouble else gallery.who(self.order, limit)
        return near.name if near else None


@dataclass(frozen=True)
class Search:
    """A photo, its faces and who they are; `run` is that of the last network, if any ran."""

    given: inputs.Given
    there: Found
    answers: list[Named]
    run: Run | None


def show(detection: Model, model: Model) -> Search:
    """Draw the whole of it, in the served precision: that of everybody who is enrolled."""
    limit = verify.asked_threshold(model)
    top = st.container()
    asked, said = st.columns([3, 2], gap="large")
    with asked:
        allowed = faces.consent()
        picture = st.container()
        given, _ = inputs.draw(
            inputs.Place(PAGE, FACES, {}, PLACE, False, not allowed, FIRST, False)
        )
        there = faces.found(detection, PAGE, given)
        with picture:
            count = "1 face" if len(there.faces) == 1 else f"{len(there.faces)} faces"
            shown = ours.kept(
                given.public("all framed"),
                lambda: inline.photo(faces.drawn(there.picture, there.faces, most=SHOWN)),
            )
            st.image(shown, alt=f"{given.alt}; {count} framed")
            if there.turned:
                st.caption(faces.turned(there))
    with said:
        people = enrol.enrolled(detection, model, allowed)
        verify.threshold(model)
    public = None if enrol.own() else given.public("named", model.release, *people)
    answers, run = ours.kept(public, lambda: named(model, there, people))
    with top:
        st.markdown(f"#### {heading(answers, limit)}")
    with asked:
        if answers:
            table(answers, limit)
    return Search(given, there, answers, run)


def named(model: Model, there: Found, people: People) -> tuple[list[Named], Run | None]:
    """Every face of a photo compared with everybody who is enrolled."""
    if not there.faces:
        return [], None
    crops = [align(there.picture, face.points) for face in there.faces]
    vectors, run = embed(model, crops)
    known = {name: [one.descriptor for one in kept] for name, kept in people.items()}
    answers = []
    for i, (face, crop) in enumerate(zip(there.faces, crops, strict=True)):
        order = gallery.ranked(known, vectors[i])
        poor = complaints(model, quality(face, crop)) or _unsure(model, order)
        answers.append(Named(i + 1, order, " and ".join(poor)))
    return answers, run


def _unsure(model: Model, order: list[Nearest]) -> list[str]:
    """Whether the nearest person lies where too few pairs were measured to tell."""
    likely = probability(model, order[0].distance) if order else 0.0
    return [f"too unsure whether it is {order[0].name}"] if 1 - SURE < likely < SURE else []


def why(search: Search, limit: float) -> None:
    """How far one face lies from everybody who is enrolled."""
    if not search.answers or not search.answers[0].order:
        st.caption("Enrol somebody, and give a photo with a face.")
        return
    first = next((a.number for a in search.answers if a.who(limit)), 1)
    rest = [a.number for a in search.answers if a.number != first]
    numbers = [str(number) for number in (first, *rest)]
    chosen = choices.pick(st.selectbox, "Explain face", numbers, key="photo_face")
    answer = search.answers[int(chosen) - 1]
    crop = align(search.there.picture, search.there.faces[answer.number - 1].points)
    left, right = st.columns([1, 3])
    left.image(
        inline.photo(crop, 150),
        width=150,
        alt=f"Face {answer.number}, aligned, as the network sees it",
    )
    with right:
        charts.show(figures.nearest(answer.order, limit), key="nearest")


def heading(answers: list[Named], limit: float) -> str:
    """Who is in the photo, in one sentence of Markdown."""
    if not answers:
        return "**No face was found in this photo.**"
    names = [f"**{plain(who)}** (face {a.number})" for a in answers if (who := a.who(limit))]
    open_ = sum(bool(answer.trouble) for answer in answers)
    nobody = len(answers) - len(names) - open_
    found = "1 face" if len(answers) == 1 else f"{len(answers)} faces"
    shown = names[:MOST_NAMES] + [f"and {len(names) - MOST_NAMES} more"] * (len(names) > MOST_NAMES)
    said = [", ".join(shown)] if shown else []
    verb = "is" if nobody == 1 else "are"
    said += [f"{nobody} {verb} **nobody who is enrolled**"] * (nobody > 0)
    said += [f"{open_} **not decided**"] * (open_ > 0)
    return f"I see {found}: {'; '.join(said)}."


def table(answers: list[Named], limit: float) -> None:
    """Face by face: who it is, and how far from the nearest."""
    rows = [_row(answer, limit) for answer in answers]
    said = ", ".join(f"{row['face']}: {row['who']}" for row in rows)
    batch.clickable(
        PAGE,
        pd.DataFrame(rows).fillna(""),
        f"Faces and who they are. {said}.",
        lambda i: choices.put({"photo_face": rows[i]["face"], "part": "Why"}),
        said="Click a row to see how far this face lies from everybody.",
    )
    names = [name for answer in answers if (name := answer.who(limit))]
    if len(set(names)) < len(names):
        st.caption("One name stands at several faces: at most one is right, unless they repeat.")
    st.caption("The more people are enrolled, the more often a stranger is near one by chance.")


def _row(answer: Named, limit: float) -> dict[str, str]:
    row = {"face": str(answer.number), "who": answer.who(limit) or "nobody enrolled"}
    if answer.trouble:
        row["who"] = f"not decided: {answer.trouble}"
    if not answer.order:
        return row
    near = answer.order[0]
    return row | {"distance": f"{near.distance:.2f}", "nearest": near.name}
