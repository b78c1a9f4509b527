"""Home: what Glassbox is, what there is to try, and what is still to come."""

import streamlit as st

from pages import menu
from pages.parts.source import samples

st.title("Glassbox", anchor=False)
st.markdown(
    "#### Deep learning that you can look into.\n"
    "Give a network a picture and it answers, shows what in the picture made it say so, and tells "
    "you how far to trust that. Every model was measured by the people who show it, and every one "
    "is yours to take home. Nothing that you upload is kept."
)
with st.container(horizontal=True, gap="large"):
    for entry in menu.visible():
        if (about := entry.about) is None:
            continue
        with st.container(border=True, width=360):
            st.image(
                (samples.FOLDER / about.picture).read_bytes(),
                width="stretch",
                link=entry.name,
                alt=f"{about.picture_alt}: open {about.title}",
            )
            st.page_link(entry.file, label=f"**{about.title}**", icon=about.icon)
            st.markdown(about.blurb)
st.caption(f"Still to come: {menu.TO_COME}.")
