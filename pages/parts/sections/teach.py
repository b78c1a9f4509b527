"""For those who teach: numbered experiments, one click each, and what kind of network this is."""

from typing import Any

import streamlit as st

from models.catalog import Model
from pages.parts.draw import charts, figures
from pages.parts.sections.demo import Demo
from pages.parts.state import choices


def experiments(demo: Demo) -> None:
    """The folded list; each button sets the page to its state, and all that it does not name to
    what it is where nobody chose."""
    count = {3: "Three", 4: "Four"}[len(demo.experiments)]
    with st.expander(f"{count} experiments", icon=":material/science:"):
        for number, experiment in enumerate(demo.experiments, 1):
            st.markdown(f"**{number}. {experiment.title}** {experiment.text}")
            st.button(
                f"Do experiment {number}",
                key=f"{demo.name}_experiment_{number}",
                on_click=_set,
                args=(experiment.state,),
            )


def _set(state: dict[str, Any]) -> None:
    choices.whole(state)
    st.toast("It is set up: look at the page above.", icon=":material/science:")


@st.fragment
def kind(model: Model, demo: Demo) -> None:
    """Three sentences on the kind of network, and its layers drawn from the graph.

    They are drawn when it is opened: a browser stands still while it loads what draws figures.
    """
    fold = st.expander(
        "What kind of network is this?",
        icon=":material/account_tree:",
        on_change="rerun",
        key="network_kind",
    )
    fold.markdown(demo.kind)
    if fold.open:
        with fold:
            drawn = figures.layers(model.card.tables["layers"])
            charts.show(drawn, key="layers")
            st.caption(drawn[1])
