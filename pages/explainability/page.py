"""Explainability: several ways to explain one answer, and which of them to believe."""

import streamlit as st

from models.explain.methods import METHODS
from pages.explainability import compare, remove, report
from pages.parts.explain import explained, why
from pages.parts.job import guard
from pages.parts.sections import results, take, teach, trust
from pages.parts.sections.classifiers import CLASSIFIERS
from pages.parts.sections.teach import Experiment
from pages.parts.source import picture
from pages.parts.state import address, ours

PAGE = "explainability"
PARTS = ("Why", "Remove", "This, not that", "Change its mind", "Trust", "Take")
RESET = {"class": why.FIRST, "against": ""}  # with every new picture
CHOICES = {"network": "Photos", "methods": [], "order": compare.ORDERS[0], "part": ""} | RESET
CHOICES |= {"share": 25, "by": ""}
PHOTOS = {"network": "Photos"} | RESET
EXPERIMENTS = (
    Experiment(
        "Why this dog and not that one?",
        "One photo, two classes: see which places speak for the one and which for the other.",
        PHOTOS | {"sample": "Dogs", "part": "This, not that", "class": "cocker spaniel"},
    ),
    Experiment(
        "Let pixels go in order.",
        "Drag the share of pixels up: does the answer fall sooner than by a random map?",
        PHOTOS | {"sample": "Coffee", "part": "Remove", "share": 10},
    ),
    Experiment(
        "How little does it take?",
        "Find a small patch that turns the cat into something else.",
        PHOTOS | {"sample": "Cat", "part": "Change its mind"},
    ),
)
KIND = (
    "Both networks are **convolutional**. Some methods look **inside**: Grad-CAM reads the last "
    "layer, and gradients tell how the answer would change with each pixel. Others ask from "
    "**outside**: occlusion and RISE cover parts and ask again, which works on any network."
)

st.title("Why did it say that?", anchor=False)
st.markdown(
    "Pick a picture and see what made the network answer. Below each map: what happens to the "
    "answer when the pixels that it calls important are taken away."
)


def other_network() -> None:
    """Classes of one network mean nothing to the other."""
    address.choose(RESET)


network = st.segmented_control(
    "Network",
    [*CLASSIFIERS],
    default="Photos",
    required=True,
    key="network",
    bind="query-params",
    on_change=other_network,
)
kind = CLASSIFIERS[network]
with guard.one_sentence():
    model = guard.model(kind.model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, _ = picture.pictures(PAGE, kind.samples, RESET, many=False)
image = ours.kept(given.public(model.release, "image"), lambda: kind.image(given.picture))
with said, guard.one_sentence():
    answer, run = ours.kept(given.public(model.release), lambda: kind.answer(model, given.picture))
    results.said(given.shown(results.WIDTH), given.alt, kind.words(answer))

    likeliest = [guess.index for guess in answer.top(5)]
    target = why.target(answer.labels, likeliest)
    chosen = st.pills(
        "Ways to explain it",
        [*METHODS],
        selection_mode="multi",
        default=[*dict.fromkeys((*why.two(model.card), "Integrated gradients"))],
        key="methods",
        bind="query-params",
        wrap=True,
    )
tabs = st.tabs([*PARTS], key="part", on_change="rerun", bind="query-params")
why_tab, remove_tab, versus_tab, mind_tab, trust_tab, take_tab = tabs
case = explained.of(PAGE, model, image, target, answer, own=given.own)
names: list[str] = []
with next((tab for tab in tabs if tab.open), why_tab), guard.in_place():
    needed = not (trust_tab.open or mind_tab.open)
    names = explained.make(PAGE, case, chosen) if needed else []
    if needed and not chosen:
        st.info("Choose at least one way to explain it.")
if why_tab.open and names:
    with why_tab, guard.in_place():
        compare.grid(case, names)
if remove_tab.open and names:
    with remove_tab, guard.in_place():
        remove.in_order(case, compare.method(chosen))
if versus_tab.open and names:
    with versus_tab, guard.in_place():
        compare.versus(case, chosen, likeliest)
if mind_tab.open:
    with mind_tab, guard.in_place():
        remove.mind(case)
if trust_tab.open:
    with trust_tab, guard.in_place():
        trust.methods(model.card)
        trust.this_run(model, run)
        trust.limits(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        take.link({"sample": given.sample}, CHOICES)
        if names:
            take.map_files(case, compare.method(chosen))
            if all(explained.measured(case, name) for name in chosen):
                take.report(lambda: report.page(case, answer, names))
        take.files(model)
        take.snippet(kind.code(len(answer.labels), target, answer.labels[target]))
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, CHOICES)
teach.kind(model, KIND)
