"""Trust: how much noise it bears, what it invents, and how many words were wrong when measured."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from models.card import Table
from models.catalog import Model
from models.decode import sound as sounds
from models.decode.sound import Wave
from models.speech import RATE, errors, transcribe, worse
from pages.parts.draw import charts
from pages.parts.draw.words import plain
from pages.parts.job import guard
from pages.parts.sections import trust
from pages.parts.state import choices, ours
from pages.speech import figures, given
from pages.speech.answer import PAGE, Answer
from pages.speech.given import Given
from pages.speech.samples import SAMPLES

LONG = 12  # seconds that are made worse: so that each move of the dial is answered at once
VOICES = ("Printing", "Rare names", "Letters")  # of other people, for babble
NOISES = ("White noise", "Hum of the mains", "Other voices")
WAYS = (*NOISES, "Telephone", "Faster, same pitch", "Faster and higher")


def show(model: Model, sound: Given, held: Answer) -> None:
    """All of it; what there is no room for says so in its place."""
    with guard.in_place():
        _dial(model, sound, held)
    card = model.card
    st.markdown("**How many words are wrong under noise?**")
    charts.show(figures.noise(card.tables["worse"]), key=f"{PAGE}_noise")
    table = card.tables["worse"]
    st.caption(
        f"Measured at release on {table.split} ({table.n} words of two readers, so within some "
        "points). Noise is measured against the loud parts of the speech."
    )
    left, right = st.columns(2, gap="large")
    with left:
        _other_ways(table)
    with right:
        _survival(card.tables["survival"])
    _unspoken(model)
    _export(card.tables["export"])
    if held.run is not None:
        trust.this_run(model, held.run)
    trust.measured(card)


def _dial(model: Model, sound: Given, held: Answer) -> None:
    """Noise on this very sound, and which words change."""
    st.markdown("**Drown it.** Until where do the words stay?")
    way = choices.pick(st.pills, "What is done to the sound", WAYS, key="noise")
    wave = sound.sound.wave[: LONG * RATE]
    made = wave
    much = 0
    if way in NOISES:
        much = choices.slide("Speech above noise (dB; 40: none)", -5, 40, 10, key="decibels")
        made = worse.mixed(wave, _noise(way, len(wave)), much)
    elif way == "Telephone":
        made = worse.telephone(wave)
    else:
        much = choices.slide("Speed (%)", 50, 200, 125, key="speed")
        change = worse.faster if way == WAYS[4] else worse.turned
        made = change(wave, much / 100)
    public = sound.public("worse", model.release, way, much)
    written = ours.kept(public, lambda: transcribe(model, made).text)
    right = SAMPLES[sound.sample].said if sound.sample is not None else ""
    if len(sound.sound.wave) > len(wave):
        right = ""  # of the beginning alone
    clean = " ".join(word.text for word in held.heard.words if word.end <= LONG)
    said = right or clean
    steps = errors.aligned(errors.words(said), errors.words(written))
    st.markdown(" ".join(_step(step) for step in steps) or "*It hears nobody speak.*")
    wrong, count = errors.wrong(said, written)
    against = "what is said" if right else "what it wrote without it"
    if count:
        st.caption(
            f"{wrong} of {count} words are wrong, missing or added, against {against}. Red is what "
            "was there, then what it became."
        )
    given.player(made, "The sound that it heard")


def _noise(way: str, count: int) -> np.ndarray:
    if way in worse.NOISES:
        found: np.ndarray = worse.NOISES[way](count)
        return found
    return worse.babble([_voice(name) for name in VOICES], count)


def _voice(name: str) -> Wave:
    sample = SAMPLES[name]
    return ours.kept(("sound", f"{PAGE}-{name}"), lambda: sounds.read(sample.read())).wave


def _step(step: errors.Step) -> str:
    if step.right:
        return plain(step.said)
    before = f":red[~~{plain(step.said)}~~] " if step.said else ""
    after = f":orange-background[{plain(step.written)}]" if step.written else ""
    return f"{before}{after}".strip()


def _other_ways(table: Table) -> None:
    rows = [
        {"what": row[0], "how much": row[1], "words wrong": float(row[2] or 0)}
        for row in table.rows
        if not str(row[1]).endswith(" dB")
    ]
    _table(rows, "words wrong", "Word errors at other speeds and through a telephone")


def _survival(table: Table) -> None:
    rows = [
        {"what is heard": row[0], "words that survive": float(row[1] or 0)} for row in table.rows
    ]
    _table(rows, "words that survive", "Words that survive on parts of the sound")
    st.caption(
        f"{table.n} words of the clips, asked as under Why. What it attended to is believable as "
        "far as words survive on it, and not on as much of the sound elsewhere."
    )


def _unspoken(model: Model) -> None:
    """What it invents where nobody speaks, and the gate before it."""
    table = model.card.tables["unspoken"]
    metric = model.card.metric("false_words_share", "sounds without speech")
    open_ = model.card.metric("false_words_share", "the same, without the gate")
    st.markdown("**Does it invent words?**")
    rows = [
        {"sound": row[0], "without the gate": float(row[1] or 0), "with it": float(row[2] or 0)}
        for row in table.rows
    ]
    frame = pd.DataFrame(rows)
    config = {name: st.column_config.NumberColumn(format="percent") for name in frame.columns[1:]}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        alt="Share of sounds without speech of which words are written.",
    )
    invented = [str(row[0]) for row in model.card.tables["invented"].rows]
    wrote = ", ".join(f"“{plain(text)}”" for text in invented) or "nothing"
    st.caption(
        f"Of {metric.n} sounds in which nobody speaks, words are written for {metric.value:.0%}; "
        f"without the detector of voices before it for {open_.value:.0%}: {wrote}."
    )


def _export(table: Table) -> None:
    rows = [
        {"": row[0]} | dict(zip(table.columns[1:], map(float, row[1:]), strict=True))  # type: ignore[arg-type]
        for row in table.rows
    ]
    st.markdown("**What did rounding cost?**")
    frame = pd.DataFrame(rows)
    config = {name: st.column_config.NumberColumn(format="percent") for name in frame.columns[1:]}
    st.dataframe(
        frame, hide_index=True, column_config=config, alt="Word errors of the file and of PyTorch."
    )
    st.caption(
        f"Word errors on {table.n} words. Two readers are no test of a network, but show what its "
        "export changed; half the errors are names and spellings."
    )


def _table(rows: Sequence[Mapping[str, object]], share: str, alt: str) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={share: st.column_config.NumberColumn(format="percent")},
        alt=f"{alt}.",
    )
