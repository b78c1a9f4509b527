"""How good the pictures of `emoji_generator` are: measured on 10,000 that its released file made.

No truncation, as many of each kind. Features are those of `image_recognition`, on the main axes of
the glyphs that trained the generator; it never trained nor chose anything of the generator. There
are few held-out glyphs, so whatever depends on how many are compared is found for as many made
ones, of the same kinds, averaged over draws, and for as many training glyphs beside.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.linear_model import RidgeClassifierCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from models import catalog
from models.card import Table
from models.catalog import Model
from models.kinds import embedding
from training.core import statistics
from training.core.release import Findings
from training.emoji_generator.data import GROUPS, Glyphs
from training.kinds.gan import findings
from training.kinds.gan import measure as gan_measure
from training.kinds.gan.findings import Row, balanced
from training.kinds.gan.network import Generator

Array = np.ndarray[Any, Any]
FEATURES = "image_recognition"  # which sees its pictures, and learned nothing of it
DRAWS = 20  # of as many made pictures, or training glyphs, as there are held-out ones
CHUNK = 250  # pictures at once: each becomes 150 kB
SHOWN = 100  # held-out glyphs that the release holds for the page's quiz


@dataclass(frozen=True)
class Material:
    """What the release needs beside the networks.

    snapshots: of snapshots.npz. seeds: the generators of all finished runs.
    """

    data: Glyphs
    snapshots: dict[str, Array]
    made: int = 10_000
    directions: int = 10  # draws of each kind
    seeds: dict[int, Generator] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """Pictures with their kinds int64 [n], and what `image_recognition` sees in them.

    features float32 [n, 1280]; placed float32 [n, axes]: the same on the axes that are released.
    """

    labels: Array
    features: Array
    placed: Array

    def like(self, labels: Array, rng: np.random.Generator) -> Array:
        """Rows drawn at random, none twice, as many of each kind as `labels` if there are."""
        rows = []
        for kind, n in zip(*np.unique(labels, return_counts=True), strict=True):
            own = np.flatnonzero(self.labels == kind)
            rows.append(rng.choice(own, min(n, len(own)), replace=False))
        return np.concatenate(rows)


def see(pictures: Array) -> Array:
    """Features float32 [n, 1280] of pictures uint8 [n, 64, 64, 3]."""
    judge = catalog.load(FEATURES)
    parts = (pictures[i : i + CHUNK] for i in range(0, len(pictures), CHUNK))
    found = [embedding.look(judge, part, deadline=600)["embedding"] for part in parts]
    return np.concatenate(found)


def kinds_by(taught: Seen) -> Pipeline:
    """A linear classifier of the kinds that learned from these features alone."""
    fitted = make_pipeline(StandardScaler(), RidgeClassifierCV(np.geomspace(1, 1e5, 11)))
    return fitted.fit(taught.features, taught.labels)


def measure(model: Model, material: Material) -> Findings:
    """Every figure of the card, and what the page shows beside them."""
    data, n = material.data, len(GROUPS)
    wanted = np.repeat(np.arange(n), material.made // n)
    known = see(data.pictures[data.train])
    shipped = findings.Shipped(known)

    def seen(labels: Array, features: Array) -> Seen:
        return Seen(labels, features, shipped.of(features).astype(np.float32))

    made = seen(wanted, see(findings.make(model, wanted)))
    train = seen(data.labels[data.train], known)
    held = seen(data.labels[data.held_out], see(data.pictures[data.held_out]))
    judges = {"real": kinds_by(train), "made": kinds_by(made)}
    near = {
        side: gan_measure.nearest(of.placed, shipped.known)
        for side, of in (("made", made), ("held_out", held))
    }
    found_kinds = gan_measure.modes(train.placed)
    figures: dict[str, dict[str, tuple[float, ...]]] = {
        name: {side: drawn(of, held, figure) for side, of in (("made", made), ("real", train))}
        for name, figure in gan_measure.COMPARED.items()
    }
    figures |= {
        "gan_test_accuracy": {
            "made": statistics.proportion(judges["real"].predict(made.features) == made.labels),
            "real": statistics.proportion(judges["real"].predict(held.features) == held.labels),
        },
        "gan_train_accuracy": {
            side: statistics.proportion(judge.predict(held.features) == held.labels)
            for side, judge in judges.items()
        },
        "modes_covered": {
            side: (found_kinds.covered(train.placed, of.placed),)
            for side, of in (("made", made), ("real", held))
        },
        "memorisation_ratio": {
            "made": (gan_measure.memorised(near["made"], near["held_out"]),),
            "real": (1.0,),
        },
    }
    metrics = [findings.figure(name, of, len(wanted)) for name, of in figures.items()]
    followed = balanced(train.labels, material.snapshots["pictures"].shape[1])

    def look(some: Array, _: Array) -> tuple[Array, Array]:
        features = see(some)
        answers: Array = judges["real"].predict(features)
        return shipped.of(features).astype(np.float32), answers

    tables = {
        "classes": _by_class(made, train, held, judges),
        "moments": findings.snapshots(
            material.snapshots, train.placed[followed], look, "training glyphs"
        ),
    }

    def judged(some: Array) -> dict[str, float]:
        of = seen(wanted, see(some))
        hits = judges["real"].predict(of.features) == wanted
        return findings.judged(lambda by: drawn(of, held, by)[0], hits)

    tables |= findings.seeds(model, material.seeds, wanted, judged)
    kept = balanced(held.labels, SHOWN)
    evidence = {
        "moment_pictures": material.snapshots["pictures"][:, : findings.FOLLOWED],
        "moment_labels": material.snapshots["labels"][: findings.FOLLOWED],
        "near_made": np.sort(near["made"]).astype(np.float32),
        "near_held_out": np.sort(near["held_out"]).astype(np.float32),
        "known_thumbnails": findings.thumbnails(data.pictures[data.train]),
        "known_labels": train.labels.astype(np.uint8),
        "directions": findings.directions(model, material.directions),
        "held_out_pictures": data.pictures[data.held_out][kept],
        "held_out_labels": held.labels[kept].astype(np.uint8),
        **shipped.evidence(),
    }
    return Findings(metrics, tables, {}, evidence)


def drawn(
    of: Seen, held: Seen, figure: Callable[[Array, Array], float]
) -> tuple[float, float, float]:
    """A figure of as many rows as are held out: its mean over draws, and where 95 % of them lie."""
    rng = np.random.default_rng(0)
    values = [figure(held.placed, of.placed[of.like(held.labels, rng)]) for _ in range(DRAWS)]
    low, high = np.quantile(values, (0.025, 0.975))
    return float(np.mean(values)), float(low), float(high)


def _by_class(made: Seen, train: Seen, held: Seen, judges: dict[str, Pipeline]) -> Table:
    """Figures of each kind; the held-out glyphs of one are too few for a Frechet distance."""
    answers = {
        name: judge.predict(of.features)
        for name, judge, of in (
            ("gan test", judges["real"], made),
            ("gan train", judges["made"], held),
        )
    }
    rows: list[Row] = []
    for label, name in enumerate(GROUPS):
        ours = made.placed[made.labels == label]
        theirs = train.placed[train.labels == label]
        rows.append(
            [
                name,
                gan_measure.inside(ours, theirs),
                gan_measure.inside(theirs, ours),
                float((answers["gan test"] == label)[made.labels == label].mean()),
                float((answers["gan train"] == label)[held.labels == label].mean()),
            ]
        )
    columns = ["class", "precision", "recall", "gan test", "gan train"]
    return Table(columns, rows, "training glyphs; gan train: held-out", len(made.labels), "int8")
