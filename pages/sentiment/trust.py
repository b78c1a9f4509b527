"""Trust: how sure, on which reviews how often right, what it gets wrong, beside which others."""

import pandas as pd
import streamlit as st

from models.card import Card, Precision, Table
from models.catalog import Model
from models.sentiment import Verdict, predict
from pages.parts.draw import charts
from pages.parts.job import batch
from pages.parts.sections import mistakes, trust
from pages.parts.state import ours as shared
from pages.sentiment import figures
from pages.sentiment.samples import REVIEWS
from pages.sentiment.table import WORDS


def ours(model: Model, precision: Precision) -> None:
    """Every sample of ours, answered now, beside what its writer meant."""
    found, _ = shared.kept(
        (model.release, "reviews", precision),
        lambda: predict(model, [one.text for one in REVIEWS.values()], precision=precision),
    )
    pairs = [*zip(REVIEWS.values(), found, strict=True)]
    right = sum(verdict.says == one.meant for one, verdict in pairs)
    st.markdown(f"**What does it get wrong?** Of ours, {right} of {len(pairs)} as they were meant.")
    rows = [
        {
            "sample": name,
            "made of": one.made_of,
            "was meant": WORDS[one.meant],
            "it says": WORDS[verdict.says],
            "probability of liked": f"{verdict.positive:.0%}",
            "right": "yes" if verdict.says == one.meant else "no",
        }
        for name, (one, verdict) in zip(REVIEWS, pairs, strict=True)
    ]
    wrong = ", ".join(row["sample"] for row in rows if row["right"] == "no") or "none"
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=f"Nine samples answered now; wrong: {wrong}."
    )
    st.caption(
        "Irony says the opposite of its words. This network learned which words, in which order, "
        "go with many stars: nothing in it knows what somebody means."
    )


def on_the_card(model: Model, found: Verdict | None) -> None:
    """What was measured, from how sure it is to which others there are. found: the text's."""
    sure(model)
    if found is not None and "familiarity_known" in model.arrays("evidence.npz"):
        trust.familiar(model, found.answer, "film reviews")
    where(model.card)
    kinds(model.card)
    worst(model.card)
    rivals(model.card)


def sure(model: Model) -> None:
    """Calibration, and what it will not decide."""
    mistakes.calibration(model, "reviews")
    card = model.card
    undecided = card.settings["undecided"]
    st.markdown("**When does it not decide?**")
    st.markdown(
        f"Between {0.5 - undecided.value:.0%} and {0.5 + undecided.value:.0%} it says *mixed*. "
        "What is little like the reviews that it learned from, it calls *not a review*:"
    )
    table = card.tables["strangers"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    shown = pd.DataFrame(
        {
            "texts": [str(row["set"]) for row in rows],
            "not decided": [_percent(row["refused"]) for row in rows],
            "n": [int(float(row["n"] or 0)) for row in rows],
        }
    )
    said = ", ".join(f"{row['set']} {_percent(row['refused'])}" for row in rows)
    st.dataframe(shown, hide_index=True, alt=f"Share of texts not decided: {said}.")


def where(card: Card) -> None:
    """Accuracy by the stars that the writer gave and by length."""
    whole = card.metric("accuracy", "test", card.serves["cpu"]).value
    st.markdown("**On which reviews is it right?** With 95 % intervals.")
    stars, length = st.columns(2)
    with stars:
        drawn = figures.by(card.tables["by_rating"], "stars that the writer gave", whole)
        charts.show(drawn, key="by_rating")
    with length:
        drawn = figures.by(card.tables["by_length"], "words in the review", whole)
        charts.show(drawn, key="by_length")
    st.caption(
        f"On {card.tables['by_rating'].n:,} test reviews. The data hold none of 5 or 6 stars, "
        "so how well it does on lukewarm ones nobody has measured."
    )


def kinds(card: Card) -> None:
    """How it does on short sentences: of test reviews, and of ours by what is hard about them."""
    table = card.tables.get("own")
    if table is None:
        return
    part = card.metric("accuracy", "test, one short sentence", card.serves["cpu"])
    st.markdown(
        f"**On single sentences**, {table.n} that we wrote and labelled by hand and that it never "
        "learned from:"
    )
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    shown = pd.DataFrame(
        {
            "kind": [str(row["kind"]) for row in rows],
            "says what was meant": [_percent(row["accuracy"]) for row in rows],
            "95 % interval": [f"{_percent(row['low'])} to {_percent(row['high'])}" for row in rows],
            "on the right side of 50 %": [
                "" if row["right side"] is None else _percent(row["right side"]) for row in rows
            ],
            "not decided": [_percent(row["not decided"]) for row in rows],
            "n": [int(float(row["n"] or 0)) for row in rows],
        }
    )
    said = ", ".join(f"{row['kind']} {_percent(row['accuracy'])}" for row in rows)
    st.dataframe(shown, hide_index=True, alt=f"Says what was meant, by kind of sentence: {said}.")
    st.caption(
        f"Of one short sentence out of each of {part.n:,} test reviews, {part.value:.1%} are on "
        "the side of the whole review. Many such sentences say nothing of it: no reader would "
        "have them all."
    )


def rivals(card: Card) -> None:
    """The models that were trained beside it, on the same reviews."""
    table = card.tables["rivals"]
    st.markdown(f"**Beside simpler models**, on the same {table.n:,} test reviews.")
    frame = pd.DataFrame({name: _column(table, i) for i, name in enumerate(table.columns)})
    said = "; ".join(f"{row[0]} {_percent(row[1])}" for row in table.rows)
    st.dataframe(batch.harmless(frame), hide_index=True, alt=f"Accuracy of every model: {said}.")


def worst(card: Card) -> None:
    """The surest wrong answers on test reviews, by number: the texts are not ours to show."""
    table = card.tables["mistakes"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    st.markdown("**Where it fails: surest and wrong**")
    frame = pd.DataFrame(
        {
            "review": [int(float(row["id"] or 0)) for row in rows],
            "stars": [int(float(row["rating"] or 0)) for row in rows],
            "words": [int(float(row["words"] or 0)) for row in rows],
            "probability of liked": [_percent(row["probability"]) for row in rows],
        }
    )
    st.dataframe(
        frame, hide_index=True, height=240, alt=f"{len(rows)} test reviews answered wrongly."
    )
    st.caption("By number in the data set, whose texts are not ours to show.")


def _column(table: Table, index: int) -> list[str]:
    share = table.columns[index] in ("accuracy", "low", "high")
    return [_cell(row[index], share) for row in table.rows]


def _cell(value: str | float | None, share: bool) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return _percent(value) if share else f"{value:,.4g}"


def _percent(share: str | float | None) -> str:
    return f"{float(share or 0):.1%}"
