"""What is said of one picture: the verdict, the heat over it, why, and the dial."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain import is_flat
from models.visual_inspection import Finding, Pixels
from models.visual_inspection.memory import Memory
from pages.parts.anomaly.dial import Dial, in_figures
from pages.parts.anomaly.dial import threshold as standing
from pages.parts.draw import inline, pictures
from pages.parts.state import ours
from pages.visual_inspection import figures
from pages.visual_inspection.given import PAGE, Given
from pages.visual_inspection.samples import SHEETS

ACROSS, CELL, GAP = 6, 96, 4  # of the good pictures: in a row, pixels from one to the next
SMALL = 168  # pixels: two beside each other on a phone, five elsewhere


def dial_of(model: Model) -> Dial:
    """The dial over the released scores of the test pictures."""
    return Dial.released(
        model,
        "alarm",
        "test_scores",
        "test_anomalous",
        page=PAGE,
        told="pictures of brick, grass and gravel with flaws drawn into half of them",
        axis="score: 1 is a usual good picture",
        many="pictures",
        one_abnormal="flawed part",
        all_abnormal="flawed parts",
        rows=1_000,
        false_cost=1,
        missed_cost=50,
    )


def strip(good: list[Pixels]) -> Pixels:
    """The good pictures small, six in a row, each in its own shape; what is between is clear."""
    rows = -(-len(good) // ACROSS)
    sheet = np.zeros((rows * CELL - GAP, ACROSS * CELL - GAP, 4), np.uint8)
    for i, one in enumerate(good):
        tile = figures.fitted(one, CELL - GAP)
        top, left = ((CELL - GAP - side) // 2 for side in tile.shape[:2])
        top, left = top + i // ACROSS * CELL, left + i % ACROSS * CELL
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = np.dstack(
            [tile, np.full(tile.shape[:2], 255, np.uint8)]
        )
    return sheet


def copies(kept: Memory) -> None:
    """What is said of good pictures that are one and the same."""
    if not kept.copies:
        return
    groups = [[str(one + 1) for one in group] for group in kept.copies]
    named = ", and ".join(f"{', '.join(group[:-1])} and {group[-1]}" for group in groups)
    alone = ", so a score says little here" if len(set(kept.kin)) == 1 else ""
    st.warning(
        f"Of your good pictures, {named} are one and the same. A copy teaches nothing of how much "
        f"good parts differ{alone}: give pictures of other good parts."
    )


def verdict(finding: Finding, threshold: float) -> None:
    """The answer in one line."""
    if finding.score >= threshold:
        st.markdown(f"#### Something is odd in {figures.where(finding)}")
    else:
        st.markdown("#### This part is like the good ones")


def heat(given: Given, index: int, picture: Pixels, finding: Finding, dial: Dial) -> None:
    """The picture, the heat over it, and the same in figures."""
    threshold = standing(dial)
    what = ""
    if given.sample is not None:
        flaw = SHEETS[given.sample].flaws[index]
        what = f" ({flaw})" if flaw else " (a good one)"
    lit = "lit" if finding.score >= threshold else "nearly dark"
    # One picture of both, so that they stand beside each other at every width.
    drawn = ours.kept(
        given.public("heat", index, threshold),
        lambda: inline.exact(
            figures.beside(figures.fitted(picture), figures.heated(picture, finding, threshold))
        ),
    )
    st.image(
        drawn,
        width="stretch",
        alt=f"Picture {index + 1} to inspect{what}; beside it the same, grey, {lit}; oddest in "
        f"{figures.where(finding)}",
    )
    st.caption(f"The picture{what}; beside it, lit: what is unlike every good picture.")
    in_figures(dial, finding.score, threshold)


def why(given: Given, picture: Pixels, finding: Finding, kept: Memory) -> None:
    """The oddest place closely, the good pictures most alike there, and their own scores."""
    down, across = finding.place
    st.markdown(
        "**The oddest place, and where the good ones come nearest to it.** Patches of the picture "
        "are held against patches of all good ones, wherever those lie."
    )
    if is_flat(finding.heat):
        st.caption("Here every place is as odd as every other, so the one that is shown is any.")
    shown = [("this one", picture), *((f"good {i + 1}", given.good[i]) for i in finding.alike)]
    tile = figures.closely(picture, down, across)
    with st.container(horizontal=True):
        st.image(
            inline.photo(pictures.enlarged(tile, 2 * SMALL), SMALL),
            caption="the oddest place",
            width=SMALL,
            alt="The oddest place, large",
        )
        for name, one in shown:
            small = inline.photo(figures.fitted(one, 2 * SMALL), SMALL)
            st.image(small, caption=name, width=SMALL, alt=f"Picture {name}")
    highest = max(kept.good)
    st.markdown(
        f"**Are the good ones good?** Each was held against the others: their scores lie between "
        f"{min(kept.good):.2f} and {highest:.2f}; this picture has {finding.score:.2f}."
    )
    worst = kept.good.index(highest)
    st.caption(
        f"The oddest of the good ones is number {worst + 1}. If it is flawed, take it out: what "
        "lies in the memory is never odd."
    )
