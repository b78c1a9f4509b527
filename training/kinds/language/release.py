"""Releases text_prediction and shakespeare from their finished runs, and measures them.

Called by the scripts of those names. Every choice is made on validation texts; the test texts are
read once, by the released graphs, beside a modified Kneser-Ney 5-gram and single ids' frequencies
that learned the same ids of the same texts.
"""

import io
from functools import partial
from typing import Any

import numpy as np
import torch

from models.card import Card, Metric
from models.catalog import Model
from models.kinds.language.reading import Ids
from models.kinds.language.rivals import FILE
from training.core.release import Draft, Findings, RefusedError
from training.kinds.language import graphs
from training.kinds.language import measure as text_measure
from training.kinds.language.figures import Material, Plan, measure, measure_characters
from training.kinds.language.measure import Speaker
from training.kinds.language.network import Network

Array = np.ndarray[Any, Any]
__all__ = ["Material", "Plan", "draft"]
LOSS = 1.01  # what int8 weights may do to the perplexity


def eager(network: Network) -> Speaker:
    """The network in PyTorch, which can only tell what a text costs."""

    def surprisals(ids: Ids) -> Array:
        given = torch.from_numpy(ids)[None]
        with torch.inference_mode():
            logits, _ = network(given[:, :-1], network.start(1))
            nats = torch.nn.functional.cross_entropy(logits[0], given[0, 1:], reduction="none")
        return nats.numpy()

    def never(*_: Any) -> Any:
        raise NotImplementedError

    return Speaker(surprisals, never, never)


def choose(model: Model, material: Material) -> Findings:
    """On validation texts: what the rounding of the weights costs. RefusedError above 1 %."""
    network = material.network.eval()
    found = []
    for kind, texts in material.corpus.validation.items():
        some = texts[: material.plan.texts // 5]
        served, exact = (
            text_measure.surprisals(speaker, material.vocabulary, some)
            for speaker in (text_measure.network(model), eager(network))
        )
        values = [text_measure.word_perplexity(rows) for rows in (served, exact)]
        if not values[0] <= LOSS * values[1]:
            raise RefusedError(f"int8 weights make {values[1]:.2f} to {values[0]:.2f} on {kind}")
        found.append(
            Metric(
                "word_perplexity",
                values[0],
                f"validation, {kind}",
                len(some),
                "int8",
                baseline={"fp32": values[1]},
            )
        )
    return Findings(found)


def draft(card: Card, material: Material, must: bool = True) -> Draft:
    """Everything that the release needs to know; `must`: refuse what the 5-gram does as well."""
    chars = material.vocabulary.characters
    # Texts that may be passed on, since they lie in golden.npz: plays, or sentences, not reviews.
    *_, free = material.corpus.validation.values()
    held = np.concatenate([material.vocabulary.read(text[:4_000]).ids for text in free[:300]])
    texts = np.array_split(held[: len(held) // 16 * 16], 16)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **material.served)  # type: ignore[arg-type]
    return Draft(
        card,
        graphs.graphs(material.network, texts, material.plan.reach),
        partial(choose, material=material),
        partial(measure_characters if chars else measure, material=material, must=must),
        (),
        {"tokenizer.json": material.tokenizer.encode(), FILE: buffer.getvalue()},
    )
