"""Loading models for pages, and turning the project's own errors into one sentence.

Only GlassboxError is caught: anything else is a bug, and belongs in the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from models import catalog
from models.catalog import Model
from models.errors import GlassboxError


class EndedError(Exception):
    """The page said its sentence and ends; the frame around it, which catches this, goes on."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """Show an error of ours and end this page; whatever stands above it stays."""
    try:
        yield
    except GlassboxError as error:
        st.error(str(error), icon=":material/error:")
        raise EndedError from error


@contextmanager
def in_place() -> Iterator[None]:
    """Show an error of ours here, in its sentence, and let the page go on below."""
    try:
        yield
    except GlassboxError as error:
        st.error(str(error), icon=":material/error:")


@st.cache_resource(show_spinner=False)
def _opened(name: str, card: bytes) -> Model:
    """One model for all visitors; `card` is part of the key, so a new release is loaded anew.

    A model is its card, and small: what its files become is bounded by models/store.py.
    """
    del card
    return catalog.load(name)


def model(name: str) -> Model:
    """The model of that name. Raises what catalog.load raises."""
    path = catalog.FOLDER / name / "card.json"
    return _opened(name, path.read_bytes() if path.exists() else b"")
