"""What a stranger's column of truth says: which of its words mean normal, and which do not.

    found = labels.read(["Normal", "normal.", "DoS"])
    found.abnormal()                      # bool [n], or None where somebody has to say it

Capitals, spaces and a final point do not count. Where no word is known, or both kinds could be
meant, nothing is guessed: `words` are what the visitor can choose from.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import deadline
from models.decode import numbers

Flags = np.ndarray[Any, np.dtype[np.bool_]]
NORMAL = frozenset(
    (
        *("normal", "benign", "ok", "okay", "good", "legit", "legitimate", "genuine", "honest"),
        *("clean", "healthy", "nominal", "regular", "background", "negative"),
        *("no", "false", "n", "f", "not fraud", "no fraud", "non-fraud", "no attack"),
        *("no anomaly", "no fault", "fault free"),
    )
)
ABNORMAL = frozenset(
    (
        *("abnormal", "anomaly", "anomalous", "attack", "malicious", "intrusion", "fraud"),
        *("fraudulent", "outlier", "fault", "faulty", "failure", "broken", "bad", "positive"),
        *("yes", "true", "y", "t"),
    )
)
ZERO, ONE = frozenset(("0", "0.0")), frozenset(("1", "1.0"))
OFFERED = 50  # words that a visitor can choose from, the commonest


@dataclass(frozen=True)
class Labels:
    """cells: [n], as they are written, stripped. words: the different ones as they are compared,
    the commonest first. normal: those of them that mean normal; empty where that is not known.

    empty: bool [n], whether a cell says nothing; such a row is neither.
    """

    cells: tuple[str, ...]
    words: tuple[str, ...]
    normal: frozenset[str]
    empty: Flags

    @property
    def open(self) -> bool:
        """Whether somebody has to say which word means normal."""
        return not self.normal

    def abnormal(self, normal: str | None = None) -> Flags | None:
        """Which rows are not normal: bool [n]. None where nobody said which word means that.

        normal: the word that means it, where the visitor chose one.
        """
        meant = frozenset([normal]) if normal in self.words else self.normal
        if not meant:
            return None
        not_normal = {cell: fold(cell) not in meant for cell in {*self.cells}}
        return np.array([not_normal[cell] for cell in self.cells], bool) & ~self.empty

    @property
    def note(self) -> str:
        """How the column was read, in words; "" where no cell of it means normal."""
        meant = [word for word in self.words if word in self.normal]
        if not meant:
            return ""
        rest = len(self.words) - len(meant)
        others = f"the other {rest} values do not" if rest != 1 else "the other value does not"
        return f"{_listed(meant)} mean{'s' * (len(meant) == 1)} normal, {others}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(words[:3])


def fold(cell: str) -> str:
    """A word as it is compared: without capitals, further spaces and a final point."""
    return " ".join(cell.casefold().replace("_", " ").split()).rstrip(".").rstrip()


def read(cells: Sequence[str], attacks: bool = False) -> Labels:
    """What a column of truth says.

    attacks: whether a word that is not known is the name of something that is not normal, as long
    as another means normal. Raises BusyError past the deadline of `deadline.work`.
    """
    stripped = tuple(cell.strip() for cell in deadline.watched(cells))
    folded = {cell: fold(cell) for cell in {*stripped}}
    empty = np.array([numbers.is_empty(cell) for cell in stripped], bool)
    counts = Counter(folded[cell] for cell in stripped if not numbers.is_empty(cell))
    words = tuple(word for word, _ in counts.most_common())
    known = frozenset(word for word in words if word in NORMAL)
    bare = {*words} <= ZERO | ONE
    if bare:
        known = frozenset(word for word in words if word in ZERO)
        if not known:  # all are 1, and so all are told
            known = ZERO
    elif known and not attacks and not {*words} - known <= ABNORMAL:
        known = frozenset()
    elif not known and words and {*words} <= ABNORMAL:
        known = frozenset(["normal"])  # none is
    return Labels(stripped, words, known, empty)
