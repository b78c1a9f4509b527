"""How a model learned: validation pictures that change their label as training goes on."""

from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from models.catalog import Model
from models.fashion.baselines import LABELS, Linear, Neighbours, rules, votes
from models.kinds.classifier import Answer
from pages.parts.draw import charts, inline, measures, pictures
from pages.parts.state import choices

RIGHT, WRONG = (13, 148, 136), (234, 88, 12)
SIDE, SHOWN = 84, 30  # pixels of a picture; how many of the watched ones are shown
Array = np.ndarray[Any, Any]


def snapshots(model: Model) -> None:
    """Drag through training: what the network called each watched picture after so many steps."""
    evidence = model.arrays("evidence.npz")
    steps = [f"{step:,}" for step in evidence["moment_steps"]]
    chosen = choices.pick(st.select_slider, "Training steps so far", steps, steps[-1], key="moment")
    shares = evidence["moment_probabilities"][steps.index(chosen)].astype(np.float32)
    labels = evidence["moment_labels"]
    right = int((shares.argmax(1) == labels).sum())
    st.markdown(
        f"After **{chosen}** steps it names **{right} of {len(labels)}** of these pictures "
        "rightly. None of them was ever learned from."
    )
    shown = slice(None, None, len(labels) // SHOWN)
    answers = [LABELS[i] for i in shares.argmax(1)]
    st.image(
        [
            inline.exact(framed(picture, answer == LABELS[label]))
            for picture, answer, label in zip(
                evidence["moment_pictures"][shown], answers[shown], labels[shown], strict=True
            )
        ],
        width=SIDE,
        caption=answers[shown],
        alt=[
            f"{LABELS[label]}, called {answer}"
            for answer, label in zip(answers[shown], labels[shown], strict=True)
        ],
    )
    st.caption(
        f"{SHOWN} of them, with what the network called each. Green frame: right. Orange: wrong."
    )


def four_ways(model: Model, image: Array, answer: Answer) -> None:
    """Rules, logistic regression, neighbours and the network on the same picture."""
    kept = model.arrays("evidence.npz")
    linear = Linear.of(kept)
    known = kept["neighbour_pictures"], kept["neighbour_labels"].astype(np.int64)
    neighbours = Neighbours(*known, int(kept["neighbour_k"]))
    by_rule, rule = rules(image)
    near = neighbours.nearest(image[None])
    shares, fitted = votes(neighbours.labels[near])[0], linear.answer(image[None])[0]
    first = answer.top(1)[0]
    st.markdown("**Four ways to answer your picture**")
    rows = [
        ("hand-written rules", LABELS[by_rule], f"because it is {rule}"),
        ("logistic regression", LABELS[int(fitted.argmax())], f"{fitted.max():.0%}"),
        (
            "nearest neighbours",
            LABELS[int(shares.argmax())],
            f"{shares.max():.0%} of the {neighbours.k} most alike of {len(known[1]):,}",
        ),
        ("network", first.label, f"{first.probability:.0%}"),
    ]
    st.table([dict(zip(("way", "answer", "how sure"), row, strict=True)) for row in rows])
    st.image(
        [inline.exact(pictures.enlarged(known[0][i], 112)) for i in near[0]],
        width=80,
        caption=[LABELS[known[1][i]] for i in near[0]],
        alt=[f"One of the most alike: {LABELS[known[1][i]]}" for i in near[0]],
    )


def curves(model: Model) -> None:
    """Accuracy by epoch, and by amount of data against simpler ways."""
    st.markdown("**Epoch by epoch**")
    charts.show(measures.history(model.card.history), key="history")
    st.markdown("**More data, and other ways to answer**")
    charts.show(measures.amounts(model.card.tables["amounts"]), key="amounts")
    st.caption(
        "Rules are written by hand and learn nothing; the others see one, ten and a hundred per "
        "cent of the training pictures."
    )


def framed(picture: Array, right: bool) -> Array:
    """A picture uint8 [28, 28] as RGB of `SIDE`, in a frame that says whether it was right."""
    tile = Image.fromarray(pictures.enlarged(picture, SIDE)).convert("RGB").resize((SIDE, SIDE))
    ImageDraw.Draw(tile).rectangle(
        (0, 0, SIDE - 1, SIDE - 1), outline=(WRONG, RIGHT)[right], width=4
    )
    return np.asarray(tile)
