"""Trust: figures from the card, and the truth about the run that was just made."""

import pandas as pd
import streamlit as st

from models import runtime
from models.card import METRICS, Card, Metric, Precision
from models.catalog import Model
from models.engine import Run
from models.explain.methods import CHANGES, QUICK, best
from models.explain.methods import measured as measured_methods
from models.kinds.classifier import Answer
from pages.parts.draw import charts, figures
from pages.parts.state import address

TITLES = {
    "top1": "first answer right",
    "top5": "among the first five",
    "accuracy": "right",
    "top1_agreement": "int8 says the same as fp32",
    "ood_auroc": "tells its own kind from this",
    "known_share": "says that it knows",
    "refused_share": "says that it does not know",
    "ece": "calibration error",
    "found_share": "faces found",
    "false_found_share": "faces seen where none is",
    "auroc": "tells the two kinds apart",
    "average_precision": "precision over all thresholds",
    "f1": "F1, of precision and recall",
    "recall": "caught",
    "false_alarm_rate": "false alarms",
    "missed_alarm_rate": "missed alarms",
    "card_precision_100": "right among 100 cards a day",
    "eer": "equal error rate",
    "tar_at_far_1e-2": "one person accepted, at 1 in 100 false",
    "tar_at_far_1e-3": "one person accepted, at 1 in 1,000 false",
    "identification_error": "given to the wrong person",
    "named_share": "enrolled people named rightly",
    "false_name_share": "strangers given a name",
    "word_perplexity": "as unsure as among so many words",
    "nats_per_byte": "nats a byte",
    "nats_per_character": "nats a character",
    "top1_recall": "next word is the first suggestion",
    "top3_recall": "next word is among three suggestions",
    "top3_recall_after_1": "the same after one letter",
    "top3_recall_after_2": "the same after two letters",
    "keystroke_savings": "keys saved",
    "memorised_share": "eight words in a row learned by heart",
    "frechet_distance_own_features": "Frechet distance (own features)",
    "generator_precision": "precision",
    "generator_recall": "recall",
    "gan_test_accuracy": "named as was asked (GAN test)",
    "gan_train_accuracy": "learned from made ones alone (GAN train)",
    "modes_covered": "kinds of pictures that are made",
    "memorisation_ratio": "how far from training pictures",
    "real_or_made_accuracy": "real and made told apart",
    "word_error_rate": "words wrong",
    "false_words_share": "words written where nobody speaks",
    "survival_share": "words that survive on what they attended to",
    "deletion_auc": "answer while important pixels go",
    "insertion_auc": "answer while they come",
}
# How a figure is written that is no share.
FORMS = dict.fromkeys(
    ("ood_auroc", "auroc", "average_precision", "deletion_auc", "insertion_auc"), "{:.3f}"
)
FORMS |= {"frechet_distance_own_features": "{:.2f}", "memorisation_ratio": "{:.2f}"}
FORMS |= {"word_perplexity": "{:,.1f}", "nats_per_byte": "{:.3f}", "nats_per_character": "{:.3f}"}


def precision(model: Model) -> Precision:
    """The precision to answer in, also while the choice below stands in a closed tab."""
    asked = address.value("precision")
    return next((p for p in model.card.graphs["predict"] if p == asked), model.precision())


def precision_choice(model: Model) -> Precision:
    """Which released precision answers; the served one unless the visitor compares."""
    offered = list(model.card.graphs["predict"])
    served = model.precision()
    address.restore("precision", offered)
    chosen: Precision = st.segmented_control(
        "Precision",
        offered,
        default=served,
        required=True,
        key="precision",
        bind="query-params",
        help=f"{served} is served here; int8 is the same network in a quarter of the space.",
    )
    return chosen


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
    form = FORMS.get(metric.name, "{:.1%}")
    interval = ""
    if metric.low is not None and metric.high is not None:
        interval = f"{form.format(metric.low)} to {form.format(metric.high)}"
    return {
        "what": TITLES.get(metric.name, metric.name),
        "value": form.format(metric.value),
        "95 % interval": interval,
        "on": metric.split,
        "n": metric.n,
        "precision": metric.precision,
        "source": metric.source,
    }


def familiar(model: Model, answer: Answer, own: str) -> None:
    """Where this input stands between the model's own kind and strangers. own: what its kind is."""
    evidence = model.arrays("evidence.npz")
    st.markdown(f"**Do I know this at all?** {'Yes.' if answer.knows else 'No.'}")
    known, strangers = evidence["familiarity_known"], evidence["familiarity_strangers"]
    charts.show(figures.familiarity(known, strangers, answer.familiarity, own), key="familiarity")


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
            st.markdown(f"**{TITLES.get(name, name)}** (`{name}`): {METRICS[name]}.")


def limits(card: Card) -> None:
    """What the model cannot do, in plain sentences."""
    st.markdown("**Limits**\n" + "\n".join(f"- {limit}" for limit in card.limits))
