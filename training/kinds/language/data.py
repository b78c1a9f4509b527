"""The texts that text_prediction and shakespeare learn from, and their vocabularies.

    corpus = reviews_and_sentences()
    corpus.train, corpus.validation["reviews"], corpus.test["sentences"]

Reviews: IMDB's training half without what stands in the test half too and without repeats; 500 of
them are the validation set. Sentences: the English side of Tatoeba's English-French pairs, split
by distinct sentence, 2,000 for validation and 2,000 for the test. Test texts are read by the
release alone.
"""

import gzip
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from models.kinds.language import reading
from training import sources

Array = np.ndarray[Any, Any]
VOCABULARY = 8_000
VALIDATION_REVIEWS = 500
HELD_SENTENCES = 2_000
_BREAK = re.compile(r"(?:\s*<br\s*/?>\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Corpus:
    """Texts as the network reads them; `validation` and `test` by kind of text.

    learned: how many of `train` are of each kind.
    """

    train: list[str]
    validation: dict[str, list[str]]
    test: dict[str, list[str]]
    learned: dict[str, int]


def review_text(written: str) -> str:
    """A review with its line breaks, which are HTML, as spaces, and on one line."""
    return reading.plain(_BREAK.sub(" ", written))


def review_rows(half: str) -> list[dict[str, Any]]:
    """The reviews of `train` or `test`: `text`, `label`, `rating`, `id`."""
    path = sources.fetch("imdb", f"imdb_{half}.jsonl.gz")
    # On "\n" alone: reviews hold other line breaks, on which `splitlines` would cut a line of JSON.
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    return [json.loads(line) for line in lines if line]


def _reviews(half: str) -> list[str]:
    return [review_text(row["text"]) for row in review_rows(half)]


def _sentences() -> list[str]:
    """Distinct English sentences, in the order of the file."""
    with zipfile.ZipFile(sources.fetch("fra-eng", "fra-eng.zip")) as archive:
        lines = archive.read("fra-eng/fra.txt").decode().split("\n")
    return list(dict.fromkeys(reading.plain(line.split("\t")[0]) for line in lines if line))


def distinct(texts: list[str], without: list[str]) -> list[str]:
    """Each text once, in order, and none that stands in `without`; blind to case and spaces."""

    def key(text: str) -> str:
        return " ".join(text.lower().split())

    others = {key(text) for text in without}
    return list({key(text): text for text in texts if key(text) not in others}.values())


def reviews_and_sentences(seed: int = 0) -> Corpus:
    """All texts of text_prediction, each in one part alone."""
    tested = _reviews("test")
    rng = np.random.default_rng(seed)
    reviews = distinct(_reviews("train"), tested)
    sentences = distinct(_sentences(), [])
    reviews = [reviews[i] for i in rng.permutation(len(reviews))]
    sentences = [sentences[i] for i in rng.permutation(len(sentences))]
    first, second = HELD_SENTENCES, 2 * HELD_SENTENCES
    tests = distinct(tested, [])
    return Corpus(
        reviews[VALIDATION_REVIEWS:] + sentences[second:],
        {"reviews": reviews[:VALIDATION_REVIEWS], "sentences": sentences[:first]},
        {
            "reviews": [tests[i] for i in rng.permutation(len(tests))],
            "sentences": sentences[first:second],
        },
        {"reviews": len(reviews) - VALIDATION_REVIEWS, "sentences": len(sentences) - second},
    )


def plays() -> Corpus:
    """Tiny Shakespeare: the last tenth is the test, the last 5 % before it the validation text."""
    text = sources.fetch("tinyshakespeare", "input.txt").read_text(encoding="utf-8")
    tested = len(text) * 9 // 10
    kept = tested * 19 // 20
    held = {"plays": [text[kept:tested]]}
    return Corpus([text[:kept]], held, {"plays": [text[tested:]]}, {"plays": 1})


def subwords(texts: list[str], size: int = VOCABULARY) -> str:
    """`tokenizer.json` of byte-level subwords learned from `texts`."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(reading.PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[reading.START],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator((" " + text for text in texts), trainer)
    return made.to_str()


def characters(texts: list[str]) -> str:
    """`tokenizer.json` of the characters that stand in `texts`, and one id for all others."""
    signs = [reading.START, reading.UNKNOWN, *sorted(set("".join(texts)))]
    ids = {sign: i for i, sign in enumerate(signs)}
    made = Tokenizer(models.WordLevel(ids, unk_token=reading.UNKNOWN))
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), behavior="isolated")
    made.decoder = decoders.Fuse()
    return made.to_str()


def encoded(vocabulary: reading.Vocabulary, texts: list[str]) -> list[Array]:
    """Each text's ids as uint16, the start first."""
    start = np.array([vocabulary.start], np.uint16)
    return [np.r_[start, ids.astype(np.uint16)] for ids in vocabulary.encode(texts)]


def lanes(texts: list[Array], width: int, length: int, seed: int) -> Array:
    """uint16 [width, length]: the texts one after the other, in a new order each time through.

    Each lane goes through a part of its own, so that a network can carry its state along it.
    """
    stream: list[Array] = []
    rng = np.random.default_rng(seed)
    per_pass = sum(map(len, texts)) // width
    for _ in range(-(-length // per_pass)):
        order = np.concatenate([texts[i] for i in rng.permutation(len(texts))])
        stream.append(order[: width * per_pass].reshape(width, per_pass))
    return np.concatenate(stream, axis=1)[:, :length]


NOUNS = ("cat", "dog", "film", "friend", "story", "house", "letter", "song", "garden", "teacher")
VERBS = ("sees", "likes", "finds", "doesn't know", "remembers", "follows", "forgets")
ADJECTIVES = ("old", "quiet", "strange", "good", "little", "famous")


def made_up(n: int, seed: int = 0) -> Corpus:
    """Texts of made-up sentences, for smoke tests: `n` to learn from, a quarter as many to test."""
    rng = np.random.default_rng(seed)

    def text(sentences: int) -> str:
        made = [
            f"The {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {rng.choice(VERBS)} "
            f"the {rng.choice(NOUNS)}."
            for _ in range(sentences)
        ]
        return " ".join(made)

    long = [text(int(rng.integers(12, 20))) for _ in range(3 * n // 2)]
    short = distinct([text(1) for _ in range(3 * n)], [])
    held = len(short) // 4
    quarter = n // 4
    return Corpus(
        long[:n] + short[2 * held :],
        {"reviews": long[n : n + quarter], "sentences": short[:held]},
        {"reviews": long[n + quarter :], "sentences": short[held : 2 * held]},
        {"reviews": n, "sentences": len(short) - 2 * held},
    )
