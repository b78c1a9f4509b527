"""Verify: two faces side by side, what is said of them, and where they stand among all pairs."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.card import Precision
from models.catalog import Model
from models.engine import Run
from models.explain import Floats
from models.face_recognition import SURE, Verdict, distance, embed, verdict
from pages.face_recognition import faces, figures
from pages.face_recognition.faces import Seen
from pages.parts.draw import charts
from pages.parts.source import picture as inputs
from pages.parts.source.samples import FACES
from pages.parts.state import choices, ours

SIDES = (("First face", "one", "Obama 2009"), ("Second face", "other", "Obama 2010"))
VERY = 0.995  # from here on the odds are more than were measured
LOWEST, HIGHEST = 0.1, 1.2  # of the threshold's slider


@dataclass(frozen=True)
class Pair:
    """Two faces and what is said of them; `descriptors` is [2, 128]."""

    one: Seen
    other: Seen
    verdict: Verdict
    descriptors: Floats
    run: Run


def show(detection: Model, model: Model, precision: Precision) -> Pair | None:
    """Draw the whole of it; None where one of the pictures shows no face."""
    limit = asked_threshold(model)
    top = st.container()
    asked, said = st.columns([3, 2], gap="large")
    with asked:
        allowed = faces.consent()
        seen = [_side(detection, i, place, allowed) for i, place in enumerate(st.columns(2))]
    pair = None
    if seen[0] is not None and seen[1] is not None:
        one, other = seen[0], seen[1]
        descriptors, run = ours.kept(
            _public((one, other), model.release, precision),
            lambda: embed(model, [one.crop, other.crop], precision),
        )
        told = verdict(model, distance(*descriptors), limit)
        pair = Pair(one, other, told, descriptors, run)
        with top:
            _headline(model, pair, limit)
    with said:
        threshold(model)
        kept = model.arrays("evidence.npz")
        here = pair.verdict.distance if pair else None
        pairs = ours.kept(
            _public(seen, model.release, "pairs", limit),
            lambda: figures.pairs(kept["same"], kept["different"], limit, here),
        )
        charts.show(pairs, key="pairs")
    return pair


def _public(seen: Sequence[Seen | None], *what: Hashable) -> ours.Key:
    """The key of what is made of two faces of ours, or none."""
    there = [one for one in seen if one is not None]
    key = faces.public(*there) if len(there) == len(seen) else None
    return None if key is None else (*key, *what)


def _side(detection: Model, i: int, column: DeltaGenerator, allowed: bool) -> Seen | None:
    """One of the two places for a picture, and the face that was picked in it."""
    (title, key, start), page = SIDES[i], faces.PLACES[i]
    with column.container(border=True):
        st.markdown(f"**{title}**")
        picture = st.container()
        reset = {f"{key}_face": None}
        given, _ = inputs.draw(
            inputs.Place(page, FACES, reset, key, False, not allowed, start, False)
        )
        with picture:
            return faces.pick(key, faces.found(detection, page, given), given)


def threshold(model: Model) -> float:
    """The distance up to which two faces are taken for one person's; in the address."""
    chosen = choices.slide(
        "Threshold: the distance up to which two faces are taken for one person's",
        LOWEST,
        HIGHEST,
        default(model),
        0.01,
        key="threshold",
    )
    kept = model.arrays("evidence.npz")
    refused, accepted = ours.kept(
        (model.release, "rates", chosen),
        lambda: (
            float((kept["same"] > chosen).mean()),
            float((kept["different"] <= chosen).mean()),
        ),
    )
    st.caption(
        f"At {chosen:.2f}, {accepted:.2%} of {len(kept['different']):,} pairs of two people were "
        f"taken for one, and {refused:.1%} of {len(kept['same']):,} pairs of one person for two "
        "(20 people of the Olivetti faces, none of whom decided anything here)."
    )
    return chosen


def asked_threshold(model: Model) -> float:
    """The threshold as chosen, wherever its slider stands on the page."""
    return choices.number("threshold", LOWEST, HIGHEST, default(model))


def default(model: Model) -> float:
    """The threshold that the slider starts with."""
    return round(model.card.settings["threshold"].value, 2)


def _headline(model: Model, pair: Pair, limit: float) -> None:
    """The two crops and the answer in words, or why there is none."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=232):
            faces.side_by_side(pair.one, pair.other)
        with st.container(width=640):
            st.markdown(f"#### {words(model, pair)}")
            if decided(model, pair):
                with st.expander("The figures", icon=":material/straighten:"):
                    st.markdown(measured(pair, limit))


def decided(model: Model, pair: Pair) -> bool:
    """Whether anything is said of two faces: they differ, and both are fit to be compared."""
    fit = not faces.unfit(model, pair.one) and not faces.unfit(model, pair.other)
    return fit and not np.array_equal(pair.one.crop, pair.other.crop)


def words(model: Model, pair: Pair) -> str:
    """The answer in words, in Markdown."""
    one, other, said = pair.one, pair.other, pair.verdict
    if np.array_equal(one.crop, other.crop):
        return "**The same picture twice.** Choose another one: this comparison says nothing."
    poor = {"first": faces.unfit(model, one), "second": faces.unfit(model, other)}
    reasons = [f"The {which} face is {why}" for which, why in poor.items() if why]
    if reasons:
        return f"**I will not decide.** {' '.join(reasons)} Use a better picture."
    if 1 - SURE < said.probability < SURE:
        return "**I cannot tell** whether this is one person or two. Try other photos of them."
    one_person = said.probability >= SURE
    answer = "The same person" if said.same else "Two different people"
    if said.same != one_person:
        mine = "one person" if one_person else "two people"
        return f"**{answer}**, by the threshold that you set. I would say {mine}."
    sure = said.probability if one_person else 1 - said.probability
    return f"**{answer}** ({'very' if sure >= VERY else 'fairly'} sure)."


def measured(pair: Pair, limit: float) -> str:
    """The figures behind the answer, in Markdown."""
    said = pair.verdict
    side = "within" if said.same else "beyond"
    apart = f"The two faces lie {said.distance:.2f} apart, {side} the threshold of {limit:.2f}"
    if 1 - SURE < said.probability < SURE:
        return f"{apart}. Too few of the measured pairs lie about there to give odds."
    one_person = said.probability >= SURE
    share = odds(said.probability if one_person else 1 - said.probability)
    what = "one person" if one_person else "two people"
    return (
        f"{apart}. Of pairs so far apart, {share} are of {what}, if both were as likely beforehand."
    )


def odds(share: float) -> str:
    """A share of pairs of at least `SURE` in words that claim no more than was measured."""
    return "more than 99 in 100" if share >= VERY else f"about {share * 100:.0f} in 100"
