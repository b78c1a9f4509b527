"""Network intrusion: is a connection like the normal ones, and if not, in which columns?"""

import streamlit as st

from pages.network_intrusion import connection, table, why
from pages.network_intrusion import trust as network_trust
from pages.network_intrusion.about import ABOUT
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import dial
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, trust

st.title("Is this connection an attack?", anchor=False)
st.markdown(
    "Pick a network connection and change any of its cells: a network that knows only normal ones "
    "says how unusual it is, and in which columns."
)

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    precision = trust.precision(model)
    turned = connection.dial(model)
threshold = dial.threshold(turned)
shown = connection.CELLS.choose()
name, sample = shown.sample, CONNECTIONS[shown.sample]

cells, said = st.columns([5, 6], gap="large")
with cells:
    values = connection.editor(shown, model)
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
        follow=st.session_state.get("part") == "Trust"
        or f"{ABOUT.name}_opened" in st.session_state,
    )
table.draw(model, precision, threshold)
st.caption(
    "The samples are of our own making: the rows that it learned from and was measured on, those "
    "of NSL-KDD, may not be passed on. What you type or give stays in this server's memory for "
    "your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        why.show(model, row, found, None if changed else (model.release, name, precision))
    elif part == "Trust":
        network_trust.curves(model, turned, threshold)
        network_trust.ours(model, threshold, precision)
        network_trust.on_the_card(model)
        trust.this_run(model, run or connection.first(model, precision))
        trust.measured(model.card)
    elif part == "Take":
        take.link(sample=name)
        if changed:
            st.caption("What you changed in the cells is not in the link.")
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT)
