"""Grad-CAM in closed form.

Selvaraju et al. 2017, arXiv:1610.02391. Where a network ends in a mean over places and one linear
layer, the gradient of a class at the feature map is that class's weights, the same at every place,
so the map is a weighted sum that the graph gives as `class_map` (Zhou et al. 2016,
arXiv:1512.04150). No gradient is computed.
"""

import numpy as np

from models.catalog import Model
from models.engine import Run, infer
from models.explain import (
    Heat,
    Pixels,
    Progress,
    Target,
    check_target,
    enlarge,
    members,
    shares_in,
    silent,
)

READ = ("class_map",)  # the outputs that the map is read from


def grad_cam(model: Model, image: Pixels, target: Target, *, progress: Progress = silent) -> Heat:
    """Evidence for `target` at each place, negative parts cut off, enlarged to the image."""
    progress(0, 1)
    wanted = READ if len(members(target)) == 1 else ("logits", *READ)
    heat = read(infer(model, {"image": image[None]}, outputs=wanted), image, target)
    progress(1, 1)
    return heat


def read(run: Run, image: Pixels, target: Target) -> Heat:
    """The same from a run on that image alone, such as gave the answer, if it gave `READ` too.

    Of a group the run gives `logits` besides.
    """
    evidence = run["class_map"][0]
    check_target(target, evidence.shape[2])
    inside = members(target)
    told = evidence[:, :, inside[0]]
    if len(inside) > 1:
        told = evidence @ shares_in(run["logits"][:1], target)[0]
    values = enlarge(np.maximum(told, 0), *image.shape[:2])
    return Heat(values, passes=1, seconds=run.seconds)


def readable(run: Run) -> bool:
    """Whether a run gave what the map is read from, see `Model.together`."""
    return set(READ) <= set(run.arrays)
