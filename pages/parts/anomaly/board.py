"""The board of a page of anomalies: many rows at once, each with its score and, by a click, why.

A page says with a `Board` what its rows are called and which table it takes, and gives for an
opened table its `Rows`: how they are asked, and what of an answer is shown.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from models.decode.labels import OFFERED, Labels
from models.decode.tables import Table
from models.kinds.thresholds import LabelledScores
from pages.parts.anomaly.dial import metrics
from pages.parts.draw import words
from pages.parts.job import batch, guard
from pages.parts.job.job import Job
from pages.parts.source import table as file
from pages.parts.source.table import Opened
from pages.parts.state import choices

T = TypeVar("T")
W = TypeVar("W")
Array = np.ndarray[Any, Any]
ROW = st.column_config.NumberColumn(format="%d", width="small")
SHARE = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)


@dataclass(frozen=True)
class Rows(Generic[W]):
    """The rows of one table. about: what their answers depend on; of another they begin anew.

    numbered: by what number its file calls each.

    ask: from places of some rows to what is kept of each: k numbers. show: from places of n rows,
    and float64 [n, k], to the columns of the table; `bar` is drawn as one. explain: what Why needs
    of one. score: which of the k the dial is about. abnormal: bool, where it is known of each row.
    """

    about: Hashable
    numbered: Sequence[int]
    ask: Callable[[list[int]], Iterable[tuple[float, ...]]]
    show: Callable[[list[int], Array], dict[str, Any]]
    bar: str
    explain: Callable[[int], W]
    score: int = 0
    abnormal: Array | None = None


@dataclass(frozen=True)
class Board:
    """What stands on a board. one, many: what its rows are called, and `whose` the abnormal ones.

    about: which table is taken, in Markdown. template, name: a file of that kind. chunk: rows that
    are asked at once.
    """

    page: str
    one: str
    many: str
    whose: str
    about: str
    template: Callable[[], bytes]
    name: str
    chunk: int

    @property
    def follows(self) -> bool:
        """Whether something on the page besides the dial is about where it stands."""
        state = st.session_state
        return state.get("part") == "Trust" or f"{self.page}_opened" in state

    def draw(
        self, read: Callable[[Table], T], rows: Callable[[Opened[T]], Rows[W]], threshold: float
    ) -> W | None:
        """The uploader and all answers; a bad file gets its sentence and stops nothing.

        Returns what there is to say of the row that the visitor clicked, or None.
        """
        with st.expander("Or a table of thousands", icon=":material/table_view:"):
            st.markdown(self.about)
            file.template(self.page, self.template(), self.name)
            opened = file.given(self.page, f"A table of {self.many}", read)
            if opened is not None:
                with guard.in_place():
                    return self._answered(rows(opened), threshold)
        return None

    def _answered(self, rows: Rows[W], threshold: float) -> W | None:
        state = st.session_state
        job: Job[int, tuple[float, ...]] = Job.of(self.page, rows.about)
        place = st.container()
        job.run(range(len(rows.numbered)), self.many, lambda some, _: rows.ask(some), self.chunk)
        if not job.done:
            return None
        order = sorted(job.done)
        answers = np.array([job.done[i] for i in order])
        score = answers[:, rows.score]
        known = None if rows.abnormal is None else rows.abnormal[order]
        columns = {
            "row": [rows.numbered[i] for i in order],
            "alarm": ["alarm" if hit else "" for hit in score >= threshold],
            **rows.show(order, answers),
        }
        key = f"{self.page}_clicked"
        with place:
            alarms = counted(self.many, score, threshold, known, self.whose)
            batch.clickable(
                self.page,
                pd.DataFrame(columns),
                f"Scores of {len(order):,} {self.many}, {alarms:,} with an alarm.",
                lambda i: choices.put({key: (rows.about, order[i]), "part": "Why"}),
                columns={"row": ROW, rows.bar: SHARE},
            )
            clicked: tuple[Hashable, int] | None = state.get(key)
            if clicked is None or clicked[0] != rows.about:
                return None
            st.button(
                f"Back to the {self.one} above",
                icon=":material/undo:",
                key=f"{self.page}_unclick",
                on_click=state.pop,
                args=(key, None),
            )
        return rows.explain(clicked[1])


def normal(page: str, labels: Labels | None, column: str) -> str | None:
    """The word of a column of truth that means normal: asked where nobody can know it.

    column: its name, in words of ours. None where it is known, or the visitor has not said it.
    """
    if labels is None:
        return None
    if not labels.open or not labels.words:
        if labels.note:
            st.caption(f"In the column *{column}*, {words.plain(labels.note)}.")
        return None
    return st.selectbox(
        f"Which value of the column {column} means normal?",
        labels.words[:OFFERED],
        index=None,
        placeholder="Choose one, and hits are counted",
        key=f"{page}_normal",
    )


def counted(of: str, score: Array, threshold: float, abnormal: Array | None, whose: str) -> int:
    """How many rows there are, and alarms among them, which it returns.

    abnormal: bool [n], what is known of the rows, or None: then nothing is said of how many of the
    alarms are right. whose: what recall is of.
    """
    alarms = int((score >= threshold).sum())
    shown = {of: (f"{len(score):,}", ""), "alarms": (f"{alarms:,}", f"{alarms / len(score):.1%}")}
    if abnormal is not None:
        point = LabelledScores.of(score, abnormal).at(threshold)
        right = "none" if point.precision is None else f"{point.precision:.1%}"
        shown["precision"] = (right, "Share of the alarms that are right.")
        shown["recall"] = (f"{point.recall:.1%}", f"Of the {whose}.")
    metrics("counted", shown)
    return alarms


def outside(of: Sequence[tuple[str, int]], count: int, what: str) -> None:
    """Columns that lie outside of `what`, if any: name and in how many of `count` rows."""
    if not of:
        return
    most = sorted(of, key=lambda pair: -pair[1])[:6]
    said = ", ".join(f"*{name}* in {rows:,}" for name, rows in most)
    more = f", and {len(of) - len(most)} more columns" if len(of) > len(most) else ""
    st.warning(
        f"Outside of {what}: {said} of {count:,} rows{more}. Far from it the score says little "
        "more than that."
    )
