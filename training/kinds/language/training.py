"""Trains a recurrent network of text; text_prediction and shakespeare are two configurations.

    trained = train(Config(), corpus, Path("runs/text_prediction"))

Backpropagation goes through one window of a stream of all texts; the state is carried from window
to window (truncated, Williams and Peng 1990). An epoch is a stretch of that stream.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models import catalog
from models.card import Training
from models.kinds.language.reading import Vocabulary
from training.core import loop, release
from training.kinds.language import data, onnx_lstm
from training.kinds.language.data import Corpus
from training.kinds.language.network import Network, Reader

Array = np.ndarray[Any, Any]
PART = 500  # ids of a text that validation looks at


@dataclass(frozen=True)
class Config(loop.LoopConfig):
    """Every choice that makes one run; an epoch is a stretch of the stream with a checkpoint."""

    epochs: int = 24
    batch: int = 32  # lanes; 64 were no faster a token and make half as many steps
    window: int = 64  # tokens that the gradient goes back through
    windows: int = 390  # in an epoch
    warmup: float = 0.03
    rate: float = 4e-3  # peak; of 1.5e-3, 3e-3 and 6e-3 the higher were better over 500,000 tokens
    weight_decay: float = 0.01
    clip: float = 1.0  # largest norm of a step's gradient
    forget: float = 0.03  # chance that a lane's state is dropped before a window, as at a start
    width: int = 256
    hidden: int = 768
    layers: int = 1
    dropout: float = 0.1  # little: the network sees each text less than three times
    vocabulary: int = data.VOCABULARY


@dataclass(frozen=True)
class Trained:
    """A finished run: the weights of the epoch with the least validation loss.

    hardware: what it ran on, where that was another machine.
    """

    network: Network
    tokenizer: str
    history: list[dict[str, float]]
    hardware: str = ""


def vocabulary_of(corpus: Corpus, config: Config, run: Path) -> str:
    """`tokenizer.json`, learned once a run: kept in its folder beside the checkpoint."""
    path = run / "tokenizer.json"
    if not path.exists():
        made = (
            data.subwords(corpus.train, config.vocabulary)
            if config.vocabulary
            else data.characters(corpus.train)
        )
        run.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@torch.no_grad()
def nats(network: Network, texts: list[np.ndarray], longest: int) -> float:
    """Mean nats of the first `longest` ids after the start, over all texts."""
    ids = torch.full((len(texts), longest + 1), -100)
    for row, text in zip(ids, texts, strict=True):
        row[: len(text)] = torch.from_numpy(text[: longest + 1].astype(np.int64))
    lost = []
    for part in torch.split(ids, 10):
        logits, _ = network(part[:, :-1].clamp_min(0), network.start(len(part)))
        each = F.cross_entropy(
            logits.flatten(0, 1).float(), part[:, 1:].flatten(), reduction="none"
        )
        lost.append(each)
    return float(torch.cat(lost).sum() / (ids[:, 1:] >= 0).sum())


def parts(ids: Array) -> list[Array]:
    """A text as it is, a long one such as plays in parts of `PART` ids."""
    return [ids] if len(ids) < 10 * PART else np.array_split(ids, len(ids) // PART)


def evaluate(reader: nn.Module, held: dict[str, list[np.ndarray]]) -> dict[str, float]:
    """Nats a token on some validation texts of each kind."""
    network = reader.get_submodule("network")
    assert isinstance(network, Network)
    return {f"{kind}_nats": nats(network, texts[:100], PART) for kind, texts in held.items()}


def train(config: Config, corpus: Corpus, run: Path) -> Trained:
    """Train, or go on; folder `run` holds vocabulary, checkpoint and the best weights so far."""
    torch.manual_seed(config.seed)
    vocabulary = Vocabulary(vocabulary_of(corpus, config, run))
    texts = data.encoded(vocabulary, corpus.train)
    held = {
        kind: [part for ids in data.encoded(vocabulary, some) for part in parts(ids)]
        for kind, some in corpus.validation.items()
    }
    length = config.epochs * config.windows * config.window + 1
    stream = torch.from_numpy(data.lanes(texts, config.batch, length, config.seed))
    size = vocabulary.size
    network = Network(size, config.width, config.hidden, config.layers, config.dropout)
    reader = Reader(network)
    weights = [p for p in network.parameters() if p.ndim > 1]
    groups: list[dict[str, Any]] = [
        {"params": weights},
        {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(
        groups, lr=config.rate, weight_decay=config.weight_decay, betas=(0.9, 0.99), fused=True
    )

    loop.clip(optimiser, network, config.clip)

    def draw(indices: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        lane, place = indices % config.batch, int(indices[0]) // config.batch
        ids = stream[lane, place * config.window : (place + 1) * config.window + 1]
        fresh = torch.rand(len(lane), generator=generator) < config.forget
        # An epoch begins without states, so a checkpoint needs none.
        return ids.long(), fresh | (place % config.windows == 0)

    def judge(module: nn.Module) -> dict[str, float]:
        figures = evaluate(module, held)
        keep_best(module, sum(figures.values()), run / "best.pt")
        return figures

    result = loop.fit(
        reader,
        optimiser,
        lambda module, batch: {"loss": module(*batch)},
        loop.Batches(config.batch * config.windows, draw, ordered=True),
        config=config,
        run=run,
        evaluate=judge,
    )
    if (run / "best.pt").exists():
        best = torch.load(run / "best.pt", weights_only=True, map_location="cpu")
        result.module.cpu().load_state_dict(best["weights"])
    kept = result.module.get_submodule("network")
    assert isinstance(kept, Network)
    return Trained(kept.cpu().eval(), vocabulary_of(corpus, config, run), result.history)


def keep_best(module: nn.Module, loss: float, path: Path) -> None:
    """Write the weights where no earlier epoch of the run had a smaller validation loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and torch.load(path, weights_only=True)["loss"] <= loss:
        return
    partial = path.with_suffix(".part")
    torch.save({"loss": loss, "weights": module.state_dict()}, partial)
    partial.replace(path)


def training_of(name: str, trained: Trained, config: Config) -> Training:
    """How the model is made again."""
    minutes = sum(row["seconds"] for row in trained.history) / 60
    return release.training_of(name, asdict(config), minutes, trained.hardware)


def released(name: str) -> tuple[Trained, Config]:
    """The weights and the config of the release that there is.

    What `step` holds is what was released, so a changed graph or measurement needs no training.
    """
    model = catalog.load(name)
    graph, made = model.card.graph("step", "int8"), model.card.training
    network = onnx_lstm.loaded(model.graph_bytes(graph)).eval()
    tokenizer = model.text("tokenizer.json")
    return Trained(network, tokenizer, model.card.history, made.hardware), Config(**made.config)
