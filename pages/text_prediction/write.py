"""Continue it: a text written on, word by word, by one or two settings side by side.

What is written stays in the visitor's session, with what it goes on from: see text_job.
"""

import math
from collections.abc import Iterator
from typing import Any

import streamlit as st

from models.catalog import Model
from models.kinds.language import memory, write
from models.kinds.language.writing import LONGEST, Drawing
from pages.parts.job import guard
from pages.parts.job.job import Job
from pages.parts.state import address
from pages.text_prediction import job as text_job
from pages.text_prediction.job import Side, Written
from pages.text_prediction.line import KEPT

VOICES = {"text_prediction": "Reviews and sentences", "shakespeare": "Shakespeare's plays"}
LETTERS = 4  # characters that count as one part of a word, for the network of letters
# Widgets of one setting: key, and what it is where nobody chose.
PLAIN: dict[str, float] = {"heat": 0.8, "top_k": 0, "top_p": 1.0, "seed": 1}
CHOICES: dict[str, Any] = {"two": False, "length": 60, "written": ""}
CHOICES |= {f"{side}{key}": value for side in ("", "other_") for key, value in PLAIN.items()}
CHOICES |= {"voice": VOICES["text_prediction"], "other_voice": VOICES["text_prediction"]}


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
    if not job.done and address.value("written"):
        with guard.in_place():
            job.done = _begin(models)  # as the click or a link asks for
    if not job.done:
        return
    if text_job.going(job):
        job.stop(buttons, job.done)
    with shown:
        text_job.draw(job)


def _settings(models: dict[str, Model]) -> None:
    st.slider(
        "Length (parts of words)", 10, 240, CHOICES["length"], 10, key="length", bind="query-params"
    )
    two = st.toggle("Two settings side by side", key="two", bind="query-params")
    for side, place in zip(("", "other_"), st.columns(2 if two else 1), strict=False):
        with place:
            _setting(models, side)


def _setting(models: dict[str, Model], side: str) -> None:
    """The widgets of one setting."""
    names = [VOICES[name] for name in models]
    if len(names) > 1:
        key = f"{side}voice"
        address.restore(key, names)
        st.selectbox("Written by", names, key=key, bind="query-params")
    for key, label, low, high, step, tip in (
        ("heat", "Temperature", 0.0, 2.0, 0.1, "0: always the likeliest. 2: nearly anything."),
        ("top_k", "Top-k", 0, 200, 1, "Only so many of the likeliest are drawn from; 0: all."),
        ("top_p", "Top-p", 0.05, 1.0, 0.05, "Only the likeliest that together reach this share."),
        ("seed", "Seed", 0, 999, 1, "The same seed and settings write the same text."),
    ):
        start = type(low)(PLAIN[key])
        name = f"{side}{key}"
        st.slider(label, low, high, start, step, key=name, bind="query-params", help=tip)


def _begun() -> None:
    """Anew, with the text as it stands: the page's own may be older."""
    address.choose({"written": "1"})
    del st.session_state["text_job"]
    start(str(st.session_state.get(KEPT, "")))


def _begin(models: dict[str, Model]) -> dict[Side, str]:
    """Nothing written yet, with the text and the settings as they are."""
    text = str(st.session_state.get(KEPT, ""))
    two = address.value("two") in (True, "true", "True")
    return {_side(models, side, text): "" for side in (("", "other_") if two else ("",))}


def _side(models: dict[str, Model], side: str, text: str) -> Side:
    chosen = {key: _number(f"{side}{key}", usual) for key, usual in PLAIN.items()}
    voice = address.value(f"{side}voice")
    name = next((n for n in models if VOICES[n] == voice), next(iter(models)))
    model = models[name]
    drawing = Drawing(chosen["heat"], int(chosen["top_k"]), chosen["top_p"])
    length = int(_number("length", 60))
    if memory.vocabulary(model).characters:
        length = min(length * LETTERS, LONGEST)
    settings = f"temperature {drawing.temperature:.1f}"
    settings += f", top-k {drawing.top_k}" if drawing.top_k else ""
    settings += f", top-p {drawing.top_p:.2f}" if drawing.top_p < 1 else ""
    seed = abs(int(chosen["seed"])) % 1000
    settings += f", seed {seed}"
    title = f"{VOICES[name]}, {settings}" if len(models) > 1 else settings.capitalize()
    return Side(title, text, _later(model, text, length, drawing, seed))


def _later(model: Model, text: str, length: int, drawing: Drawing, seed: int) -> Iterator[str]:
    """As `write`, but whatever it refuses it refuses when it is gone through, on the page."""
    yield from write(model, text, length=length, drawing=drawing, seed=seed)


def _number(key: str, usual: float) -> float:
    """What was chosen, also before its widget was drawn; an address may hold anything."""
    try:
        asked = float(address.value(key))
    except (TypeError, ValueError):
        return usual
    return asked if math.isfinite(asked) else usual
