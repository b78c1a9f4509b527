"""Image recognition: what is in this picture, why, how far to trust it, and the model to take."""

import streamlit as st

from models import decode
from models.image_recognition import CROP, LADDER, answers, predict, preprocess
from pages.image_recognition.about import ABOUT
from pages.parts.draw import inline, pictures
from pages.parts.explain import explained, rungs, why
from pages.parts.job import guard, many
from pages.parts.sections import results, tabs, take, teach, trust
from pages.parts.source import picture
from pages.parts.source.samples import PHOTOS
from pages.parts.state import address, ours

TABS = ("Why", "Trust", "Take")
# What a link restores, and what it is where nobody chose.
CHOICES = {"part": "", "class": why.FIRST, "depth": "parts", "detector": "1", "precision": ""}
FAILURES = {
    "Nuthatch": "A nuthatch is not among its 1,000 classes, so it can only name another bird.",
    "Blurred clock": "A moving camera left nothing but a smear.",
    "Page of text": "It cannot read; the nearest that it has are menus and web sites.",
}

st.title("What is in this picture?", anchor=False)
st.markdown("Give it a photo of anything, or pick one of ours.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, files = picture.pictures(ABOUT.name, PHOTOS, reset={"class": why.FIRST})
image = ours.kept(given.public(model.release, "image"), lambda: preprocess(given.picture.pixels))
besides = explained.besides(given, explained=address.tab(TABS) == "Why")
with said, guard.one_sentence():
    (answer,), run = ours.kept(
        given.public(model.release, precision),
        lambda: answers(model, [image], precision=precision, besides=besides),
    )
    results.show(given.shown(results.WIDTH), given.alt, results.sentence(answer), answer)
    for note in () if given.own else given.picture.notes:  # of theirs it stands by the upload
        st.caption(note)

if files:
    many.table(
        ABOUT.name, files, lambda one: predict(model, [one.pixels], precision=precision)[0][0]
    )

with tabs.opened(*TABS) as part:
    if part == "Why":
        target = why.target(answer.labels, [guess.index for guess in answer.top(5)])
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        why.maps(ABOUT.name, case)
        rungs.show(case, LADDER)
    elif part == "Trust":
        trust.familiar(model, answer, "photos of things it learned")
        st.markdown(
            "**How sure?** The percentages are what the network gives, not odds that were checked: "
            "that would need thousands of labelled photos that it surely never saw."
        )
        trust.precision_choice(model)
        trust.this_run(model, run)
        trust.measured(model.card)
        st.markdown("**Where it fails**")
        shown = [PHOTOS[name] for name in FAILURES]
        wrong, _ = ours.kept(
            (model.release, "failures"),
            lambda: predict(model, [decode.picture(sample.read()).pixels for sample in shown]),
        )
        for column, sample, said_of_it in zip(st.columns(3), shown, wrong, strict=True):
            column.image(inline.file(sample.read(), "jpeg"), alt=sample.alt, width=220)
            column.caption(f"{results.sentence(said_of_it)} {FAILURES[sample.name]}")
        st.markdown("**What it looks at**")
        st.image(
            inline.photo(pictures.framed(given.picture.pixels, CROP), 320),
            width=320,
            alt="The picture with all but its central square dimmed",
        )
        st.caption("Only the bright square reaches the network, as 224 x 224 pixels.")
    elif part == "Take":
        take.link({"sample": given.sample}, CHOICES)
        take.whole(ABOUT, model)

teach.experiments(ABOUT, CHOICES | {"precision": model.precision()})
teach.kind(model, ABOUT)
