"""Trust: what the figures of made pictures say to a stranger, kind by kind, and where it fails."""

import numpy as np
import pandas as pd
import streamlit as st

from models import making
from models.card import Card
from models.catalog import Model
from models.making import Made
from pages.parts import making_items, making_try, trust
from pages.parts.making_items import Item

REAL = "real pictures instead"
# Metric -> how it reads: as a question, and how its value is written.
READ = {
    "frechet_distance_own_features": ("How far are they from real pictures, as a crowd?", "{:.2f}"),
    "generator_precision": ("How many look like a real one?", "{:.1%}"),
    "generator_recall": ("How many of the real ones could it have made?", "{:.1%}"),
    "gan_test_accuracy": ("How many are what was asked for?", "{:.1%}"),
    "gan_train_accuracy": ("Can a classifier learn from them alone?", "{:.1%}"),
    "modes_covered": ("How many kinds of pictures does it make?", "{:.1%}"),
    "memorisation_ratio": ("Are they new? 1: as new as real ones, 0: copies.", "{:.2f}"),
    "real_or_made_accuracy": ("How often does the discriminator see through it?", "{:.1%}"),
}
LOOKED, SHOWN = 96, 8  # pictures that are made to find the worst, and how many of these are shown
SIDE = 96


def show(model: Model, made: Made) -> None:
    """All of it. made: what the grid took. Raises what `engine.infer` raises."""
    _figures(model.card)
    _classes(model.card)
    _fails(model)
    st.markdown("**This very run**")
    trust.this_run(model, made.run)
    trust.measured(model.card)


def _figures(card: Card) -> None:
    """Every figure as a question, with real pictures as what can be had at best."""
    rows = []
    for name, (question, form) in READ.items():
        found = [metric for metric in card.metrics if (metric.name, metric.split) == (name, "test")]
        for metric in found[:1]:
            real = (metric.baseline or {}).get(REAL)
            rows.append(
                {
                    "question": question,
                    "made pictures": form.format(metric.value),
                    "real pictures instead": "" if real is None else form.format(real),
                    "n": metric.n,
                    "figure": trust.TITLES.get(name, name),
                }
            )
    said = "; ".join(f"{row['figure']} {row['made pictures']}" for row in rows)
    st.markdown(
        "**How good are they?** Measured on the file that makes them here, at full variety."
    )
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=f"Made pictures against real ones: {said}."
    )
    st.caption(
        "*Real pictures instead* is the ceiling: the same figure for real training pictures in the "
        "place of made ones. The distance is taken in the features of a network of ours, so it "
        "compares with nothing that papers print, least of all with an FID. One figure alone "
        "deceives: copies are precise and hold nothing new, noise is new and looks like nothing."
    )


def _classes(card: Card) -> None:
    """The same for each class, worst first."""
    table = card.tables.get("classes")
    if table is None:
        return
    frame = pd.DataFrame(table.rows, columns=table.columns)
    frame = frame.sort_values("frechet", ascending=False)
    shares = [name for name in frame if name not in ("class", "frechet", "frechet, real")]
    config: dict[str, object] = {
        name: st.column_config.NumberColumn(name, format="percent") for name in shares
    }
    config |= {
        name: st.column_config.NumberColumn(name, format="%.2f")
        for name in ("frechet", "frechet, real")
        if name in frame
    }
    worst, best = frame["class"].iloc[0], frame["class"].iloc[-1]
    st.markdown(f"**Kind by kind**: farthest from real ones is *{worst}*, nearest *{best}*.")
    said = ", ".join(f"{k} {v:.2f}" for k, v in zip(frame["class"], frame["frechet"], strict=True))
    st.dataframe(
        frame, hide_index=True, column_config=config, alt=f"Frechet distance by kind: {said}."
    )


def _fails(model: Model) -> None:
    """Made now from a fixed seed: those that the discriminator finds least real."""
    labels = np.arange(LOOKED) % len(model.card.labels)
    items = [
        Item(model.card.name, place // making_items.MOST, place % making_items.MOST, int(kind), 100)
        for place, kind in enumerate(labels)
    ]
    made = making_items.made(model, items)
    shares = making.real(making.odds(model, made.pictures, making.one_hot(model, labels)))
    worst = np.argsort(shares, kind="stable")[:SHOWN]
    st.markdown(f"**Where it fails**: of {LOOKED} made just now, those that give themselves away.")
    captions = [f"{model.card.labels[labels[i]]}, {shares[i]:.0%} real" for i in worst]
    st.image(
        [making_try.shown(model, [items[i]], made.pictures[i]) for i in worst],
        width=SIDE,
        caption=captions,
        alt=[
            f"Made, and not well: {caption}, no. {i}"
            for i, caption in zip(worst, captions, strict=True)
        ],
    )
    st.caption("None of them was chosen by hand: seeds 0 and 1, the discriminator's least likely.")
