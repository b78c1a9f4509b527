"""Did the writer like it? A recurrent network that first learned to expect the next word.

    model = catalog.load("sentiment")
    verdicts, run = predict(model, ["I loved it.", "What a waste of two hours."])
    verdicts[0].says, verdicts[0].positive
    explain.contributions(model, "Not bad.", "Leave one out").values

Graphs, float32 where not said otherwise; `before` is what was read before, see `running`:

    predict    ids int64 [n, t], lengths int64 [n], before -> logits [n, 2], embedding, review [n],
               before_out
    gradients  ids int64 [n, 64], mask, gates [n, 64], before -> odds [n], slopes [n, 64]
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.card import Precision
from models.catalog import Model
from models.decode import texts
from models.engine import Run
from models.errors import InputError
from models.kinds import classifier
from models.kinds.classifier import Answer
from models.sentiment import running
from models.sentiment.reading import Read

LABELS = ("negative", "positive")
MOST = 20_000  # characters of one text


@dataclass(frozen=True)
class Verdict:
    """What the network says of one text. undecided: how far from one half it does not decide."""

    answer: Answer
    read: Read
    undecided: float

    @property
    def positive(self) -> float:
        """Probability that the writer liked it."""
        return float(self.answer.probabilities[1])

    @property
    def review(self) -> bool:
        """Whether it reads like a review at all."""
        return self.answer.in_distribution

    @property
    def says(self) -> str:
        """`liked`, `disliked`, or `unsure`: mixed, or not a review."""
        if not self.review or abs(self.positive - 0.5) < self.undecided:
            return "unsure"
        return "liked" if self.positive > 0.5 else "disliked"


def checked(text: str) -> str:
    """`text` as it was written, on one line. Raises InputError for too much, or no word in it."""
    if len(text) > MOST:
        raise InputError(f"This text has {len(text):,} characters: give at most {MOST:,} of them.")
    reading = texts.read(text)
    if not any(map(str.isalnum, reading.text)):
        raise InputError("There is no word to read here: type or paste what somebody wrote.")
    return reading.written


def predict(
    model: Model, texts: Sequence[str], precision: Precision | None = None
) -> tuple[list[Verdict], Run]:
    """A verdict for each text, and what the run took. Raises what `engine.infer` raises.

    Texts of like length go through together; a text's probability moves by a few thousandths with
    its company, since the recurrence rounds by what a batch holds.
    """
    reader = running.reader(model)
    reads = [reader.read(text) for text in texts]
    run = running.run(model, [read.ids for read in reads], precision)
    shares, known = (
        classifier.softmax(run["logits"]),
        classifier.in_distribution_score(model, run.arrays),
    )
    undecided = model.card.settings["undecided"].value
    verdicts = [
        Verdict(Answer(LABELS, share, float(familiar)), read, undecided)
        for share, familiar, read in zip(shares, known, reads, strict=True)
    ]
    return verdicts, run
