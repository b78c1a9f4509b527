"""Fashion-MNIST: which piece of clothing is this, and how a network learned to say so."""

from functools import partial

import streamlit as st

from models.decode import Picture
from models.explain.methods import best
from models.fashion import LADDER, predict
from models.fashion.convert import adjusted, as_seen
from models.kinds.classifier import Answer
from pages.fashion import learned
from pages.fashion.about import ABOUT
from pages.parts.draw import inline, kinds, pictures
from pages.parts.explain import explained, rungs, why
from pages.parts.job import batch, guard
from pages.parts.sections import mistakes, onward, results, tabs, take, teach, trust
from pages.parts.sections.classifiers import STRANGE
from pages.parts.source import picture as inputs
from pages.parts.source.samples import CLOTHES
from pages.parts.state import choices, ours

RESET = {"class": why.FIRST, "turn": 0, "shift": 0, "light": 100}  # with every new picture
TABS = ("Why", "Trust", "How it learned", "Take")

st.title("What piece of clothing is this?", anchor=False)
st.markdown("Put it on a plain background and take a photo, or pick one of ours.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)

asked, said = st.columns([5, 6], gap="large")
with asked, guard.one_sentence():
    given, files = inputs.of_page(ABOUT.name, CLOTHES, reset=RESET)
    turn, shift, light = inputs.sliders()
conversion = ours.kept(
    given.public("as seen"), lambda: as_seen(given.picture.pixels, given.picture.alpha)
)
image = adjusted(conversion.picture, turn, shift, light)
besides = explained.besides(given, explained=choices.one("part", TABS) == "Why")
with said, guard.one_sentence():
    (answer,), run = ours.kept(
        given.public(model.release, precision, turn, shift, light),
        lambda: predict(model, [image], precision=precision, besides=besides),
    )
    shown = inline.exact(pictures.enlarged(image, results.WIDTH))
    alt = f"{given.alt}, as the network sees it"
    results.show(shown, alt, results.named(answer, STRANGE), answer)
    if not conversion.found:
        st.warning("Nothing stands out from the background: use one of another colour.")
if len(conversion.steps) > 1:
    with st.expander("How your picture became 28 x 28", True, icon=":material/transform:"):
        steps = [inline.photo(pictures.enlarged(s), 130) for s in conversion.steps.values()]
        st.image(steps, width=130, caption=[*conversion.steps], alt=[*conversion.steps])

if files:

    def ask(picture: Picture) -> Answer:
        seen = as_seen(picture.pixels, picture.alpha).picture
        return predict(model, [seen], precision=precision)[0][0]

    clicked = partial(inputs.look_at, ABOUT.name, RESET)
    batch.table(ABOUT.name, files, ask, precision, clicked)

with tabs.opened(*TABS) as part:
    if part == "Why":
        target = why.target(answer)
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        why.maps(case)
        onward.to(ABOUT.name, "explainability", "**Ask seven ways why**", given, network="Clothes")
        rungs.show(case, LADDER)
    elif part == "Trust":
        trust.familiar(model, answer, "test pictures of clothes")
        mistakes.calibration(model)
        mistakes.confusion(model)
        mistakes.worst(model)
        trust.precision_choice(model)
        trust.this_run(model, run)
        trust.measured(model.card)
    elif part == "How it learned":
        learned.snapshots(model)
        learned.four_ways(model, image, answer)
        learned.curves(model)
    elif part == "Take":
        take.link(sample=given.sample)
        target = why.chosen(answer)
        case = explained.of(ABOUT.name, model, image, target, answer, run=run, own=given.own)
        take.result(given, case, best(model.card), results.named(answer, STRANGE))
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: kinds.convolution(model, image))
