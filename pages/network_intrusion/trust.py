"""Trust: curves, families of attacks, other ways to score, and what was tried."""

import numpy as np
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.kinds.thresholds import Judged
from pages.network_intrusion import connection
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import rows as anomaly_rows
from pages.parts.anomaly import trust
from pages.parts.anomaly.dial import Dial
from pages.parts.draw import charts


def ours(model: Model, threshold: float, precision: Precision) -> None:
    """Every sample of ours, answered now, beside what it was made as."""
    rows = []
    for name, sample in CONNECTIONS.items():
        _, found, _ = connection.of_sample(model, name, precision)
        alarm = bool(found.score[0] >= threshold)
        rows.append(
            {
                "sample": name,
                "was made as": "attack" if sample.attack else "normal",
                "it says": "alarm" if alarm else "no alarm",
                "score": f"{found.score[0]:.2f}",
                "right": "yes" if alarm == sample.attack else "no",
            }
        )
    anomaly_rows.ours(rows, "answered")


def curves(model: Model, dial: Dial, threshold: float) -> None:
    """Both curves beside the rivals', and the recall of every family at the dial."""
    held = model.arrays("evidence.npz")
    abnormal = held["test_abnormal"]
    others = {
        name.removeprefix("rival "): Judged.of(values, abnormal)
        for name, values in held.items()
        if name.startswith("rival ")
    }
    trust.curves(dial, threshold, others)
    alarm = held["test_score"] >= threshold
    names, family, new = held["families"], held["test_family"], held["test_new"]
    groups = {
        str(name): abnormal & (family == i)
        for i, name in enumerate(names)
        if (abnormal & (family == i)).any()
    }
    groups |= {"kinds that the training file has": abnormal & ~new, "kinds that it lacks": new}
    st.markdown("**Which attacks does it catch?** With the dial where it stands.")
    counts = [int(np.sum(inside)) for inside in groups.values()]
    shares = [float(alarm[inside].mean()) for inside in groups.values()]
    charts.show(trust.recalls([*groups], shares, counts), key="network_families")


def on_the_card(model: Model) -> None:
    """The tables that the release made."""
    card = model.card
    for split in ("test", "test-21"):
        found = card.tables[f"rivals {split}"]
        st.markdown(
            f"**Beside simpler ways to score**, on {found.n:,} rows of {split}, each at a "
            "threshold that was chosen without them."
        )
        trust.table(found, f"Figures on {split}")
        st.caption(trust.ahead(found))
    with st.expander("What was tried, and attacks that a choice never saw"):
        st.markdown("**Widths of the middle and errors**, on validation rows")
        trust.table(card.tables["tries"], "Tries")
        st.markdown("**Five seeds of the chosen one**")
        trust.table(card.tables["seeds"], "Seeds")
        st.markdown("**Each attack of the training file**, the threshold chosen without it")
        trust.table(card.tables["held_types"], "Attacks")
