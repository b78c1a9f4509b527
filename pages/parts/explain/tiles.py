"""A map as a visitor sees it: the picture under it, its figures, and what it cannot tell."""

import numpy as np
import streamlit as st

from models.explain import Floats, is_flat
from models.explain.methods import METHODS, sane
from pages.parts.draw import inline, pictures
from pages.parts.draw.figures import percent
from pages.parts.explain.explained import Case, Explained


def tile(case: Case, name: str) -> None:
    """One method's map, whether it is to be believed, and in a fold all its figures."""
    made = case.made[name]
    st.markdown(f"**{name}** for “{case.label}”")
    st.image(
        case.kept(
            ("tile", name),
            lambda: inline.photo(pictures.overlay(case.image, speaks_for(made.heat.values))),
        ),
        width="stretch",
        alt=f"{name} for {case.label}: {where(made.heat.values)}.",
    )
    if not sane(case.model.card, name):
        st.warning(
            "Do not trust this map: it hardly changes when the network is made random, so it "
            "shows the picture and not what the network learned."
        )
    elif said := verdict(case, name):
        st.markdown(said)
    if is_flat(made.heat.values):
        st.caption(
            "The map is flat: by this method, nothing in the picture makes a difference to this "
            "class. It may be too certain, or too unlikely, for one place to matter. No pixel "
            "comes first, so taking them away in order proves nothing."
        )
    with st.expander("What it shows, and its figures", icon=":material/straighten:"):
        st.caption(f"{METHODS[name].shows} {METHODS[name].cannot}")
        st.caption(figures(case, made))


def verdict(case: Case, name: str) -> str:
    """Whether the map is to be believed, in Markdown; empty while that is not known.

    Known by erasing its brightest places, and as much at random: see `Erasing`.
    """
    made = case.made[name]
    test = made.erasing
    if test is None or is_flat(made.heat.values):
        return ""
    before, left, chance = test.whole, test.after[name], float(test.at_random.mean())
    went = "falls" if left < before else "rises"
    moved = (
        f"“{case.label}” stays at {percent(left)}"
        if percent(left) == percent(before)
        else f"“{case.label}” {went} from {percent(before)} to {percent(left)}"
    )
    tried = f"without its brightest quarter, {moved}; without a random quarter, {percent(chance)}"
    if test.beats_chance(name):
        return f":green[:material/check_circle:] **To be believed**: {tried} on average."
    if left < chance:
        return (
            f":orange[:material/help:] **Hardly better than chance**: {tried} on average, and some "
            f"of those {len(test.at_random)} random tries hurt as much."
        )
    return f":orange[:material/help:] **No better than chance**: {tried} on average."


def speaks_for(values: Floats) -> Floats:
    """What is shown of a map: what speaks for the class, its few extremes cut off."""
    positive: Floats = np.maximum(values, 0)
    return positive.clip(max=np.quantile(positive, 0.995))


def figures(case: Case, made: Explained) -> str:
    """Both areas beside those of maps that know nothing, and what the map took."""
    times = "once" if made.heat.passes == 1 else f"{made.heat.passes:,} times"
    took = f"The network was asked {times}, {made.seconds * 1000:,.0f} ms."
    if made.deletion is None or made.insertion is None or not case.nothing:
        return took
    if is_flat(made.heat.values):
        return took
    gone = [other.deletion.area for other in case.nothing.values() if other.deletion]
    come = [other.insertion.area for other in case.nothing.values() if other.insertion]
    said = (
        f"Taking its bright pixels away leaves {made.deletion.area:.0%} of the probability on "
        f"average (a map that knows nothing: {min(gone):.0%}); bringing them back gives "
        f"{made.insertion.area:.0%} ({max(come):.0%}). {took}"
    )
    gap = made.heat.gap
    if gap is None:
        return said
    return f"{said} Added up, the map misses {gap:.1%} of what the picture added to the score."


def where(values: np.ndarray) -> str:
    """The hottest place in words, for those who cannot see the map."""
    if is_flat(values):
        return "the same everywhere"
    height, width = values.shape
    row, column = divmod(int(values.argmax()), width)
    down = ("top", "middle", "bottom")[min(2, 3 * row // height)]
    across = ("left", "centre", "right")[min(2, 3 * column // width)]
    return f"hottest at the {down} {across}"
