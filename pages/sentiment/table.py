"""Many reviews at once: a CSV with a column of texts, answered in chunks, and a CSV to take home.

A cell that cannot be read gets its sentence in place of an answer, and costs no other its own.
Where a column says what is true, the hits are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from models import deadline
from models.card import Precision
from models.catalog import Model
from models.decode import texts
from models.decode.tables import Table
from models.errors import InputError
from models.sentiment import checked, predict
from pages.parts.draw import charts
from pages.parts.draw.text_marks import shortened
from pages.parts.job import batch, guard
from pages.parts.job.job import Job
from pages.parts.source import table as table_file
from pages.parts.source.table import Opened
from pages.sentiment import figures
from pages.sentiment import truth as sentiment_truth
from pages.sentiment.truth import Truth

CHUNK = 64  # reviews between two looks at the stop button, about half a second
PAUSE = 10_000  # reviews after which it asks whether to go on: about a minute
NAMES = ("text", "review", "comment", "content", "body", "message", "opinion", "feedback", "tweet")
LOOKED = 200  # rows that tell which columns hold text ...
BEGINNING = 1_000  # ... by so many characters of each
SHOWN = 80  # characters of a review in the table
WORDS = {"liked": "liked it", "disliked": "did not like it", "unsure": "mixed, or not a review"}
SAYS = {words: said for said, words in WORDS.items()}
Row = tuple[str, str, float | None]  # the review's beginning, the verdict, probability of "liked"


@dataclass(frozen=True)
class Texts:
    """A table's columns of text. numbers: where each row stands in the file.

    labels: the different values of each column that may say what is true; cells: all of theirs.
    """

    columns: dict[str, list[str]]
    labels: dict[str, list[str]]
    cells: dict[str, list[str]]
    guess: str
    numbers: list[int]
    notes: tuple[str, ...]


def draw(page: str, model: Model, precision: Precision) -> None:
    """The uploader, and all of its answers; a bad file gets its sentence and stops nothing."""
    with st.expander("Or a table of thousands", icon=":material/table_view:"):
        opened = table_file.given(
            page,
            "A table with a column of texts",
            _read,
        )
        if opened is not None:
            with guard.in_place():
                _answered(page, model, precision, opened)


def _read(table: Table) -> Texts:
    """A table's columns of text. Raises InputError where there is none."""
    texts: dict[str, list[str]] = {}
    labels: dict[str, list[str]] = {}
    for i, name in enumerate(table.columns):
        deadline.check()
        if values := sentiment_truth.labels(name, (row[i] for row in table.rows)):
            labels[name] = values
        if _is_text([row[i][:BEGINNING] for row in table.rows[:LOOKED]]):
            texts[name] = table.column(i)
    if not texts:
        count = len(table.columns)
        raise InputError(
            f"None of the {count} columns of this table holds texts: give one with a column of "
            "reviews."
            if count > 1
            else "The only column of this table holds no texts: give one with reviews."
        )
    cells = {name: table.column(table.columns.index(name)) for name in labels}
    return Texts(texts, labels, cells, guessed(texts), table.numbers, table.notes)


def guessed(texts: dict[str, list[str]]) -> str:
    """The column that is called like one of texts, else the one with the longest."""
    named = {name.casefold(): name for name in reversed(texts)}
    for known in NAMES:
        for name in (known, f"{known}s"):
            if name in named:
                return named[name]
    for known in NAMES:
        if found := next((name for low, name in named.items() if known in low), None):
            return found
    return max(texts, key=lambda name: sum(map(len, texts[name][:LOOKED])))


def _is_text(cells: Sequence[str]) -> bool:
    """Whether most of the cells that are not empty hold words, several in the longest."""
    filled = [cell for cell in cells if cell.strip()]
    wordy = [cell for cell in filled if sum(map(str.isalpha, cell)) > len(cell) / 2]
    return 2 * len(wordy) > len(filled) and any(len(cell.split()) > 1 for cell in wordy)


