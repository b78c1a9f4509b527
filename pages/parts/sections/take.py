"""Take: the link to this state, the model's files, lines that run it, and how to make it again."""

import io
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain import Floats
from models.explain.methods import METHODS
from pages.parts.draw import pictures
from pages.parts.draw.result import sheet
from pages.parts.explain import tiles
from pages.parts.explain.explained import Case
from pages.parts.sections.demo import ALONE, Demo
from pages.parts.source.picture import Given
from pages.parts.state import choices


def link(
    own: str = "Your own picture is never in a link. Choose a sample to get one.",
    **samples: str | None,
) -> None:
    """The address that restores what is on the page; an upload is never part of one.

    samples: for each place of a picture its key, and the sample in it or None for an upload; `own`
    is what is said then.
    """
    st.markdown("**Link to what you see**")
    if None in samples.values():
        st.caption(own)
        return
    st.code(choices.link(**samples), language=None, wrap_lines=True)


def files(model: Model, title: str = "The model") -> None:
    """The released graphs, labels and card, to download as they are."""
    st.markdown(f"**{title}**")
    with st.container(horizontal=True):
        for graph in (file for files in model.card.graphs.values() for file in files.values()):
            st.download_button(
                f"{graph.file} ({graph.bytes / 1e6:.1f} MB)",
                partial(model.graph_bytes, graph),
                graph.file,
                "application/octet-stream",
                key=f"{model.card.name}_{graph.file}",
                on_click="ignore",
                icon=":material/download:",
            )
        for name in (*(n for n in model.card.files if n.endswith(".txt")), "card.json"):
            st.download_button(
                name,
                (model.folder / name).read_bytes(),
                name,
                key=f"{model.card.name}_{name}",
                on_click="ignore",
                icon=":material/download:",
            )


def map_files(case: Case, method: str) -> None:
    """One map as it is (npy, CSV) and as it is shown (PNG), once it is made."""
    if method not in case.made:
        return
    values = case.made[method].heat.values
    rows = "\n".join(",".join(f"{value:.6g}" for value in row) for row in values)
    made: dict[str, tuple[Callable[[], bytes], str]] = {
        "npy": (lambda: _npy(values), "application/octet-stream"),
        "csv": (rows.encode, "text/csv"),
        "png": (
            lambda: pictures.png(pictures.overlay(case.image, tiles.speaks_for(values))),
            "image/png",
        ),
    }
    st.markdown(f"**The map by {method}**, as numbers and as a picture")
    with st.container(horizontal=True):
        for ending, (data, kind) in made.items():
            name = f"{method.lower().replace(' ', '-')}.{ending}"
            st.download_button(name, data, name, kind, key=f"map_{ending}", on_click="ignore")


def result(given: Given, case: Case, method: str, said: str) -> None:
    """The result as one picture to send, made when it is asked for and kept nowhere.

    said: the answer, in Markdown.
    """
    here = urlsplit(st.context.url or "")
    address = f"{here.netloc}{here.path}"

    def made() -> bytes:
        known = case.made.get(method)
        heat = known.heat if known else METHODS[method].run(case.model, case.image, case.target)
        over = pictures.overlay(case.image, tiles.speaks_for(heat.values))
        below = f"Left: what the network saw. Right: what speaks for “{case.label}”, by {method}."
        return sheet(case.image, over, re.sub(r"[*]", "", said), below, address)

    st.markdown("**A picture of this result**, to send")
    if given.own:
        st.caption("It holds your picture. It is made when you press, and kept nowhere.")
    st.download_button(
        "Picture with answer and map (PNG)",
        made,
        "glassbox-result.png",
        "image/png",
        key="take_result",
        on_click="ignore",
        icon=":material/image:",
    )


def report(made: Callable[[], bytes]) -> None:
    """The whole comparison as one file that opens with no network."""
    st.download_button(
        "The whole comparison (HTML)",
        made,
        "glassbox-report.html",
        "text/html",
        on_click="ignore",
        icon=":material/download:",
    )


def _npy(values: Floats) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def snippet(code: str, where: str = ALONE) -> None:
    """Lines of Python that run the downloaded file, or a model of several steps."""
    st.markdown(f"**Run it yourself**, {where}")
    st.code(code, language="python")


def whole(demo: Demo, model: Model) -> None:
    """All of a demo that has one model: its files, lines that run it, and how it was made."""
    files(model)
    snippet(demo.code, demo.where)
    again(model)


def again(model: Model, title: str = "Make it again") -> None:
    """How the model was made, and how to make it again."""
    training = model.card.training
    st.markdown(f"**{title}**")
    st.code(training.command, language="bash")
    st.caption(f"{training.minutes:.1f} minutes on {training.hardware}, torch {training.torch}.")
