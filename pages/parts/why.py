"""Why: where the answer came from, by two methods, and what happens when that place is erased."""

import streamlit as st

from models.card import Card
from models.catalog import Model
from models.explain import Pixels, agreement, erase
from models.explain.methods import METHODS, best
from models.scores import Answer
from pages.parts import address, charts, explained, figures, guard, tiles

FIRST = "its first answer"  # what is explained until the visitor asks for another class
SHARE = 0.25  # of the picture that is erased to test a map


def target(labels: tuple[str, ...], likeliest: list[int]) -> int:
    """Which class to explain: the first answer, or any other; kept in the address."""
    rest = [i for i in range(len(labels)) if i not in set(likeliest)]
    options = [FIRST, *(labels[i] for i in (*likeliest, *rest))]
    address.restore("class", options)
    chosen = st.selectbox(
        "Explain",
        options,
        key="class",
        bind="query-params",
        help="Any of the model's classes, not only those that it named.",
    )
    return likeliest[0] if chosen == FIRST else labels.index(chosen)


def maps(page: str, model: Model, image: Pixels, chosen: int, answer: Answer) -> None:
    """Two maps side by side, how far they agree, and the test by erasing."""
    case = explained.of(page, model, image, chosen, answer)
    label = case.label
    names = explained.make(page, case, two(model.card))
    if not names:
        return
    values = {name: case.made[name].heat.values for name in names}
    *places, last = st.columns(len(names) + 1, gap="medium")
    for place, name in zip(places, names, strict=True):
        with place:
            tiles.tile(case, name, words=False)
            st.caption(METHODS[name].shows)
    with last, guard.in_place():
        test = erase.by_erasing(model, image, chosen, values, SHARE)
        _belief(test, agreement(*values.values()) if len(names) > 1 else None, label)


def two(card: Card) -> tuple[str, str]:
    """The method that proved best on this model, and one that looks from outside, or inside."""
    first = best(card)
    return first, "Grad-CAM" if first == "Occlusion" else "Occlusion"


def _belief(test: erase.Erasing, agree: float | None, label: str) -> None:
    """Which map to believe: the one whose erasing hurts more than erasing at random.

    agree: of two maps, their rank correlation; None where one of them could not be made.
    """
    st.markdown(f"**Which map to believe?** Erase the hottest {SHARE:.0%} and ask again.")
    shares = {"nothing": test.whole, **test.after, "random places": float(test.at_random.mean())}
    drawn = figures.bars(list(shares), list(shares.values()), f"“{label}” after erasing")
    charts.show(drawn, key="belief")
    best = test.believed()
    words = (
        f"{best} found what “{label}” rests on: erasing its place hurts more than all "
        f"{len(test.at_random)} random tries."
        if best
        else f"No map's erasing hurts more than all {len(test.at_random)} random tries, so do not "
        f"read much into any map of “{label}”."
    )
    if agree is not None:
        words += f" The maps' rank correlation is {agree:.2f} (1: the same order)."
    st.caption(words)
