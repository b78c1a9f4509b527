"""Network intrusion: is a connection like the normal ones, and if not, in which columns?"""

import streamlit as st

from pages.network_intrusion import connection, table, why
from pages.network_intrusion import trust as network_trust
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import dial
from pages.parts.job import guard
from pages.parts.sections import take, teach, trust
from pages.parts.sections.teach import Experiment

PAGE = "network_intrusion"
CODE = """\
from models import catalog
from models.decode import tables
from models.network_intrusion import predict, reading
model = catalog.load("network_intrusion")
rows = reading.read(model, tables.read(open("glassbox-connections.csv", "rb").read()))
found, run = predict(model, rows)
print(found.score, found.alarm(model.card.settings["threshold"].value))
"""
EXPERIMENTS = (
    Experiment(
        "Hide a scan.",
        "In *Port scan* set *count* from 430 to 2 and the refused rates to 0, one after another: "
        "which change does the network mind most?",
        {"sample": "Port scan", "part": "Why"},
    ),
    Experiment(
        "One attack in a hundred.",
        "In the test file more than half are attacks. Here one in a hundred is: how many of the "
        "alarms are right now, and where is the dial cheapest?",
        {"sample": "Web page", "part": "Trust", f"{PAGE}_share": 1.0},
    ),
    Experiment(
        "What looks normal passes.",
        "A thief with the right password reads mail like its owner. Can the dial be set so that "
        "this is caught, and what does that cost?",
        {"sample": "Stolen password", "part": "Why"},
    ),
)
KIND = (
    "An **autoencoder**: it squeezes a row of 41 columns through a middle of a few dozen numbers "
    "and has to write it out again. It learned that on normal connections alone, so what is normal "
    "passes well and what is not comes out wrong; how wrong is its score. Nobody told it what an "
    "attack is: labels served only to choose where the alarm begins."
)

st.title("Is this connection an attack?", anchor=False)
st.markdown(
    "Pick a network connection and change any of its cells: a network that knows only normal ones "
    "says how unusual it is, and in which columns."
)

with guard.one_sentence():
    model = guard.model(PAGE)
    precision = trust.precision(model)
    turned = connection.dial(model)
threshold = dial.threshold(turned)
name = connection.samples()
sample = CONNECTIONS[name]

cells, said = st.columns([5, 6], gap="large")
with cells:
    values = connection.editor(name, model)
row = found = run = None
with said:
    changed = values != sample.values
    with guard.in_place():
        row, found, run = (
            connection.answer(model, values, precision)
            if changed
            else connection.of_sample(model, name, precision)
        )
        connection.strange(model, row)
    score = None if found is None else float(found.score[0])
    dial.draw(
        turned,
        None if score is None else lambda at: connection.verdict(sample, changed, score, at),
        score,
        follow=st.session_state.get("part") == "Trust" or f"{PAGE}_opened" in st.session_state,
    )
table.draw(model, precision, threshold)
st.caption(
    "The samples are of our own making: the rows that it learned from and was measured on, those "
    "of NSL-KDD, may not be passed on. What you type or give stays in this server's memory for "
    "your visit."
)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        why.show(model, row, found, None if changed else (model.release, name, precision))
if trust_tab.open:
    with trust_tab, guard.in_place():
        network_trust.curves(model, turned, threshold)
        network_trust.ours(model, threshold, precision)
        network_trust.on_the_card(model)
        trust.this_run(model, run or connection.first(model, precision))
        trust.measured(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        take.link({"sample": name}, {"part": "", "precision": "", **turned.defaults})
        if changed:
            st.caption("What you changed in the cells is not in the link.")
        take.files(model)
        take.snippet(CODE, "in a copy of Glassbox, with the template from this page")
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, {"precision": model.precision(), **turned.defaults})
teach.kind(model, KIND)
