"""Is it new? The training pictures nearest to a made one, and how near is normal."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.kinds import embedding
from pages.image_generation import figures, items, make
from pages.image_generation.items import Item
from pages.parts.draw import charts, inline, pictures
from pages.parts.job import guard
from pages.parts.state import ours

NEAREST = 5
SIDE = 112


def show(model: Model, item: Item) -> None:
    """Both. Raises what `engine.infer` raises."""
    evidence = model.arrays("evidence.npz")
    judge = guard.model(model.card.uses["features"])
    made = items.made(model, [item]).pictures
    near = ours.kept((model.release, "near", item), lambda: _near(model, judge, made))
    rows, distances = near.rows[0], near.distances[0]
    name = items.named(model, item)
    labels = [model.card.labels[i] for i in evidence["known_labels"][rows]]
    st.markdown(f"**The {len(rows)} training pictures that are most like {name}**")
    with st.container(horizontal=True):
        shown = make.shown(model, [item], made[0])
        st.image(shown, width=SIDE, caption="made", alt=f"The made picture: {name}")
        thumbnails = [
            inline.exact(pictures.enlarged(evidence["known_thumbnails"][i], SIDE)) for i in rows
        ]
        captions = [f"{k}, {d:.2f}" for k, d in zip(labels, distances, strict=True)]
        for i, (thumbnail, caption) in enumerate(zip(thumbnails, captions, strict=True), 1):
            alt = f"Training picture {i} by likeness: {caption} away"
            st.image(thumbnail, width=SIDE, caption=caption, alt=alt)
    small = evidence["known_thumbnails"].shape[1]
    st.caption(
        f"Of {len(evidence['known_labels']):,} training pictures, here {small} pixels wide instead "
        f"of {made.shape[1]}. What is alike was decided by the features of our network "
        f"`{judge.card.name}`, which had no part in making pictures."
    )
    drawn = figures.near(evidence["near_made"], evidence["near_held_out"], float(distances[0]))
    charts.show(drawn, key="making_near")
    st.caption(_said(evidence, float(distances[0])))


def _said(evidence: dict[str, np.ndarray], here: float) -> str:
    """What the distance means."""
    held_out = evidence["near_held_out"]
    nearer = float((held_out < here).mean())
    verdict = (
        "It is nearer to a training picture than nearly all real new pictures are: look whether "
        "the two are one."
        if nearer < 0.01
        else "So it is about as new as a real picture that the network never saw."
        if nearer < 0.99
        else "It is unlike anything that trained the network: new, or not a good picture."
    )
    return (
        f"Real pictures that trained nothing have near relatives in the training set too; of "
        f"{len(held_out):,} of those, {nearer:.0%} lie nearer to one than this picture does. "
        f"{verdict}"
    )


def _near(model: Model, judge: Model, made: np.ndarray) -> embedding.Near:
    """The training pictures nearest to a made one."""
    placed = embedding.projected(model, embedding.look(judge, made)["embedding"])
    return embedding.nearest(model, placed, NEAREST)
