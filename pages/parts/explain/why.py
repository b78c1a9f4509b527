"""Why: where the answer came from, by two methods, and what happens when that place is erased."""

from collections.abc import Mapping, Sequence

import streamlit as st

from models.card import Card
from models.explain import Floats, agreement, erase, is_flat
from models.explain.erase import Erasing
from models.explain.methods import METHODS, best
from pages.parts.draw import charts, figures
from pages.parts.explain import explained, tiles
from pages.parts.explain.explained import Case
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state import choices

FIRST = "its first answer"  # what is explained until the visitor asks for another class
SHARE = 0.25  # of the picture that is erased to test a map


def target(labels: tuple[str, ...], likeliest: list[int]) -> int:
    """Which class to explain: the first answer, or any other; kept in the address."""
    rest = [i for i in range(len(labels)) if i not in set(likeliest)]
    options = [FIRST, *(labels[i] for i in (*likeliest, *rest))]
    chosen = choices.pick(
        st.selectbox,
        "Explain",
        options,
        key="class",
        help="Any of the model's classes, not only those that it named.",
    )
    return likeliest[0] if chosen == FIRST else labels.index(chosen)


def maps(case: Case) -> None:
    """Two maps side by side, how far they agree, and the test by erasing."""
    wanted = two(case.model.card)
    places = st.columns(len(wanted) + 1, gap="medium")
    with places[-1]:
        names = explained.make(case, wanted)
    for place, name in zip(places, names, strict=False):
        with place:
            tiles.tile(case, name, words=False)
            st.caption(METHODS[name].shows)
    if names and (set(names) == set(wanted) or later.ended(explained.COMING)):
        with places[-1]:
            _belief(case, names)


def two(card: Card) -> tuple[str, str]:
    """The method that proved best on this model, and one that looks from outside, or inside."""
    first = best(card)
    return first, "Grad-CAM" if first == "Occlusion" else "Occlusion"


def erasing(case: Case, name: str, values: Mapping[str, Floats]) -> Erasing | None:
    """What is left of the class when each of these maps' places is erased; None until tried."""

    def tried(tell: Tell) -> Erasing:
        tell("Erasing")(0, 1)
        return erase.by_erasing(case.model, case.image, case.target, dict(values), SHARE)

    return later.found(case.findings, ("erasing", name), "The test by erasing comes", tried)


def _belief(case: Case, names: Sequence[str]) -> None:
    """Which map to believe: the one whose erasing hurts more than erasing at random.

    names: both maps, or one where the other could not be made.
    """
    label = case.label
    st.markdown(f"**Which map to believe?** Erase the hottest {SHARE:.0%} and ask again.")
    heats = {name: case.made[name].heat.values for name in names}
    values = {name: heat for name, heat in heats.items() if not is_flat(heat)}
    for name in heats.keys() - values.keys():
        st.caption(f"The map by {name} is flat: it marks no place, so erasing proves nothing.")
    if not values:
        return
    test = erasing(case, " and ".join(values), values)
    if test is None:
        return
    shares = {"nothing": test.whole, **test.after, "random places": float(test.at_random.mean())}
    drawn = case.kept(
        ("belief bars", *values),
        lambda: figures.bars(list(shares), list(shares.values()), f"“{label}” after erasing"),
    )
    charts.show(drawn, key="belief")
    best = test.believed()
    words = (
        f"{best} found what “{label}” rests on: erasing its place hurts more than all "
        f"{len(test.at_random)} random tries."
        if best
        else f"No map's erasing hurts more than all {len(test.at_random)} random tries, so do not "
        f"read much into any map of “{label}”."
    )
    if len(values) > 1:
        agree = case.kept(("agreement",), lambda: agreement(*values.values()))
        words += f" The maps' rank correlation is {agree:.2f} (1: the same order)."
    st.caption(words)
