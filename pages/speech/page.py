"""Speech recognition: say something, and see which part of the sound became which word."""

import streamlit as st

from pages.parts.job import guard
from pages.parts.sections import tabs, take, teach
from pages.speech import answer, digits, given, trust, why
from pages.speech.about import ABOUT
from pages.speech.given import Place
from pages.speech.samples import SAMPLES

SOUND = Place("speech", "sample", SAMPLES, "Say something in English", lambda _: {"word": 1})

st.title("What did you say?", anchor=False)
st.markdown(
    "Speak, or give a sound: a network writes what it hears. Then see where in the sound each word "
    "came from, and whether that can be believed."
)

with guard.one_sentence():
    model, small = (guard.model(name) for name in ABOUT.models)

asked, said = st.columns([5, 7], gap="large")
sound = held = None
with asked, guard.in_place():
    sound = given.choose(SOUND)
    given.shown(sound)
with said, guard.in_place():
    if sound is not None:
        held = answer.answer(model, sound)
        answer.take(held)
st.caption(
    "It knows English alone. What you say is written down and forgotten: it stays in this server's "
    "memory for your visit, is in no link, and nothing learns from it."
)

with tabs.opened("Why", "Trust", "Digits", "Take") as part:
    if part == "Digits":
        digits.show(small)
    elif part == "Take":
        if sound is not None:
            take.link(
                "Your own sound is never in a link. Choose one of ours to get one.",
                sample=sound.sample,
            )
        take.files(model)
        take.files(small, "The two networks for digits")
        take.snippet(ABOUT.code, ABOUT.where)
        take.again(model)
        take.again(small, "Make the two for digits again")
    elif sound is None or held is None:
        st.caption("Give a sound that can be heard to see more of it here.")
    elif part == "Why":
        why.show(model, sound, held)
    else:
        trust.show(model, sound, held)

teach.experiments(ABOUT)
teach.kind(model, ABOUT)
