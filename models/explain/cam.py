"""Grad-CAM in closed form.

Selvaraju et al. 2017, arXiv:1610.02391. Where a network ends in a mean over places and one linear
layer, the gradient of a class at the feature map is that class's weights, the same at every place,
so the map is a weighted sum that the graph gives as `class_map` (Zhou et al. 2016,
arXiv:1512.04150). No gradient is computed.
"""

import numpy as np

from models.catalog import Model
from models.engine import infer
from models.explain import Heat, Pixels, Progress, check_target, enlarge, silent


def grad_cam(model: Model, image: Pixels, target: int, *, progress: Progress = silent) -> Heat:
    """Evidence for `target` at each place, negative parts cut off, enlarged to the image."""
    progress(0, 1)
    run = infer(model, {"image": image[None]}, outputs=("class_map",))
    evidence = run["class_map"][0]
    check_target(target, evidence.shape[2])
    values = enlarge(np.maximum(evidence[:, :, target], 0), *image.shape[:2])
    progress(1, 1)
    return Heat(values, passes=1, seconds=run.seconds)
