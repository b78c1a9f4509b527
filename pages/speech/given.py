"""The sound that the page is about: a sample, a file of the visitor's, or what they just said."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from models.decode import sound
from models.decode.sound import Sound, Wave
from models.errors import GlassboxError
from pages.parts.source.place import Source
from pages.parts.source.samples import Sample
from pages.parts.source.table import STAY, still
from pages.parts.state import ours

# Some are named so that whoever has one reads what to do with it.
TYPES = [*sound.ENDINGS, "m4a", "mp4", "webm", "aac"]


@dataclass(frozen=True)
class Given:
    """One sound. sample: its name, or None for the visitor's own, whose file is `name`."""

    key: str
    sound: Sound
    sample: str | None
    name: str = ""

    def public(self, *what: Any) -> ours.Key:
        """The key of what is made of a sound of ours; None for the visitor's."""
        return None if self.sample is None else (self.key, *what)

    @property
    def called(self) -> str:
        """Its file, or ours by its name."""
        return self.name or f"our sound “{self.sample}”"


@dataclass(frozen=True)
class Place:
    """One place for a sound. page: its own name in the session; key: its in the address."""

    page: str
    key: str
    samples: Mapping[str, Sample]
    say: str
    fresh: Callable[[str | None], dict[str, Any]]

    @property
    def source(self) -> Source:
        """Which of samples, files and recordings is shown."""
        return Source(
            self.page, "Or one of ours", self.samples.keys(), self.fresh, "sound", key=self.key
        )


def choose(place: Place) -> Given:
    """Draw the choice; a bad file gets its sentence, and the sound before it stays.

    Raises BusyError where there is none before it.
    """
    state, source = st.session_state, place.source
    spoken = st.audio_input(place.say, key=f"{place.page}_mic", sample_rate=sound.RATE)
    file = st.file_uploader(
        "Or a sound file",
        type=TYPES,
        key=f"{place.page}_file",
        help=f"{sound.ACCEPTED}, up to {sound.MAX_BYTES // 2**20} MB; of a longer one the first "
        f"{sound.LONGEST} seconds are heard. {STAY}",
    )
    files = [one for one in (file, spoken) if one is not None]
    name = source.choose([one.file_id for one in files])
    before: Given | None = state.get(f"{place.page}_given")
    if name is None and files:
        latest = next((one for one in files if one.file_id == source.latest()), files[-1])
        given = _own(place, before, latest.file_id, latest.name, latest.getvalue)
    elif name is not None:
        given = _sample(place, before, name)
    else:  # the file was taken away a moment ago
        given = before or _sample(place, None, source.start)
    state[f"{place.page}_given"] = given
    for note in given.sound.read_as:
        st.caption(note)
    return given


def _sample(place: Place, before: Given | None, name: str) -> Given:
    key = f"{place.page}-{name}"
    if before is not None and before.key == key:
        return before
    sample = place.samples[name]
    return Given(key, ours.kept(("sound", key), lambda: sound.read(sample.read())), name)


def _own(
    place: Place, before: Given | None, key: str, name: str, data: Callable[[], bytes]
) -> Given:
    if before is not None and before.key == key:
        return before
    try:
        return Given(key, sound.read(data()), None, name)
    except GlassboxError as error:
        st.error(str(error), icon=":material/error:")
        given = before or _sample(place, None, place.source.start)
        still(given.called)
        return given


def player(wave: Wave, label: str = "") -> None:
    """A player of float32 [n]; the sound lies in the page itself and in no file beside it."""
    if label:
        st.caption(label)
    st.audio(address_of(wave))


def address_of(wave: Wave) -> str:
    """A sound as an address that holds all of it."""
    return f"data:audio/wav;base64,{base64.b64encode(sound.wav(wave)).decode()}"


def shown(given: Given) -> None:
    """The player of a whole sound, made once for ours."""
    wave = given.sound.wave
    st.audio(ours.kept(given.public("player"), partial(address_of, wave)))
