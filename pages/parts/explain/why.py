"""Why: where the answer came from, by two methods, and what happens when that place is erased."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from models.card import Card
from models.explain import Target, agreement, is_flat
from models.explain.erase import Erasing
from models.explain.methods import best
from models.kinds.classifier import Answer
from pages.parts.draw import charts, figures
from pages.parts.explain import explained, tiles
from pages.parts.explain.explained import Case
from pages.parts.job import later
from pages.parts.state import choices

FIRST = "its first answer"  # what is explained until the visitor asks for another class


def target(answer: Answer) -> Target:
    """What to explain: what the headline names, or any other class; kept in the address."""
    labels, likeliest = answer.labels, [guess.index for guess in answer.top(5)]
    rest = [i for i in range(len(labels)) if i not in set(likeliest)]
    options = [FIRST, *(labels[i] for i in (*likeliest, *rest))]
    choices.pick(
        st.selectbox,
        "Explain",
        options,
        key="class",
        help="Any of the model's classes, not only those that it named.",
    )
    return chosen(answer)


def chosen(answer: Answer) -> Target:
    """The same, wherever its list stands on the page."""
    named = choices.one("class", [FIRST, *answer.labels])
    if named != FIRST:
        return answer.labels.index(named)
    said = answer.said().members
    return said if len(said) > 1 else said[0]


def maps(case: Case) -> None:
    """Two maps side by side, each with its verdict, and beside them what erasing did."""
    wanted = two(case.model.card)
    places = st.columns(len(wanted) + 1, gap="medium")
    with places[-1]:
        names = explained.make(case, wanted)
    for place, name in zip(places, names, strict=False):
        with place:
            tiles.tile(case, name)
    tested = [name for name in names if case.made[name].erasing]
    if tested and (tested == [*wanted] or later.ended(explained.COMING)):
        with places[-1]:
            _belief(case, tested)


def two(card: Card) -> tuple[str, str]:
    """The method that proved best on this model, and one that looks from outside, or inside."""
    first = best(card)
    return first, "Grad-CAM" if first == "Occlusion" else "Occlusion"


def _belief(case: Case, names: Sequence[str]) -> None:
    """What is left when each map's place is erased, as bars: the longest fall is to be believed.

    names: both maps, or one where the other could not be made.
    """
    st.markdown("**Which map to believe?** Erase its brightest quarter, and ask again.")
    made = {name: case.made[name] for name in names}
    tests: dict[str, Erasing] = {}
    for name, one in made.items():
        if is_flat(one.heat.values):
            st.caption(f"The map by {name} is flat: it marks no place, so erasing proves nothing.")
        elif one.erasing:
            tests[name] = one.erasing
    if not tests:
        return
    test = next(iter(tests.values()))  # all began with the same picture and the same random places
    shares = {"nothing erased": test.whole}
    shares |= {name: tried.after[name] for name, tried in tests.items()}
    shares["random places"] = float(test.at_random.mean())
    drawn = case.kept(
        ("belief bars", *tests),
        lambda: figures.bars(list(shares), list(shares.values()), f"“{case.label}” after erasing"),
    )
    charts.show(drawn, key="belief")
    with st.expander("The figures", icon=":material/straighten:"):
        tries = ", ".join(figures.percent(float(left)) for left in np.sort(test.at_random))
        words = f"The {len(test.at_random)} random tries left {tries}."
        if len(tests) > 1:
            heats = [made[name].heat.values for name in tests]
            agree = case.kept(("agreement",), lambda: agreement(*heats))
            words += f" The maps' rank correlation is {agree:.2f} (1: the same order)."
        st.caption(words)
