"""Trust: the test runs with the dial's place on them, the rivals, the leaderboard, this run."""

import streamlit as st

from models.catalog import Model
from models.machine_health import Health
from pages.parts.anomaly import trust as anomaly_trust
from pages.parts.anomaly.dial import Dial
from pages.parts.sections import trust

HORIZON = 800  # rows after a stretch that the network learned to expect the drift of


def warnings(health: Health) -> None:
    """What about this series lies outside of what the network learned."""
    after = len(health.values) - health.normal.stop
    if after > 3 * HORIZON:
        st.info(
            f"There are {after:,} rows after the normal stretch. The network learned to expect the "
            f"drift of about {HORIZON}: later ones may look unusual for no other reason. Mark a "
            "longer stretch, one that holds the drift."
        )


def show(model: Model, dial: Dial, threshold: float, health: Health | None) -> None:
    """All of it."""
    if health is not None:
        warnings(health)
    anomaly_trust.curves(dial, threshold)
    st.markdown(
        "**Beside others, on the same rows** (valve1 and other, after each run's 400th). Every "
        "threshold was chosen on valve2 and the anomaly-free run."
    )
    st.caption(
        "Half of these rows are faulty, so F1 forgives false alarms: look at those too. Methods "
        "that compare sensors with each other can find faults that this network, which looks at "
        "each by itself, does not."
    )
    table = model.card.tables
    anomaly_trust.table(table["released"], "F1, false and missed alarms of each method")
    st.markdown(
        "**The leaderboard's own protocol**: a network is refitted on the first 400 rows of each "
        "of the 34 runs, and all rows are counted. Published figures are not checked here."
    )
    anomaly_trust.table(table["leaderboard"], "F1 by the leaderboard's protocol")
    with st.expander("Run by run"):
        anomaly_trust.table(table["runs"], "F1, false and missed alarms of each run")
    if health is not None:
        trust.this_run(model, health.run)
    trust.measured(model.card)
