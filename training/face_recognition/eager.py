"""PyTorch modules in place of a released model's graphs: the same way around them, timed alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from models.card import Precision
from models.catalog import Model

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Session:
    """One module, called as an ONNX session is."""

    module: nn.Module
    outputs: tuple[str, ...]
    provider: str = "PyTorch"

    def run(self, outputs: Sequence[str], feeds: Mapping[str, Array], until: float) -> list[Array]:
        """The outputs of that name for arrays in the order of the module's inputs."""
        del until
        with torch.inference_mode():
            found = self.module(*(torch.from_numpy(array) for array in feeds.values()))
        named = dict(
            zip(self.outputs, found if isinstance(found, tuple) else (found,), strict=True)
        )
        return [named[name].numpy() for name in outputs]


@dataclass(frozen=True)
class Eager:
    """Modules by the name of the graph that they stand for."""

    sessions: Mapping[str, Session]

    def precision(self, graph: str = "predict") -> Precision:
        """That of PyTorch here."""
        del graph
        return "fp32"

    def graph_with(self, outputs: Sequence[str]) -> str:
        """The first module that gives all these outputs."""
        return next(n for n, s in self.sessions.items() if set(outputs) <= set(s.outputs))

    def session(self, graph: str, precision: Precision) -> Session:
        """The module of that graph."""
        del precision
        return self.sessions[graph]


def model(**sessions: Session) -> Model:
    """Modules as whatever `engine.infer` asks of a model."""
    return cast(Model, Eager(sessions))
