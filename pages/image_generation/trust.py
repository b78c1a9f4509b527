"""Trust: what the figures of made pictures say to a stranger, kind by kind, and where it fails."""

import numpy as np
import pandas as pd
import streamlit as st

from models.card import Card
from models.catalog import Model
from models.kinds import generator
from models.kinds.generator import Made
from models.metrics import METRICS
from pages.image_generation import items as making_items
from pages.image_generation import make
from pages.image_generation.items import Item
from pages.parts.sections import trust

REAL = "real pictures instead"
# Metric -> how it reads, as a question.
READ = {
    "frechet_distance_own_features": (
        "As a crowd, how far are they from real pictures? (0: not at all)"
    ),
    "generator_precision": "How many look like a real one?",
    "generator_recall": "How many of the real ones could it have made?",
    "gan_test_accuracy": "How many are what was asked for?",
    "gan_train_accuracy": "Can a classifier learn from them alone?",
    "modes_covered": "What share of all kinds of pictures does it make?",
    "memorisation_ratio": "Are they new? 1: as new as real ones, 0: copies.",
    "real_or_made_accuracy": "How often does the discriminator see through it? (guessing: 50 %)",
}
COLUMNS = {
    "frechet": "distance",
    "frechet, real": "distance, real",
    "gan test": "named as asked",
    "gan train": "learned from",
}
LOOKED = 120  # pictures that are made to find the worst
SHOWN = 10  # kinds of which the worst is shown
SIDE = 78


def show(model: Model, made: Made) -> None:
    """All of it. made: what the grid took. Raises what `engine.infer` raises."""
    _figures(model.card)
    _classes(model.card)
    _seeds(model.card)
    _fails(model)
    st.markdown("**This very run**")
    trust.this_run(model, made.run)
    trust.limits(model.card)


def _figures(card: Card) -> None:
    """Every figure as a question, with real pictures as what can be had at best."""
    rows = []
    for name, question in READ.items():
        kind = METRICS[name]
        found = [metric for metric in card.metrics if (metric.name, metric.split) == (name, "test")]
        for metric in found[:1]:
            real = (metric.baseline or {}).get(REAL)
            ends = [kind.written(end) for end in (metric.low, metric.high) if end is not None]
            rows.append(
                {
                    "question": question,
                    "made": kind.written(metric.value),
                    "real instead": "" if real is None else kind.written(real),
                    "95 % interval of made": " to ".join(ends),
                    "n": metric.n,
                    "figure": kind.title,
                }
            )
    said = "; ".join(f"{row['figure']} {row['made']}" for row in rows)
    st.markdown(
        "**How good are they?** Measured on the file that makes them here, at full variety."
    )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        row_height=66,  # so tall that questions wrap, and a phone shows figures beside them
        column_config={"question": st.column_config.TextColumn(width=180)},
        alt=f"Made pictures against real ones: {said}.",
    )
    trust.definitions(card)
    st.caption(
        "*Real instead* is the best that can be had: the same figure for real training "
        "pictures in the place of made ones. The distance is taken in the features of a network of "
        "ours, so it compares with nothing that papers print, least of all with an FID. One figure "
        "alone deceives: copies are precise and hold nothing new, noise is new and looks like "
        "nothing."
    )


def _classes(card: Card) -> None:
    """The same for each class, worst first."""
    table = card.tables.get("classes")
    if table is None:
        return
    frame = pd.DataFrame(table.rows, columns=table.columns)
    # The distance where the set is large enough for one by kind, else what a classifier says.
    order, form = ("frechet", "{:.2f}") if "frechet" in frame else ("gan test", "{:.0%}")
    frame = frame.sort_values(order, ascending=order != "frechet")
    said = ", ".join(
        f"{k} {form.format(v)}" for k, v in zip(frame["class"], frame[order], strict=True)
    )
    far = [name for name in table.columns if name.startswith("frechet")]
    shares = [name for name in table.columns if name not in ("class", *far)]
    frame[shares] *= 100
    config = {
        name: st.column_config.NumberColumn(
            COLUMNS.get(name, name), format="%.2f" if name in far else "%.0f %%"
        )
        for name in (*far, *shares)
    }
    worst, best = frame["class"].iloc[0], frame["class"].iloc[-1]
    st.markdown(f"**Kind by kind**: worst *{worst}*, best *{best}*, by “{COLUMNS[order]}”.")
    st.dataframe(
        frame, hide_index=True, column_config=config, alt=f"{COLUMNS[order]} by kind: {said}."
    )


def _seeds(card: Card) -> None:
    """How much of the figures is luck: the same training, begun from other chance."""
    table = card.tables.get("seeds")
    if table is None:
        return
    frame = pd.DataFrame(table.rows, columns=table.columns)
    frame.insert(1, "", ["this network" if s == card.training.seed else "" for s in frame["seed"]])
    config = {
        "seed": st.column_config.NumberColumn("training seed", format="%d"),
        "frechet": st.column_config.NumberColumn(COLUMNS["frechet"], format="%.2f"),
    }
    for name in table.columns[2:]:
        frame[name] *= 100
        config[name] = st.column_config.NumberColumn(COLUMNS.get(name, name), format="%.1f %%")
    said = ", ".join(f"{near:.2f}" for near in frame["frechet"])
    st.markdown("**How much of that is luck?** The same training, begun from other chance")
    st.dataframe(
        frame, hide_index=True, column_config=config, alt=f"Distance by training seed: {said}."
    )
    st.caption(
        f"{table.n:,} pictures of each, made before rounding to int8. The first seed was released, "
        "whatever the others gave."
    )


def _fails(model: Model) -> None:
    """Made now from a fixed seed: those that the discriminator finds least real."""
    kinds = len(model.card.labels)
    labels = np.arange(LOOKED) % kinds
    items = [
        Item(model.card.name, place // making_items.MOST, place % making_items.MOST, int(kind), 100)
        for place, kind in enumerate(labels)
    ]
    made = making_items.made(model, items)
    shares = generator.real(generator.odds(model, made.pictures, generator.one_hot(model, labels)))
    worst = np.array([kind + kinds * shares[kind::kinds].argmin() for kind in range(kinds)])
    looked_at = np.sort(np.argsort(shares[worst])[:SHOWN])
    least = "" if len(looked_at) == kinds else f", and of those the {SHOWN} least real"
    st.markdown(
        f"**Where it fails**: of {LOOKED} made just now, the one of each kind that looks least "
        f"real to the discriminator{least}."
    )
    with st.container(horizontal=True, gap="small"):
        for kind in looked_at:
            i = worst[kind]
            caption = f"{model.card.labels[kind]}, {shares[i]:.0%} real"
            shown = make.shown(model, [items[i]], made.pictures[i])
            st.image(
                shown,
                width=SIDE,
                caption=caption,
                alt=f"Made, and not well: {caption}",
            )
    st.caption("None of them was chosen by hand: full variety, seeds 0 and 1.")
