"""Model cards: one row a model, each card to open."""

import pandas as pd
import streamlit as st

from models.card import Card
from models.errors import ModelError
from pages import menu
from pages.parts.job import guard
from pages.parts.sections import trust

st.title("Model cards", anchor=False)
st.markdown("What each model is, what it was measured on, and what it must not be used for.")

shown = list(dict.fromkeys(name for entry in menu.visible() for name in entry.models))
cards: list[Card] = []
for name in shown:
    try:
        cards.append(guard.model(name).card)
    except ModelError as error:
        st.error(str(error), icon=":material/error:")

rows = [
    {
        "model": card.title,
        "task": card.task,
        "served on the CPU": f"{card.serves['cpu']}, "
        f"{card.graph('predict', card.serves['cpu']).bytes / 1e6:.1f} MB",
        "licence of the weights": card.weights.licence if card.weights else "ours",
        "made by": card.training.command,
    }
    for card in cards
]
st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"{len(rows)} models.")

for card in cards:
    with st.expander(card.title, key=f"card_{card.name}"):
        st.markdown(card.summary)
        trust.measured(card)
        st.markdown("**Data**")
        st.dataframe(
            pd.DataFrame([vars(data) for data in card.data]), hide_index=True, alt="Data sets."
        )
        if card.weights:
            weights = card.weights
            st.markdown(
                f"**Weights** from `{weights.package}` {weights.version}, {weights.licence}. "
                f"{weights.published}."
            )
        st.markdown("**Files**")
        st.json(card.graphs and {"serves": card.serves, **card.files}, expanded=False)
