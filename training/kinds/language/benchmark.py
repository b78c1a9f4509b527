"""The benchmark's rows of the models of text: PyTorch eager against the released graphs.

One step, one thousand words scored, five hundred ids written, the gradient of one word; and what
one typed letter costs a visitor, which nothing is compared with.
"""

from functools import partial

import numpy as np
import torch

from models.catalog import Model
from models.explain import next_word
from models.kinds.language import memory, suggest
from models.kinds.language.writing import Drawing
from training.core import timed
from training.core.timed import Tables, Way
from training.kinds.language import graphs
from training.kinds.language.network import Network, State

TEXT = timed.versus("text")
WORDS, WRITTEN = 1_000, 500


def fresh(model: Model) -> Network:
    """A network of the model's size; its weights' values do not change the time."""
    config = model.card.training.config
    size = memory.vocabulary(model).size
    made = Network(size, config["width"], config["hidden"], config["layers"]).eval()
    return made.requires_grad_(False)


def written_by_pytorch(network: Network, length: int, drawing: Drawing) -> int:
    """The loop of models/kinds/language/writing.py around the eager network."""
    rng, state, one = np.random.default_rng(0), network.start(1), 0
    with torch.inference_mode():
        for _ in range(length):
            logits, state = network(torch.tensor([[one]]), state)
            one = drawing.draw(logits[0, -1].softmax(0).numpy(), rng)
    return one


def written(model: Model, length: int, drawing: Drawing) -> int:
    """`length` ids by the released graph; at a text's end it goes on."""
    rng = np.random.default_rng(0)
    moment = memory.read(model, np.zeros(1, np.int64))
    for _ in range(length):
        moment = memory.follow(model, moment, drawing.draw(moment.shares, rng))
    return int(moment.ids[-1])


def tables(model: Model) -> Tables:
    """The rows of a model that writes on."""
    network, drawing = fresh(model), Drawing()
    file = model.card.graph("gradients", model.precision("gradients"))
    golden = model.arrays("golden.npz")
    slopes = {t.name: golden[f"gradients.in.{t.name}"][:1] for t in file.inputs}
    ids = np.resize(golden["predict.in.ids"], round(WORDS * 1.4)).astype(np.int64)
    one, state = torch.zeros((1, 1), dtype=torch.int64), network.start(1)

    def step() -> tuple[torch.Tensor, State]:
        with torch.inference_mode():
            found: tuple[torch.Tensor, State] = network(one, state)
        return found

    def scored() -> torch.Tensor:
        given = torch.from_numpy(ids)[None]
        with torch.inference_mode():
            logits, _ = network(given[:, :-1], network.start(1))
            return torch.nn.functional.cross_entropy(logits[0], given[0, 1:], reduction="none")

    autograd = graphs.Autograd(network)
    tensors = [torch.from_numpy(array) for array in slopes.values()]
    pairs: dict[str, tuple[Way, Way]] = {
        "one step": (step, partial(memory.step, model, np.zeros(1, np.int64), memory.empty(model))),
        f"score {WORDS:,} words": (scored, partial(memory.surprisals, model, ids)),
        f"write {WRITTEN} ids": (
            partial(written_by_pytorch, network, WRITTEN, drawing),
            partial(written, model, WRITTEN, drawing),
        ),
        "gradient over 64 ids": (
            partial(autograd, *tensors),
            partial(next_word.slopes, model, slopes),
        ),
    }
    made = [timed.row(model.card.name, what, ways) for what, ways in pairs.items()]
    if not memory.vocabulary(model).characters:
        known = suggest(model, "I went to the garden and saw").moment
        live = partial(suggest, model, "I went to the garden and saw th", known=known)
        made.append(
            f"| `{model.card.name}` | three words after a letter | "
            f"| {timed.milliseconds(live):.1f} | |"
        )
    return {TEXT: made}
