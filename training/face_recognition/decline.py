"""How recognition declines as pictures get smaller, blurred, darker and tilted.

Every even picture of a person is made worse and compared with the odd ones as they are; a picture
in which no face is found any more is refused in every pair.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from models.card import Setting, Table
from models.decode import Pixels
from models.face_recognition import worse
from models.face_recognition.quality import Quality
from training.face_recognition.pairs import ABSENT

Array = np.ndarray[Any, Any]
Seen = Callable[[Pixels], tuple[Array, Quality] | None]  # descriptor and quality, None: no face
LOSS = 0.1  # of the share accepted: what a level may cost before faces like it are refused
LEAST_FOUND = 0.1  # of the pictures: with fewer faces found, nothing can be told of a level


# What makes worse, the levels from mild to strong, the quality that tells, which setting it makes.
SWEEPS: dict[str, tuple[worse.Worse, tuple[float, ...], str, str]] = {
    "side (pixels)": (worse.smaller, (64, 48, 40, 32, 28, 24, 20, 16), "height", "least_height"),
    "blur (pixels)": (
        worse.blurred,
        (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0),
        "sharpness",
        "least_sharpness",
    ),
    "light (share)": (
        worse.darker,
        (1.0, 0.5, 0.3, 0.2, 0.1, 0.06, 0.04, 0.02),
        "light",
        "least_light",
    ),
    "tilt (degrees)": (worse.tilted, (0, 10, 20, 30, 40, 50, 60), "tilt", "most_tilt"),
}
COLUMNS = ["what", "level", "quality", "found", "accepted", "falsely accepted"]


def decline(people: Pixels, whole: Array, found: Array, see: Seen, threshold: float) -> Table:
    """Every level of every sweep: median quality, shares found, accepted and falsely accepted.

    people: uint8 [people, pictures, h, w, 3]; whole, found: the descriptors of all as they are.
    """
    odd, present = whole[:, 1::2], found[:, 1::2]
    rows: list[list[str | float | None]] = []
    for name, (worsen, levels, measure, _) in SWEEPS.items():
        for level in levels:
            same, different, qualities, seen_in = [], [], [], 0
            for p, person in enumerate(people[:, ::2]):
                for picture in person:
                    seen = see(worsen(picture, level))
                    apart = np.full(odd.shape[:2], ABSENT)
                    if seen is not None:
                        seen_in += 1
                        qualities.append(getattr(seen[1], measure))
                        apart = np.where(present, np.linalg.norm(odd - seen[0], axis=-1), ABSENT)
                    same.append(apart[p] <= threshold)
                    different.append(np.delete(apart, p, axis=0) <= threshold)
            middle = float(np.median(qualities)) if qualities else None
            shares = seen_in / len(same), float(np.mean(same)), float(np.mean(different))
            rows.append([name, float(level), middle, *shares])
    return Table(COLUMNS, rows, "people 1 to 20", people.shape[0] * people[0, ::2].shape[0])


def limits(table: Table) -> dict[str, Setting]:
    """For every sweep the quality at its last level before the loss; faces beyond are refused.

    Of the pictures in which a face is still found: one that is not found is no wrong answer.
    """
    settings = {}
    for name, (_, _, measure, setting) in SWEEPS.items():
        rows = [[float(x or 0) for x in row[1:]] for row in table.rows if row[0] == name]
        known = [row for row in rows if row[2] >= LEAST_FOUND]
        shares = [accepted / found for _, _, found, accepted, _ in known]
        good = next((i for i, s in enumerate(shares) if s < shares[0] - LOSS), len(known)) - 1
        rule = (
            f"median {measure} at {name} {known[good][0]:g}, the last level at which those found "
            f"are accepted less than {LOSS:.0%} more seldom (table decline)"
        )
        settings[setting] = Setting(known[good][1], rule, "people 1 to 20")
    return settings
