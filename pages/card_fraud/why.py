"""Why: what each look-back feature adds, what a usual transaction has there, the most alike."""

import numpy as np
import streamlit as st

from models.card_fraud import contributions, medians, nearest
from models.card_fraud.lookback import FEATURES, NAMES, UNLABELLED
from models.catalog import Model
from pages.card_fraud import figures as fraud_figures
from pages.card_fraud import payment
from pages.card_fraud.payment import PAGE, Asked
from pages.parts.anomaly import why
from pages.parts.draw import charts, kinds
from pages.parts.draw.kinds import Sketch
from pages.parts.state import ours


def show(model: Model, asked: Asked) -> None:
    """All of it for one transaction. Raises what `engine.infer` raises."""
    features = asked.found.features[asked.at]
    order = _labelled(model, asked) if payment.labelled() else _unlabelled(asked)
    _alike(model, asked, features, order)


def drawn(asked: Asked) -> Sketch:
    """What concerns amounts, squeezed through the autoencoder; large numbers by their logarithm."""
    found, at = asked.found, asked.at
    given = np.log1p(np.abs(found.features[at][list(UNLABELLED)]))
    return kinds.autoencoder(given, found.code[at], found.shares[at], "amounts")


def _labelled(model: Model, asked: Asked) -> np.ndarray:
    """Shapley values of the networks that learned from labels."""
    features = asked.found.features[asked.at]
    found = ours.kept(asked.public, lambda: contributions(model, features))
    order = np.argsort(-np.abs(found.values), kind="stable")
    top = order[: why.TOP]
    st.markdown(f"**What speaks for a fraud in {asked.named}, and what against?**")
    drawn = fraud_figures.contributions([NAMES[i] for i in top], found.values[top].tolist())
    charts.show(drawn, key=f"{PAGE}_contributions")
    middle = medians(model)
    why.cells(
        {
            "feature": [NAMES[i] for i in order],
            "here": [why.written(features[i]) for i in order],
            "usual (median)": [why.written(middle[i]) for i in order],
            "adds": [f"{found.values[i]:+.2f}" for i in order],
            "meaning": [FEATURES[i].meaning for i in order],
        },
        "Every feature, its value here, the median of honest transactions, and what it adds.",
    )
    st.caption(
        f"Shapley values over {found.passes:,} passes: what a feature adds on average when it is "
        "put in place of the median of honest transactions, whatever came before it. They sum to "
        "the difference of the log-odds from those of a median transaction."
    )
    return order


def _unlabelled(asked: Asked) -> np.ndarray:
    """The autoencoder's error, feature by feature."""
    shares, typical = asked.found.shares[asked.at], asked.found.typical[asked.at]
    features = asked.found.features[asked.at]
    order = np.argsort(-shares, kind="stable")
    of = [UNLABELLED[i] for i in order]
    names = [NAMES[i] for i in of]
    why.shares(PAGE, f"Which features make {asked.named} unusual?", names, shares[order])
    why.cells(
        {
            "feature": names,
            "here": [why.written(features[i]) for i in of],
            "as the network repeats it": [why.written(typical[i]) for i in order],
            "share of the score": shares[order],
            "meaning": [FEATURES[i].meaning for i in of],
        },
        "Every feature, its value here, what the network makes of it, and its share.",
        "share of the score",
    )
    return np.array(of)


def _alike(model: Model, asked: Asked, features: np.ndarray, order: np.ndarray) -> None:
    of = [i for i in order if i in UNLABELLED]
    groups = [
        (
            f"{one.share:.0%} of all, distance {one.distance:.1f}",
            [why.written(one.values[NAMES[i]]) for i in of],
        )
        for one in nearest(model, asked.found.code[asked.at])
    ]
    why.alike(
        "transactions",
        {
            "feature": [NAMES[i] for i in of],
            "here": [why.written(features[i]) for i in of],
        },
        groups,
        "No transactions of the data set: the middles of groups into which a week of them falls, "
        "written out by the autoencoder, which sees nothing of known frauds.",
    )
