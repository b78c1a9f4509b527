"""The ladder: what five depths see in this picture, and what falls when that is erased."""

import streamlit as st

from models.explain import erase, is_flat
from models.explain.erase import Erasing
from models.explain.ladder import Channel, Rung, ladder, seen_by
from pages.parts.draw import inline, pictures
from pages.parts.explain import explained
from pages.parts.explain.explained import Case
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state import choices

DEPTHS = ("edges", "textures", "patterns", "parts", "wholes")
KEEP = 4
NUMBERS = [str(i + 1) for i in range(KEEP)]


def show(case: Case, names: tuple[str, ...]) -> None:
    """A strip of the most telling channels at each depth, then one of them to erase."""
    st.markdown(
        "**The ladder.** Each row is one depth of the network, from the first to the last. Each "
        "tile is a detector that answers far more strongly to this picture than it usually does."
    )

    def climbed(tell: Tell) -> list[Rung]:
        tell("The ladder")(0, 1)
        return ladder(case.model, case.image, names, KEEP)

    rungs = later.found(case.findings, ("rungs",), "The ladder comes", climbed)
    if rungs is None:
        return
    for depth, rung in zip(DEPTHS, rungs, strict=True):
        _rung(case, depth, rung)
    depth = choices.pick(st.segmented_control, "Look closer at", DEPTHS, "parts", key="depth")
    rung = rungs[DEPTHS.index(depth)]
    number = choices.pick(st.segmented_control, "Detector", NUMBERS, key="detector")
    _erase(case, depth, rung.strongest[int(number) - 1])


def _rung(case: Case, depth: str, rung: Rung) -> None:
    def strip() -> str:
        tiles = [pictures.overlay(case.image, seen_by(c, case.image)) for c in rung.strongest]
        return inline.photo(pictures.strip(tiles), 4 * 160)

    rows, columns = rung.size
    st.caption(f"{depth}: {rung.channels} detectors on a grid of {rows} x {columns}")
    st.image(
        case.kept(("strip", depth), strip),
        width=4 * 160,
        alt=f"Where the {len(rung.strongest)} most telling of {rung.channels} detectors for "
        f"{depth} answer.",
    )


def _erase(case: Case, depth: str, channel: Channel) -> None:
    """What the chosen detector saw, the picture without it, and what that does to the class."""
    if is_flat(channel.values):
        st.caption(
            f"Detector {channel.index} answers the same everywhere in this picture: it marks no "
            "place, so erasing proves nothing."
        )
        return

    def drawn() -> tuple[str, str]:
        seen = seen_by(channel, case.image)
        gone = erase.erased(case.image, erase.marked(seen, explained.SHARE))
        return (
            inline.photo(pictures.overlay(case.image, seen)),
            inline.photo(pictures.enlarged(gone)),
        )

    detector = f"{depth} {channel.index}"
    where, without = case.kept(("erased", detector), drawn)

    def tried(tell: Tell) -> Erasing:
        tell("Erasing")(0, 1)
        seen = {"detector": seen_by(channel, case.image)}
        return erase.by_erasing(case.model, case.image, case.target, seen, explained.SHARE)

    test = later.found(case.findings, ("erasing", detector), "The test by erasing comes", tried)
    first, second, third = st.columns(3)
    first.image(
        where,
        width="stretch",
        caption="where it answers",
        alt=f"Where detector {channel.index} answers",
    )
    second.image(
        without,
        width="stretch",
        caption=f"that {explained.SHARE:.0%} erased",
        alt="The picture with it erased",
    )
    if test is None:
        return
    left = test.after["detector"]
    with third:
        st.metric(
            case.label, f"{left:.0%}", f"{100 * (left - test.whole):+.0f} points with this erased"
        )
        st.caption(
            f"From {test.whole:.0%}. Erasing as much at random leaves {test.at_random.mean():.0%}. "
            f"Detector {channel.index} answers {channel.surprise:.1f} deviations above its usual."
        )
