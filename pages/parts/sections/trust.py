"""Trust: figures from the card, and the truth about the run that was just made."""

import pandas as pd
import streamlit as st

from models import runtime
from models.card import Card, Metric, Precision
from models.catalog import Model
from models.engine import Run
from models.explain.methods import CHANGES, QUICK, best
from models.explain.methods import measured as measured_methods
from models.kinds.classifier import Answer
from models.metrics import METRICS
from pages.parts.draw import charts, figures
from pages.parts.state import choices


def precision(model: Model) -> Precision:
    """The precision to answer in, also while the choice below stands in a closed tab."""
    return choices.one("precision", [*model.card.graphs["predict"]], model.precision())


def precision_choice(model: Model) -> Precision:
    """Which released precision answers; the served one unless the visitor compares."""
    served = model.precision()
    return choices.pick(
        st.segmented_control,
        "Precision",
        [*model.card.graphs["predict"]],
        served,
        key="precision",
        help=f"{served} is served here; int8 is the same network in a quarter of the space.",
    )


def this_run(model: Model, run: Run, graph: str = "predict") -> None:
    """Device, time and size of the very run that gave the answer."""
    file = model.card.graph(graph, run.precision)
    device, took, size = st.columns(3)
    device.metric("ran on", f"{run.device}, {run.precision}", border=True)
    took.metric("took", f"{run.seconds * 1000:.1f} ms", border=True)
    size.metric("model file", f"{file.bytes / 1e6:.1f} MB", border=True)
    if note := runtime.device_note():
        st.info(note)


def figures_of(card: Card) -> None:
    """The card's metrics as a table: value, interval, on what, how many, by whom."""
    ours_first = sorted(card.metrics, key=lambda metric: metric.source != "measured")
    rows = [_row(metric) for metric in ours_first]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"Measured figures of {card.title}.")


def _row(metric: Metric) -> dict[str, str | int]:
    kind = METRICS[metric.name]
    interval = ""
    if metric.low is not None and metric.high is not None:
        interval = f"{kind.written(metric.low)} to {kind.written(metric.high)}"
    return {
        "what": kind.title,
        "value": kind.written(metric.value),
        "95 % interval": interval,
        "on": metric.split,
        "n": metric.n,
        "precision": metric.precision,
        "source": metric.source,
    }


def familiar(model: Model, answer: Answer, own: str) -> None:
    """Where this input stands between the model's own kind and strangers. own: what its kind is."""
    evidence = model.arrays("evidence.npz")
    st.markdown(f"**Do I know this at all?** {'Yes.' if answer.in_distribution else 'No.'}")
    known, out_of_distribution = evidence["familiarity_known"], evidence["familiarity_strangers"]
    charts.show(
        figures.in_distribution_score(
            known, out_of_distribution, answer.in_distribution_score, own
        ),
        key="familiarity",
    )


def measured(card: Card) -> None:
    """All figures with their definitions, and the limits."""
    st.markdown("**How good is it?**")
    figures_of(card)
    definitions(card)
    limits(card)


def methods(card: Card) -> None:
    """How far each way to explain this model was found to be believable."""
    table = card.tables.get("methods")
    if table is None:
        return
    st.markdown(f"**Which method to believe?** Measured on {table.split}.")
    rows = measured_methods(card).values()
    shown = [
        {
            "method": row["method"],
            "deletion (less is better)": row["deletion"],
            "insertion (more is better)": row["insertion"],
            "beats maps that know nothing": _yes(row["better than knowing nothing"]),
            "likeness to the map of a scrambled network": row["all random"],
            "ms": row["milliseconds"],
        }
        for row in rows
    ]
    said = "; ".join(
        f"{row['method']} {row['deletion']:.2f} and {row['insertion']:.2f}" for row in rows
    )
    st.dataframe(
        pd.DataFrame(shown).round(2),
        hide_index=True,
        alt=f"Deletion and insertion area of every method: {said}.",
    )
    st.caption(
        "Deletion: how likely the answer stays on average while pixels are taken away, the most "
        "important first. Insertion: while they are brought back into a blur. Maps that know "
        "nothing are a random one and an edge detector. The likeness is a rank correlation, 1 for "
        "the same order: the network's weights were shuffled, and a method whose map then stays "
        f"alike (above {CHANGES}) shows the picture and not the network. Shown first: "
        f"{best(card)}, of the best average rank on both measures among those that pass and take "
        f"under {QUICK:.0f} ms."
    )


def _yes(value: str | float | None) -> str:
    return "" if value is None else "yes" if value else "no"


def definitions(card: Card) -> None:
    """What each figure's name means, for those who ask."""
    with st.popover("What do these figures mean?"):
        for name in dict.fromkeys(metric.name for metric in card.metrics):
            st.markdown(f"**{METRICS[name].title}** (`{name}`): {METRICS[name].meaning}.")


def limits(card: Card) -> None:
    """What the model cannot do, in plain sentences."""
    st.markdown("**Limits**\n" + "\n".join(f"- {limit}" for limit in card.limits))
