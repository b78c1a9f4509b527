"""Remove pixels in a map's order and watch; and the smallest patch found that flips the answer."""

import numpy as np
import streamlit as st

from models.explain import Floats, erase, faithful, flat, is_flat, probabilities
from pages.parts.draw import charts, inline, measures, pictures
from pages.parts.explain import explained
from pages.parts.explain.explained import Case
from pages.parts.job import guard
from pages.parts.state import choices


def in_order(case: Case, method: str) -> None:
    """A slider over the share of pixels; the picture without them, the blur with them."""
    if not explained.measured(case, method):
        return
    made = case.made[method]
    if is_flat(made.heat.values):
        st.caption(
            f"The map by {method} is flat: no pixel comes before another, so taking them away in "
            "its order proves nothing. Choose another method."
        )
        return
    per_cent = choices.slide("Share of the pixels (%), hottest first", 0, 100, 25, 5, key="share")
    share = np.array([per_cent / 100], np.float32)
    first, second, chart = st.columns([1, 1, 2], gap="medium")
    tried: list[tuple[str, float]] = []
    with guard.in_place():
        tried = case.kept(("removed", method, per_cent), lambda: _removed(case, method, share))
    for place, said, (picture, value) in zip(
        (first, second), ("removed", "brought back"), tried, strict=False
    ):
        place.image(
            picture,
            width="stretch",
            caption=f"{per_cent} % {said}: “{case.label}” {value:.0%}",
            alt=f"The picture with {per_cent} % of its pixels {said}",
        )
    with chart:
        curves = {method: made} | case.nothing
        for title, name in (("pixels removed", "deletion"), ("pixels brought back", "insertion")):
            drawn = measures.curves(
                {k: getattr(v, name) for k, v in curves.items()}, share[0], title
            )
            charts.show(drawn, key=f"curve_{name}")


def _removed(case: Case, method: str, share: Floats) -> list[tuple[str, float]]:
    """The picture without that share of its pixels, and the blur with it; the class's chance."""
    heat = case.made[method].heat.values
    without = faithful.stages(case.image, flat(case.image), heat, share)[0]
    come = faithful.stages(erase.blurred(case.image), case.image, heat, share)[0]
    found, _ = probabilities(case.model, np.stack([without, come]), case.target)
    drawn = (inline.photo(pictures.enlarged(picture)) for picture in (without, come))
    return [*zip(drawn, map(float, found), strict=True)]


def mind(case: Case) -> None:
    """The smallest patch found that gives another answer."""
    change = explained.change(case)
    if change is None:
        return
    picture, words = st.columns([1, 2], gap="medium")
    picture.image(
        inline.photo(pictures.outlined(change.picture, change.mask), 260),
        width=260,
        alt="The picture with the patch covered",
    )
    with words:
        before, now = case.labels[case.top], case.labels[change.answer]
        if change.flipped(case.top):
            st.markdown(
                f"Cover **{change.share:.1%}** of the picture and **{before}** becomes **{now}**."
            )
        else:
            st.markdown(
                f"Even with **{change.share:.0%}** of the picture covered it still says "
                f"**{before}**."
            )
        st.caption(
            f"“{before}” fell from {change.before:.0%} to {change.after:.0%}. Found by covering, "
            f"square by square, what hurt most ({change.passes:,} questions to the network): a "
            "smaller patch may exist."
        )
