"""Trust in a network of text: beside two models that only count, on the visitor's own text."""

import numpy as np
import pandas as pd
import streamlit as st

from models import engine
from models.card import Card
from models.catalog import Model
from models.engine import Run
from models.kinds.language import memory, rivals, score, suggest
from models.kinds.language.reading import runs
from models.metrics import METRICS
from pages.parts.draw import charts
from pages.parts.draw.text_marks import bits
from pages.parts.job import batch
from pages.parts.state import ours
from pages.text_prediction import figures
from pages.text_prediction.line import FIELD

WORDS = 40  # the last words of the text that are drawn
# Columns of the card's table that are shown; the network's other figures stand among all of its.
SHOWN = ("model", "split", "word_perplexity", "nats_per_byte", "top3_recall", "keystroke_savings")


def beside(model: Model, text: str) -> None:
    """Network, 5-gram and unigram on this text; raises what `score` raises."""
    public = FIELD.public(text, "beside", model.release)
    shown, words, expected = ours.kept(public, lambda: _beside(model, text))
    rows = [
        {
            "model": name,
            "bits a word": f"{bits(float(each.mean())):.1f}",
            "as unsure as among": _among(float(each.mean())),
            "expects next": ", ".join(expected[name]),
        }
        for name, each in words.items()
    ]
    st.markdown("**On your text, beside models that only count**")
    said = "; ".join(f"{row['model']} {row['bits a word']} bits a word" for row in rows)
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"Three models on this text: {said}.")
    each = {
        name: [bits(cost) for cost in surprisals[-WORDS:]] for name, surprisals in words.items()
    }
    charts.show(figures.side_by_side(shown, each), key="beside")
    st.caption(
        "Lower is better. The 5-gram counted which parts of words follow which four; the unigram "
        "only how often each occurs. All three learned from the same texts, in the same parts."
    )


def _beside(
    model: Model, text: str
) -> tuple[list[str], dict[str, np.ndarray], dict[str, list[str]]]:
    """The last words of the text; by each model what every word costs, and what comes next."""
    found = score(model, text)
    (spans, places), read = runs(found.read), found.read
    counting = rivals.rivals(model)
    nats = {"network": found.nats} | {
        name: one.surprisals(read.ids) for name, one in counting.items()
    }
    words = {name: np.bincount(places, each, len(spans)) for name, each in nats.items()}
    next_one = suggest(model, text)
    expected = {"network": next_one.offered}
    for name, rival in counting.items():
        pieces = memory.pieces(model)
        expected[name] = rivals.offered(
            rival, next_one.moment.ids, next_one.ids, next_one.typed, pieces
        )
    said = {name: [word.text for word in listed[:3]] for name, listed in expected.items()}
    return [read.part(*span) for span in spans[-WORDS:]], words, said


def on_the_card(card: Card) -> None:
    """The same three on texts that none of them learned from."""
    table = card.tables.get("speakers")
    if table is None:
        return
    st.markdown("**On texts that none of them saw**")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    frame = pd.DataFrame({c: _written(c, rows) for c in SHOWN})
    frame = frame.rename(columns={name: kind.title for name, kind in METRICS.items()})
    said = "; ".join(f"{row[0]} on {row[1]}: {row[2]:,.0f}" for row in table.rows)
    st.dataframe(
        batch.harmless(frame), hide_index=True, alt=f"Word perplexity of every model. {said}."
    )


def _among(nats: float) -> str:
    """How many words, all as likely, would cost as much; a text that is none costs without end."""
    return f"{np.exp(nats):,.0f} words" if nats < np.log(1e6) else "more than a million words"


def _written(column: str, rows: list[dict[str, str | float | None]]) -> list[str]:
    if column not in METRICS:
        return [str(row[column]) for row in rows]
    return [METRICS[column].written(float(row[column] or 0)) for row in rows]


def one_step(model: Model) -> Run:
    """One step of the network, to tell what ran and how long that took."""
    h, c = memory.empty(model)
    ids = np.array([[memory.vocabulary(model).start]], np.int64)
    return ours.kept(
        (model.release, "one step"),
        lambda: engine.infer(model, {"ids": ids, "h": h, "c": c}, graph="step"),
    )
