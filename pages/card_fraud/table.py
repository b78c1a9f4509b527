"""Many transactions at once: a CSV, its look-back features, both scores, and a CSV to take home."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from models import deadline
from models.card import Precision
from models.card_fraud import CHUNK, lookback, out_of_range, reading, scored
from models.card_fraud.lookback import HISTORY
from models.card_fraud.reading import FRAUD, NEEDED, Given
from models.catalog import Model
from pages.card_fraud import payment
from pages.card_fraud.payment import PAGE, Asked
from pages.card_fraud.samples import TRANSACTIONS
from pages.parts.anomaly import board
from pages.parts.anomaly.board import Board, Rows
from pages.parts.source.table import Opened
from pages.parts.state.held import held


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


BOARD = Board(
    page=PAGE,
    one="payment",
    many="transactions",
    whose="known frauds",
    about="A table with the columns `time`, `customer`, `terminal` and `amount`, in any order, and "
    "`fraud` where it is known in the end (1 or 0). Every transaction is judged by those before "
    f"it: give at least {HISTORY} days before the ones that you ask about.",
    template=template,
    name="glassbox-transactions.csv",
    chunk=CHUNK,
)


def draw(model: Model, precision: Precision, threshold: float) -> Asked | None:
    """The board; the transaction that the visitor clicked, or None."""
    return BOARD.draw(reading.read, lambda opened: _rows(model, precision, opened), threshold)


def _looked(given: Given, honest: str | None) -> Looked:
    """What looks back in a table, by that meaning of its labels. Raises BusyError."""
    with deadline.work():
        given = given.told(honest)
        return Looked(given, lookback.features(given.transactions).astype(np.float32))


def _rows(model: Model, precision: Precision, opened: Opened[Given]) -> Rows[Asked]:
    honest = board.normal(PAGE, opened.made.labels, FRAUD)
    about = opened.which, honest
    looked = held(f"{PAGE}_looked", about, lambda: _looked(opened.made, honest))
    given = looked.given
    for note in given.notes:
        st.info(note)
    if short := int(given.short.sum()):
        st.warning(
            f"{short:,} of {len(given):,} transactions have less than {HISTORY} days of this file "
            "before them: they are judged by what there is, and marked in the table."
        )
    board.outside(
        out_of_range(model, looked.features), len(given), "what the networks learned from"
    )

    def ask(places: list[int]) -> Iterable[tuple[float, ...]]:
        found, _ = scored(model, looked.features[places], precision)
        columns = (found.log_odds, found.probability, found.anomaly_score)
        return zip(*(column.tolist() for column in columns), strict=True)

    def show(places: list[int], answers: board.Array) -> dict[str, Any]:
        return {
            "probability of fraud": answers[:, 1],
            "how unusual": answers[:, 2].round(3),
            "customer": [given.customers[i] for i in places],
            "terminal": [given.terminals[i] for i in places],
            "amount": given.transactions.amount[places],
            "days before it": given.history[places].round(1),
            "too little past": ["yes" if given.short[i] else "" for i in places],
        }

    def explain(place: int) -> Asked:
        found, _ = scored(model, looked.features[[place]], precision)
        return Asked(found, named=f"row {given.numbered[place]} of your table")

    fraud, score = given.transactions.fraud, 0 if payment.labelled() else 2
    known = None if fraud is None or not fraud.any() else fraud
    numbered, bar = given.numbered, "probability of fraud"
    return Rows((about, precision), numbered, ask, show, bar, explain, score, known)
