"""Good pictures to remember and pictures to inspect: of a sample, or the visitor's own."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import decode
from models import memory as allocator
from models.catalog import Model
from models.decode import Picture
from models.errors import InputError
from models.visual_inspection import FEWEST, MOST, Pixels, remember
from models.visual_inspection.memory import Memory
from pages.parts.source.picture import MAX_FILES, TYPES
from pages.parts.source.place import Source
from pages.parts.state import choices, ours
from pages.parts.state.held import held
from pages.visual_inspection.samples import GOOD, NUMBERS, SHEETS

PAGE = "visual_inspection"
WHICH = "which"


@dataclass(frozen=True)
class Given:
    """What is remembered and what is inspected. sample: the sheet's name, None for the visitor's.

    names: of the pictures to inspect. files: not yet decoded, where they are the visitor's.
    """

    key: tuple[str, ...]
    good: list[Pixels]
    sample: str | None
    names: list[str]
    pictures: list[Pixels] | list[UploadedFile]

    def public(self, *what: Hashable) -> ours.Key:
        """The key of what is made of parts of ours; None for the visitor's."""
        return None if self.sample is None else (*self.key, *what)

    @property
    def uploads(self) -> list[UploadedFile]:
        """The pictures to inspect, where they are the visitor's."""
        return [one for one in self.pictures if isinstance(one, UploadedFile)]


def choose() -> Given:
    """Draw the choice. A bad good picture gets its sentence, and the others are taken.

    Raises BusyError; what was read until then is kept for the next run.
    """
    ours_to_click = st.container()
    open_ = st.session_state.get("sample", SOURCE.start) is None
    with st.expander("Or your own pictures", icon=":material/upload:", expanded=open_):
        good = st.file_uploader(
            f"1. Pictures of good parts ({FEWEST} to {MOST})",
            type=TYPES,
            accept_multiple_files=True,
            key=f"{PAGE}_good",
            help="Taken as the pictures to inspect will be: same light, distance and background.",
        )
        asked = st.file_uploader(
            "2. Pictures to inspect, one or many",
            type=TYPES,
            accept_multiple_files=True,
            key=f"{PAGE}_asked",
        )
        st.caption(
            "They stay in this server's memory for your visit, are never stored and in no link."
        )
    with ours_to_click:
        name = SOURCE.choose([file.file_id for file in (*good, *asked)])
    if not good:  # what was made of those that were taken away
        for made in ("decoded", "memory"):
            st.session_state.pop(f"{PAGE}_{made}", None)
    if name is None and (good or asked):
        return _own(good, asked)
    return _sample(name or SOURCE.start)


def _sample(name: str) -> Given:
    tiles = ours.kept(("tiles", name), SHEETS[name].tiles)
    return Given((PAGE, name), tiles[:GOOD], name, list(NUMBERS), tiles[GOOD:])


def _own(good: list[UploadedFile], asked: list[UploadedFile]) -> Given:
    if len(good) > MOST:
        st.warning(f"The first {MOST} of your {len(good)} good pictures were taken.")
    if len(asked) > MAX_FILES:
        st.warning(f"The first {MAX_FILES} of your {len(asked)} pictures to inspect were taken.")
    good, asked = good[:MOST], asked[:MAX_FILES]
    read = [_read(good, file) for file in good]
    for file, made in zip(good, read, strict=True):
        if isinstance(made, str):
            st.text(f"{file.name}: {made}")  # a file's name is not ours to format
    key = tuple(file.file_id for file in good)
    pictures = [made for made in read if not isinstance(made, str)]
    _said(pictures)
    return Given(key, [one.pixels for one in pictures], None, [file.name for file in asked], asked)


def _said(good: list[Picture]) -> None:
    """How the good pictures were read, where that could be meant otherwise; not their sizes."""
    counts = Counter(note for one in good for note in one.read_as)
    for note, count in counts.items():
        st.caption(f"{count} of {len(good)} good pictures: {note}")


def _read(good: list[UploadedFile], file: UploadedFile) -> Picture | str:
    """One of the good pictures, or its sentence: read once, and kept where the next one fails."""
    state, name = st.session_state, f"{PAGE}_decoded"
    read: dict[str, Picture | str] = state.get(name, {})
    state[name] = read = {one.file_id: read[one.file_id] for one in good if one.file_id in read}
    if file.file_id not in read:
        try:
            read[file.file_id] = decode.picture(file.getvalue())
        except InputError as error:
            read[file.file_id] = str(error)
    return read[file.file_id]


def _fresh(name: str | None) -> dict[str, Any]:
    """The picture that is looked at first: of a sample the second, which has a flaw."""
    return {WHICH: "1" if name is None else "2"}


SOURCE = Source(PAGE, "Parts of ours", SHEETS, _fresh)


def missing(given: Given) -> str:
    """What is still to be given before anything can be inspected, in words; empty for nothing."""
    if not (count := len(given.good)):
        return f"Give {FEWEST} to {MOST} pictures of good parts first."
    if count < FEWEST:
        are = "is one good picture" if count == 1 else f"are {count} good pictures"
        return f"There {are} here so far: give at least {FEWEST}, to show how much they differ."
    return "" if given.names else "Now give a picture to inspect."


def memory(model: Model, given: Given) -> Memory:
    """The good pictures, remembered once. Raises what `remember` raises."""
    if (public := given.public("memory", model.release)) is not None:
        return ours.kept(public, lambda: remember(model, given.good))
    return held(f"{PAGE}_memory", given.key, lambda: _remembered(model, given.good))


def _remembered(model: Model, good: list[Pixels]) -> Memory:
    with st.spinner("Remembering the good ones …"):
        made = remember(model, good)
    allocator.trim()  # maps of all of them at once took far more than what is kept
    return made


def which(given: Given) -> int:
    """The picture that the page looks at closely, of several."""
    if len(given.names) == 1:
        return 0
    options = [str(i + 1) for i in range(len(given.names))]
    default = options[min(1, len(options) - 1)] if given.sample else options[0]
    if len(options) <= len(NUMBERS):
        chosen = choices.pick(st.segmented_control, "Inspect", options, default, key=WHICH)
    else:
        chosen = choices.pick(
            st.selectbox,
            "Look closely at",
            options,
            default,
            key=WHICH,
            bind=None,  # the names of their files are in no address
            format_func=lambda i: f"{i}. {given.names[int(i) - 1]}",
        )
    return int(chosen) - 1


def shown(given: Given, index: int) -> Pixels:
    """The same, and how it was read is said."""
    one = given.pictures[index]
    if not isinstance(one, UploadedFile):
        return one
    picture = decode.picture(one.getvalue())
    for note in picture.notes:
        st.caption(note)
    return picture.pixels


def pixels(given: Given, index: int) -> Pixels:
    """The picture of that number. Raises InputError where it cannot be read."""
    one = given.pictures[index]
    return one if not isinstance(one, UploadedFile) else decode.picture(one.getvalue()).pixels
