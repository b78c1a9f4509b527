"""Try one connection: a sample of ours, every cell of it to change, and what the network says."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.engine import Run
from models.network_intrusion import Connections, Scored, predict, reading, words
from models.network_intrusion.schema import COLUMNS
from pages.network_intrusion.samples import CONNECTIONS, Sample
from pages.parts.anomaly.dial import Dial, in_figures
from pages.parts.job import guard
from pages.parts.source.cells import Cells, Shown
from pages.parts.source.place import Source
from pages.parts.state import ours

PAGE = "network_intrusion"
FIRST = next(iter(CONNECTIONS))


def dial(model: Model) -> Dial:
    """The dial over the test file's scores."""
    return Dial.released(
        model,
        "threshold",
        "test_score",
        "test_abnormal",
        page=PAGE,
        told="{n} test connections",
        axis="how unusual, log10 of the error",
        many="connections",
        one_abnormal="attack",
        all_abnormal="attacks",
        rows=10_000,
        false_cost=5,
        missed_cost=100,
    )


def _table(name: str) -> pd.DataFrame:
    """A sample's columns, a row each."""
    values = CONNECTIONS[name].values
    return pd.DataFrame(
        {
            "column": [column.name for column in COLUMNS],
            "value": [values[column.name] for column in COLUMNS],
            "meaning": [f"{c.meaning} ({c.unit})" if c.unit else c.meaning for c in COLUMNS],
        }
    )


CELLS = Cells(
    Source(f"{PAGE}_cells", "A connection of ours", CONNECTIONS, lambda _: {}, "connection"), _table
)


def editor(shown: Shown, model: Model) -> dict[str, str]:
    """Every cell of the connection, to change; returns column -> what stands there."""
    known = words(model)
    edited = st.data_editor(
        shown.table,
        key=shown.editor,
        hide_index=True,
        height="stretch",  # beside the answer; above it, on a phone, see shell.css
        disabled=["column", "meaning"],
        column_config={
            "column": st.column_config.TextColumn("Column", width=188),
            "value": st.column_config.TextColumn(
                "Value",
                width="small",
                help="Change it: the score follows. Services are "
                + ", ".join(known["service"][:12])
                + " and others.",
            ),
            "meaning": st.column_config.TextColumn("Meaning", width="large"),
        },
        alt="Every column of the connection, its value to change, its meaning and unit.",
    )
    cells = ["" if cell is None else str(cell) for cell in edited["value"]]
    return dict(zip(edited["column"], cells, strict=True))


@dataclass(frozen=True)
class Asked:
    """A row, what the network says of it, and which it is, in words. public: the key of what is
    made of our own."""

    row: Connections
    found: Scored
    named: str = "the connection above"
    public: ours.Key = None


Answered = tuple[Connections, Scored, Run]


def answer(model: Model, values: dict[str, str], precision: Precision) -> Answered:
    """The row in these cells, what the network says of it, and the run. Raises InputError."""
    row = reading.typed(model, values)
    return row, *predict(model, row, precision)


def of_sample(model: Model, name: str, precision: Precision) -> Answered:
    """The same of a sample as it is."""
    return ours.kept(
        (model.release, "sample", name, precision),
        lambda: answer(model, CONNECTIONS[name].values, precision),
    )


def verdict(turned: Dial, sample: Sample, changed: bool, score: float, threshold: float) -> None:
    """What the network says of the row, in words, and what it was made as."""
    st.markdown(f"#### {sentence(score, threshold)}")
    if changed:
        st.caption("You changed this connection, so what it is, only you can say.")
    else:
        made = "an attack" if sample.attack else "a normal connection"
        right = "Right" if sample.attack == (score >= threshold) else "Wrong"
        st.caption(f"{sample.told} We made it as **{made}**. {right}.")
    in_figures(turned, score, threshold)


def sentence(score: float, threshold: float) -> str:
    """The verdict in words, in Markdown."""
    if score >= threshold:
        return "**Alarm:** this does not look like a normal connection."
    return "**No alarm:** this looks like a normal connection."


def strange(model: Model, row: Connections) -> None:
    """Words that the network never met, said."""
    with guard.in_place():
        for name, _ in reading.unknown(model, row):
            st.caption(
                f"The word in *{name}* never stood in the training file: by itself that counts "
                "as unusual."
            )
