"""Text prediction: the next word while you type, a text that goes on, and why it thinks so."""

import streamlit as st

from models import catalog
from pages.parts.job import guard
from pages.parts.sections import take, teach, text_take, trust
from pages.parts.sections.teach import Experiment
from pages.text_prediction import inside, line, why, write
from pages.text_prediction import trust as text_trust
from pages.text_prediction.samples import FIRST, words_of

PAGE = "text_prediction"
CODE = """\
from models import catalog
from models.kinds.language import score, suggest, write
model = catalog.load("text_prediction")
print([word.text for word in suggest(model, "I would like to").offered])
print(score(model, "The ending was a surprise.").word_perplexity)
print("It was", "".join(write(model, "It was", length=30, seed=1)))
"""
# With every experiment: its text is put in anew, and its own choices stay.
NEW = {line.OF: None, line.SHOWN: None, "text_job": None, "written": ""}
EXPERIMENTS = (
    Experiment(
        "Cold and hot.",
        "One text goes on twice: at temperature 0.2 and at 1.5. Which one repeats itself, and "
        "which one loses the thread?",
        NEW | {"sample": FIRST, "two": True, "heat": 0.2, "other_heat": 1.5, "written": "1"},
    ),
    Experiment(
        "A purple keyboard.",
        "Somebody eats a keyboard. Which words surprise the network, and which ones pushed them?",
        NEW | {"sample": "An odd dinner", "word": 7, "part": "Why"},
    ),
    Experiment(
        "Only counting.",
        "Two models that only count read the same text. Where is the network better, and where "
        "not?",
        NEW | {"sample": "A letter", "part": "Trust"},
    ),
)
KIND = (
    "A **recurrent network**: it reads one part of a word after the other and keeps, in 768 "
    "numbers, what it may need later (long short-term memory: gates decide what is kept and what "
    "forgotten). From these numbers it expects the next part. Its weights were random at the "
    "start; reading film reviews and everyday sentences, and guessing each next part, made them "
    "what they are."
)

st.title("What comes next?", anchor=False)
st.markdown("Type, and a network expects your next word, as the keyboard of a phone does.")

with guard.one_sentence():
    model = guard.model(PAGE)
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

why_tab, trust_tab, take_tab = st.tabs(
    ["Why", "Trust", "Take"], key="part", on_change="rerun", bind="query-params"
)
if why_tab.open:
    with why_tab, guard.in_place():
        why.show(model, text)
if trust_tab.open:
    with trust_tab:
        with guard.in_place():
            text_trust.beside(model, text)
        with guard.in_place():
            text_trust.on_the_card(model.card)
            trust.this_run(model, text_trust.one_step(model), "step")
            trust.measured(model.card)
if take_tab.open:
    with take_tab, guard.in_place():
        sample = st.session_state[line.OF]
        usual = {"part": "", "word": words_of(text)} | inside.CHOICES | write.CHOICES
        text_take.link(sample, text, usual)
        for name, voice in voices.items():
            take.files(voice, f"The network: {write.VOICES[name].lower()}")
        take.snippet(CODE, "in a copy of Glassbox")
        for name, voice in voices.items():
            take.again(voice, f"Make it again: {write.VOICES[name].lower()}")

usual = {"word": None, **inside.CHOICES, **write.CHOICES}  # a text's own last word
teach.experiments(PAGE, EXPERIMENTS, usual)
teach.kind(model, KIND)
