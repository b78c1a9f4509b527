"""Baselines of the model `fashion`: hand-written rules, logistic regression, nearest neighbours.

    python -m training.fashion.baselines     # about 3 minutes on two CPU cores

Fits and chooses on the same split as the network, with 1, 10 and 100 % of its training pictures:
the strength of regularisation and the number of neighbours are those that are best on the
validation pictures. The rules need no data and stay as they were written.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from models.fashion.baselines import Float32, Int64, Linear, Neighbours, UInt8, rules, votes
from training.sources import fashion_mnist

FRACTIONS = (0.01, 0.1, 1.0)
STRENGTHS = (0.01, 0.1, 1.0)  # C of scikit-learn: the smaller, the more regularised
COUNTS = (1, 3, 5, 7, 9, 15)  # k


@dataclass(frozen=True)
class Score:
    """Accuracy on the validation pictures of one way to answer, with `n` training pictures."""

    way: str
    fraction: float
    n: int
    chosen: str
    validation_accuracy: float


def accuracy(shares: Float32, labels: Int64) -> float:
    """Share of rows of [n, classes] whose largest entry (the first, of equals) is the label."""
    return float((shares.argmax(1) == labels).mean())


def rules_accuracy(pictures: UInt8, labels: Int64) -> float:
    """Accuracy of the hand-written rules."""
    return float(np.mean([rules(picture)[0] for picture in pictures] == labels))


def fit_linear(data: fashion_mnist.Data) -> tuple[Linear, Score]:
    """Logistic regression with the C that is best on validation."""
    x = data.pictures[data.train].reshape(len(data.train), -1).astype(np.float32) / 255
    best: tuple[Linear, Score] | None = None
    for strength in STRENGTHS:
        fitted = LogisticRegression(C=strength, max_iter=1000, tol=1e-3)
        fitted.fit(x, data.labels[data.train])
        linear = Linear(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))
        figure = accuracy(
            linear.answer(data.pictures[data.validation]), data.labels[data.validation]
        )
        if best is None or figure > best[1].validation_accuracy:
            best = linear, _score("logistic regression", data, f"C = {strength:g}", figure)
    assert best is not None
    return best


def fit_neighbours(data: fashion_mnist.Data) -> tuple[Neighbours, Score]:
    """Nearest neighbours with the k that is best on validation; it keeps all that it was given."""
    known, labels = data.pictures[data.train], data.labels[data.train]
    asked = data.pictures[data.validation].reshape(len(data.validation), -1).astype(np.float32)
    index = NearestNeighbors(n_neighbors=max(COUNTS), algorithm="brute")
    index.fit(known.reshape(len(known), -1).astype(np.float32))
    nearest = labels[index.kneighbors(asked, return_distance=False)]
    figures = {k: accuracy(votes(nearest[:, :k]), data.labels[data.validation]) for k in COUNTS}
    k = max(figures, key=lambda k: figures[k])
    score = _score("k-nearest neighbours", data, f"k = {k}", figures[k])
    return Neighbours(known, labels, k), score


def _score(way: str, data: fashion_mnist.Data, chosen: str, figure: float) -> Score:
    n = len(data.train)
    total = len(data.labels) - len(data.validation)
    return Score(way, round(n / total, 3), n, chosen, figure)


@dataclass(frozen=True)
class Fits:
    """Both fitted baselines on one amount of data, and what they reach."""

    linear: Linear
    linear_score: Score
    neighbours: Neighbours
    neighbours_score: Score


def fit(data: fashion_mnist.Data) -> Fits:
    """Both, each with what is best on validation."""
    return Fits(*fit_linear(data), *fit_neighbours(data))


def test_scores(
    linear: Linear, neighbours: Neighbours, pictures: UInt8, labels: Int64
) -> dict[str, float]:
    """Accuracies on the test pictures; for the release alone, after every choice was made."""
    return {
        "rules": rules_accuracy(pictures, labels),
        "logistic regression": accuracy(linear.answer(pictures), labels),
        "k-nearest neighbours": accuracy(neighbours.answer(pictures), labels),
    }


def main() -> None:
    """Print the validation accuracies at all amounts of data."""
    arrays = fashion_mnist.read_training_file()
    for fraction in FRACTIONS:
        data = fashion_mnist.split(*arrays, fraction)
        fits = fit(data)
        for score in (fits.linear_score, fits.neighbours_score):
            print(f"{score.validation_accuracy:.4f}  {score.way}  n = {score.n}  {score.chosen}")
    asked = data.pictures[data.validation], data.labels[data.validation]
    print(f"{rules_accuracy(*asked):.4f}  hand-written rules")


if __name__ == "__main__":
    main()
