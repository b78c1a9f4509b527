"""The dial of machine_health, and what it says of a series."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.kinds.thresholds import LabelledScores
from models.machine_health import Health
from pages.machine_health import figures, why
from pages.machine_health.given import PAGE, Given
from pages.parts.anomaly.dial import Dial, in_figures
from pages.parts.draw import words


def of(model: Model) -> Dial:
    """The dial over the released scores of the test runs."""
    return Dial.released(
        model,
        "alarm",
        "test_scores",
        "test_anomalous",
        page=PAGE,
        told="the rows of SKAB's test runs, a real pump",
        axis="score: 1 is the most unusual per cent of the normal stretch",
        many="rows",
        one_abnormal="faulty row",
        all_abnormal="faulty rows",
        rows=86_400,
        false_cost=1,
        missed_cost=1,
        step=0.05,
    )


def own(dial: Dial, given: Given, health: Health) -> Dial:
    """The dial by the visitor's own labels, where their table has some of both kinds."""
    truth = given.sensors.truth
    if given.sample is not None or truth is None:
        return dial
    outside = np.ones(len(truth), bool)
    outside[health.normal.slice] = False
    judged = LabelledScores.of(health.scores[outside], truth[outside])
    if not len(judged.normal) or not len(judged.abnormal):
        return dial
    return dial.on(judged, "your own labels, of the rows outside of the normal stretch")


def doubts(given: Given, health: Health) -> None:
    """What speaks against the marked stretch."""
    truth = given.sensors.truth
    if truth is not None and (faults := int(truth[health.normal.slice].sum())):
        rows = "1 row" if faults == 1 else f"{faults:,} rows"
        are = "is" if faults == 1 else "are"
        st.warning(
            f"{rows} of the stretch called normal {are} marked as faulty: mark another stretch, or "
            "faults like these count as normal."
        )


def verdict(dial: Dial, given: Given, health: Health, threshold: float) -> None:
    """The answer in one line, and in figures."""
    outside = health.scores.copy()
    outside[health.normal.slice] = 0
    found = figures.spans(outside >= threshold)
    if not found:
        st.markdown("#### The machine is as it was")
        st.caption("No row outside of the normal stretch raises an alarm.")
        in_figures(dial, float(outside.max()), threshold, "The most unusual row: ")
        return
    row = why.oddest(health)
    shares = health.shares(row)
    first = given.sensors.names[int(np.argmax(shares))]
    st.markdown(f"#### It changed: first alarm at {words.named(given.time(found[0][0]))}")
    st.caption(
        f"{int((outside >= threshold).sum()):,} of {len(outside):,} rows raise an alarm. Most "
        f"unusual: {words.named(given.time(row))}, above all in {words.named(first)}."
    )
    in_figures(dial, float(health.scores[row]), threshold, "The most unusual row: ")
