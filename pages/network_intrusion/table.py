"""Many connections at once: a CSV in the documented columns, scored, and a CSV to take home."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import numpy as np
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.network_intrusion import CHUNK, Connections, out_of_range, predict, reading
from models.network_intrusion.schema import COLUMNS, LABEL, NAMES, NORMAL
from pages.network_intrusion.connection import PAGE, Asked
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import board
from pages.parts.anomaly.board import Board, Rows
from pages.parts.source.table import Opened


def template() -> bytes:
    """Our samples as a CSV with all columns, and what each was made as."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*NAMES, LABEL])
    for sample in CONNECTIONS.values():
        label = "attack" if sample.attack else NORMAL
        writer.writerow([*(sample.values[name] for name in NAMES), label])
    return file.getvalue().encode()


BOARD = Board(
    page=PAGE,
    one="connection",
    many="connections",
    whose="attacks",
    about=f"A table with the {len(NAMES)} columns of KDD Cup 99 in any order, named in the first "
    "row; a column `label`, where there is one, says `normal` or the name of an attack. NSL-KDD's "
    "own files are read too, as they are.",
    template=template,
    name="glassbox-connections.csv",
    chunk=CHUNK,
)


def draw(model: Model, precision: Precision, threshold: float) -> Asked | None:
    """The board; what `why.show` says of the row that the visitor clicked, or None."""
    return BOARD.draw(
        lambda table: reading.read(model, table),
        lambda opened: _rows(model, precision, opened),
        threshold,
    )


def _rows(model: Model, precision: Precision, opened: Opened[Connections]) -> Rows[Asked]:
    rows = opened.made
    for note in rows.notes:
        st.info(note)
    for name, row in reading.unknown(model, rows):
        st.info(f"Column {name} has a word that the network never met, first in row {row}.")
    board.outside(out_of_range(model, rows), len(rows), "what any normal training row had")
    normal = board.normal(PAGE, rows.labels, LABEL)

    def ask(places: list[int]) -> Iterable[tuple[float, ...]]:
        some = Connections(rows.numbers[places], rows.categories[places])
        found, _ = predict(model, some, precision)
        most = found.shares.argmax(1)
        share = found.shares[np.arange(len(places)), most]
        return zip(found.score.tolist(), most.tolist(), share.tolist(), strict=True)

    def show(places: list[int], answers: board.Array) -> dict[str, Any]:
        shown = {
            "score": answers[:, 0].round(3),
            "most unusual column": [COLUMNS[int(most)].name for most in answers[:, 1]],
            "its share of the score": answers[:, 2],
        }
        if rows.labels is not None:
            shown["label"] = [rows.labels.cells[i] for i in places]
        return shown

    def explain(place: int) -> Asked:
        row = Connections(rows.numbers[[place]], rows.categories[[place]])
        named = f"row {rows.numbered[place]} of your table"
        return Asked(row, predict(model, row, precision)[0], named)

    attack = None if rows.labels is None else rows.labels.abnormal(normal)
    about, bar = (opened.which, precision), "its share of the score"
    return Rows(about, rows.numbered, ask, show, bar, explain, abnormal=attack)
