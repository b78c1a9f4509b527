"""How a model learned: validation pictures that change their label as training goes on."""

from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from models.catalog import Model
from models.fashion.baselines import LABELS
from pages.parts import address, charts, measures, pictures

RIGHT, WRONG = (13, 148, 136), (234, 88, 12)
SIDE, ROW, ACROSS = 84, 18, 10  # pixels of a picture and of the word under it; pictures in a row
Array = np.ndarray[Any, Any]


def moments(model: Model) -> None:
    """Drag through training: what the network called each watched picture after so many steps."""
    evidence = model.arrays("evidence.npz")
    steps = [f"{step:,}" for step in evidence["moment_steps"]]
    address.restore("moment", steps)
    chosen = st.select_slider(
        "Training steps so far", steps, value=steps[-1], key="moment", bind="query-params"
    )
    shares = evidence["moment_probabilities"][steps.index(chosen)].astype(np.float32)
    labels = evidence["moment_labels"]
    right = int((shares.argmax(1) == labels).sum())
    st.markdown(
        f"After **{chosen}** steps it names **{right} of {len(labels)}** of these pictures "
        "rightly. None of them was ever learned from."
    )
    sheet = contact_sheet(evidence["moment_pictures"], shares, labels)
    st.image(sheet, width="stretch", alt=f"{right} of {len(labels)} pictures named rightly.")
    st.caption("Green: right. Orange: wrong, with what the network called it.")


def curves(model: Model) -> None:
    """Accuracy by epoch, and by amount of data against simpler ways."""
    st.markdown("**Epoch by epoch**")
    charts.show(measures.history(model.card.history), key="history")
    st.markdown("**More data, and other ways to answer**")
    charts.show(measures.amounts(model.card.tables["amounts"]), key="amounts")
    st.caption(
        "Rules are written by hand and learn nothing; the others see one, ten and a hundred per "
        "cent of the training pictures."
    )


def contact_sheet(shown: Array, shares: Array, labels: Array) -> Array:
    """Pictures uint8 [n, 28, 28] in rows, each framed by right or wrong, its answer below."""
    rows = -(-len(shown) // ACROSS)
    sheet = Image.new("RGBA", (ACROSS * (SIDE + 8), rows * (SIDE + ROW + 10)))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for i, (picture, answer) in enumerate(zip(shown, shares.argmax(1), strict=True)):
        x, y = (i % ACROSS) * (SIDE + 8), (i // ACROSS) * (SIDE + ROW + 10)
        tile = Image.fromarray(pictures.enlarged(picture, SIDE)).convert("RGB")
        colour = RIGHT if answer == labels[i] else WRONG
        sheet.paste(tile.resize((SIDE, SIDE)), (x, y))
        draw.rectangle((x, y, x + SIDE - 1, y + SIDE - 1), outline=colour, width=4)
        draw.text((x, y + SIDE + 2), LABELS[answer], fill=colour, font=font)
    return np.asarray(sheet)
