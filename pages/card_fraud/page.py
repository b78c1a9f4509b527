"""Card fraud: how likely is a transaction a fraud, by what its card and terminal did before?"""

import streamlit as st

from pages.card_fraud import payment, why
from pages.card_fraud import table as fraud_table
from pages.card_fraud import trust as fraud_trust
from pages.card_fraud.payment import BY, LABELLED, ROW, UNLABELLED, Asked
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import dial
from pages.parts.job import guard
from pages.parts.sections import take, teach, trust
from pages.parts.sections.teach import Experiment

PAGE = "card_fraud"
CODE = """\
from models import catalog
from models.decode import tables
from models.card_fraud import predict, reading
model = catalog.load("card_fraud")
given = reading.read(tables.read(open("glassbox-transactions.csv", "rb").read()))
found, run = predict(model, given.transactions)
print(found.probability.round(3))
"""
EXPERIMENTS = (
    Experiment(
        "A secret of seven days.",
        "The pump was taken over yesterday. Tick *Fraud* in a row at *pump 4* of ten days ago, "
        "then in one of three days ago instead: which of both does the network see?",
        {"sample": "Taken over yesterday", "part": "Why", BY: LABELLED},
    ),
    Experiment(
        "Without labels.",
        "A network that nobody told which were frauds judges the same. Which kind of fraud can it "
        "not see at all, and why?",
        {"sample": "A terminal with a past", "part": "Trust", BY: UNLABELLED},
    ),
    Experiment(
        "What does a fraud cost?",
        "A missed fraud costs 20 times a false alarm here. Let it cost as much: where is the dial "
        "cheapest, and which frauds are left?",
        {"sample": "As ever", "part": "Trust", BY: LABELLED, f"{PAGE}_missed_cost": 5.0},
    ),
)
KIND = (
    "Two kinds beside each other. **Feed-forward networks** learned from a week of transactions "
    "that were marked as fraud or not; three of them, begun differently, are averaged. An "
    "**autoencoder** squeezes what concerns amounts through a few numbers and writes it out again; "
    "it saw no mark, so it can say what is unusual, and not what is a fraud. Neither sees a list "
    "of transactions: features, made by rule, look back for them."
)

st.title("Is this payment fraud?", anchor=False)
st.markdown(
    "Pick a story and change it: networks judge row 1 by what its card and terminal did before."
)

with guard.one_sentence():
    model = guard.model(PAGE)
    precision = trust.precision(model)
name = payment.samples()
sample = TRANSACTIONS[name]

cells, said = st.columns([5, 6], gap="large")
with cells:
    table, changed = payment.editor(name)
    at = payment.row(name, len(table))
asked = run = None
with said:
    payment.choose_network()
    turned = payment.dial(model)
    threshold = dial.threshold(turned)
    with guard.in_place():
        if changed:
            given = payment.read(table)
            found, run = payment.answer(model, given, precision)
        else:
            given, found, run = payment.of_sample(model, name, precision)
        public = None if changed else (model.release, name, precision, at)
        asked = Asked(given, found, at, None if changed or at else sample, public)
    dial.draw(
        turned,
        None if asked is None else lambda here: payment.verdict(asked, here),
        None if asked is None else asked.score,
        follow=st.session_state.get("part") == "Trust" or f"{PAGE}_opened" in st.session_state,
    )
fraud_table.draw(model, precision, threshold)
st.caption(
    "The samples are of our own making; the transactions that the networks learned from are "
    "simulated and may not be passed on. What you type or give stays in this server's memory for "
    "your visit."
)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        why.show(model, asked)
if trust_tab.open:
    with trust_tab, guard.in_place():
        fraud_trust.curves(model, turned, threshold)
        fraud_trust.ours(model, threshold, precision)
        fraud_trust.on_the_card(model)
        trust.this_run(model, run or payment.first(model, precision))
        trust.measured(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        take.link(
            {"sample": name}, {"part": "", "precision": "", BY: LABELLED, ROW: 1, **turned.defaults}
        )
        if changed:
            st.caption("What you changed in the cells is not in the link.")
        take.files(model)
        take.snippet(CODE, "in a copy of Glassbox, with the template from this page")
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, {"precision": model.precision(), **payment.usual(model)})
teach.kind(model, KIND)
