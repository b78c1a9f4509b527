"""What a demo is, as data: the one description that menu, home, tabs, tests and lessons read."""

from dataclasses import dataclass
from typing import Any

ALONE = "with `pip install onnxruntime pillow`"  # what needs no copy of Glassbox


@dataclass(frozen=True)
class Experiment:
    """One thing to try. `state` is what its button sets: widget keys and values.

    look: what to look at after the click, in a sentence. at: where that stands, and comes on the
    screen: "top", the key of a widget or of the tabs ("part"), or the first bold words of a part.
    """

    title: str
    text: str
    state: dict[str, Any]
    look: str
    at: str = "part"


@dataclass(frozen=True)
class Demo:
    """One folder of pages/. `name` is the folder's, the address's and that of its state.

    models: those that it uses. picture: a sample, shown on home. kind: what kind of network it is,
    in Markdown. code: lines of Python that run its model, and `where` they run.
    """

    name: str
    title: str
    icon: str
    blurb: str
    models: tuple[str, ...]
    picture: str
    picture_alt: str
    experiments: tuple[Experiment, ...]
    kind: str
    code: str = ""
    where: str = ALONE
