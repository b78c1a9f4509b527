"""Machine health: when does a machine stop being as it was, and which of its sensors says so?"""

import numpy as np
import pandas as pd
import streamlit as st

from pages.machine_health import dial as machine_dial
from pages.machine_health import figures, trust, why
from pages.machine_health import given as machine_given
from pages.machine_health.samples import SERIES
from pages.parts.anomaly import dial
from pages.parts.draw import charts
from pages.parts.job import guard, many
from pages.parts.sections import take, teach
from pages.parts.sections.teach import Experiment

PAGE = "machine_health"
CODE = """\
from models import catalog
from models.decode import tables
from models.machine_health import predict, reading
from models.machine_health.scoring import Normal
model = catalog.load("machine_health")
sensors = reading.sensors(tables.read(open("sensors.csv", "rb").read()))
health = predict(model, sensors.values, Normal(0, 400))
print(health.scores, health.alarms)
"""
EXPERIMENTS = (
    Experiment(
        "A fault in the normal stretch.",
        "Here the stretch that is called normal holds half of the fault. What becomes of the "
        "alarm?",
        {"sample": "Valve closes", "normal": (200, 600), "part": ""},
    ),
    Experiment(
        "Which sensor said it?",
        "Cooling fails. Look at *Why*: which sensors are far from normal, and what should they "
        "have been?",
        {"sample": "Runs hot", "normal": (1, 400), "part": "Why"},
    ),
    Experiment(
        "A real failure.",
        "The part failed in February 2014. When is the first alarm before it, and what does a "
        "lower dial bring?",
        {"sample": "Real: a machine fails", "normal": (1, 190), "part": "Trust"},
    ),
)
KIND = (
    "A **variational autoencoder** with convolutions along time: it keeps 32 rows of one sensor in "
    "six numbers, from which they can be drawn again. Before, it looks at 64 windows of the same "
    "sensor's normal stretch and says which six numbers it expects; how far the window's are from "
    "those is its score. One network serves every sensor, so it works for any number of them."
)

st.title("Is the machine still well?", anchor=False)
st.markdown(
    "Pick a series of sensors, or give your own, and mark rows in which the machine was well: "
    "every other row is compared with those."
)

with guard.one_sentence():
    model = guard.model(PAGE)
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
        machine_dial.verdict(given, health, threshold)
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
        safe = many.harmless(frame)
        many.download(PAGE, safe)
        st.dataframe(safe[:1000], hide_index=True, alt="The first 1,000 scores.")
st.caption(
    "No row of the data that it learned from may be passed on (SKAB, GPL-3.0), so our samples are "
    "made up in its schema, and one is from NAB (MIT licence). Nothing is learned from what you "
    "give; it stays in this server's memory for your visit."
)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        if given is None or health is None:
            st.caption("Give a series that can be judged to see which sensor did what.")
        else:
            why.show(model, given, health)
if trust_tab.open:
    with trust_tab, guard.in_place():
        trust.show(model, told, threshold, health)
if take_tab.open:
    with take_tab, guard.in_place():
        if given is not None:
            machine_dial.link(given, marked, turned)
        take.files(model)
        take.snippet(CODE, "in a copy of Glassbox")
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, {why.ROW_OF: "none", **turned.defaults})
teach.kind(model, KIND)
