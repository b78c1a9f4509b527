"""Sentiment: did the writer like it, and which words say so; one review, or thousands."""

import streamlit as st

from pages.parts.job import guard
from pages.parts.sections import take, teach, text_take, trust
from pages.parts.sections.teach import Experiment
from pages.parts.source import text as text_given
from pages.sentiment import table, why, write
from pages.sentiment import trust as sentiment_trust
from pages.sentiment.made import SECOND
from pages.sentiment.write import FIELD, NEW

PAGE = "sentiment"
CODE = """\
from models import catalog
from models.sentiment import predict
model = catalog.load("sentiment")
verdicts, run = predict(model, ["I loved it.", "What a waste of two hours."])
for verdict in verdicts:
    print(verdict.says, f"{verdict.positive:.0%}")
"""
# With every experiment: its text is put in anew.
FRESH = {FIELD.of: None, FIELD.shown: None, **NEW}
EXPERIMENTS = (
    Experiment(
        "Turn a word round.",
        "Take *not* out of “Not bad”, then put *so* in its place. Which word did the work?",
        FRESH | {"sample": "Not bad", "part": "Why", "without": 1},
    ),
    Experiment(
        "Irony.",
        "Every word praises, and the writer means the opposite. What does the network read?",
        FRESH | {"sample": "Irony", "part": "Why"},
    ),
    Experiment(
        "Whom to believe?",
        "Two methods colour the same review. Take words out in the order of each: which one found "
        "those that matter?",
        FRESH
        | {"sample": "Mixed", "part": "Why", "method": SECOND, "other": "Shapley values (sampled)"},
    ),
)
KIND = (
    "A **recurrent network**: it reads a review word by word and keeps what it read in 768 "
    "numbers, which each word changes; what they were at their largest, on average and at the "
    "end makes its judgement. It began as the network of *Text prediction*, which had learned "
    "to expect the next word, and went on learning from 22,000 film reviews with their stars. "
    "Beside it stands a **linear model** that gives every run of up to three word pieces a "
    "weight; the two are added."
)

st.title("Did the writer like it?", anchor=False)
st.markdown("Give a film review: a network tells what its writer thought, and which words say so.")

with guard.one_sentence():
    model = guard.model(PAGE)
    precision = trust.precision(model)
text = write.start()

typed, said = st.columns([5, 6], gap="large")
with typed:
    write.field()
found = None
with said, guard.in_place():
    found = write.verdict(model, text, precision)
text_given.samples(FIELD)
table.draw(PAGE, model, precision)
st.caption(
    "It learned from English film reviews and nothing else: what their writers liked, and how "
    "they wrote, is all that it knows. What you type or give stays in this server's memory for "
    "your visit."
)

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        if found is None:
            st.caption("Give a text that can be read to see which of its words did what.")
        else:
            why.show(model, found, precision)
if trust_tab.open:
    with trust_tab:
        with guard.in_place():
            sentiment_trust.ours(model, precision)
        with guard.in_place():
            sentiment_trust.on_the_card(model, found)
            if len(model.card.graphs["predict"]) > 1:
                trust.precision_choice(model)
            trust.this_run(model, write.run(model, text, precision))
            trust.measured(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        usual = {"part": "", "precision": "", **why.CHOICES}
        text_take.link(st.session_state[FIELD.of], text, usual)
        take.files(model)
        take.snippet(CODE, "in a copy of Glassbox")
        take.again(model)

teach.experiments(PAGE, EXPERIMENTS, {"precision": model.precision(), **why.CHOICES})
teach.kind(model, KIND)
