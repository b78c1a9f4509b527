"""Short sentences of praise, pans and neither, put together from patterns, for sentiment to learn.

    texts, targets = sentences(40_000, np.random.default_rng(0), without=measured)

Reviews are long and say what they mean many times over, so that a network which learned from them
alone reads "not bad" by its one bad word. In these the same words stand with and without what turns
them round (contrast sets, Gardner et al. 2020, arXiv:2004.02709). None of them is measured on:
`without` keeps out what is.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LIKED, DISLIKED, MIXED = 1.0, 0.0, 0.5
# Of a hundred sentences so many say what their words say, or the opposite; are praise or pans of
# patterns of their own; have two halves of which one decides; say neither; are two in a row.
SHARES = {"same": 28, "turned": 26, "own": 16, "halves": 14, "neither": 12, "two": 4}
ALONE = ("same", "turned", "own")
_SLOT = re.compile(r"{(\w+)}")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")
_TITLE = re.compile(r"^\[(.+)\]$", re.MULTILINE)


def _lists() -> dict[str, list[str]]:
    """The words and patterns of each list in the file beside this one."""
    whole = Path(__file__).with_name("patterns.txt").read_text(encoding="utf-8")
    _, *parts = _TITLE.split(whole)
    named = zip(parts[::2], parts[1::2], strict=True)
    return {name: [" ".join(one.split()) for one in text.split("|")] for name, text in named}


LISTS = _lists()


def key(text: str) -> str:
    """A sentence by its words alone: no signs, small letters."""
    low = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(re.findall(r"[\w']+", low))


class Maker:
    """Fills patterns with words drawn at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def one(self, given: Sequence[str]) -> str:
        """One of them."""
        return given[int(self.rng.integers(len(given)))]

    def of(self, name: str, side: float) -> str:
        """A pattern of the list of that name, filled with the words of a side."""
        return self.filled(self.one(LISTS[name]), side)

    def filled(self, pattern: str, side: float) -> str:
        """The pattern, its slots filled with the words of a side; a capital for a capital."""

        def word(found: re.Match[str]) -> str:
            name = found[1]
            made = self.slot(name[0].lower() + name[1:], side)
            return made[:1].upper() + made[1:] if name[0].isupper() else made

        return _SLOT.sub(word, pattern)

    def slot(self, name: str, side: float) -> str:
        """A word for one slot; `good_` and `bad_` before its name choose the side."""
        for prefix, own in (("good_", LIKED), ("bad_", DISLIKED)):
            if name.startswith(prefix):
                return self.slot(name.removeprefix(prefix), own)
        plain = f"plain {name}"
        return self.of(plain if plain in LISTS else f"{_said(side)} {name}", side)

    def sentence(self, kind: str) -> tuple[str, float]:
        """One of a kind of SHARES, with what it means."""
        side = LIKED if self.rng.random() < 0.5 else DISLIKED
        if kind == "turned":
            return self.of("turned", side), 1 - side
        if kind == "own":
            return self.of("praise" if side == LIKED else "pans", side), side
        if kind == "halves":
            return self.halves(side), side
        if kind == "two":
            parts = [self.sentence(self.one(ALONE)) for _ in range(12)]
            return ". ".join([text for text, meant in parts if meant == side][:2]), side
        if kind == "neither":
            return self.of("neither", side), MIXED
        return self.of("same", side), side

    def halves(self, side: float) -> str:
        """A sentence of two halves that says `side` in the one that decides."""
        last = self.rng.random() < 0.8
        granted = last and self.rng.random() < 0.4
        says = self.of("halves", side)
        grants = self.of(f"granted {_said(1 - side)}" if granted else "halves", 1 - side)
        a, b = (grants, says) if last else (says, grants)
        made = self.one(LISTS["last" if last else "first"])
        return made.replace("{a}", a).replace("{b}", b).replace("{A}", a[:1].upper() + a[1:])

    def written(self, text: str) -> str:
        """As people write: with a full stop or none, with other marks, in small letters."""
        made = text + self.one((".", ".", ".", ".", "", "", "", "!", "!", "!!!", "..."))
        drawn = self.rng.random()
        return made.lower() if drawn < 0.12 else made.upper() if drawn > 0.97 else made


def _said(side: float) -> str:
    return "good" if side == LIKED else "bad"


def sentences(
    n: int, rng: np.random.Generator, without: Collection[str] = ()
) -> tuple[list[str], Array]:
    """So many sentences, and how far each is liked: 1, 0 or, where it says both, 0.5.

    without: sentences that none of them is, nor holds where they have two words or more; blind to
    signs and capitals.
    """
    maker, banned = Maker(rng), {key(text) for text in without}
    kinds, weights = [*SHARES], np.array([*SHARES.values()]) / sum(SHARES.values())
    texts: list[str] = []
    targets: list[float] = []
    while len(texts) < n:
        text, meant = maker.sentence(kinds[int(rng.choice(len(kinds), p=weights))])
        # A word by itself may well be measured: it is only not to be learned by itself.
        parts = [part for part in map(key, re.split(r"[.?,;:]", text)) if " " in part]
        if text and banned.isdisjoint([key(text), *parts]):
            texts.append(maker.written(_ARTICLE.sub(r"\1n ", text)))
            targets.append(meant)
    return texts, np.array(targets)
