"""The dial: a threshold on a score, and what it catches, misses and costs; made for dragging.

A page of anomalies says with a `Dial` which scores of known truth it judges by, and calls `draw`,
which is a fragment: moving the slider draws nothing else anew. `threshold` gives its place to what
stands outside of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from models.catalog import Model
from models.kinds.thresholds import Day, LabelledScores, Point, cheapest
from pages.parts.anomaly import dial_figures
from pages.parts.draw import charts
from pages.parts.state import choices, ours

MUCH = 1.05  # times the cheapest: where a dial that costs more is told of it


@dataclass(frozen=True)
class Dial:
    """What a page's dial turns on.

    judged: scores of known truth, `told` in words. default: the released threshold, on the step.
    axis: what the score is, with its unit. one, many: what a row is called, and what the abnormal
    ones are called (`attack`). rows, false_cost, missed_cost: what the visitor's day begins as.
    span: between what the slider goes, by default what the judged scores have.
    """

    page: str
    judged: LabelledScores
    told: str
    default: float
    axis: str
    many: str
    one_abnormal: str
    all_abnormal: str
    rows: int
    false_cost: float
    missed_cost: float
    step: float = 0.01
    span: tuple[float, float] | None = None
    chosen: str = ""  # how the released threshold was, in words

    @classmethod
    def released(
        cls, model: Model, setting: str, scores: str, abnormal: str, **words: Any
    ) -> "Dial":
        """Of a release, made once: its evidence's scores, and its card's threshold of that name.

        words: all that a dial is besides; `{n}` in `told` is how many scores there are.
        """

        def made() -> Dial:
            held = model.arrays("evidence.npz")
            judged = LabelledScores.of(held[scores], held[abnormal])
            told = words["told"].format(n=f"{len(held[scores]):,}")
            default = model.card.settings[setting]
            chosen = f"{default.rule}; chosen on {default.chosen_on}"
            made = {"judged": judged, "told": told, "usual": default.value, "chosen": chosen}
            return cls(**words | made)

        return ours.kept((model.release, "dial", setting), made)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Between what the slider goes: all scores but one in a thousand at either side, or what
        was given.
        """
        if self.span is not None:
            return self.span
        every = np.sort(np.concatenate([self.judged.normal, self.judged.abnormal]))
        few = len(every) // 1000
        low, high = min(float(every[few]), self.default), max(float(every[-1 - few]), self.default)
        places = max(0, math.ceil(-math.log10(self.step)))
        return (
            round(math.floor(low / self.step) * self.step, places),
            round(math.ceil(high / self.step) * self.step, places),
        )

    def key(self, name: str) -> str:
        """Of a widget: its name in the session and in a link."""
        return f"{self.page}_{name}"

    @property
    def defaults(self) -> dict[str, float]:
        """What a link can leave out: every choice as it is where nobody chose."""
        return {
            self.key("dial"): self.default,
            self.key("false_cost"): self.false_cost,
            self.key("missed_cost"): self.missed_cost,
            self.key("rows"): self.rows,
            self.key("share"): self.share,
        }

    def nearest(self, threshold: float) -> float:
        """The last step of the slider that raises an alarm wherever this threshold does."""
        low, high = self.ends
        steps = math.floor((threshold - low) / self.step + 1e-9)
        return round(min(max(low + steps * self.step, low), high), 6)

    def on(self, judged: LabelledScores, told: str) -> "Dial":
        """The same dial, told by other scores of known truth."""
        return replace(self, judged=judged, told=told, span=self.ends)

    @property
    def share(self) -> float:
        """Percent of the judged rows that are abnormal."""
        return round(100 * self.judged.share, 1)


def threshold(dial: Dial) -> float:
    """Where the dial stands: what the visitor chose or a link says, else the released one."""
    return _number(dial, "dial", *dial.ends)


def day(dial: Dial) -> Day:
    """The visitor's day: as they typed it, or what the page begins with."""
    return Day(
        _number(dial, "rows", 1, 1e9),
        _number(dial, "share", 0, 100) / 100,
        _number(dial, "false_cost", 0, 1e9),
        _number(dial, "missed_cost", 0, 1e9),
    )


def _number(dial: Dial, name: str, low: float, high: float) -> float:
    key = dial.key(name)
    return choices.number(key, low, high, float(dial.defaults[key]))


