"""What distances between faces say of a recogniser: errors over all pairs, and over people.

Distances are arrays [people, pictures, people, pictures]; a picture without a found face lies
`ABSENT` from every other, so that each of its pairs is refused.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from models.face_recognition.gallery import centre

Array = np.ndarray[Any, Any]
ABSENT = 9.0
SPLITS, ENROLLED = 20, 5  # seeded splits, and pictures that a person is enrolled with
Figure = Callable[[Array, Array], float]


def distances(descriptors: Array, found: Array) -> Array:
    """All distances between descriptors [people, pictures, d], with `found` [people, pictures]."""
    flat = descriptors.reshape(-1, descriptors.shape[-1]).astype(np.float64)
    squares = (flat**2).sum(1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * flat @ flat.T, 0))
    both = found.ravel()[:, None] & found.ravel()
    result: Array = np.where(both, apart, ABSENT).reshape(*found.shape, *found.shape)
    return result


def pairs(apart: Array) -> tuple[Array, Array]:
    """The sorted distances of all pairs of one person, and of all pairs of two."""
    people, each = apart.shape[:2]
    first, second = np.triu_indices(each, 1)
    same = np.concatenate([apart[p, :, p][first, second] for p in range(people)])
    one, other = np.triu_indices(people, 1)
    return np.sort(same), np.sort(apart[one, :, other].ravel())


def eer(same: Array, different: Array) -> float:
    """Equal error rate: where refused pairs of one person and accepted ones of two are as many."""
    same, different = np.sort(same), np.sort(different)
    at = np.unique(np.r_[same, different])
    refused = 1 - np.searchsorted(same, at, side="right") / len(same)
    accepted = np.searchsorted(different, at, side="right") / len(different)
    place = int(np.argmin(np.abs(refused - accepted)))
    return float(refused[place] + accepted[place]) / 2


def threshold_at(different: Array, far: float) -> float:
    """The largest distance at which at most the share `far` of pairs of two people passes."""
    allowed = int(far * len(different))
    return float(np.nextafter(np.sort(different)[allowed], 0))


def tar(far: float) -> Figure:
    """The share of pairs of one person that passes at `threshold_at`."""
    return lambda same, different: float((same <= threshold_at(different, far)).mean())


def auroc(same: Array, different: Array) -> float:
    """Chance that a pair of one person lies nearer than a pair of two; ties count half."""
    different = np.sort(different)
    below = np.searchsorted(different, same, side="left")
    upto = np.searchsorted(different, same, side="right")
    return float(1 - (below + upto).mean() / 2 / len(different))


FIGURES: dict[str, Figure] = {
    "eer": eer,
    "tar_at_far_1e-2": tar(1e-2),
    "tar_at_far_1e-3": tar(1e-3),
    "auroc": auroc,
}


def over_people(apart: Array, times: int = 300, seed: int = 0) -> dict[str, tuple[float, ...]]:
    """Every figure with its 95 % interval from redrawing whole people: value, low, high.

    Pairs of one person are no independent draws, people are (Bolle et al. 2004, subset bootstrap).
    A person drawn twice is not compared with itself as if it were two.
    """
    rng = np.random.default_rng(seed)
    people, each = apart.shape[:2]
    first, second = np.triu_indices(each, 1)
    draws: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(times):
        drawn = rng.integers(0, people, people)
        while len(set(drawn)) < 2:  # with few people, one of them alone may be drawn
            drawn = rng.integers(0, people, people)
        same = np.sort(apart[drawn[:, None], first, drawn[:, None], second].ravel())
        one, other = (drawn[i] for i in np.triu_indices(people, 1))
        apart_people = one != other
        different = np.sort(apart[one[apart_people], :, other[apart_people]].ravel())
        for name, figure in FIGURES.items():
            draws[name].append(figure(same, different))
    value = pairs(apart)
    return {
        name: (figure(*value), *map(float, np.quantile(draws[name], (0.025, 0.975))))
        for name, figure in FIGURES.items()
    }


def splits(people: int, each: int) -> list[tuple[Array, Array]]:
    """Seeded divisions of everybody's pictures: which are enrolled, which asked about."""
    half = min(ENROLLED, each // 2)
    orders = [
        np.random.default_rng(seed).permuted(np.tile(np.arange(each), (people, 1)), axis=1)
        for seed in range(SPLITS)
    ]
    return [(order[:, :half], order[:, half:]) for order in orders]


def to_people(descriptors: Array, found: Array, enrolled: Array, asked: Array) -> Array:
    """Distances [people, asked, people] from the pictures asked about to the enrolled people."""
    who = range(len(descriptors))
    centres = np.stack([centre([*descriptors[p, enrolled[p]][found[p, enrolled[p]]]]) for p in who])
    probes = np.take_along_axis(descriptors, asked[..., None], axis=1)
    apart = np.linalg.norm(probes[:, :, None] - centres, axis=-1)
    result: Array = np.where(np.take_along_axis(found, asked, 1)[..., None], apart, ABSENT)
    return result


def identification_errors(descriptors: Array, found: Array) -> Array:
    """Per split, the share of pictures given to a wrong person; one without a face is wrong."""
    errors = []
    for enrolled, asked in splits(*found.shape):
        apart = to_people(descriptors, found, enrolled, asked)
        right = apart.argmin(2) == np.arange(len(apart))[:, None]
        errors.append(1 - (right & np.take_along_axis(found, asked, 1)).mean())
    return np.array(errors)


def open_set(descriptors: Array, found: Array, threshold: float) -> tuple[Array, Array]:
    """Per split, with every other person enrolled: share rightly named, and strangers named."""
    named, falsely = [], []
    for seed, (enrolled, asked) in enumerate(splits(*found.shape)):
        known = np.random.default_rng(seed).permutation(len(found)) < len(found) // 2
        apart = to_people(descriptors, found, enrolled, asked)[:, :, known]
        passed = apart.min(2) <= threshold
        right = np.flatnonzero(known)[apart.argmin(2)] == np.arange(len(found))[:, None]
        named.append((passed & right)[known].mean())
        falsely.append(passed[~known].mean())
    return np.array(named), np.array(falsely)
