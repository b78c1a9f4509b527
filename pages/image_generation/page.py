"""Image generation: pictures that never were, how a network learned to make them, and are they new.

Everything but the quiz looks at one picture: the one kept or chosen last, at first no. 1.
"""

import streamlit as st

from pages.image_generation import change, items, learned, make, new, quiz, trust, why
from pages.image_generation.about import ABOUT
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach
from pages.parts.state import choices

PARTS = ("Change it", "Why", "Is it new?", "Real or made?", "How it learned", "Trust", "Take")

st.title("Pictures that never were", anchor=False)
st.markdown("Two networks learned against each other to make these. Keep one, and look into it.")

with guard.one_sentence():
    model = make.model()

pictures, asked = st.columns([7, 4], gap="large")
with asked:
    given = make.controls(model)
with pictures, guard.one_sentence():
    made, picked = make.grid(model, given)
choices.in_address(items.KEPT, items.PICKED)
with guard.one_sentence():
    make.tray(model, picked)

with tabs.opened(*PARTS) as part:
    if part == "Change it":
        change.show(model, picked, given.item(model, len(given.labels) - 1))
    elif part == "Why":
        why.show(ABOUT.name, model, picked)
    elif part == "Is it new?":
        new.show(model, picked)
    elif part == "Real or made?":
        quiz.show(model)
    elif part == "How it learned":
        learned.show(model)
    elif part == "Trust":
        trust.show(model, made)
    elif part == "Take":
        take.link()
        st.caption("A picture of your own is never in it.")
        take.whole(ABOUT, model)

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: why.drawn(model, picked))
