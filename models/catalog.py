"""Which models there are, in the order of the menu, and how to load one.

    model = load("image_recognition")
    model.card.summary

A model is a folder of its name beside this file. Loading checks the card; each graph is read,
checked against the card's sha256 and opened when it is first used.
"""

import hashlib
import io
import weakref
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from models import card as cards
from models import delta, runtime
from models.card import Card, GraphFile, Precision
from models.errors import ReleaseError, UnknownModelError, UnsupportedError
from models.store import STORE, weight

NAMES: tuple[str, ...] = (
    "image_recognition",
    "fashion",
    "face_detection",
    "face_recognition",
    "text_prediction",
    "shakespeare",
    "sentiment",
    "speech",
    "digits",
    "fashion_generator",
    "emoji_generator",
    "network_intrusion",
    "card_fraud",
    "machine_health",
    "visual_inspection",
)
FOLDER = Path(__file__).parent
T = TypeVar("T")
# What a session takes, in times of its file: 1.2 to 2.7 were measured, with some MB for threads and
# tables. Rounded networks that are unrolled to go backwards hold full weights, both ways.
GROWS, GROWN, LEAST_SESSION = 2.2, 8.5, 2e6


def unpacked(data: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of an npz file."""
    with np.load(io.BytesIO(data)) as arrays:
        return dict(arrays)


class _Token:
    """Tells one loaded model from another of the same name, such as a newer release."""


@dataclass(frozen=True)
class Model:
    """One released model: its folder and card. What its files become is held in `store.STORE`."""

    folder: Path
    card: Card
    _token: _Token = field(default_factory=_Token, compare=False)

    def __post_init__(self) -> None:
        """When nobody holds the model any more, the store lets go of what is its own."""
        weakref.finalize(self, STORE.drop, partial(_of, id(self._token)))

    def __deepcopy__(self, memo: object) -> "Model":
        """Itself: nothing of it changes. Streamlit copies what it hands to a fragment."""
        return self

    @cached_property
    def release(self) -> str:
        """What tells this release from every other: a hash of its card, which holds its files'."""
        return hashlib.sha256(repr(self.card).encode()).hexdigest()

    def graph_bytes(self, file: GraphFile) -> bytes:
        """One graph, whole. Raises ReleaseError where it is not the card's."""

        def whole(stored: bytes) -> bytes:
            graphs = (one for files in self.card.graphs.values() for one in files.values())
            base = next((one for one in graphs if one.file == file.delta_of), None)
            return delta.joined(stored, self.graph_bytes(base)) if base else stored

        return self._checked(file.file, file.stored, file.sha256, whole)

    def _checked(
        self, file: str, stored: str, sha256: str, whole: Callable[[bytes], bytes] = bytes
    ) -> bytes:
        altered = f"The file {file} of {self.card.name} is not the released one."
        try:
            data = whole((self.folder / stored).read_bytes())
        except OSError as error:
            raise ReleaseError(f"The file {file} of {self.card.name} is missing.") from error
        except delta.MismatchError as error:
            raise ReleaseError(altered) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ReleaseError(altered)
        return data

    def once(self, what: str, make: Callable[[], T], size: Callable[[T], float] = weight) -> T:
        """What `make` makes of released files, held for all who ask as long as there is room.

        size: how many bytes a made one takes.
        """
        return STORE.kept((id(self._token), what), make, size)

    def arrays(self, file: str) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays of a released npz file (`golden.npz`, `evidence.npz`), read once."""
        return self.once(file, lambda: unpacked(self.read(file)))

    def text(self, file: str) -> str:
        """The text of a released file such as the labels', read once."""
        return self.once(file, lambda: self.read(file).decode())

    def read(self, file: str) -> bytes:
        """The bytes of a released file that is no graph. Raises UnsupportedError, ReleaseError."""
        if file not in self.card.files:
            raise UnsupportedError(f"The model {self.card.name} has no {file}.")
        return self._checked(file, file, self.card.files[file])

    def graph_with(self, outputs: Sequence[str]) -> str:
        """The first graph on the card that has all these outputs. Raises UnsupportedError."""
        for name, files in self.card.graphs.items():
            known = {tensor.name for file in files.values() for tensor in file.outputs}
            if known >= set(outputs):
                return name
        asked = ", ".join(outputs)
        raise UnsupportedError(f"The model {self.card.name} has no graph that gives {asked}.")

    def together(
        self, outputs: Sequence[str], besides: Sequence[str], precision: Precision | None = None
    ) -> tuple[str, ...]:
        """What to ask of one run for an answer and what explains it: both, or `outputs` alone.

        Both where the graph that gives both is served in the precision of the answer: then one run
        says what two would. precision: of the answer, by default the served one.
        """
        served = self.precision(self.graph_with((*outputs, *besides)))
        return (*outputs, *besides) if served == (precision or self.precision()) else (*outputs,)

    def precision(self, graph: str = "predict") -> Precision:
        """The precision that the card serves on this machine's device, or the graph's only one."""
        served, files = self.card.serves[runtime.device()], self.card.graphs.get(graph, {})
        return served if served in files else next(iter(files), served)

    def session(self, graph: str, precision: Precision) -> runtime.Session:
        """The session of one graph, opened once. Raises UnsupportedError, ReleaseError."""
        try:
            file = self.card.graph(graph, precision)
        except KeyError as error:
            raise UnsupportedError(
                f"The model {self.card.name} has no {graph} graph in {precision}."
            ) from error
        times = GROWN if graph == "gradients" and precision == "int8" else GROWS

        def opened() -> runtime.Session:
            return runtime.open_session(self.graph_bytes(file), runtime.device())

        return self.once(
            f"{graph} {precision}", opened, lambda _: times * file.bytes + LEAST_SESSION
        )


def _of(token: int, key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == token


def load(name: str, folder: Path | None = None) -> Model:
    """The model of that name, with its card checked.

    `folder` takes it from elsewhere than `models/<name>`. Raises UnknownModelError with the known
    names, ReleaseError for a missing or wrong card.
    """
    if folder is None:
        if name not in NAMES:
            raise UnknownModelError(f"There is no model {name!r}. There are: {', '.join(NAMES)}.")
        folder = FOLDER / name
    card = cards.read(folder)
    if card.name != name:
        raise ReleaseError(f"The card in {folder.name} is that of {card.name}.")
    return Model(folder, card)
