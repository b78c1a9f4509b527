"""Why: what each look-back feature adds, what a usual transaction has there, the most alike."""

import numpy as np
import pandas as pd
import streamlit as st

from models.card_fraud import contributions, medians, nearest
from models.card_fraud.lookback import FEATURES, NAMES, UNLABELLED
from models.catalog import Model
from pages.card_fraud import figures as fraud_figures
from pages.card_fraud import payment
from pages.card_fraud.payment import PAGE, Asked
from pages.parts.draw import charts, figures
from pages.parts.state import ours

TOP = 8  # features that are drawn


def show(model: Model, asked: Asked | None) -> None:
    """All of it for one transaction. Raises what `engine.infer` raises."""
    if asked is None:
        st.caption("Give transactions that can be read to see what speaks for a fraud.")
        return
    features = asked.found.features[asked.at]
    order = _labelled(model, asked) if payment.labelled() else _unlabelled(asked)
    _alike(model, asked, features, order)


def _labelled(model: Model, asked: Asked) -> np.ndarray:
    """Shapley values of the networks that learned from labels."""
    features = asked.found.features[asked.at]
    found = ours.kept(asked.public, lambda: contributions(model, features))
    order = np.argsort(-np.abs(found.values), kind="stable")
    top = order[:TOP]
    st.markdown("**What speaks for a fraud, and what against?**")
    drawn = fraud_figures.contributions([NAMES[i] for i in top], found.values[top].tolist())
    charts.show(drawn, key=f"{PAGE}_contributions")
    middle = medians(model)
    st.dataframe(
        pd.DataFrame(
            {
                "feature": [NAMES[i] for i in order],
                "here": [written(features[i]) for i in order],
                "usual (median)": [written(middle[i]) for i in order],
                "adds": [f"{found.values[i]:+.2f}" for i in order],
                "meaning": [FEATURES[i].meaning for i in order],
            }
        ),
        hide_index=True,
        height=320,
        alt="Every feature, its value here, the median of honest transactions, and what it adds.",
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
    names = [NAMES[i] for i in UNLABELLED]
    top = order[:TOP]
    st.markdown("**Which features make it unusual?**")
    drawn = figures.bars([names[i] for i in top], shares[top].tolist(), "share of score")
    charts.show(drawn, key=f"{PAGE}_shares")
    st.dataframe(
        pd.DataFrame(
            {
                "feature": [names[i] for i in order],
                "here": [written(features[UNLABELLED[i]]) for i in order],
                "as the network repeats it": [written(typical[i]) for i in order],
                "share of the score": [f"{shares[i]:.0%}" for i in order],
                "meaning": [FEATURES[UNLABELLED[i]].meaning for i in order],
            }
        ),
        hide_index=True,
        height=320,
        alt="Every feature, its value here, what the network makes of it, and its share.",
    )
    return np.array([UNLABELLED[i] for i in order])


def _alike(model: Model, asked: Asked, features: np.ndarray, order: np.ndarray) -> None:
    st.markdown("**The three most alike kinds of transactions**")
    alike = nearest(model, asked.found.code[asked.at])
    names = [NAMES[i] for i in order if i in UNLABELLED][:TOP]
    shown = {
        "feature": names,
        "here": [written(features[NAMES.index(name)]) for name in names],
    }
    for number, one in enumerate(alike, 1):
        title = f"{number}: {one.share:.0%} of all, distance {one.distance:.1f}"
        shown[title] = [written(one.values[name]) for name in names]
    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        alt="The features that matter most here, beside three groups of transactions.",
    )
    st.caption(
        "No transactions of the data set: the middles of groups into which a week of them falls, "
        "written out by the autoencoder, which sees nothing of known frauds."
    )


def written(value: float) -> str:
    """A feature in words: whole numbers without decimals, others with two."""
    value = float(value)
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
