"""Image generation: pictures that never were, how a network learned to make them, and are they new.

Everything but the quiz looks at one picture: the one kept or chosen last, at first no. 1.
"""

import streamlit as st

from pages.image_generation import change, items, learned, make, new, own, quiz, trust, why
from pages.image_generation.items import KEPT, PICKED
from pages.parts.job import guard
from pages.parts.sections import take, teach
from pages.parts.sections.teach import Experiment

PAGE = "image_generation"
CODE = """\
import numpy as np, onnxruntime, PIL.Image
session = onnxruntime.InferenceSession("model.int8.onnx")
latent, kinds = (one.shape[1] for one in session.get_inputs())
chance = np.random.default_rng(7).standard_normal((1, latent), "f4")
feeds = {"chance": chance, "classes": np.eye(kinds, dtype="f4")[:1]}  # the first kind
PIL.Image.fromarray(session.run(["image"], feeds)[0].squeeze()).save("made.png")
"""
PARTS = ("Change it", "Why", "Is it new?", "Real or made?", "How it learned", "Trust", "Take")
# What a link restores, and what it is where nobody chose.
CHOICES = {"part": PARTS[0], KEPT: "", PICKED: ""}
CHOICES |= make.CHOICES | change.CHOICES | own.CHOICES
CHOICES |= learned.CHOICES | quiz.CHOICES
CLOTHES = {"maker": make.TITLES["fashion_generator"]}
EMOJI = {"maker": make.TITLES["emoji_generator"]}
EXPERIMENTS = (
    Experiment(
        "Take chance away.",
        "The same seed with a tenth of the variety: what is the most usual of each kind? Then drag "
        "the variety up again.",
        CLOTHES | {"kind": make.ALL, "variety": 10, "many": 40, "part": "Change it"},
    ),
    Experiment(
        "From a boot to a bag.",
        "Nobody drew what lies between the two. Where on the way does one become the other?",
        CLOTHES
        | {
            "seed": 7,
            KEPT: "fashion-7-9-9-80_fashion-7-8-8-80_fashion-7-3-3-80",
            PICKED: "fashion-7-9-9-80",
            "part": "Change it",
        },
    ),
    Experiment(
        "From noise to clothes.",
        "Drag the slider from the first step on. What does it learn first: where the cloth is, "
        "what kind it is, or its folds?",
        CLOTHES | {"part": "How it learned"},
    ),
    Experiment(
        "From a face to a heart.",
        "It learned from 1,425 drawings only, a fortieth of what the clothes had. What goes first "
        "on the way: the colour, the eyes or the outline?",
        EMOJI
        | {"seed": 7, KEPT: "emoji-7-0-0-80_emoji-7-1-1-80", PICKED: "emoji-7-0-0-80"}
        | {"part": "Change it"},
    ),
)
KIND = (
    "Two networks that were trained **against each other** (a generative adversarial network, or "
    "GAN). The **generator**, drawn below, turns random numbers and a kind into a picture, coarse "
    "to fine. The **discriminator** sees real and made pictures and learned to tell them apart; "
    "the generator learned from nothing but how to make that harder, and never saw a real picture."
)

st.title("Pictures that never were", anchor=False)
st.markdown("Two networks learned against each other to make these. Keep one, and look into it.")

with guard.one_sentence():
    model = make.model()

pictures, asked = st.columns([7, 4], gap="large")
with asked:
    given = make.controls(model)
with pictures, guard.one_sentence():
    made, picked = make.grid(model, given)
items.in_address()
with guard.one_sentence():
    make.tray(model, picked)

tabs = dict(
    zip(PARTS, st.tabs(PARTS, key="part", on_change="rerun", bind="query-params"), strict=True)
)
if tabs["Change it"].open:
    with tabs["Change it"], guard.in_place():
        change.show(model, picked, given.item(model, len(given.labels) - 1))
if tabs["Why"].open:
    with tabs["Why"], guard.in_place():
        why.show(PAGE, model, picked)
if tabs["Is it new?"].open:
    with tabs["Is it new?"], guard.in_place():
        new.show(model, picked)
if tabs["Real or made?"].open:
    with tabs["Real or made?"]:
        quiz.show(model)
if tabs["How it learned"].open:
    with tabs["How it learned"], guard.in_place():
        learned.show(model)
if tabs["Trust"].open:
    with tabs["Trust"], guard.in_place():
        trust.show(model, made)
if tabs["Take"].open:
    with tabs["Take"], guard.in_place():
        take.link({}, CHOICES)
        st.caption("A picture of your own is never in it.")
        take.files(model)
        take.snippet(CODE)
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, CHOICES)
teach.kind(model, KIND)
