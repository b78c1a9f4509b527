"""What the words of one review did, by several methods; kept for the visit while it is the one.

A method may take seconds: it is made when there is room, can be stopped between two batches, and
what is done stays. Of our own texts everything is kept for all visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from models.catalog import Model
from models.explain.faithful import Curve
from models.sentiment import explain
from models.sentiment.explain import Contributions
from models.sentiment.reading import Read
from pages.parts.job import later
from pages.parts.job.job import Job, Step
from pages.parts.job.later import Tell
from pages.parts.state.held import held
from pages.parts.state.ours import Findings
from pages.sentiment.samples import SAMPLES

FIRST, SECOND = "Leave one out", "Integrated gradients"  # the methods that are shown at first
RANDOM = "random order"
KEPT = "sentiment_case"


@dataclass
class Case:
    """One text with all that was made of it so far, by the step and the method."""

    text: str
    findings: Findings
    words: Job[Step, Contributions] = field(default_factory=lambda: Job("sentiment_words"))
    order: Job[Step, Curve] = field(default_factory=lambda: Job("sentiment_order"))

    @property
    def made(self) -> dict[str, Contributions]:
        """What the words did, by each method that there is by now."""
        return {name: found for (_, name), found in self.words.done.items()}


def of(model: Model, text: str) -> Case:
    """The case on this page: the one that is kept, as long as the text is the same."""
    ours = text in map(str.strip, SAMPLES.values())
    findings = Findings((model.release, "review", text) if ours else None)
    return held(KEPT, text, lambda: Case(text, findings))


def quick(model: Model, read: Read) -> Contributions | None:
    """By the method that is shown first; None until it is made.

    Where that would keep the visitor waiting it is made under Why alone, where it can be stopped.
    """
    case, step = of(model, read.written), ("words", FIRST)
    find = partial(_words, model, case, step)
    if explain.quick(read):
        found = later.found(case.findings, step, "The colours come", find)
    else:
        found = case.findings.known(*step)
    if found is not None:
        case.words.done[step] = found
    return found


def make(model: Model, case: Case, names: Sequence[str]) -> list[str]:
    """Have made by these methods what is missing; the names of those that there are now."""
    steps = [("words", name) for name in names]
    case.words.later(steps, "The colours come", case.findings, partial(_words, model, case))
    return [name for name in names if name in case.made]


def curves(model: Model, case: Case, names: Sequence[str]) -> dict[str, Curve]:
    """How the answer's probability falls as words go in each method's order, and at random."""

    def one(step: Step, tell: Tell) -> Curve:
        name = step[1]
        known = case.made[names[0] if name == RANDOM else name].values
        order = "random" if name == RANDOM else "contribution"
        return explain.curve(model, case.text, known, order, tell(name))

    steps = [("order", name) for name in (*names, RANDOM) if names]
    case.order.later(steps, "The test comes", case.findings, one)
    return {step[1]: case.order.done[step] for step in steps if step in case.order.done}


def _words(model: Model, case: Case, step: Step, tell: Tell) -> Contributions:
    return explain.contributions(model, case.text, step[1], progress=tell(step[1]))
