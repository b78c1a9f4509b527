"""The ladder: what five depths see in this picture, and what falls when that is erased."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain import Pixels, erase, probabilities
from models.explain.ladder import Channel, Rung, ladder, seen_by
from pages.parts import pictures

DEPTHS = ("edges", "textures", "patterns", "parts", "wholes")
KEEP = 4
SHARE = 0.15


def show(model: Model, image: Pixels, names: tuple[str, ...], chosen: int, label: str) -> None:
    """A strip of the most telling channels at each depth, then one of them to erase."""
    rungs = ladder(model, image, names, KEEP)
    st.markdown(
        "**The ladder.** Each row is one depth of the network, from the first to the last. Each "
        "tile is a detector that answers far more strongly to this picture than it usually does."
    )
    for depth, rung in zip(DEPTHS, rungs, strict=True):
        _rung(depth, rung, image)
    depth = st.segmented_control(
        "Look closer at", DEPTHS, default="parts", required=True, key="depth", bind="query-params"
    )
    rung = rungs[DEPTHS.index(depth)]
    number = st.segmented_control(
        "Detector",
        [str(i + 1) for i in range(KEEP)],
        default="1",
        required=True,
        key="detector",
        bind="query-params",
    )
    _erase(model, image, rung.strongest[int(number) - 1], chosen, label)


def _rung(depth: str, rung: Rung, image: Pixels) -> None:
    tiles = [pictures.overlay(image, seen_by(channel, image)) for channel in rung.strongest]
    rows, columns = rung.size
    st.caption(f"{depth}: {rung.channels} detectors on a grid of {rows} x {columns}")
    st.image(
        pictures.strip(tiles),
        width=4 * 160,
        alt=f"Where the {len(tiles)} most telling of {rung.channels} detectors for {depth} answer.",
    )


def _erase(model: Model, image: Pixels, channel: Channel, chosen: int, label: str) -> None:
    """What the chosen detector saw, the picture without it, and what that does to the class."""
    mask = erase.marked(seen_by(channel, image), SHARE)
    without = erase.erased(image, mask)
    at_random = [
        erase.erased(image, erase.marked(erase.random_heat(image, s), SHARE)) for s in range(4)
    ]
    left, _ = probabilities(model, np.stack([image, without, *at_random]), chosen)
    first, second, third = st.columns(3)
    first.image(
        pictures.overlay(image, seen_by(channel, image)),
        width="stretch",
        caption="where it answers",
        alt=f"Where detector {channel.index} answers",
    )
    second.image(
        without,
        width="stretch",
        caption=f"that {SHARE:.0%} erased",
        alt="The picture with it erased",
    )
    with third:
        st.metric(label, f"{left[1]:.0%}", f"{left[1] - left[0]:+.0%} with this erased")
        st.caption(
            f"From {left[0]:.0%}. Erasing as much at random leaves {left[2:].mean():.0%}. "
            f"Detector {channel.index} answers {channel.surprise:.1f} deviations above its usual."
        )
