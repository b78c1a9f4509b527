"""Gradient methods: what a small change of each pixel would do to the answer.

They run the graph `gradients` of a model: float32 `image` (bytes 0 to 255, not rounded) and
`target`, a weight for each class, one-hot for one of them, to `logits`, `cam` and `input_gradient`,
the latter of the weighed logits. The weights of a group are known only after its logits, so that it
takes two passes for one.
Pictures are [height, width] or [height, width, channels].
"""

import numpy as np

from models.catalog import Model
from models.engine import MAX_BATCH, infer
from models.explain import (
    Floats,
    Heat,
    Pixels,
    Progress,
    Target,
    check_target,
    classes_of,
    flat,
    members,
    shares_in,
    silent,
)
from models.kinds.classifier import energy

FORWARD = ("logits", "cam")  # of this graph, whatever others give logits too
SAMPLES, STEPS = 32, 32
LEAST_RISE = 0.05  # of a logit: below it there is nothing that the parts could sum to
NOISE = 0.15  # of the picture's range: Smilkov et al. used 10 to 20 %
# Numbers of pictures that go through at once. The backward half needs all that the forward half
# gave: of one photo about 100 MB, and more photos at once are no faster.
AT_ONCE = 2**18


def gradient(model: Model, image: Pixels, target: Target, *, progress: Progress = silent) -> Heat:
    """Size of the gradient at each pixel, its largest channel (Simonyan et al. 2013, 1312.6034)."""
    _, slopes, seconds = _slopes(model, image[None].astype(np.float32), target, progress)
    return Heat(_largest(slopes[0]), passes=_asked(target, 1), seconds=seconds)


def gradient_x_input(
    model: Model, image: Pixels, target: Target, *, progress: Progress = silent
) -> Heat:
    """Gradient times how far each pixel is from the picture's mean colour, summed over channels.

    Shrikumar et al. 2016, arXiv:1605.01713. Negative where a pixel speaks against the class.
    """
    given = image.astype(np.float32)
    _, slopes, seconds = _slopes(model, given[None], target, progress)
    return Heat(
        _summed(slopes[0] * (given - flat(image))), passes=_asked(target, 1), seconds=seconds
    )


def smooth_grad(
    model: Model,
    image: Pixels,
    target: Target,
    *,
    progress: Progress = silent,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Heat:
    """The gradient averaged over noisy copies of the picture (Smilkov et al. 2017, 1706.03825)."""
    rng = np.random.default_rng(seed)
    spread = NOISE * float(np.ptp(image))
    noise = rng.standard_normal((samples, *image.shape), np.float32) * np.float32(spread)
    _, slopes, seconds = _slopes(model, image + noise, target, progress)
    return Heat(_largest(slopes.mean(0)), passes=_asked(target, samples), seconds=seconds)


def integrated_gradients(
    model: Model,
    image: Pixels,
    target: Target,
    *,
    progress: Progress = silent,
    steps: int = STEPS,
) -> Heat:
    """Gradients on the way from the picture's mean colour to the picture, times that way.

    Sundararajan et al. 2017, arXiv:1703.01365, midpoint rule. The parts should sum to how much
    the logit rose on the way; `gap` is the share of that rise that they miss, None without one.
    """
    start = flat(image).astype(np.float32)
    way = image - start
    at = ((np.arange(steps) + 0.5) / steps).reshape(-1, *[1] * image.ndim).astype(np.float32)
    _, slopes, seconds = _slopes(model, start + at * way, target, progress)
    parts = slopes.mean(0) * way
    ends, _, took = _slopes(model, np.stack([start, image]).astype(np.float32), target, silent)
    rise = float(ends[1] - ends[0])
    gap = abs(float(parts.sum()) - rise) / abs(rise) if abs(rise) > LEAST_RISE else None
    return Heat(_summed(parts), passes=_asked(target, steps + 2), seconds=seconds + took, gap=gap)


def _slopes(
    model: Model, images: Floats, target: Target, progress: Progress
) -> tuple[Floats, Floats, float]:
    """Of float32 [n, ...]: the target's scores [n], their gradients [n, ...], and the seconds."""
    classes = classes_of(model)
    check_target(target, classes)
    inside = members(target)
    logits, slopes, seconds = [], [], 0.0
    names = ("logits", "input_gradient")
    several = max(1, min(MAX_BATCH, AT_ONCE // images[0].size))
    for start in range(0, len(images), several):
        progress(start, len(images))
        batch = images[start : start + several]
        weights = np.zeros((len(batch), classes), np.float32)
        weights[:, inside] = 1
        if len(inside) > 1:
            before = infer(model, {"image": batch, "target": weights}, outputs=FORWARD)
            weights = shares_in(before["logits"], target)
            seconds += before.seconds
        run = infer(model, {"image": batch, "target": weights}, outputs=names)
        logits.append(energy(run["logits"][:, inside]))
        slopes.append(run["input_gradient"])
        seconds += run.seconds
    progress(len(images), len(images))
    return np.concatenate(logits), np.concatenate(slopes), seconds


def _asked(target: Target, pictures: int) -> int:
    """Passes that so many pictures take."""
    return pictures * min(2, len(members(target)))


def _largest(slopes: Floats) -> Floats:
    size = np.abs(slopes)
    return size.max(-1) if size.ndim == 3 else size


def _summed(parts: Floats) -> Floats:
    summed: Floats = parts.sum(-1) if parts.ndim == 3 else parts
    return summed
