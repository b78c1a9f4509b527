"""Image recognition: what is in this picture, why, how far to trust it, and the model to take."""

import streamlit as st

from models.image_recognition import LADDER, answers, predict, preprocess
from pages.image_recognition import trust as own_trust
from pages.image_recognition.about import ABOUT
from pages.parts.draw import kinds
from pages.parts.explain import explained, rungs, why
from pages.parts.job import batch, guard
from pages.parts.sections import results, tabs, take, teach, trust
from pages.parts.source import picture
from pages.parts.source.samples import PHOTOS
from pages.parts.state import choices, ours

TABS = ("Why", "Trust", "Take")

st.title("What is in this picture?", anchor=False)
st.markdown("Give it a photo of anything, or pick one of ours.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, files = picture.pictures(ABOUT.name, PHOTOS, reset={"class": why.FIRST})
image = ours.kept(given.public(model.release, "image"), lambda: preprocess(given.picture.pixels))
besides = explained.besides(given, explained=choices.one("part", TABS) == "Why")
with said, guard.one_sentence():
    (answer,), run = ours.kept(
        given.public(model.release, precision),
        lambda: answers(model, [image], precision=precision, besides=besides),
    )
    results.show(given.shown(results.WIDTH), given.alt, results.sentence(answer), answer)
    for note in () if given.own else given.picture.notes:  # of theirs it stands by the upload
        st.caption(note)

if files:
    batch.table(
        ABOUT.name,
        files,
        lambda one: predict(model, [one.pixels], precision=precision)[0][0],
        precision,
    )

with tabs.opened(*TABS) as part:
    if part == "Why":
        target = why.target(answer.labels, [guess.index for guess in answer.top(5)])
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        why.maps(case)
        rungs.show(case, LADDER)
    elif part == "Trust":
        own_trust.show(model, answer, run, given)
    elif part == "Take":
        take.link(sample=given.sample)
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: kinds.convolution(model, image))
