"""The ladder: what five depths see in this picture, and what falls when that is erased."""

import streamlit as st

from models.catalog import Model
from models.explain import Pixels, erase
from models.explain.ladder import Channel, Rung, ladder, seen_by
from pages.parts import address, inline, pictures

DEPTHS = ("edges", "textures", "patterns", "parts", "wholes")
KEEP = 4
NUMBERS = [str(i + 1) for i in range(KEEP)]
SHARE = 0.25


def show(model: Model, image: Pixels, names: tuple[str, ...], chosen: int, label: str) -> None:
    """A strip of the most telling channels at each depth, then one of them to erase."""
    rungs = ladder(model, image, names, KEEP)
    st.markdown(
        "**The ladder.** Each row is one depth of the network, from the first to the last. Each "
        "tile is a detector that answers far more strongly to this picture than it usually does."
    )
    for depth, rung in zip(DEPTHS, rungs, strict=True):
        _rung(depth, rung, image)
    address.restore("depth", DEPTHS)
    address.restore("detector", NUMBERS)
    depth = st.segmented_control(
        "Look closer at", DEPTHS, default="parts", required=True, key="depth", bind="query-params"
    )
    rung = rungs[DEPTHS.index(depth)]
    number = st.segmented_control(
        "Detector",
        NUMBERS,
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
        inline.photo(pictures.strip(tiles), 4 * 160),
        width=4 * 160,
        alt=f"Where the {len(tiles)} most telling of {rung.channels} detectors for {depth} answer.",
    )


def _erase(model: Model, image: Pixels, channel: Channel, chosen: int, label: str) -> None:
    """What the chosen detector saw, the picture without it, and what that does to the class."""
    seen = seen_by(channel, image)
    test = erase.by_erasing(model, image, chosen, {"detector": seen}, SHARE)
    left = test.after["detector"]
    first, second, third = st.columns(3)
    first.image(
        inline.photo(pictures.overlay(image, seen)),
        width="stretch",
        caption="where it answers",
        alt=f"Where detector {channel.index} answers",
    )
    second.image(
        inline.photo(pictures.enlarged(erase.erased(image, erase.marked(seen, SHARE)))),
        width="stretch",
        caption=f"that {SHARE:.0%} erased",
        alt="The picture with it erased",
    )
    with third:
        st.metric(label, f"{left:.0%}", f"{100 * (left - test.whole):+.0f} points with this erased")
        st.caption(
            f"From {test.whole:.0%}. Erasing as much at random leaves {test.at_random.mean():.0%}. "
            f"Detector {channel.index} answers {channel.surprise:.1f} deviations above its usual."
        )
