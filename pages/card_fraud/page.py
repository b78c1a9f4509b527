"""Card fraud: how likely is a transaction a fraud, by what its card and terminal did before?"""

from functools import partial

import streamlit as st

from pages.card_fraud import payment, why
from pages.card_fraud import table as fraud_table
from pages.card_fraud import trust as fraud_trust
from pages.card_fraud.about import ABOUT
from pages.card_fraud.payment import Asked
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import dial
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, trust

st.title("Is this payment fraud?", anchor=False)
st.markdown(
    "Pick a story and change it: networks judge row 1 by what its card and terminal did before."
)

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)
shown = payment.CELLS.choose()
name, sample = shown.sample, TRANSACTIONS[shown.sample]

cells, said = st.columns([12, 10], gap="large")
with cells:
    above = st.container()
    table, changed = payment.editor(shown)
with above:
    at = payment.row(shown, len(table))
asked = run = None
with said:
    turned = payment.dial(model)
    threshold = dial.threshold(turned)
    with guard.in_place():
        if changed:
            given = payment.read(table)
            found, run = payment.answer(model, given, precision)
        else:
            given, found, run = payment.of_sample(model, name, precision)
        public = None if changed else (model.release, name, precision, at)
        asked = Asked(
            found,
            at,
            float(given.history[at]),
            sample=None if changed or at else sample,
            public=public,
        )
    dial.draw(
        turned,
        None if asked is None else partial(payment.verdict, turned, asked),
        None if asked is None else asked.score,
        follow=fraud_table.BOARD.follows,
    )
with said:
    payment.choose_network()  # below the answer, which it changes
clicked = fraud_table.draw(model, precision, threshold)
st.caption(
    "The samples are of our own making; the transactions that the networks learned from are "
    "simulated and may not be passed on. What you type or give stays in this server's memory for "
    "your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if asked := clicked or asked:
            why.show(model, asked)
        else:
            st.caption("Give transactions that can be read to see what speaks for a fraud.")
    elif part == "Trust":
        fraud_trust.curves(model, turned, threshold)
        fraud_trust.ours(model, threshold, precision)
        fraud_trust.on_the_card(model)
        trust.this_run(model, run or payment.of_sample(model, payment.FIRST, precision)[2])
        trust.measured(model.card)
    elif part == "Take":
        take.link(sample=name)
        if changed:
            st.caption("What you changed in the cells is not in the link.")
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: None if asked is None else why.drawn(asked))
