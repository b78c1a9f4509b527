"""What visual_inspection is compared with, on the same features of the same pictures.

A picture's score is that of its oddest patch. `one memory`: both depths in one, standardised and
not whitened, without light, and a memory of 3,000 random patches. Isolation forest and PCA: of the
patches of the middle depth.
"""

from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest

from models.catalog import Model
from models.visual_inspection import seen
from models.visual_inspection.memory import squared
from training.core import statistics
from training.visual_inspection.textures import Drawn

NAMES = ("one memory, not whitened", "isolation forest", "PCA reconstruction")
FEW = 3_000

Array = np.ndarray[Any, Any]


def aurocs(model: Model, pictures: Drawn, seed: int) -> list[float]:
    """Of each of `NAMES`."""
    sets = [
        seen(model, list(some))[0] for some in (pictures.remembered, pictures.good, pictures.flawed)
    ]
    both = [np.concatenate([f[:, ::2, ::2], m], -1) for _, f, m in sets]
    middle = [m for _, _, m in sets]
    return [_memory(both, seed), _forest(middle, seed), _pca(middle)]


def _compared(scores: list[Array], pictures: list[Array]) -> float:
    """Scores of all patches of good and of flawed pictures -> AUROC of pictures."""
    good, flawed = (s.reshape(len(p), -1).max(1) for s, p in zip(scores, pictures, strict=True))
    return statistics.auroc(flawed, good)


def _flat(maps: Array) -> Array:
    return maps.reshape(-1, maps.shape[-1])


def _memory(maps: list[Array], seed: int) -> float:
    rows = _flat(maps[0])
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    some = np.random.default_rng(seed).permutation(len(rows))[:FEW]
    kept = (rows[some] - mean) / deviation
    scores = [
        np.concatenate([squared((_flat(one) - mean) / deviation, kept).min(1) for one in maps[i]])
        for i in (1, 2)
    ]
    return _compared(scores, maps[1:])


def _forest(maps: list[Array], seed: int) -> float:
    rows = _flat(maps[0])
    some = np.random.default_rng(seed).permutation(len(rows))[:FEW]
    fitted = IsolationForest(n_estimators=100, random_state=seed).fit(rows[some])
    return _compared([-fitted.score_samples(_flat(one)) for one in maps[1:]], maps[1:])


def _pca(maps: list[Array]) -> float:
    fitted = PCA(n_components=0.95, svd_solver="full").fit(_flat(maps[0]))
    scores = [
        np.square(_flat(one) - fitted.inverse_transform(fitted.transform(_flat(one)))).sum(1)
        for one in maps[1:]
    ]
    return _compared(scores, maps[1:])
