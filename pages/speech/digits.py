"""Digits: ten words, and two small networks that learned them here, side by side."""

import numpy as np
import pandas as pd
import streamlit as st

from models import digits
from models.catalog import Model
from models.decode import spectrogram
from models.decode.sound import RATE
from models.digits import LABELS, NETWORKS, Heard
from models.engine import Run
from pages.parts.draw import charts, inline, measures, pictures
from pages.parts.draw.figures import bars
from pages.parts.job import guard
from pages.parts.sections import trust
from pages.parts.state import choices, ours
from pages.speech import figures, given
from pages.speech.given import Given, Place
from pages.speech.samples import DIGITS

PLACE = Place("speech_digit", "digit", DIGITS, "Say a digit, zero to nine", lambda _: {})
Answers = dict[str, tuple[Heard, Run]]


def show(model: Model) -> None:
    """All of it."""
    asked, said = st.columns([5, 7], gap="large")
    with asked:
        sound = given.choose(PLACE)
        given.shown(sound)
    with said, guard.in_place():
        answers = ours.kept(sound.public("digit", model.release), lambda: _answers(model, sound))
        _show(sound, answers)
    _measured(model)
    _learned(model)
    trust.measured(model.card)


def _answers(model: Model, sound: Given) -> Answers:
    picture = digits.picture(sound.sound.wave, RATE)
    found: Answers = {}
    for name in NETWORKS:
        (heard,), run = digits.predict(model, [picture], name)
        found[name] = heard, run
    return found


def _show(sound: Given, answers: Answers) -> None:
    picture = digits.picture(sound.sound.wave, RATE)
    edges = spectrogram.edges(digits.RATE, digits.BANDS)
    st.image(
        inline.exact(pictures.hot(np.repeat(np.repeat(picture[::-1], 4, 0), 6, 1))),
        alt="The loudest second of the sound as both networks see it",
        caption=f"One second in {digits.BANDS} bands, from {edges[1]:,.0f} to {edges[-2]:,.0f} Hz, "
        "as both see it",
    )
    for place, (name, (heard, run)) in zip(st.columns(2), answers.items(), strict=True):
        with place:
            said = LABELS[heard.digit] if heard.in_distribution else "not a digit"
            sure = float(heard.probabilities.max())
            st.markdown(f"The {name} network hears **{said}** ({sure:.0%}).")
            top = np.argsort(-heard.probabilities)[:4]
            charts.show(
                bars([LABELS[i] for i in top], [float(heard.probabilities[i]) for i in top]),
                key=f"speech_{name}",
            )
            st.caption(f"{run.seconds * 1000:.1f} ms on {run.device}")
    opinions = answers["recurrent"][0].opinions
    if opinions is not None:
        st.markdown("**The recurrent one reads from left to right.** What it thinks on the way:")
        charts.show(figures.opinions(opinions, LABELS, 1.0), key="speech_opinions")


def _measured(model: Model) -> None:
    """Both beside each other, and what each mixes up."""
    table = model.card.tables["networks"]
    st.markdown("**How often are they right?**")
    frame = pd.DataFrame(table.rows, columns=table.columns)
    shares = [name for name in table.columns if "%" in name]
    st.dataframe(
        frame,
        hide_index=True,
        column_config={n: st.column_config.NumberColumn(format="percent") for n in shares},
        alt="Accuracy, size and time of both networks.",
    )
    speakers = model.card.tables["speakers"]
    each = ", ".join(f"{row[0]} {float(row[1] or 0):.0%}" for row in speakers.rows)
    st.caption(
        f"The official split tests other recordings of the same six people. With one of them left "
        f"out of the learning, the convolutional network names that person's digits: {each}. "
        "That is what a stranger like you may expect."
    )
    with st.expander("What does the convolutional one mix up?", icon=":material/grid_on:"):
        charts.show(measures.confusion(model.card.tables["confusion"]), key="speech_confusion")


def _learned(model: Model) -> None:
    """How it learned: the history, and its answers to sounds that it never learned from."""
    st.markdown("**How did it learn?**")
    charts.show(measures.history(model.card.history), key="speech_history")
    kept = model.arrays("evidence.npz")
    steps, shares, labels = (kept[f"moment_{n}"] for n in ("steps", "probabilities", "labels"))
    last = len(steps)
    moment = choices.slide("Moment of the training", 1, last, last, key="moment")
    asked = [digit for digit in range(10) if (labels == digit).any()]
    right = [
        float(np.mean(shares[moment - 1][labels == digit, digit].astype(np.float32)))
        for digit in asked
    ]
    st.caption(
        f"After {int(steps[moment - 1]):,} steps: how much it gives the right digit, mean of "
        f"{len(labels)} sounds that it did not learn from."
    )
    charts.show(bars([digits.DIGITS[digit] for digit in asked], right), key="speech_moment")
