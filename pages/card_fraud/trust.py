"""Trust: curves, kinds of fraud, other models, and our samples answered now."""

from models.card import Precision
from models.catalog import Model
from models.kinds.thresholds import LabelledScores
from pages.card_fraud import payment
from pages.card_fraud.payment import Asked
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import trust
from pages.parts.anomaly.dial import Dial


def ours(model: Model, threshold: float, precision: Precision) -> None:
    """The latest transaction of every sample of ours, judged now, beside what it was made as."""
    answers = []
    for name, sample in TRANSACTIONS.items():
        _, found, _ = payment.of_sample(model, name, precision)
        alarm = Asked(found).score >= threshold
        said = f"probability {payment.percent(float(found.probability[0]))}"
        answers.append((name, sample.fraud, alarm, said))
    trust.samples(answers, ("honest", "fraud"))


def curves(model: Model, dial: Dial, threshold: float) -> None:
    """Both networks' curves, and the recall of every kind of fraud at the dial."""
    held = model.arrays("evidence.npz")
    with_labels = payment.labelled()
    name, key = ("saw no labels", "test_unusual") if with_labels else ("had labels", "test_score")
    other = {f"the one that {name}": LabelledScores.of(held[key], held["test_abnormal"])}
    trust.curves(dial, threshold, other)
    alarm = held["test_score" if with_labels else "test_unusual"] >= threshold
    kinds = {str(name): held["test_scenario"] == i for i, name in enumerate(held["scenarios"]) if i}
    trust.kinds(dial, "Which frauds does it catch?", alarm, kinds)


def on_the_card(model: Model) -> None:
    """The tables that the release made."""
    card = model.card
    found = card.tables["rivals"]
    trust.rivals(
        found,
        f"**Beside simpler models**, on the same {found.n:,} transactions of the test week. "
        "“Right of 100 cards a day”: of a hundred cards looked into each day, so many had a fraud.",
    )
    tables = {
        "tries": "**Choices**, by four folds before the test week",
        "members": "**Each network by itself**, on the test week",
        "by_scenario": "**Kinds of fraud**, at the released threshold",
    }
    trust.folded(card, "What was tried, and the networks one by one", tables)
