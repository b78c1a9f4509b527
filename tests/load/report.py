"""What crowds saw, as a table in Markdown."""

from collections.abc import Sequence

import numpy as np

from tests.load.crowd import Crowd

COLUMNS = (
    "visitors",
    "answers/s",
    "words p50",
    "words p95",
    "stands p50",
    "stands p95",
    "opening p50",
    "opening p95",
    "first map p50",
    "first map p95",
    "errors",
    "busy",
    "MB peak",
    "MB after",
    "server CPU an answer",
)


def quantile(seconds: Sequence[float], share: float) -> float | None:
    """That quantile, or None of nothing."""
    return float(np.quantile(seconds, share)) if seconds else None


def duration(seconds: float | None) -> str:
    """In milliseconds below a second."""
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def row(crowd: Crowd) -> list[str]:
    """One row, without its edges."""
    series = (crowd.words, crowd.stands, crowd.opening, crowd.first_map)
    return [
        str(crowd.visitors),
        f"{crowd.rate:.1f}",
        *(duration(quantile(times, share)) for times in series for share in (0.5, 0.95)),
        str(len(crowd.errors)),
        str(crowd.busy),
        f"{crowd.peak:.0f}",
        f"{crowd.after:.0f}",
        duration(crowd.cpu / len(crowd.words) if crowd.words else None),
    ]


def line(cells: Sequence[str]) -> str:
    """One line of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> str:
    """A whole one, or its head."""
    return "\n".join(line(cells) for cells in (columns, ["---"] * len(columns), *rows))
