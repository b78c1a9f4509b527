"""Text prediction: the next word while you type, a text that goes on, and why it thinks so."""

import streamlit as st

from models import catalog
from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach, text_take, trust
from pages.text_prediction import line, why, write
from pages.text_prediction import trust as text_trust
from pages.text_prediction.about import ABOUT

st.title("What comes next?", anchor=False)
st.markdown("Type, and a network expects your next word, as the keyboard of a phone does.")

with guard.one_sentence():
    model = guard.model(ABOUT.name)
    voices = {name: guard.model(name) for name in write.VOICES if name in catalog.NAMES}
text = line.start()
write.start(text)

typed, written = st.columns(2, gap="large")
with typed:
    line.line(model)
    line.samples()
    line.strange(model, text)
    line.longer(model)
with written:
    write.show(voices)
st.caption(
    "It learned English from 24,000 film reviews and 113,000 example sentences of Tatoeba, and "
    "nothing else: its views are theirs. Words on a small list of slurs are never suggested or "
    "written. What you type stays in this server's memory for your visit."
    + (" The second voice learned from Shakespeare's plays alone." if len(voices) > 1 else "")
)

with tabs.opened("Why", "Trust", "Take") as part:
    if part == "Why":
        why.show(model, text)
    elif part == "Trust":
        with guard.in_place():
            text_trust.beside(model, text)
        with guard.in_place():
            text_trust.on_the_card(model.card)
            trust.this_run(model, text_trust.one_step(model), "step")
            trust.measured(model.card)
    elif part == "Take":
        sample = st.session_state[line.OF]
        text_take.link(sample, text)
        for name, voice in voices.items():
            take.files(voice, f"The network: {write.VOICES[name].lower()}")
        take.snippet(ABOUT.code, ABOUT.where)
        for name, voice in voices.items():
            take.again(voice, f"Make it again: {write.VOICES[name].lower()}")

teach.experiments(ABOUT)
teach.kind(model, ABOUT, lambda: line.drawn(model))
