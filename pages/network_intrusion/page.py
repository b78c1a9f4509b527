"""Network intrusion: is a connection like the normal ones, and if not, in which columns?"""

from functools import partial

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

cells, said = st.columns(2, gap="large")
with cells:
    values = connection.editor(shown, model)
asked = run = score = None
with said:
    changed = values != sample.values
    with guard.in_place():
        row, found, run = (
            connection.answer(model, values, precision)
            if changed
            else connection.of_sample(model, name, precision)
        )
        public = None if changed else (model.release, name, precision)
        asked, score = connection.Asked(row, found, public=public), float(found.score[0])
        connection.strange(model, row)
    dial.draw(
        turned,
        None if score is None else partial(connection.verdict, turned, sample, changed, score),
        score,
        follow=table.BOARD.follows,
    )
clicked = table.draw(model, precision, threshold)
st.caption(
    "The samples are of our own making: the rows that it learned from and was measured on, those "
    "of NSL-KDD, may not be passed on. What you type or give stays in this server's memory for "
    "your visit."
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        if asked := clicked or asked:
            why.show(model, asked)
        else:
            st.caption("Give a connection that can be read to see which of its columns did what.")
    elif part == "Trust":
        network_trust.curves(model, turned, threshold)
        network_trust.ours(model, threshold, precision)
        network_trust.on_the_card(model)
        trust.this_run(model, run or connection.of_sample(model, connection.FIRST, precision)[2])
        trust.measured(model.card)
    elif part == "Take":
        take.link(sample=name)
        if changed:
            st.caption("What you changed in the cells is not in the link.")
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: None if asked is None else why.drawn(model, asked))
