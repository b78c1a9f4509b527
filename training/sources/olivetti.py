"""Olivetti faces: 40 people, ten pictures each, 64 x 64 grey, taken at AT&T Laboratories Cambridge.

Every choice of ours is made on people 1 to 20; people 21 to 40 are `test`.
"""

import numpy as np
import scipy.io

from models.decode import Pixels
from training import sources

PEOPLE, EACH, SIDE = 40, 10, 64
CHOSEN_ON, TEST, ALL = slice(0, 20), slice(20, 40), slice(0, 40)
SPLITS = {"test": TEST, "all 40 people": ALL, "people 1 to 20": CHOSEN_ON}


def pictures() -> Pixels:
    """uint8 [40, 10, 64, 64, 3], grey as RGB. Raises what sources.fetch raises."""
    path = sources.fetch("olivetti", "olivettifaces.mat")
    columns = scipy.io.loadmat(path)["faces"].astype(np.uint8)  # pixels in rows, pictures across
    grey = columns.T.reshape(PEOPLE, EACH, SIDE, SIDE).swapaxes(2, 3)
    return np.repeat(grey[..., None], 3, axis=-1)