@st.fragment
def draw(
    dial: Dial,
    verdict: Callable[[float], None] | None = None,
    here: float | None = None,
    follow: bool = False,
) -> None:
    """The slider with all that follows it.

    verdict: draws above it what the page says of the visitor's row, given the threshold.
    here: that row's score. follow: whether something outside follows the dial too: then the whole
    page runs again, which takes a moment longer.
    """
    told = st.container()
    picture = st.container()
    low, high = dial.ends
    choices.slide(
        f"Alarm from this score on ({dial.axis})",
        low,
        high,
        dial.default,
        dial.step,
        key=dial.key("dial"),
        on_change=_turned,
        args=(dial.key("turned"),),
        help=f"The released threshold is {dial.default:g}. Drag it: fewer false alarms cost more "
        f"missed {dial.all_abnormal}.",
    )
    here_now = threshold(dial)
    if verdict is not None:
        with told:
            verdict(here_now)
    numbers = st.container()
    _typed(dial)
    visit = day(dial)
    best = cheapest(dial.judged, visit)
    with picture:
        drawn = dial_figures.histogram(dial, here_now, best, here)
        charts.show(drawn, key=dial.key("histogram"))
    with numbers:
        _numbers(dial, dial.judged.at(here_now), visit, best)
    if st.session_state.pop(dial.key("turned"), False) and follow:
        st.rerun()


def _turned(key: str) -> None:
    """Noted for the rest of this run of the fragment."""
    st.session_state[key] = True


def _numbers(dial: Dial, point: Point, visit: Day, best: float) -> None:
    """What the dial does: four numbers, and where it would be cheapest."""
    precision = visit.precision(point)
    shown = {
        "precision": (
            "none" if precision is None else f"{precision:.1%}",
            f"Share of the alarms that are {dial.all_abnormal}, where {100 * visit.share:g} % of "
            f"all {dial.many} are.",
        ),
        "recall": (f"{point.recall:.1%}", f"Share of the {dial.all_abnormal} that raise an alarm."),
        "false alarms a day": (
            f"{visit.false_alarms(point.false_rate):,.0f}",
            f"Of the normal ones {point.false_rate:.2%} raise an alarm.",
        ),
        "cost a day": (
            f"{visit.cost(point.recall, point.false_rate):,.0f}",
            "False alarms times what one costs, and missed ones times what one costs.",
        ),
    }
    metrics(dial.key("numbers"), shown)
    if math.isinf(best):
        st.caption(f"With these costs the cheapest is to raise no alarm at all. On {dial.told}.")
        return
    at_best = dial.judged.at(best)
    cost = visit.cost(at_best.recall, at_best.false_rate)
    st.caption(f"Cheapest at **{best:.2f}**: {cost:,.0f} a day. All on {dial.told}.")
    if visit.cost(point.recall, point.false_rate) <= MUCH * cost:
        return
    if point.threshold == dial.default and dial.chosen:
        st.caption(
            f"The dial begins at {dial.default:g}, which knows nothing of what mistakes cost you: it "
            f"was released with the network ({dial.chosen})."
        )
    st.button(
        "Set the dial where it is cheapest",
        icon=":material/savings:",
        key=dial.key("cheapest"),
        on_click=_set,
        args=(dial, dial.nearest(best)),
    )


def _set(dial: Dial, threshold: float) -> None:
    choices.put({dial.key("dial"): threshold})
    _turned(dial.key("turned"))


def metrics(key: str, shown: dict[str, tuple[str, str]]) -> None:
    """Numbers with their meanings, in even rows: see `metrics_` in shell.css."""
    with st.container(key=f"metrics_{key}"):
        for name, (value, meaning) in shown.items():
            st.metric(name, value, border=True, help=meaning or None)


def in_figures(dial: Dial, score: float, threshold: float, more: str = "") -> None:
    """What a verdict says in words, in figures, folded away. more: in Markdown, said first."""
    point = dial.judged.at(score)
    with st.expander("The same in figures", icon=":material/123:"):
        st.markdown(
            f"{more}Score **{score:.2f}**, alarm from **{threshold:.2f}** on ({dial.axis}). "
            f"Of the normal {dial.many}, {point.false_rate:.2%} have this score or a higher one; "
            f"of the {dial.all_abnormal}, {point.recall:.1%}. On {dial.told}."
        )


def _typed(dial: Dial) -> None:
    """The numbers that the visitor types."""
    first, second = st.columns(2), st.columns(2)
    fields = (
        (first[0], "false_cost", "A false alarm costs", 1e9, 1.0),
        (first[1], "missed_cost", f"A missed {dial.one_abnormal} costs", 1e9, 1.0),
        (second[0], "rows", f"{dial.many.capitalize()} a day", 1e9, 100.0),
        (second[1], "share", f"Of them {dial.all_abnormal} (%)", 100.0, 0.1),
    )
    for place, name, label, most, step in fields:
        choices.slide(
            label,
            1.0 if name == "rows" else 0.0,
            most,
            float(dial.defaults[dial.key(name)]),
            step,
            key=dial.key(name),
            widget=place.number_input,
            format="%.1f" if name == "share" else "%.0f",
        )
