"""Many connections at once: a CSV in the documented columns, scored, and a CSV to take home."""

import csv
import io

import numpy as np
import pandas as pd
import streamlit as st

from models.card import Precision
from models.catalog import Model
from models.network_intrusion import CHUNK, Connections, beyond, predict, reading
from models.network_intrusion.schema import COLUMNS, LABEL, NAMES, NORMAL
from pages.network_intrusion.connection import PAGE
from pages.network_intrusion.samples import CONNECTIONS
from pages.parts.anomaly import rows as anomaly_rows
from pages.parts.job import guard, many
from pages.parts.job.job import Job
from pages.parts.source import table as table_file
from pages.parts.source.table import Opened

Answer = tuple[float, int, float]  # score, the column with the largest share, that share


def template() -> bytes:
    """Our samples as a CSV with all columns, and what each was made as."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*NAMES, LABEL])
    for sample in CONNECTIONS.values():
        label = "attack" if sample.attack else NORMAL
        writer.writerow([*(sample.values[name] for name in NAMES), label])
    return file.getvalue().encode()


def draw(model: Model, precision: Precision, threshold: float) -> None:
    """The uploader, and all answers; a bad file gets its sentence and stops nothing."""
    with st.expander("Or a table of thousands", icon=":material/table_view:"):
        st.markdown(
            f"A table with the {len(NAMES)} columns of KDD Cup 99 in any order, named in the first "
            "row; a column `label`, where there is one, says `normal` or the name of an attack. "
            "NSL-KDD's own files are read too, as they are."
        )
        table_file.template(PAGE, template(), "glassbox-connections.csv")
        opened = table_file.given(
            PAGE,
            "A table of connections",
            lambda table: reading.read(model, table),
        )
        if opened is not None:
            with guard.in_place():
                _answered(model, precision, opened, threshold)


def _answered(
    model: Model, precision: Precision, opened: Opened[Connections], threshold: float
) -> None:
    job: Job[int, Answer] = Job.of(PAGE, (opened.which, precision))
    rows = opened.made
    for note in rows.notes:
        st.info(note)
    for name, row in reading.unknown(model, rows):
        st.info(f"Column {name} has a word that the network never met, first in row {row}.")
    normal = anomaly_rows.normal(PAGE, rows.labels, LABEL)
    attack = None if rows.labels is None else rows.labels.abnormal(normal)
    place = st.container()

    def ask(keys: list[int], _: object) -> list[Answer]:
        some = Connections(rows.numbers[keys], rows.categories[keys])
        found, _ = predict(model, some, precision)
        most = found.shares.argmax(1)
        share = found.shares[np.arange(len(keys)), most]
        return [*zip(found.score.tolist(), most.tolist(), share.tolist(), strict=True)]

    job.run(range(len(rows)), "connections", ask, CHUNK)
    with place:
        _show(model, rows, job.done, threshold, attack)


def _show(
    model: Model,
    rows: Connections,
    done: dict[int, Answer],
    threshold: float,
    attack: np.ndarray | None,
) -> None:
    """What is scored so far: counts, the warning of strange columns, the table, the CSV."""
    if not done:
        return
    order = sorted(done)
    score = np.array([done[i][0] for i in order])
    alarm = score >= threshold
    known = None if attack is None else attack[order]
    alarms = anomaly_rows.counted("connections", score, threshold, known, "attacks")
    _warn(model, rows)
    shown = {
        "row": [rows.numbered[i] for i in order],
        "alarm": ["alarm" if hit else "" for hit in alarm],
        "score": score.round(3),
        "most unusual column": [COLUMNS[done[i][1]].name for i in order],
        "its share": [done[i][2] for i in order],
    }
    if rows.labels is not None:
        shown["label"] = [rows.labels.cells[i] for i in order]
    safe = many.harmless(pd.DataFrame(shown))
    st.dataframe(
        safe,
        hide_index=True,
        column_config={
            "row": st.column_config.NumberColumn("Row", format="%d", width="small"),
            "its share": st.column_config.ProgressColumn(
                "Its share of the score", format="percent", min_value=0, max_value=1
            ),
        },
        alt=f"Scores of {len(order):,} connections, {alarms:,} with an alarm.",
    )
    many.download(PAGE, safe)


def _warn(model: Model, rows: Connections) -> None:
    """Columns that lie outside of what the network learned from."""
    outside = beyond(model, rows)
    if not outside:
        return
    most = sorted(outside, key=lambda pair: -pair[1])[:6]
    said = ", ".join(f"*{name}* in {count:,}" for name, count in most)
    more = f", and {len(outside) - len(most)} more columns" if len(outside) > len(most) else ""
    st.warning(
        f"Outside of what any normal training row had: {said} of {len(rows):,} rows{more}. Far "
        "from them the score says little more than that."
    )
