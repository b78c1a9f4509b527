"""Continue it: a text written on, word by word, by one or two settings side by side.

What is written stays in the visitor's session, with what it goes on from: see text_job.
"""

from collections.abc import Iterator

import streamlit as st

from models.catalog import Model
from models.kinds.language import memory, write
from models.kinds.language.writing import LONGEST, Drawing
from pages.parts.job import guard
from pages.parts.job.job import Job
from pages.parts.state import choices
from pages.text_prediction import job as text_job
from pages.text_prediction.job import Side, Written
from pages.text_prediction.line import KEPT

VOICES = {"text_prediction": "Reviews and sentences", "shakespeare": "Shakespeare's plays"}
LETTERS = 4  # characters that count as one part of a word, for the network of letters
LENGTH = (10, 240, 60)  # parts of words: the least, the most, and where nobody chose
# Numbers of one setting, the same three of each.
HEAT, TOP_K, TOP_P, SEED = (0.0, 2.0, 0.8), (0, 200, 0), (0.05, 1.0, 1.0), (0, 999, 1)


def start(text: str) -> None:
    """Before anything is drawn: drop what goes on from another text."""
    Job.of("text", text)


@st.fragment
def show(models: dict[str, Model]) -> None:
    """The button, the settings, and what is written."""
    st.markdown("**Let it go on**")
    buttons, shown = st.container(horizontal=True), st.container()  # the result above its settings
    with st.expander("Settings", icon=":material/tune:"):
        _settings(models)
    icon = ":material/edit:"
    buttons.button("Continue it", key="text_go", icon=icon, on_click=_begun)
    job: Written
    _, job = st.session_state["text_job"]
    if not job.done and choices.value("written", ""):
        with guard.in_place():
            job.done = _begin(models)  # as the click or a link asks for
    if not job.done:
        return
    if text_job.going(job):
        job.stop(buttons, job.done)
    with shown:
        text_job.draw(job)


def _settings(models: dict[str, Model]) -> None:
    choices.slide("Length (parts of words)", *LENGTH, 10, key="length")
    two = choices.toggle("Two settings side by side", key="two")
    for side, place in zip(("", "other_"), st.columns(2 if two else 1), strict=False):
        with place:
            _setting(models, side)


def _setting(models: dict[str, Model], side: str) -> None:
    """The widgets of one setting."""
    names = [VOICES[name] for name in models]
    if len(names) > 1:
        choices.pick(st.selectbox, "Written by", names, key=f"{side}voice")
    tip = "0: always the likeliest. 2: nearly anything."
    choices.slide("Temperature", *HEAT, 0.1, key=f"{side}heat", help=tip)
    tip = "Only so many of the likeliest are drawn from; 0: all."
    choices.slide("Top-k", *TOP_K, key=f"{side}top_k", help=tip)
    tip = "Only the likeliest that together reach this share."
    choices.slide("Top-p", *TOP_P, 0.05, key=f"{side}top_p", help=tip)
    tip = "The same seed and settings write the same text."
    choices.slide("Seed", *SEED, key=f"{side}seed", help=tip)


def _begun() -> None:
    """Anew, with the text as it stands: the page's own may be older."""
    choices.put({"written": "1"})
    del st.session_state["text_job"]
    start(str(st.session_state.get(KEPT, "")))


def _begin(models: dict[str, Model]) -> dict[Side, str]:
    """Nothing written yet, with the text and the settings as they are."""
    text = str(st.session_state.get(KEPT, ""))
    two = choices.flag("two")
    return {_side(models, side, text): "" for side in (("", "other_") if two else ("",))}


def _side(models: dict[str, Model], side: str, text: str) -> Side:
    voice = choices.one(f"{side}voice", [VOICES[name] for name in models])
    name = next(name for name in models if VOICES[name] == voice)
    model = models[name]
    drawing = Drawing(
        choices.number(f"{side}heat", *HEAT),
        choices.number(f"{side}top_k", *TOP_K),
        choices.number(f"{side}top_p", *TOP_P),
    )
    length = choices.number("length", *LENGTH)
    if memory.vocabulary(model).characters:
        length = min(length * LETTERS, LONGEST)
    settings = f"temperature {drawing.temperature:.1f}"
    settings += f", top-k {drawing.top_k}" if drawing.top_k else ""
    settings += f", top-p {drawing.top_p:.2f}" if drawing.top_p < 1 else ""
    seed = choices.number(f"{side}seed", *SEED)
    settings += f", seed {seed}"
    title = f"{VOICES[name]}, {settings}" if len(models) > 1 else settings.capitalize()
    return Side(title, text, _later(model, text, length, drawing, seed))


def _later(model: Model, text: str, length: int, drawing: Drawing, seed: int) -> Iterator[str]:
    """As `write`, but whatever it refuses it refuses when it is gone through, on the page."""
    yield from write(model, text, length=length, drawing=drawing, seed=seed)
