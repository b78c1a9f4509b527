"""Many transactions at once: a CSV, its look-back features, both scores, and a CSV to take home."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from models import deadline
from models.card import Precision
from models.card_fraud import CHUNK, beyond, lookback, reading, scored
from models.card_fraud.lookback import HISTORY
from models.card_fraud.reading import FRAUD, NEEDED, Given
from models.catalog import Model
from pages.card_fraud import payment
from pages.card_fraud.payment import PAGE
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import rows as anomaly_rows
from pages.parts.job import guard, many
from pages.parts.job.job import Job
from pages.parts.source import table
from pages.parts.source.table import Opened
from pages.parts.state.held import held

Answer = tuple[float, float, float]  # log-odds, probability, how unusual


@dataclass(frozen=True)
class Looked:
    """A table of transactions with what looks back: float32 [n, 20]."""

    given: Given
    features: np.ndarray[Any, Any]


def template() -> bytes:
    """Our samples as a CSV, each sample's names its own."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*NEEDED, FRAUD])
    for name, sample in TRANSACTIONS.items():
        for time, customer, terminal, amount, fraud in sample.rows:
            writer.writerow(
                [time, f"{customer} ({name})", f"{terminal} ({name})", amount, int(fraud)]
            )
    return file.getvalue().encode()


def draw(model: Model, precision: Precision, threshold: float) -> None:
    """The uploader, and all answers; a bad file gets its sentence and stops nothing."""
    with st.expander("Or a table of thousands", icon=":material/table_view:"):
        st.markdown(
            "A table with the columns `time`, `customer`, `terminal` and `amount`, in any order, "
            "and `fraud` where it is known in the end (1 or 0). Every transaction is judged by "
            f"those before it: give at least {HISTORY} days before the ones that you ask about."
        )
        table.template(PAGE, template(), "glassbox-transactions.csv")
        opened = table.given(
            PAGE,
            "A table of transactions",
            reading.read,
        )
        if opened is not None:
            with guard.in_place():
                _answered(model, precision, opened, threshold)


def _looked(given: Given, honest: str | None) -> Looked:
    """What looks back in a table, by that meaning of its labels. Raises BusyError."""
    with deadline.work():
        given = given.told(honest)
        return Looked(given, lookback.features(given.transactions).astype(np.float32))


def _answered(model: Model, precision: Precision, opened: Opened[Given], threshold: float) -> None:
    honest = anomaly_rows.normal(PAGE, opened.made.labels, FRAUD)
    about = opened.which, honest
    looked = held(f"{PAGE}_looked", about, lambda: _looked(opened.made, honest))
    given = looked.given
    job: Job[int, Answer] = Job.of(PAGE, (about, precision))
    for note in given.notes:
        st.info(note)
    if short := int(given.short.sum()):
        st.warning(
            f"{short:,} of {len(given):,} transactions have less than {HISTORY} days of this file "
            "before them: they are judged by what there is, and marked in the table."
        )
    if outside := beyond(model, looked.features):
        most = sorted(outside, key=lambda pair: -pair[1])[:6]
        said = ", ".join(f"*{name}* in {count:,}" for name, count in most)
        st.warning(
            f"Outside of what the networks learned from: {said} of {len(given):,} rows. Far from "
            "it the score says little more than that."
        )
    place = st.container()

    def ask(keys: list[int], _: object) -> list[Answer]:
        found, _ = scored(model, looked.features[keys], precision)
        columns = (found.log_odds, found.probability, found.unusual)
        return [*zip(*(column.tolist() for column in columns), strict=True)]

    job.run(range(len(given)), "transactions", ask, CHUNK)
    with place:
        _show(given, job.done, threshold)


def _show(given: Given, done: dict[int, Answer], threshold: float) -> None:
    """What is scored so far: counts, the table, the CSV."""
    if not done:
        return
    order = sorted(done)
    answers = np.array([done[i] for i in order])
    score = answers[:, 0 if payment.labelled() else 2]
    alarm = score >= threshold
    rows = given.transactions
    fraud = None if rows.fraud is None or not rows.fraud.any() else rows.fraud[order]
    alarms = anomaly_rows.counted("transactions", score, threshold, fraud, "known frauds")
    frame = pd.DataFrame(
        {
            "row": [given.numbered[i] for i in order],
            "alarm": ["alarm" if hit else "" for hit in alarm],
            "probability of fraud": answers[:, 1],
            "how unusual": answers[:, 2].round(3),
            "customer": [given.customers[i] for i in order],
            "terminal": [given.terminals[i] for i in order],
            "amount": rows.amount[order],
            "days before it": given.history[order].round(1),
            "too little past": ["yes" if given.short[i] else "" for i in order],
        }
    )
    safe = many.harmless(frame)
    st.dataframe(
        safe,
        hide_index=True,
        column_config={
            "row": st.column_config.NumberColumn("Row", format="%d", width="small"),
            "probability of fraud": st.column_config.ProgressColumn(
                "Probability of fraud", format="percent", min_value=0, max_value=1
            ),
        },
        alt=f"Scores of {len(order):,} transactions, {alarms:,} with an alarm.",
    )
    many.download(PAGE, safe)
