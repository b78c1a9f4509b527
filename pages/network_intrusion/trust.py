"""Trust: curves, families of attacks, other ways to score, and what was tried."""

from models.card import Precision
from models.catalog import Model
from models.kinds.thresholds import LabelledScores
from pages.network_intrusion import connection
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import trust
from pages.parts.anomaly.dial import Dial


def ours(model: Model, threshold: float, precision: Precision) -> None:
    """Every sample of ours, answered now, beside what it was made as."""
    answers = []
    for name, sample in CONNECTIONS.items():
        score = float(connection.of_sample(model, name, precision)[1].score[0])
        answers.append((name, sample.attack, score >= threshold, f"{score:.2f}"))
    trust.samples(answers, ("normal", "attack"))


def curves(model: Model, dial: Dial, threshold: float) -> None:
    """Both curves beside the rivals', and the recall of every family at the dial."""
    held = model.arrays("evidence.npz")
    abnormal = held["test_abnormal"]
    others = {
        name.removeprefix("rival "): LabelledScores.of(values, abnormal)
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
    trust.kinds(dial, "Which attacks does it catch?", alarm, groups)


def on_the_card(model: Model) -> None:
    """The tables that the release made."""
    card = model.card
    for split in ("test", "test-21"):
        found = card.tables[f"rivals {split}"]
        trust.rivals(
            found,
            f"**Beside simpler ways to score**, on {found.n:,} rows of {split}, each at a "
            "threshold that was chosen without them.",
        )
    tables = {
        "tries": "**Widths of the middle and errors**, on validation rows",
        "seeds": "**Five seeds of the chosen one**",
        "held_types": "**Each attack of the training file**, the threshold chosen without it",
    }
    trust.folded(card, "What was tried, and attacks that a choice never saw", tables)
