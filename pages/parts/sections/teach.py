"""For those who teach: numbered experiments, one click each, and what kind of network this is."""

from collections.abc import Callable

import streamlit as st

from models.catalog import Model
from pages.parts.draw import charts, figures, kinds
from pages.parts.draw.kinds import Sketch
from pages.parts.job import guard
from pages.parts.sections.demo import Demo, Experiment
from pages.parts.state import choices


def experiments(demo: Demo) -> None:
    """The folded list; each button sets the page to its state, and all that it does not name to
    what it is where nobody chose."""
    count = {3: "Three", 4: "Four"}[len(demo.experiments)]
    told = st.session_state.pop(f"{demo.name}_told", None)
    with st.expander(f"{count} experiments", icon=":material/science:"):
        for number, experiment in enumerate(demo.experiments, 1):
            st.markdown(f"**{number}. {experiment.title}** {experiment.text}")
            with st.container(key=f"goes_{number}_{experiment.at}"):  # which shell.js reads
                st.button(
                    f"Do experiment {number}",
                    key=f"{demo.name}_experiment_{number}",
                    on_click=_set,
                    args=(demo.name, number, experiment),
                )
            if told == number:
                # Not by the callback: the run after that is broken off, and what it says with it.
                st.toast(experiment.look, icon=":material/visibility:", duration="long")
            if st.session_state.get(f"{demo.name}_done") == number:
                st.info(f"It is set up. {experiment.look}", icon=":material/visibility:")


def _set(page: str, number: int, experiment: Experiment) -> None:
    choices.whole(experiment.state)
    choices.put({f"{page}_done": number, f"{page}_told": number})


@st.fragment
def kind(model: Model, demo: Demo, drawn: Callable[[], Sketch | None] = lambda: None) -> None:
    """Three sentences on the kind of network, its idea drawn, and its layers from the graph.

    drawn: the drawing, or None where what was given can be in none. All are made when the fold is
    opened: a browser stands still while it loads what draws figures.
    """
    fold = st.expander(
        "What kind of network is this?",
        icon=":material/account_tree:",
        on_change="rerun",
        key="network_kind",
    )
    fold.markdown(demo.kind)
    if not fold.open:
        return
    with fold, guard.in_place():
        if sketch := drawn():
            st.image(sketch.address, width=kinds.SHOWN, alt=sketch.alt)
            st.caption(sketch.look)
        layers = figures.layers(model.card.tables["layers"])
        charts.show(layers, key="layers")
        st.caption(layers[1])
