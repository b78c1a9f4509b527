"""Trust: curves, kinds of fraud, other models, and our samples answered now."""

import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.kinds.thresholds import Judged
from pages.card_fraud import payment
from pages.card_fraud.payment import Asked
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import rows as anomaly_rows
from pages.parts.anomaly import trust
from pages.parts.anomaly.dial import Dial
from pages.parts.draw import charts


def ours(model: Model, threshold: float, precision: Precision) -> None:
    """The latest transaction of every sample of ours, judged now, beside what it was made as."""
    rows = []
    for name, sample in TRANSACTIONS.items():
        given, found, _ = payment.of_sample(model, name, precision)
        alarm = Asked(given, found, 0, sample).score >= threshold
        rows.append(
            {
                "sample": name,
                "was made as": "fraud" if sample.fraud else "honest",
                "it says": "alarm" if alarm else "no alarm",
                "probability of fraud": payment.percent(float(found.probability[0])),
                "right": "yes" if alarm == sample.fraud else "no",
            }
        )
    anomaly_rows.ours(rows, "judged")


def curves(model: Model, dial: Dial, threshold: float) -> None:
    """Both networks' curves, and the recall of every kind of fraud at the dial."""
    held = model.arrays("evidence.npz")
    with_labels = payment.labelled()
    name, key = ("saw no labels", "test_unusual") if with_labels else ("had labels", "test_score")
    other = {f"the one that {name}": Judged.of(held[key], held["test_abnormal"])}
    trust.curves(dial, threshold, other)
    alarm = held["test_score" if with_labels else "test_unusual"] >= threshold
    kinds = {str(name): held["test_scenario"] == i for i, name in enumerate(held["scenarios"]) if i}
    st.markdown("**Which frauds does it catch?** With the dial where it stands.")
    counts = [int(inside.sum()) for inside in kinds.values()]
    shares = [float(alarm[inside].mean()) for inside in kinds.values()]
    charts.show(trust.recalls([*kinds], shares, counts), key="fraud_scenarios")


def on_the_card(model: Model) -> None:
    """The tables that the release made."""
    card = model.card
    found = card.tables["rivals"]
    st.markdown(
        f"**Beside simpler models**, on the same {found.n:,} transactions of the test week. "
        "“Right of 100 cards a day”: of a hundred cards looked into each day, so many had a fraud."
    )
    trust.table(found, "Figures on the test week")
    st.caption(trust.ahead(found))
    with st.expander("What was tried, and the networks one by one"):
        st.markdown("**Choices**, by four folds before the test week")
        trust.table(card.tables["tries"], "Tries")
        st.markdown("**Each network by itself**, on the test week")
        trust.table(card.tables["members"], "Networks")
        st.markdown("**Kinds of fraud**, at the released threshold")
        trust.table(card.tables["by_scenario"], "Kinds of fraud")
