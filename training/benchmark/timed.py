"""How the benchmark compares two ways to do one thing: a row of its tables."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Timer = Callable[..., np.ndarray[Any, Any]]
Way = Callable[[], object]


def row(name: str, what: str, ways: Sequence[Way], seconds: Timer, least: int = 20) -> str:
    """A Markdown row: model, what, PyTorch, released, times as fast; medians in milliseconds.

    ways: by PyTorch, and as released. least: how often each is timed at least.
    """
    base, ours = (float(np.median(seconds(way, least=least))) * 1e3 for way in ways)
    return f"| `{name}` | {what} | {base:.1f} | {ours:.1f} | {base / ours:.1f} |"
