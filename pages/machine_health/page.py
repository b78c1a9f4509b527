"""Machine health: when does a machine stop being as it was, and which of its sensors says so?"""

import numpy as np
import pandas as pd
import streamlit as st

from pages.machine_health import dial as machine_dial
from pages.machine_health import figures, trust, why
from pages.machine_health import given as machine_given
from pages.machine_health.about import ABOUT
from pages.machine_health.samples import SERIES
from pages.parts.anomaly import dial
from pages.parts.draw import charts
from pages.parts.job import batch, guard
from pages.parts.sections import tabs, take, teach

st.title("Is the machine still well?", anchor=False)
st.markdown(
    "Pick a series of sensors, or give your own, and mark rows in which the machine was well: "
    "every other row is compared with those."
)

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    turned = machine_dial.of(model)
threshold = dial.threshold(turned)

asked, said = st.columns([5, 7], gap="large")
given = health = None
told = turned  # by the released scores, or by the visitor's own labels
with asked, guard.in_place():
    given = machine_given.choose()
    marked = machine_given.normal(given)
    for note in given.sensors.notes:
        st.caption(note)
with said, guard.in_place():
    health = None if given is None else machine_given.judged(model, given, marked)
    if given is not None and health is not None:
        machine_dial.verdict(turned, given, health, threshold)
        machine_dial.doubts(given, health)
        told = machine_dial.own(turned, given, health)
        row = why.oddest(health) if health.scores.max() >= threshold else None
        drawn = figures.timeline(health, threshold, given.sensors.truth, row)
        charts.show(drawn, key="machine_timeline")
        if given.sample is not None:
            st.caption(f"{SERIES[given.sample].outcome} A row is {SERIES[given.sample].every}.")
with st.expander(
    "Turn the dial: how sure must an alarm be?", icon=":material/tune:", expanded=True
):
    dial.draw(told, follow=True)
if given is not None and health is not None:
    with st.expander("All scores as a table", icon=":material/table_view:"):
        frame = pd.DataFrame(
            {
                "row": np.arange(len(health.scores)) + 1,
                "row of the file": given.sensors.numbers,
                "time": given.sensors.times or [""] * len(health.scores),
                "score": np.round(health.scores, 3),
                "alarm": health.scores >= threshold,
            }
        )
        batch.clickable(ABOUT.name, frame, "The first 1,000 scores.", why.look_at, most=1000)
st.caption(
    "No row of the data that it learned from may be passed on (SKAB, GPL-3.0), so our samples are "
    "made up in its schema, and one is from NAB (MIT licence). Nothing is learned from what you "
    "give; it stays in this server's memory for your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if given is None or health is None:
            st.caption("Give a series that can be judged to see which sensor did what.")
        else:
            why.show(model, given, health)
    elif part == "Trust":
        trust.show(model, told, threshold, health)
    elif part == "Take":
        if given is not None:
            own = "Your own sensors are never in a link. Choose a series of ours to get one."
            take.link(own, sample=given.sample)
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: None if health is None else why.drawn(health))
