"""Pictures out of chance: what every generator of the catalogue shares.

    latents = draw(model, seed=7, n=16)
    made = make(model, latents, one_hot(model, [3] * 16))
    made.pictures, made.run

Its graph `predict` takes chance float32 [n, latent] and classes float32 [n, classes] and gives
image uint8 [n, side, side, colours] and, as float32 of that shape, paint_1, paint_2, ...: what
each resolution adds, from the coarsest. Its graph `discriminate` takes such an image with the same
classes and gives odds float32 [n]: the log-odds that it is real, where half of those seen are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import engine
from models.catalog import Model

Array = np.ndarray[Any, Any]
CHUNK = 64  # pictures at once: small ones cost less together


@dataclass(frozen=True)
class Made:
    """pictures uint8 [n, side, side, colours], and what making them took."""

    pictures: Array
    run: engine.Run


def latent(model: Model) -> int:
    """How many numbers one draw of chance has."""
    width = model.card.graph("predict", model.precision()).inputs[0].shape[1]
    assert isinstance(width, int)
    return width


def draw(model: Model, seed: int, n: int) -> Array:
    """n draws of chance, float32 [n, latent]; the same seed and place give the same one.

    Each place has a stream of its own, so the first few stay when more are asked for.
    """
    return drawn(model, [(seed, place) for place in range(n)])


def drawn(model: Model, places: Sequence[tuple[int, int]]) -> Array:
    """The same for any seeds and places, both 0 or more: float32 [n, latent]."""
    width = latent(model)
    rows = [np.random.default_rng(place).standard_normal(width) for place in places]
    found: Array = np.array(rows, np.float32).reshape(len(rows), width)
    return found


def one_hot(model: Model, classes: Sequence[int] | Array) -> Array:
    """float32 [n, classes] with a 1 for each of these."""
    rows: Array = np.eye(len(model.card.labels), dtype=np.float32)[np.asarray(classes, int)]
    return rows


def truncated(latents: Array, strength: float | Array) -> Array:
    """Chance drawn towards its middle: at 1 as it was, at 0 the class's most usual picture.

    What lies far out was seldom practised: less strength gives better pictures, and fewer kinds
    (after Brock et al. 2018, arXiv:1809.11096, who draw again instead of shrinking).
    strength: of all, or [n, 1], of each.
    """
    drawn: Array = latents * np.asarray(strength, np.float32)
    return drawn


def make(model: Model, latents: Array, classes: Array) -> Made:
    """The pictures of these rows. Raises what `engine.infer` raises."""
    feeds = {"chance": latents, "classes": classes}
    run = engine.infer(model, feeds, outputs=("image",), chunk=CHUNK)
    return Made(run["image"], run)


def paints(model: Model, latents: Array, classes: Array) -> list[Array]:
    """What each resolution adds to each picture, float32 [n, side, side, colours], coarse to fine.

    Their sum, through a hyperbolic tangent, is the picture: -1 black, 1 white.
    """
    names = [t.name for t in model.card.graph("predict", model.precision()).outputs]
    names = sorted(name for name in names if name.startswith("paint_"))
    run = engine.infer(model, {"chance": latents, "classes": classes}, outputs=names, chunk=CHUNK)
    return [run[name] for name in names]


def odds(model: Model, pictures: Array, classes: Array) -> Array:
    """The discriminator's log-odds float32 [n] that each picture is real; above 0 it says so."""
    return judged(model, pictures, classes)["odds"]


def judged(model: Model, pictures: Array, classes: Array) -> engine.Run:
    """The same, with what it took."""
    feeds = {"image": pictures, "classes": classes}
    return engine.infer(model, feeds, outputs=("odds",), chunk=CHUNK)


def real(odds: Array) -> Array:
    """Log-odds as the probability that a picture is real, where half of those seen are."""
    probability: Array = 1 / (1 + np.exp(-np.asarray(odds, np.float64)))
    return probability


def stages(painted: Sequence[Array]) -> list[Array]:
    """The picture as it stands after each resolution, from `paints`: uint8 of the same shape.

    The last is the picture itself.
    """
    summed, found = np.zeros_like(painted[0]), []
    for paint in painted:
        summed = summed + paint
        found.append(levels(summed))
    return found


def levels(painted: Array) -> Array:
    """Paint through a hyperbolic tangent as uint8: 0 black, 255 white."""
    bright: Array = ((np.tanh(painted) + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
    return bright


def between(first: Array, last: Array, n: int) -> Array:
    """n draws of chance from one [latent] to another, both included: float32 [n, latent].

    Along the arc, not the chord (White 2016, arXiv:1609.04468): draws in many dimensions lie near
    a sphere, and the chord cuts through its inside, where no picture was practised.
    """
    shares = np.linspace(0, 1, n)[:, None]
    mixed: Array = (1 - shares) * first + shares * last
    lengths = float(np.linalg.norm(first) * np.linalg.norm(last))
    angle = float(np.arccos(np.clip(first @ last / lengths, -1, 1))) if lengths else 0.0
    if np.sin(angle) > 1e-6:  # else one direction or its opposite: there is no arc between them
        mixed = np.sin((1 - shares) * angle) * first + np.sin(shares * angle) * last
        mixed = mixed / np.sin(angle)
    return mixed.astype(np.float32)
