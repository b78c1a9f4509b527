"""Image recognition: what is in this picture, why, how far to trust it, and the model to take."""

import streamlit as st

from models import decode
from models.image_recognition import CROP, LADDER, predict, preprocess
from pages.parts.draw import inline, pictures
from pages.parts.explain import explained, rungs, why
from pages.parts.job import guard, many
from pages.parts.sections import results, take, teach, trust
from pages.parts.sections.teach import Experiment
from pages.parts.source import picture
from pages.parts.source.samples import PHOTOS
from pages.parts.state import ours

PAGE = "image_recognition"
# What a link restores, and what it is where nobody chose.
CHOICES = {"part": "", "class": why.FIRST, "depth": "parts", "detector": "1", "precision": ""}
CODE = """\
import numpy as np, onnxruntime
from PIL import Image, ImageOps
photo = ImageOps.fit(Image.open("photo.jpg").convert("RGB"), (224, 224), bleed=0.0625)
session = onnxruntime.InferenceSession("model.int8.onnx")
logits = session.run(["logits"], {"image": np.asarray(photo)[None]})[0][0]
print(open("labels.txt").read().split("\\n")[logits.argmax()])
"""
FAILURES = {
    "Nuthatch": "A nuthatch is not among its 1,000 classes, so it can only name another bird.",
    "Blurred clock": "A moving camera left nothing but a smear.",
    "Page of text": "It cannot read; the nearest that it has are menus and web sites.",
}
EXPERIMENTS = (
    Experiment(
        "Ask for the second dog.",
        "The same photo, explained for another class: does the map move?",
        {"sample": "Dogs", "part": "Why", "class": "cocker spaniel"},
    ),
    Experiment(
        "Show it something that it never learned.",
        "A page of text is no photo. See where it falls on the scale of familiarity.",
        {"sample": "Page of text", "part": "Trust", "class": why.FIRST},
    ),
    Experiment(
        "Take the parts away.",
        "Erase what one detector saw in the cup and watch the answer fall.",
        {"sample": "Coffee", "part": "Why", "class": why.FIRST, "depth": "wholes", "detector": "2"},
    ),
)
KIND = (
    "A **convolutional network**: the same small filters slide over the whole picture, first for "
    "edges, then for what edges make together, and so on for 49 layers. Its last map of 7 x 7 "
    "places is averaged, and one weight matrix turns that into 1,000 answers. It was not told any "
    "rule: it learned all its filters from 1.28 million labelled photos."
)

st.title("What is in this picture?", anchor=False)
st.markdown("Give it a photo of anything, or pick one of ours.")

with guard.one_sentence():
    model = guard.model(PAGE)
    precision = trust.precision(model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, files = picture.pictures(PAGE, PHOTOS, reset={"class": why.FIRST})
with said, guard.one_sentence():
    (answer,), run = ours.kept(
        given.public(model.release, precision),
        lambda: predict(model, [given.picture.pixels], precision=precision),
    )
    results.show(given.shown(results.WIDTH), given.alt, results.sentence(answer), answer)
    for note in () if given.own else given.picture.notes:  # of theirs it stands by the upload
        st.caption(note)

if files:
    many.table(PAGE, files, lambda one: predict(model, [one.pixels], precision=precision)[0][0])

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        target = why.target(answer.labels, [guess.index for guess in answer.top(5)])
        image = preprocess(given.picture.pixels)
        case = explained.of(PAGE, model, image, target, answer, own=given.own)
        why.maps(PAGE, case)
        rungs.show(case, LADDER)
if trust_tab.open:
    with trust_tab, guard.in_place():
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
if take_tab.open:
    with take_tab, guard.in_place():
        take.link({"sample": given.sample}, CHOICES)
        take.files(model)
        take.snippet(CODE)
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, CHOICES | {"precision": model.precision()})
teach.kind(model, KIND)
