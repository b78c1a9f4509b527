"""How the benchmark times what it compares, and the rows that say so.

A module `benchmark` of a model's folder has `tables() -> Tables`: what it adds to which table.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Way = Callable[[], object]
Tables = dict[str, list[str]]  # the head of a table in Markdown -> its rows


def seconds(call: Way, budget: float = 6.0, least: int = 20) -> Array:
    """Wall time of each call, warmed up by three; as many as fit the budget, at least `least`.

    A call that takes a good part of the budget, of which few are asked, is warmed up by one.
    """
    for _ in range(min(3, least - 1)):
        call()
    times: list[float] = []
    end = time.perf_counter() + budget
    while len(times) < least or (time.perf_counter() < end and len(times) < 500):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return np.array(times)


def milliseconds(call: Way, least: int = 20) -> float:
    """The median of `seconds`, in milliseconds."""
    return float(np.median(seconds(call, least=least))) * 1e3


def head(*columns: str) -> str:
    """The head of a table in Markdown."""
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def versus(kind: str) -> str:
    """The head over rows of `row`."""
    return head(kind, "what", "PyTorch eager", "released", "times as fast")


def row(name: str, what: str, ways: Sequence[Way], least: int = 20) -> str:
    """A Markdown row: model, what, PyTorch, released, times as fast; medians in milliseconds.

    ways: by PyTorch, and as released. least: how often each is timed at least.
    """
    base, ours = (milliseconds(way, least) for way in ways)
    return f"| `{name}` | {what} | {base:.1f} | {ours:.1f} | {base / ours:.1f} |"
