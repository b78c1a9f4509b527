"""Sentiment: did the writer like it, and which words say so; one review, or thousands."""

import streamlit as st

from pages.parts.draw import kinds
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, text_take, trust
from pages.parts.source import text as text_given
from pages.sentiment import table, why, write
from pages.sentiment import trust as sentiment_trust
from pages.sentiment.about import ABOUT
from pages.sentiment.write import FIELD

st.title("Did the writer like it?", anchor=False)
st.markdown("Give a film review: a network tells what its writer thought, and which words say so.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)
text = write.start()

typed, said = st.columns([5, 6], gap="large")
with typed:
    write.field()
found = None
with said, guard.in_place():
    found = write.verdict(model, text, precision)
text_given.samples(FIELD)
table.draw(ABOUT.name, model, precision)
st.caption(
    "It learned from English film reviews and nothing else: what their writers liked, and how "
    "they wrote, is all that it knows. What you type or give stays in this server's memory for "
    "your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if found is None:
            st.caption("Give a text that can be read to see which of its words did what.")
        else:
            why.show(model, found, precision)
    elif part == "Trust":
        with guard.in_place():
            sentiment_trust.ours(model, precision)
        with guard.in_place():
            sentiment_trust.on_the_card(model, found)
            if len(model.card.graphs["predict"]) > 1:
                trust.precision_choice(model)
            trust.this_run(model, write.run(model, text, precision))
            trust.measured(model.card)
    elif part == "Take":
        text_take.link(st.session_state[FIELD.of], text)
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(
    model,
    ABOUT,
    lambda: (
        None
        if found is None
        else kinds.recurrent(model, found.read.words, f"liked it: {write.share(found.positive)}")
    ),
)
