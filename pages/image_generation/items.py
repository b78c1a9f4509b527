"""Pictures by what makes them anew: generator, seed, place, class and variety, as links hold them.

A token such as `fashion-7-3-8-100` is the fourth draw of seed 7, a bag, at full variety. What is
no token of this generator is left out: a link may be cut, or typed by hand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.catalog import Model
from models.kinds import generator
from pages.parts.state import choices, ours

SEEDS = 999_999  # the largest
MOST = 64  # pictures in a grid
TRAY = 8  # pictures that are kept at once
LEAST = 10  # per cent of variety
KEPT, PICKED = "kept", "picked"  # in the address
TOKEN = re.compile(r"([a-z]+)-(\d{1,6})-(\d{1,2})-(\d{1,2})-(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class Item:
    """One picture. `variety` in per cent, see making.truncated."""

    maker: str
    seed: int
    place: int
    label: int
    variety: int

    @property
    def token(self) -> str:
        """As it stands in a link."""
        short = self.maker.removesuffix("_generator")
        return f"{short}-{self.seed}-{self.place}-{self.label}-{self.variety}"


def parsed(token: str, model: Model) -> Item | None:
    """The item of a token, or None where this generator has no such."""
    match = TOKEN.fullmatch(token)
    if match is None:
        return None
    seed, place, label, variety = map(int, match.groups()[1:])
    item = Item(model.card.name, seed, place, label, variety)
    fits = place < MOST and label < len(model.card.labels) and LEAST <= variety <= 100
    return item if fits and item.token.split("-")[0] == match[1] else None


def kept(model: Model) -> list[Item]:
    """What the visitor kept of this generator, first things first."""
    found = (parsed(token, model) for token in _tokens())
    return [item for item in found if item is not None]


def picked(model: Model, first: Item) -> Item:
    """What the parts below look at: the picture chosen last, else kept last, else `first`."""
    asked = parsed(str(choices.value(PICKED, "")), model)
    return asked or next(reversed(kept(model)), first)


def toggle(item: Item) -> None:
    """A click on the number of a picture: it is kept and looked at, or no longer kept."""
    if item.token in _tokens():
        drop(item)
        return
    _set([*_tokens(), item.token][-TRAY:])
    look(item)


def drop(item: Item) -> None:
    """No longer kept."""
    _set([token for token in _tokens() if token != item.token])


def look(item: Item) -> None:
    """The parts below look at this one."""
    choices.put({PICKED: item.token})


def _tokens() -> list[str]:
    """Those of all generators, each once."""
    given = str(choices.value(KEPT, ""))[:1000].split("_")
    return list(dict.fromkeys(token for token in given if TOKEN.fullmatch(token)))[:TRAY]


def _set(tokens: list[str]) -> None:
    choices.put({KEPT: "_".join(tokens)})


def latents(model: Model, items: Sequence[Item]) -> np.ndarray:
    """Their draws, float32 [n, latent]."""
    drawn = generator.drawn(model, [(item.seed, item.place) for item in items])
    return generator.truncated(drawn, np.array([[item.variety / 100] for item in items]))


def made(model: Model, items: Sequence[Item]) -> generator.Made:
    """Their pictures, the same for all who ask. Raises what `engine.infer` raises."""
    classes = generator.one_hot(model, [item.label for item in items])
    return ours.kept(
        (model.release, *items), lambda: generator.make(model, latents(model, items), classes)
    )


def named(model: Model, item: Item) -> str:
    """In words: its class, seed and number, which counts from 1, and its variety if not all."""
    less = f", variety {item.variety} %" if item.variety < 100 else ""
    return f"{model.card.labels[item.label]}, seed {item.seed}, no. {item.place + 1}{less}"
