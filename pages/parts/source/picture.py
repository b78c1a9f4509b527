"""Where a picture comes from: a sample, uploads or the camera. The latest choice counts.

What a visitor gives lives in their own session and goes with it. A file that cannot be used is
answered with one sentence, and the picture before it stays.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import decode
from models.decode import Picture
from models.errors import InputError
from pages.parts.draw import inline, pictures
from pages.parts.source.place import Source
from pages.parts.source.samples import Sample
from pages.parts.state import choices, ours

# Named one by one, so that a phone turns its HEIC photos into JPEG by itself.
TYPES = [*decode.ENDINGS]
MAX_FILES = 200


@dataclass(frozen=True)
class Given:
    """One picture to answer. `alt` is what a screen reader says of it."""

    key: str
    alt: str
    picture: Picture
    sample: str | None  # the sample's name, or None for the visitor's own
    name: str = ""  # of the visitor's file
    _shown: dict[Hashable, str] = field(default_factory=dict, compare=False)

    @property
    def own(self) -> bool:
        """Whether it is the visitor's."""
        return self.sample is None

    def public(self, *what: Hashable) -> ours.Key:
        """The key under which what is made of it is everybody's; None for the visitor's own."""
        return None if self.sample is None else (self.key, *what)

    def shown(self, width: int, seen: float = 1.0) -> str:
        """The picture for a place of so many pixels' width, see `inline.photo`; made once.

        seen: share of its shorter side that a square in its middle has, which alone is bright.
        """
        what = "shown", width, seen

        def made() -> str:
            pixels = self.picture.pixels
            return inline.photo(pixels if seen == 1 else pictures.framed(pixels, seen), width)

        if what not in self._shown:
            self._shown[what] = ours.kept(self.public(*what), made)
        return self._shown[what]


@dataclass(frozen=True)
class Place:
    """One place for a picture. `page` is its own name in the session, `key` its in the address."""

    page: str
    samples: dict[str, Sample]
    reset: dict[str, Any]  # choices that belong to one picture, and what they become with the next
    key: str = "sample"
    many: bool = True  # whether several pictures are taken at once
    locked: bool = False  # whether only samples may be chosen
    first: str = ""  # the sample that it starts with, by default the first
    stays: bool = True  # whether what was given is still there when the page is opened again

    @property
    def source(self) -> Source:
        """Which of samples and uploads is shown."""
        return Source(
            self.page,
            "Or one of ours",
            self.samples,
            lambda _: self.reset,
            key=self.key,
            first=self.first,
        )


def of_page(
    page: str, samples: dict[str, Sample], reset: dict[str, Any], *, many: bool = True
) -> tuple[Given, list[UploadedFile]]:
    """Draw the inputs of a page with one picture, see `draw`."""
    return draw(Place(page, samples, reset, many=many))


def draw(place: Place) -> tuple[Given, list[UploadedFile]]:
    """Draw the inputs; return the picture to answer, and all uploads where there are several."""
    state = st.session_state
    page, source = place.page, place.source
    round_ = state.setdefault(f"{page}_round", 0)
    if f"{page}_upload_{round_}" not in state:  # the page was just opened: its uploader is empty
        _bring_back(place)
    uploads = st.file_uploader(
        "Your own picture, or many at once" if place.many else "Your own picture",
        type=TYPES,
        accept_multiple_files=place.many,
        key=f"{page}_upload_{round_}",
        disabled=place.locked,
        help=f"{decode.ACCEPTED}, up to {decode.MAX_BYTES // 2**20} MB each. They stay in this "
        "server's memory for your visit and are never stored.",
    )
    ours_to_click = st.container()
    photo = None if place.locked else _camera(page, round_)
    files = uploads if isinstance(uploads, list) else [uploads] if uploads else []
    files = [*_kept(page, replaced=bool(files or photo) and not place.many), *files]
    state[f"{page}_lying"] = ([*files, photo] if photo else files) if place.stays else []
    with ours_to_click:
        name = source.choose([file.file_id for file in ([*files, photo] if photo else files)])
    if photo and source.latest() == photo.file_id:
        files = [photo]
    if len(files) < 2:
        state.pop(f"{page}_job", None)  # of a table of those that were taken away
    before: Given | None = state.get(f"{page}_last")
    if name is not None:
        given, files = _of_sample(page, place.samples[name]), []
    elif files:
        if len(files) > MAX_FILES:
            st.warning(f"The first {MAX_FILES} of your {len(files)} pictures were taken.")
        files = files[:MAX_FILES]
        given = _own(place, _newest_first(page, files, source.latest()))
    else:
        given = before or _of_sample(page, place.samples[source.start])
    state[f"{page}_last"] = given
    return given, files if len(files) > 1 else []


def hand_over(given: Given, page: str, other: str) -> None:
    """Let another page have the visitor's picture of this one, when it is opened next."""
    lying: list[UploadedFile] = st.session_state.get(f"{page}_lying", [])
    st.session_state[f"{other}_lying"] = [file for file in lying if file.file_id == given.key]
    st.session_state[f"{other}_shown"] = None


