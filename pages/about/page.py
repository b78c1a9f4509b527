"""About: version, licence and source of what runs here, and what happens to what visitors give."""

import os

import streamlit as st

from models import __version__, decode, runtime
from pages import menu
from pages.about.packed import ROOT, code
from pages.parts.state import ours

STAYS = """\
- What you give stays in the memory of this server for as long as your visit, a minute longer where
  the connection was lost, and is then gone. It is never stored, logged, passed on or learned from.
- A link holds what you chose, never a file, and a text of yours only where you ask for such a link.
- Nothing here counts you or follows you, and no page asks another server for anything. The one
  cookie is Streamlit's: it keeps other sites from uploading in your name.
"""


def told(name: str) -> str:
    """What the host says in a setting of that name; nothing where it says none."""
    return os.environ.get(name, "").strip()


st.title("About Glassbox", anchor=False)
st.markdown(
    "Deep learning that people can look into: every demo here answers, shows why, says how far to "
    "trust it, and hands you the model."
)
st.markdown(
    f"**Version {__version__}**, under the Apache License 2.0; it computes on the "
    f"{runtime.device().upper()} of this server and asks no other."
)

st.subheader("What happens to what you give", anchor=False)
st.markdown(STAYS)
st.markdown(
    f"A file may have {decode.MAX_BYTES / 2**20:.0f} MB. An answer waits at most "
    f"{runtime.patience():.0f} s in line and {runtime.default_deadline():.0f} s at work; then the "
    "page says that the machine is busy, and nothing that you gave is lost."
)
if contact := told("GLASSBOX_CONTACT"):
    st.markdown(f"**Whom to ask:** {contact}")

st.subheader("The code", anchor=False)
if source := told("GLASSBOX_SOURCE"):
    st.markdown(f"**Source:** {source}")
st.markdown("What runs here, as it is. The models have their own files, under Take of each page.")
st.download_button(
    "The code (zip)",
    lambda: ours.kept(("code", __version__), code),
    f"glassbox-{__version__}.zip",
    "application/zip",
    on_click="ignore",
    icon=":material/download:",
)
if "model_cards" in [entry.name for entry in menu.visible()]:
    st.page_link(
        "model_cards.py",
        label="**Model cards**: what each was measured on",
        icon=":material/description:",
    )
with st.expander("Whose weights, data and pictures are in it (NOTICE)"):
    st.code((ROOT / "NOTICE").read_text("utf-8"), language=None, wrap_lines=True)
with st.expander("The licence (Apache 2.0)"):
    st.code((ROOT / "LICENSE").read_text("utf-8"), language=None, wrap_lines=True)
