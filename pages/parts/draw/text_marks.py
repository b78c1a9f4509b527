"""A text of strangers in Markdown: shown as it is, and coloured by how surprising each word was."""

import math
from collections.abc import Sequence
from typing import Any

from pages.parts.draw.words import plain

# From how many bits on: the colour of Streamlit's Markdown, and what it means.
LEVELS = (
    (0.0, "gray", "expected"),
    (4.0, "blue", "usual"),
    (8.0, "orange", "surprising"),
    (12.0, "red", "very surprising"),
)


def lines(text: str) -> str:
    """The same with its line breaks."""
    return "  \n".join(plain(line) for line in text.splitlines())


def bits(nats: Any) -> Any:
    """Nats, one number or an array, as bits: a word of 3 bits was one of eight as likely."""
    return nats / math.log(2)


def level(cost: float) -> tuple[float, str, str]:
    """Which of `LEVELS` a cost in bits has."""
    return [one for one in LEVELS if cost >= one[0]][-1]


def coloured(words: Sequence[str], surprisals: Sequence[float]) -> str:
    """Every word on its colour, with its bits behind it in small."""
    return " ".join(_word(word, cost) for word, cost in zip(words, surprisals, strict=True))


def _word(word: str, cost: float) -> str:
    gap = "\N{NO-BREAK SPACE}"  # a word and its bits stay on one line
    return _on(level(cost)[1], f"{plain(shortened(word, 40))}{gap}:small[{cost:.0f}]")


def _on(colour: str, shown: str) -> str:
    inked = shown if colour == "gray" else f":{colour}[{shown}]"
    return f":{colour}-background[{inked}]"


def legend() -> str:
    """What the colours mean, in Markdown."""
    parts = ", ".join(_on(colour, meaning) for _, colour, meaning in LEVELS)
    return f"{parts}. The number behind a word, in bits, is larger the more it surprised."


def shortened(word: str, most: int = 18) -> str:
    """A word that fits beside a chart."""
    return word if len(word) <= most else f"{word[: most - 1]}…"