def _bring_back(place: Place) -> None:
    """What was given on this page before, or handed over to it, lies there again."""
    state, page = st.session_state, place.page
    state[f"{page}_kept"] = lying = state.get(f"{page}_lying", []) if place.stays else []
    shown = state.get(f"{page}_shown", place.source.start)
    if lying and shown is None and place.key not in st.query_params:
        state[place.key] = None


def _kept(page: str, *, replaced: bool) -> list[UploadedFile]:
    """What was brought back, with a button that takes it away.

    replaced: whether the visitor gave another picture since, where there is room for one.
    """
    state, key = st.session_state, f"{page}_kept"
    if replaced:
        state.pop(key, None)
    kept: list[UploadedFile] = state.get(key, [])
    if kept:
        count = "Your picture is" if len(kept) == 1 else f"Your {len(kept)} pictures are"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{count} still here.", width="content")
            st.button(
                "Take it away" if len(kept) == 1 else "Take them away",
                key=f"{page}_take_away",
                icon=":material/delete:",
                on_click=_take_away,
                args=(page,),
            )
    return kept


def _take_away(page: str) -> None:
    """The server lets go of it too."""
    forget(st.session_state.pop(f"{page}_kept", []))
    for what in ("lying", "last"):
        st.session_state.pop(f"{page}_{what}", None)


def forget(files: Sequence[UploadedFile] | None = None) -> None:
    """Take uploads out of the server's memory, where they would lie until the visit ends.

    files: those alone; by default all of this visit.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    if files is None:
        manager.remove_session_files(context.session_id)
    elif isinstance(manager, MemoryUploadedFileManager):
        for file in files:
            manager.remove_file(context.session_id, file.file_id)


def sliders() -> tuple[int, int, int]:
    """Turning (degrees), shifting (pixels of 28) and light (per cent), kept in the address."""
    turned = choices.number("turn", -180, 180, 0) != 0  # as a link may say
    with st.expander("Turn, shift, dim", turned, icon=":material/tune:"):
        return (
            choices.slide("Turn (degrees)", -180, 180, 0, 5, key="turn"),
            choices.slide("Shift (pixels of 28)", -10, 10, 0, key="shift"),
            choices.slide("Light (%)", 10, 200, 100, 5, key="light"),
        )


def look_at(page: str, reset: Mapping[str, Any], file: str) -> None:
    """Look closely at another one of several uploads, by its id, until a newer one comes.

    reset: choices that belong to one picture, and what they become with the next.
    """
    st.session_state[f"{page}_closely"] = st.session_state[f"{page}_newest"], file
    choices.fresh(reset)


def _newest_first(page: str, files: list[UploadedFile], newest: str | None) -> list[UploadedFile]:
    """Uploads in the order in which one is looked for that can be shown: who was clicked first."""
    state = st.session_state
    state[f"{page}_newest"] = newest
    since, clicked = state.get(f"{page}_closely", (None, None))
    wanted = clicked if since == newest else newest
    first = [file for file in files if file.file_id == wanted]
    return [*first, *(file for file in files[::-1] if file not in first)]


def _decoded(page: str, key: str, alt: str, read: Callable[[], bytes], sample: str | None) -> Given:
    """The picture of that key, decoded once while it is the one shown. Raises InputError."""
    shown: Given | None = st.session_state.get(f"{page}_last")
    if shown is not None and shown.key == key:
        return shown
    public = None if sample is None else ("decoded", key)
    return Given(key, alt, ours.kept(public, lambda: decode.picture(read())), sample)


def _own(place: Place, uploads: list[UploadedFile]) -> Given:
    """The picture of the first upload, or of the next that is one, named, or what was before.

    For a bad first one its sentence too.
    """
    alt = "The picture that you gave"
    for upload in uploads:
        try:
            given = _decoded(place.page, upload.file_id, alt, upload.getvalue, None)
        except InputError as error:
            if upload is uploads[0]:
                st.error(str(error), icon=":material/error:")
            continue
        given = replace(given, name=upload.name)
        if upload is not uploads[0]:
            st.text(_still(given))  # a file's name is not ours to format
        for note in given.picture.notes:
            st.caption(note)
        return given
    before: Given | None = st.session_state.get(f"{place.page}_last")
    given = before or _of_sample(place.page, place.samples[place.source.start])
    st.text(_still(given))
    return given


def _still(given: Given) -> str:
    """Whose answer it is that stays on the page."""
    if given.sample is not None:
        return f"This is still the answer to our sample “{given.sample}”."
    return f"This is still {' '.join(given.name.split())}'s answer."


def _of_sample(page: str, sample: Sample) -> Given:
    return _decoded(page, f"sample-{sample.name}", sample.alt, sample.read, sample.name)


def _camera(page: str, round_: int) -> UploadedFile | None:
    """The camera, which the browser asks for only after this switch was turned on."""
    if not st.toggle("Use my camera", key=f"{page}_camera_on_{round_}"):
        return None
    return st.camera_input("Take a photo", key=f"{page}_camera_{round_}", resolution="720p")
