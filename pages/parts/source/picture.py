"""Where a picture comes from: a sample, uploads or the camera. The latest choice counts.

What a visitor gives lives in their own session and goes with it. A file that cannot be used is
answered with one sentence, and the picture before it stays.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import decode
from models.decode import Picture
from models.errors import InputError
from pages.parts.draw import inline
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
    _shown: dict[int, str] = field(default_factory=dict, compare=False)

    @property
    def own(self) -> bool:
        """Whether it is the visitor's."""
        return self.sample is None

    def public(self, *what: Hashable) -> ours.Key:
        """The key under which what is made of it is everybody's; None for the visitor's own."""
        return None if self.sample is None else (self.key, *what)

    def shown(self, width: int) -> str:
        """The picture for a place of so many pixels' width, see `inline.photo`; made once."""
        if width not in self._shown:
            made = partial(inline.photo, self.picture.pixels, width)
            self._shown[width] = ours.kept(self.public("shown", width), made)
        return self._shown[width]


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


def pictures(
    page: str, samples: dict[str, Sample], reset: dict[str, Any], *, many: bool = True
) -> tuple[Given, list[UploadedFile]]:
    """Draw the inputs of a page with one picture, see `draw`."""
    return draw(Place(page, samples, reset, many=many))


def draw(place: Place) -> tuple[Given, list[UploadedFile]]:
    """Draw the inputs; return the picture to answer, and all uploads where there are several."""
    state = st.session_state
    page, source = place.page, place.source
    round_ = state.setdefault(f"{page}_round", 0)
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
        given = _own(place, _one_of(page, files))
    else:
        given = before or _of_sample(page, place.samples[source.start])
    state[f"{page}_last"] = given
    return given, files if len(files) > 1 else []


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


def _one_of(page: str, files: list[UploadedFile]) -> UploadedFile:
    """Which of several uploads the page looks at closely."""
    if len(files) == 1:
        return files[0]
    index = st.selectbox(
        "Look closely at",
        range(len(files)),
        format_func=lambda i: f"{i + 1}. {files[i].name}",
        key=f"{page}_closely",
    )
    return files[index or 0]


def _decoded(page: str, key: str, alt: str, read: Callable[[], bytes], sample: str | None) -> Given:
    """The picture of that key, decoded once while it is the one shown. Raises InputError."""
    shown: Given | None = st.session_state.get(f"{page}_last")
    if shown is not None and shown.key == key:
        return shown
    public = None if sample is None else ("decoded", key)
    return Given(key, alt, ours.kept(public, lambda: decode.picture(read())), sample)


def _own(place: Place, upload: UploadedFile) -> Given:
    """The upload's picture; for a bad one its sentence, and whatever was shown before, named."""
    alt = "The picture that you gave"
    try:
        given = _decoded(place.page, upload.file_id, alt, upload.getvalue, None)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        before: Given | None = st.session_state.get(f"{place.page}_last")
        given = before or _of_sample(place.page, place.samples[place.source.start])
        st.text(_still(given))  # a file's name is not ours to format
        return given
    for note in given.picture.notes:
        st.caption(note)
    return replace(given, name=upload.name)


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
