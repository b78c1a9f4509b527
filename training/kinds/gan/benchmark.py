"""The benchmark's rows of generators: PyTorch eager against the released graphs.

A grid of pictures, one picture, and the discriminator's opinion of the grid.
"""

from functools import partial

import numpy as np
import torch
from torch import nn

from models.catalog import Model
from models.kinds import generator as making
from training.core import timed
from training.core.timed import Array, Tables, Way
from training.kinds.gan.graphs import Made, Opinion
from training.kinds.gan.network import Discriminator, Generator

MAKING = timed.versus("making pictures")


def fresh(model: Model) -> tuple[nn.Module, nn.Module]:
    """Both networks in PyTorch, of the model's size; what their weights are takes no time."""
    graph = model.card.graph("predict", model.precision())
    image = next(tensor for tensor in graph.outputs if tensor.name == "image")
    side, colours = (int(length) for length in image.shape[2:])
    config = model.card.training.config
    sizes = {"widths": config["widths"], "patch": config["patch"]}
    classes = len(model.card.labels)
    generator = Generator(
        side, colours, classes, making.latent(model), **sizes, smooth=config.get("smooth", False)
    )
    discriminator = Discriminator(side, colours, classes, **sizes)
    return Made(generator).eval(), Opinion(discriminator, 1.0, [0.0] * classes).eval()


def tables(model: Model, grid: int) -> Tables:
    """The rows of a generator. grid: how many pictures its page makes at once."""
    maker, judge = fresh(model)
    rows = []
    for n in (1, grid):
        latents = making.draw(model, 0, n)
        wanted = making.one_hot(model, np.arange(n) % len(model.card.labels))
        pictures = making.make(model, latents, wanted).pictures
        what = "one picture" if n == 1 else f"{n} pictures"
        pairs: dict[str, tuple[Way, Way]] = {
            what: (
                partial(_run, maker, latents, wanted),
                partial(making.make, model, latents, wanted),
            ),
            f"opinion of {what}": (
                partial(_run, judge, pictures, wanted),
                partial(making.odds, model, pictures, wanted),
            ),
        }
        rows += [timed.row(model.card.name, name, ways) for name, ways in pairs.items()]
    return {MAKING: rows}


def _run(module: nn.Module, *given: Array) -> object:
    with torch.inference_mode():
        return module(*(torch.from_numpy(array) for array in given))