def _answered(page: str, model: Model, precision: Precision, opened: Opened[Texts]) -> None:
    """The choice of the column, the answers so far, and the rest of them."""
    given = opened.made
    for note in given.notes:
        st.info(note)
    names = list(given.columns)
    column = st.selectbox(
        "Column with the texts", names, names.index(given.guess), key=f"{page}_column"
    )
    texts = given.columns[column]
    job: Job[int, Row] = Job.of(page, (opened.which, column, precision))
    labels = {name: values for name, values in given.labels.items() if name != column}
    truth = sentiment_truth.chosen(page, labels, given.cells)
    place = st.container()
    job.run(
        range(len(texts)),
        "reviews",
        lambda rows, _: answers(model, [texts[i] for i in rows], precision),
        CHUNK,
        PAUSE,
    )
    with place:
        _show(page, model, given.numbers, job.done, truth)


def answers(model: Model, texts: Sequence[str], precision: Precision | None = None) -> list[Row]:
    """A row for each text. Raises what `engine.infer` raises."""
    found: dict[int, Row] = {}
    good: dict[int, str] = {}
    for i, text in enumerate(texts):
        try:
            good[i] = checked(text)
        except InputError as error:
            found[i] = (_beginning(text), str(error), None)
    if good:
        verdicts, _ = predict(model, [*good.values()], precision=precision)
        for i, verdict in zip(good, verdicts, strict=True):
            found[i] = _beginning(texts[i]), WORDS[verdict.says], verdict.positive
    return [found[i] for i in range(len(texts))]


def _beginning(text: str) -> str:
    """Its first words, without direction signs: one would turn the rest of the row around."""
    return shortened(texts.read(text[: 4 * SHOWN]).written, SHOWN)


def _show(
    page: str, model: Model, numbers: Sequence[int], done: dict[int, Row], truth: Truth | None
) -> None:
    """What is answered so far: counts, hits, the spread of probabilities, the table, the CSV."""
    if not done:
        return
    order = sorted(done)
    says = {i: SAYS[done[i][1]] for i in order if done[i][2] is not None}
    frame = pd.DataFrame(
        {
            "row": [numbers[i] for i in order],
            "text": [done[i][0] for i in order],
            "verdict": [done[i][1] for i in order],
            "probability of liked": [done[i][2] for i in order],
        }
    ).astype({"probability of liked": float})
    if truth is not None:
        frame["truth"] = [WORDS.get(truth.of(i), "neither, or none") for i in order]
    counts = [sum(said == word for said in says.values()) for word in WORDS]
    wholes = sentiment_truth.hundred(counts)
    for place, words, share, count in zip(
        st.columns(3), WORDS.values(), wholes, counts, strict=True
    ):
        place.metric(words, f"{share}%", border=True, help=f"{count:,} reviews")
    if left := [numbers[i] for i in order if i not in says]:
        st.caption(
            f"Left out, since there is nothing to read or too much: {sentiment_truth.rows(left)}. "
            "The table below says why."
        )
    if truth is not None:
        sentiment_truth.counted(truth, says, numbers)
    shares = frame["probability of liked"].dropna()
    undecided = model.card.settings["undecided"].value
    charts.show(figures.answers(shares.tolist(), undecided), key=f"{page}_spread")
    safe = batch.harmless(frame)
    st.dataframe(
        safe,
        hide_index=True,
        column_config={
            "row": st.column_config.NumberColumn("Row", width="small", format="%d"),
            "text": st.column_config.TextColumn("Text", width="large"),
            "verdict": "Verdict",
            "truth": "Truth",
            "probability of liked": st.column_config.ProgressColumn(
                "Probability of liked", format="percent", min_value=0, max_value=1
            ),
        },
        alt=f"Verdicts on {len(frame):,} reviews.",
    )
    batch.download(page, safe)
