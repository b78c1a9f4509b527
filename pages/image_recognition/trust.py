"""How far to trust the answer: is it known, and where does it fail."""

import streamlit as st

from models import decode
from models.catalog import Model
from models.engine import Run
from models.image_recognition import Recognition, predict
from pages.parts.draw import inline
from pages.parts.sections import results, trust
from pages.parts.source.samples import FOLDER, PHOTOS
from pages.parts.state import ours

FAILURES = {
    "Nuthatch": "A nuthatch is not among its 1,000 classes, so it can only name another bird.",
    "Blurred clock": "A moving camera left nothing but a smear.",
    "Page of text": "It cannot read; the nearest that it has are menus and web sites.",
}


def show(model: Model, answer: Recognition, run: Run) -> None:
    """All of the tab."""
    trust.familiar(model, answer, "photos of things it learned")
    st.markdown(
        "**How sure?** The percentages are what the network gives, not odds that were checked: "
        "that would need thousands of labelled photos that it surely never saw."
    )
    trust.precision_choice(model)
    trust.this_run(model, run)
    trust.measured(model.card)
    st.markdown("**Where it fails**")
    shown = [PHOTOS[name] for name in FAILURES]
    wrong, _ = ours.kept(
        (model.release, "failures"),
        lambda: predict(model, [decode.picture(sample.read()).pixels for sample in shown]),
    )
    for column, sample, said_of_it in zip(st.columns(3), shown, wrong, strict=True):
        column.image(inline.sample(FOLDER / sample.file), alt=sample.alt, width=220)
        column.caption(f"{results.sentence(said_of_it)} {FAILURES[sample.name]}")
