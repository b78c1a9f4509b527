"""The reviews that sentiment learns from and is measured on, and texts that are no reviews.

    corpus = reviews()
    corpus.train.texts, corpus.train.liked

IMDB's training half without what stands in its test half too and without repeats; 2,500 of its
reviews are the validation set. Test reviews are read by the release alone. Requests to a chatbot
(CLINC150) and French sentences show the network what is no review; English sentences and plays
take no part in any choice.
"""

import csv
import json
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.kinds.language import reading
from training import sources
from training.kinds.language import data

Array = np.ndarray[Any, Any]
VALIDATION = 2_500
PASSAGE = 100  # words of a passage of a play, and of the reviews that it is compared with
OWN = Path(__file__).with_name("sentences.csv")
JUDGED = Path(__file__).with_name("judged.csv")
TARGETS = {"liked": 1.0, "disliked": 0.0, "unsure": 0.5}
LONG = 30  # words of the longest sentence that is cut from a review to learn from ...
SHORT = 12  # ... and of those that are measured
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'A-Z])")
_FILM = re.compile(r"\b(?:film|movie)s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reviews:
    """Texts with their labels (1: liked), ratings in stars and numbers in the data set."""

    texts: list[str]
    liked: Array  # int64 [n]
    ratings: Array  # int64 [n]
    numbers: Array  # int64 [n]

    def take(self, rows: Array) -> "Reviews":
        """Some of them."""
        texts = [self.texts[i] for i in rows]
        return Reviews(texts, self.liked[rows], self.ratings[rows], self.numbers[rows])


@dataclass(frozen=True)
class Corpus:
    """All that is learned from and measured on. out_of_distribution: texts that are no reviews, by set."""

    train: Reviews
    validation: Reviews
    test: Reviews
    shown: dict[str, list[str]]  # strangers that are learned from
    unseen: dict[str, list[str]]  # strangers that are only measured


def half(name: str) -> Reviews:
    """One half of the data set, as the file has it."""
    rows = data.review_rows(name)
    texts = [data.review_text(row["text"]) for row in rows]
    liked, ratings, numbers = (
        np.array([int(row[key]) for row in rows]) for key in ("label", "rating", "id")
    )
    return Reviews(texts, liked, ratings, numbers)


def without(learned: Reviews, tested: Reviews) -> Reviews:
    """Those of `learned` that are no repeats and do not stand in `tested`, blind to case."""
    kept = data.distinct(learned.texts, tested.texts)
    first = {text: i for i, text in reversed([*enumerate(learned.texts)])}
    return learned.take(np.array([first[text] for text in kept]))


@dataclass(frozen=True)
class Own:
    """A sentence of ours. meant: `liked`, `disliked` or, where it says both, `unsure`.

    part: `test`, `validation`, or `reported` for those that visitors said it gets wrong.
    """

    kind: str
    part: str
    meant: str
    text: str

    @property
    def target(self) -> float:
        """What the probability of "liked" should be."""
        return TARGETS[self.meant]


def own() -> list[Own]:
    """Our own sentences by kind, which nothing is learned from."""
    with OWN.open(encoding="utf-8", newline="") as file:
        return [Own(**row) for row in csv.DictReader(file)]


def sentences(reviews: Reviews, least: int = 3, most: int = LONG) -> Reviews:
    """Their sentences of so many words, each with what is known of its review."""
    texts, rows = [], []
    for row, text in enumerate(reviews.texts):
        some = [one for one in _END.split(text) if least <= len(one.split()) <= most]
        texts += some
        rows += [row] * len(some)
    at = np.array(rows, np.int64)
    return Reviews(texts, reviews.liked[at], reviews.ratings[at], reviews.numbers[at])


def about(reviews: Reviews) -> Reviews:
    """The first short sentence of each review that names the film, where one does."""
    short = sentences(reviews, 3, SHORT)
    named = [i for i, text in enumerate(short.texts) if _FILM.search(text)]
    first = {(short.numbers[i], short.ratings[i]): i for i in reversed(named)}
    return short.take(np.array(sorted(first.values()), np.int64))


def stretches(ids: list[Array], crop: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """One stretch of each text, padded with 0: int64 [n, crop], lengths int64 [n]."""
    made = torch.zeros((len(ids), crop), dtype=torch.int64)
    lengths = torch.tensor([min(len(one), crop) for one in ids])
    for row, one, length in zip(made, ids, lengths.tolist(), strict=True):
        begin = int(torch.randint(len(one) - length + 1, (1,), generator=generator))
        # Every stretch begins as a text does, which is how the network learned to begin.
        row[:length] = torch.from_numpy(one[begin : begin + length].astype(np.int64))
        row[0] = int(one[0])
    longest = int(lengths.max())
    return made[:, :longest], lengths


def judged(test: Reviews) -> Reviews:
    """Those of `about(test)` of which the sentence alone says what its writer thought.

    240 were drawn and read by hand; 131 of them say so, and are labelled by what they say, which
    is not always what the review says. The file names them by the review's number and rating,
    since the texts may not be passed on.
    """
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = {(int(r["number"]), int(r["rating"])): r["meant"] for r in csv.DictReader(file)}
    short = about(test)
    keys = [*zip(short.numbers.tolist(), short.ratings.tolist(), strict=True)]
    found = short.take(np.array([i for i, key in enumerate(keys) if key in rows], np.int64))
    keys = [key for key in keys if key in rows]
    return replace(found, liked=np.array([TARGETS[rows[key]] for key in keys], np.int64))


def passages(text: str, words: int) -> list[str]:
    """A long text in passages of so many words."""
    found = text.split()
    return [" ".join(found[i : i + words]) for i in range(0, len(found) - words, words)]


def _requests() -> list[str]:
    held = json.loads(sources.fetch("clinc150", "data_full.json").read_text(encoding="utf-8"))
    return [text for text, _ in held["train"]]


def _french() -> list[str]:
    with zipfile.ZipFile(sources.fetch("fra-eng", "fra-eng.zip")) as archive:
        lines = archive.read("fra-eng/fra.txt").decode().split("\n")
    return list(dict.fromkeys(reading.plain(line.split("\t")[1]) for line in lines if line))


def reviews(seed: int = 0) -> Corpus:
    """The whole data set."""
    tested = half("test")
    learned = without(half("train"), tested)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(learned.texts))
    english = data.reviews_and_sentences().test["sentences"]
    play = sources.fetch("tinyshakespeare", "input.txt").read_text(encoding="utf-8")
    return Corpus(
        learned.take(order[VALIDATION:]),
        learned.take(order[:VALIDATION]),
        tested,
        {"requests to a chatbot": _requests(), "French sentences": _french()},
        {"English sentences": english, "Shakespeare's plays": passages(play, PASSAGE)},
    )


def made_up(n: int, seed: int = 0) -> Corpus:
    """Made-up reviews for smoke tests, that say in plain words whether they liked it."""
    rng = np.random.default_rng(seed)
    words = {0: ("bad", "dull", "awful", "boring"), 1: ("good", "great", "lovely", "funny")}

    def some(count: int) -> Reviews:
        liked = np.arange(count) % 2
        texts = [
            " ".join(
                f"The {rng.choice(data.NOUNS)} is {rng.choice(words[int(label)])}."
                for _ in range(int(rng.integers(3, 12)))
            )
            for label in liked
        ]
        return Reviews(texts, liked, np.where(liked, 9, 2), np.arange(count))

    asked = [f"set a timer for {i} minutes and call the {data.NOUNS[i % 9]}" for i in range(n)]
    other = [f"Le {noun} est dans la maison {i}." for i, noun in enumerate(data.NOUNS * 4)]
    unseen = {"English sentences": [f"I walked {i} miles." for i in range(40)]}
    return Corpus(
        some(n), some(n // 2), some(n // 2), {"requests": asked, "French sentences": other}, unseen
    )
