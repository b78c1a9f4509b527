"""Releases `emoji_generator` from its finished run: what is on its card, and its floors.

Every other held-out glyph calibrates the discriminator's odds, the others say how good they are;
nothing else is chosen on any of them.
"""

from functools import partial
from typing import Any

import numpy as np
import torch

from models.card import Card, Data
from models.catalog import Model
from models.kinds import generator
from training import sources
from training.core.loop import Result
from training.core.release import Draft, Findings, Floor
from training.emoji_generator import measure as emoji_generator_measure
from training.emoji_generator.data import GROUPS, Glyphs
from training.emoji_generator.measure import FEATURES, Material, see
from training.kinds.gan import findings, release, training
from training.kinds.gan.network import Both
from training.kinds.gan.training import Config

Array = np.ndarray[Any, Any]
HOME = "https://github.com/googlefonts/noto-emoji"
FLOORS = (Floor("memorisation_ratio", "test", "int8", least=0.8),)


def measure(model: Model, material: Material, both: Both) -> Findings:
    """All figures of the pictures, and how well the discriminator tells them apart."""
    found = emoji_generator_measure.measure(model, material)
    data = material.data
    _, rows = halves(data)
    told = release.told_apart(model, data.pictures[rows], data.labels[rows])
    labels = data.labels[data.train]
    latents = torch.from_numpy(generator.draw(model, 3, len(labels)))
    before = training.make(both.generator, latents, torch.from_numpy(labels), len(GROUPS))
    sides = (before, findings.make(model, labels, 3), data.pictures[data.train])
    shipped = findings.Shipped(see(sides[-1]))
    fp32, int8, real = (shipped.of(see(pictures)).astype("float32") for pictures in sides)
    rounding = findings.rounding(fp32, int8, real, "training glyphs")
    return found.joined(Findings([told, rounding]))


def halves(data: Glyphs) -> tuple[Array, Array]:
    """The held-out rows in two: of each kind, every other one."""
    by_kind = data.held_out[np.argsort(data.labels[data.held_out], kind="stable")]
    return by_kind[::2], by_kind[1::2]


def draft(result: Result, material: Material, config: Config, *, must: bool = True) -> Draft:
    """Everything that the release needs to know. must: whether it has to reach its floors."""
    both, data = release.both_of(result), material.data
    served = release.rounded(both)
    calibration, _ = halves(data)
    odds = release.calibrated(served, data.pictures[calibration], data.labels[calibration])
    font = sources.PACKAGES["noto-color-emoji"]
    parts = (
        ("train", len(data.train)),
        ("test: held out by base glyph, compared with once", len(data.held_out)),
    )
    card = Card(
        name="emoji_generator",
        title="Emoji that never were",
        summary=f"Two networks that learned against each other from {len(data.train):,} emoji: one "
        "makes new ones, the other tells them from drawn ones.",
        task="Chance and a kind of emoji in, a picture of 64 x 64 pixels in colour out.",
        limits=[
            f"It learned from {len(data.train):,} glyphs, where such networks usually see tens of "
            "thousands: many of its emoji are hard to name.",
            f"It makes {len(GROUPS)} kinds, joined from Unicode's subgroups; no flags and no skin "
            "tones.",
            "Faces, hearts, people and clocks come out best, since those of a kind are drawn "
            "alike. An eye can name arrows, but the network that measures names one in fifty; "
            "letters only look like writing.",
            f"Its figures compare with {len(data.held_out)} glyphs that it never saw, in the "
            "features of image_recognition, which learned from photos: no figure of another model "
            "compares.",
            "The discriminator judges this generator's pictures. It is no detector of others.",
        ],
        labels=list(GROUPS),
        data=[Data(font.cite, font.licence, HOME, use, n) for use, n in parts],
        weights=None,
        graphs={},
        serves=release.INT8,
        metrics=[],
        tables={"odds": odds.table(GROUPS)},
        settings={"odds_scale": odds.scale},
        history=result.history,
        training=release.training_of("emoji_generator", config, result.history),
        files={},
        uses={"features": FEATURES},
    )
    return Draft(
        card,
        release.graphs(both, served, odds),
        lambda _: Findings(),
        partial(measure, material=material, both=both),
        FLOORS if must else (),
        {"labels.txt": "".join(f"{label}\n" for label in GROUPS).encode()},
    )
