"""The benchmark of `digits`: both networks on one digit, in PyTorch and released."""

from functools import partial

import numpy as np
import torch

from models import catalog, digits
from training.core import timed
from training.core.timed import Tables
from training.digits.network import Convolutional, Recurrent, answers


def tables() -> Tables:
    """One digit, by each network."""
    model = catalog.load("digits")
    sound = np.random.default_rng(0).random((digits.BANDS, digits.FRAMES), np.float32)
    networks = {"convolutional": Convolutional().eval(), "recurrent": Recurrent().eval()}

    def by_pytorch(name: str) -> None:
        with torch.inference_mode():
            answers(networks[name], torch.from_numpy(sound[None]))

    rows = [
        timed.row(
            "digits",
            f"one digit, {name}",
            (partial(by_pytorch, name), partial(digits.predict, model, [sound], name)),
        )
        for name in networks
    ]
    return {timed.versus("sound"): rows}
