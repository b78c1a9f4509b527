"""Image recognition: what is in this picture, why, how far to trust it, and the model to take."""

from functools import partial

import streamlit as st

from models.explain.methods import best
from models.image_recognition import CROP, LADDER, answers, predict, preprocess
from pages.image_recognition import trust as own_trust
from pages.image_recognition.about import ABOUT
from pages.parts.draw import kinds
from pages.parts.explain import explained, rungs, why
from pages.parts.job import batch, guard
from pages.parts.sections import onward, results, tabs, take, teach, trust
from pages.parts.source import picture
from pages.parts.source.samples import PHOTOS
from pages.parts.state import choices, ours

RESET = {"class": why.FIRST}  # with every new picture
TABS = ("Why", "Trust", "Take")

st.title("What is in this picture?", anchor=False)
st.markdown("Give it a photo of anything, or pick one of ours.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, files = picture.of_page(ABOUT.name, PHOTOS, RESET)
image = ours.kept(given.public(model.release, "image"), lambda: preprocess(given.picture.pixels))
besides = explained.besides(given, explained=choices.one("part", TABS) == "Why")
with said, guard.one_sentence():
    (answer,), run = ours.kept(
        given.public(model.release, precision),
        lambda: answers(model, [image], precision=precision, besides=besides),
    )
    shown = given.shown(results.WIDTH, CROP)
    results.show(shown, given.alt, results.sentence(answer), answer, results.SQUARE)
    for note in () if given.own else given.picture.notes:  # of theirs it stands by the upload
        st.caption(note)

if files:
    batch.table(
        ABOUT.name,
        files,
        lambda one: predict(model, [one.pixels], precision=precision)[0][0],
        precision,
        partial(picture.look_at, ABOUT.name, RESET),
    )

with tabs.opened(*TABS) as part:
    if part == "Why":
        target = why.target(answer)
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        why.maps(case)
        onward.to(ABOUT.name, "explainability", "**Ask seven ways why**", given, network="Photos")
        rungs.show(case, LADDER)
    elif part == "Trust":
        own_trust.show(model, answer, run)
    elif part == "Take":
        take.link(sample=given.sample)
        target = why.chosen(answer)
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        take.result(given, case, best(model.card), results.sentence(answer))
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: kinds.convolution(model, image))
