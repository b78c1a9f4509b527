"""The words: as they are written, with how sure each is, to correct and to take along."""

from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.catalog import Model
from models.engine import Run
from models.speech import RATE, listening, stream, subtitles, windows, writing
from models.speech.words import Heard, Word, joined
from pages.parts.draw.words import plain
from pages.parts.state import ours
from pages.parts.state.held import held as kept_for
from pages.speech.given import Given

PAGE = "speech"
SURE, UNSURE = 0.8, 0.5  # probabilities from which on a word is not marked, or marked as doubtful


@dataclass
class Answer:
    """What was written of a sound so far. windows: where somebody speaks; None: not known yet.

    run: of the network that listens, on the last window.
    """

    key: str
    windows: list[slice] | None = None
    parts: list[Heard] = field(default_factory=list)
    stopped: bool = False
    run: Run | None = None

    @property
    def heard(self) -> Heard:
        """All words so far."""
        return joined(self.parts)

    @property
    def whole(self) -> bool:
        """Whether all of the sound was heard."""
        return self.windows is not None and len(self.parts) == len(self.windows)


def answer(model: Model, given: Given) -> Answer:
    """Write what was said, in view, until somebody stops it. Raises what `engine.infer` raises."""
    public = given.public("heard", model.release)
    known: Answer | None = None if public is None else ours.get(public)
    if known is not None:
        show(known)
        return known
    held: Answer = kept_for(f"{PAGE}_answer", given.key, lambda: Answer(given.key))
    if not held.whole:
        _write(model, given, held)
    if held.whole and public is not None:
        ours.kept(public, lambda: held)
    show(held)
    return held


def _write(model: Model, given: Given, held: Answer) -> None:
    wave = given.sound.wave
    if held.windows is None:
        held.windows = windows(model, wave)
    many = len(held.windows)
    if held.stopped:
        if many > 1 or not held.parts:
            st.button("Go on", key=f"{PAGE}_go_on", on_click=_stop, args=(held, False))
        return
    place, button, bar = st.empty(), st.empty(), st.empty()
    button.button("Stop", key=f"{PAGE}_stop", on_click=_stop, args=(held, True))
    while not held.whole:
        piece = held.windows[len(held.parts)]
        if many > 1:
            bar.progress(len(held.parts) / many, f"Part {len(held.parts) + 1} of {many}")
        heard = listening.listen(model, wave[piece])
        tokens = []
        for token in stream(model, heard):
            tokens.append(token)
            _so_far(model, held, tokens, place)
        held.parts.append(Heard.of(model, tokens, heard, piece.start / RATE))
        held.run = replace(heard.run, arrays={})  # what was heard is 18 MB
    for one in (place, button, bar):
        one.empty()


def _so_far(model: Model, held: Answer, tokens: list[writing.Token], place: DeltaGenerator) -> None:
    known = writing.vocabulary(model)
    text = known.text([token.id for token in tokens if token.id != known.end])
    place.markdown(f"{marked(held.heard.words)} {plain(text)} …")


def _stop(held: Answer, stopped: bool) -> None:
    held.stopped = stopped


def marked(words: tuple[Word, ...]) -> str:
    """The words in Markdown, unsure ones on a colour with their probability."""
    return " ".join(_one(word) for word in words)


def _one(word: Word) -> str:
    if word.probability >= SURE:
        return plain(word.text)
    colour = "orange" if word.probability >= UNSURE else "red"
    gap = "\N{NO-BREAK SPACE}"
    return f":{colour}-background[{plain(word.text)}{gap}:small[{word.probability:.0%}]]"


def show(held: Answer) -> None:
    """All that was written, and what the colours mean."""
    heard = held.heard
    if not heard.words:
        if held.whole:
            st.markdown("#### I hear nobody speak.")
            st.caption(
                "A detector of voices listened first. Where it hears none, nothing is written: the "
                "network that writes would invent words."
            )
        return
    unsure = sum(word.probability < SURE for word in heard.words)
    count = len(heard.words)
    doubt = "sure of all" if not unsure else f"unsure of {unsure}"
    st.markdown(f"#### {count} {'word' if count == 1 else 'words'}, {doubt}")
    st.markdown(marked(heard.words))
    if unsure:
        st.caption(
            f":orange-background[orange]: it gives the word less than {SURE:.0%}; "
            f":red-background[red]: less than {UNSURE:.0%}."
        )


def take(held: Answer) -> None:
    """The text to correct, and files of it."""
    state, heard = st.session_state, held.heard
    if not heard.words:
        return
    with st.expander("Correct it and take it along", icon=":material/edit:"):
        if state.get(f"{PAGE}_edited_of") != (held.key, heard.text):
            state[f"{PAGE}_edited_of"] = held.key, heard.text
            state[f"{PAGE}_edited"] = state[f"{PAGE}_corrected"] = heard.text
        elif f"{PAGE}_edited" not in state:  # back from another page
            state[f"{PAGE}_edited"] = state[f"{PAGE}_corrected"]
        text = st.text_area("The text", key=f"{PAGE}_edited", height=120)
        state[f"{PAGE}_corrected"] = text
        files = {
            "Text": (text, "glassbox-speech.txt", "text/plain"),
            "Subtitles (SRT)": (subtitles.srt(heard.words), "glassbox-speech.srt", "text/plain"),
            "Subtitles (VTT)": (subtitles.vtt(heard.words), "glassbox-speech.vtt", "text/vtt"),
        }
        with st.container(horizontal=True):
            for label, (data, name, kind) in files.items():
                st.download_button(
                    label,
                    data.encode,
                    name,
                    kind,
                    key=f"{PAGE}_{name}",
                    on_click="ignore",
                    icon=":material/download:",
                )
        st.caption("Subtitles hold the words as the network wrote them, at their times.")
