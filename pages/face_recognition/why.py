"""Why two faces match or differ: what in either makes them alike, and what the distance bears."""

import numpy as np
import streamlit as st

from models.catalog import Model
from models.decode import Pixels
from models.explain import Floats, Heat, Progress, is_flat
from models.explain.occlusion import falls
from models.face_detection import detect
from models.face_detection.boxes import crops
from models.face_detection.pyramid import resized
from models.face_recognition import distance, embed, worse
from models.face_recognition.align import align
from pages.face_recognition import faces, figures
from pages.face_recognition.faces import Seen
from pages.face_recognition.figures import Line
from pages.face_recognition.verify import Pair, decided
from pages.parts.draw import charts, inline, pictures
from pages.parts.explain import tiles
from pages.parts.job import later
from pages.parts.job.later import Tell
from pages.parts.state.held import held
from pages.parts.state.ours import Findings

CELLS = 10
AROUND = 2.2  # heights of the face that the made-worse picture holds
HIGH = 100  # pixels of the face in it
SWEEPS: dict[str, tuple[worse.Worse, tuple[float, ...]]] = {
    "light (share)": (worse.darker, (1.0, 0.6, 0.4, 0.2, 0.1, 0.05)),
    "blur (% of height)": (worse.blurred, (0, 1, 2, 4, 6, 8)),
    "tilt (degrees)": (worse.tilted, (0, 10, 20, 30, 45, 60)),
    "height (pixels)": (worse.smaller, (100, 60, 40, 30, 20, 14)),
}


def show(detection: Model, model: Model, pair: Pair, limit: float) -> None:
    """Both maps, then the four ways to make the first face worse."""
    one, other, aims = pair.one, pair.other, pair.descriptors
    if not decided(model, pair):
        st.caption("Nothing was decided about these two, so there is nothing to explain.")
        return
    both = faces.public(one, other)
    public = None if both is None else (*both, "why", detection.release, model.release)
    reasons = held(f"{faces.OWN}_why", (one.key, other.key), lambda: Findings(public))
    heats = later.found(
        reasons, ("heats",), "Both maps come", lambda tell: _both(model, one, other, aims, tell)
    )
    if heats is not None:
        _maps(heats, one, other, pair.verdict.same)
    lines = later.found(
        reasons,
        ("lines",),
        "What the distance bears comes",
        lambda tell: bears(detection, model, one, aims[1], tell("Making the first face worse")),
    )
    if lines is None:
        return
    st.markdown("**How poor may a photo be?** The first face, made worse in four ways:")
    charts.show(figures.moves(lines, limit), key="moves")
    st.caption("Where a line ends, no face was found any more. Dotted: the threshold.")


def _both(model: Model, one: Seen, other: Seen, aims: Floats, tell: Tell) -> tuple[Heat, Heat]:
    """Both maps: what of each face holds it near to the other."""
    return (
        _covered(model, one.crop, aims[1], tell("Covering the first face")),
        _covered(model, other.crop, aims[0], tell("Covering the second face")),
    )


def _covered(model: Model, crop: Pixels, aim: Floats, progress: Progress) -> Heat:
    """How much farther from `aim` the face lies while each place of it is covered."""

    def nearness(images: Pixels) -> tuple[Floats, float]:
        found, run = embed(model, [*images])
        near: Floats = -np.linalg.norm(found - aim, axis=1)
        return near, run.seconds

    return falls(nearness, crop, CELLS, progress)


def _maps(heats: tuple[Heat, Heat], one: Seen, other: Seen, same: bool) -> None:
    title = "What makes them alike?" if same else "What keeps them from lying farther apart?"
    st.markdown(f"**{title}** Bright: covering this moves the two faces apart.")
    for place, heat, seen, name in zip(
        st.columns(2), heats, (one, other), ("first", "second"), strict=True
    ):
        grown, shrunk = float(heat.values.max()), float(-heat.values.min())
        with place:
            st.image(
                inline.photo(pictures.overlay(seen.crop, tiles.speaks_for(heat.values)), 260),
                width=260,
                alt=f"What makes the {name} face like the other: {tiles.where(heat.values)}.",
            )
            if is_flat(heat.values):
                st.caption(
                    "The map is flat: whatever was covered, the distance stayed, so no part of "
                    "this face can be called the one that matters."
                )
                continue
            st.caption(
                f"Covered at its brightest, the distance grows by {max(grown, 0):.2f}; covered "
                f"where it differs most, it shrinks by {max(shrunk, 0):.2f}. "
                f"The network was asked {heat.passes} times, {heat.seconds * 1000:,.0f} ms."
            )


def bears(
    detection: Model, model: Model, seen: Seen, aim: Floats, progress: Progress
) -> dict[str, Line]:
    """For every sweep its levels and the distance to `aim` there, None where no face is found."""
    around = _around(seen)
    lines: dict[str, Line] = {}
    done, total = 0, sum(len(levels) for _, levels in SWEEPS.values())
    for name, (worsen, levels) in SWEEPS.items():
        values: list[float | None] = []
        for level in levels:
            progress(done, total)
            done += 1
            size = level * len(around) / HIGH if worsen is worse.smaller else level
            values.append(_apart(detection, model, worsen(around, size), aim))
        lines[name] = levels, values
    return lines


def _around(seen: Seen) -> Pixels:
    """The face with what is around it, so that it is `HIGH` pixels high."""
    left, top, right, bottom = seen.face.box
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    half = AROUND * seen.face.height / 2
    box = np.concatenate([middle - half, middle + half]).astype(np.float32)[None]
    cut = crops(seen.picture, box, round(AROUND * min(HIGH, seen.face.height)))[0]
    return resized(cut, round(AROUND * HIGH), round(AROUND * HIGH))


def _apart(detection: Model, model: Model, picture: Pixels, aim: Floats) -> float | None:
    there = detect(detection, picture)
    if not there.faces or there.turned:
        return None
    found, _ = embed(model, [align(there.picture, there.faces[0].points)])
    return distance(found[0], aim)
