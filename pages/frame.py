"""What stands around every page: its title and icon, the menu, the footer."""

import streamlit as st

from models.errors import SettingError
from pages.parts import menu

st.set_page_config(page_title="Glassbox", page_icon=":material/deployed_code:", layout="wide")

try:
    entries = menu.visible()
except SettingError as error:
    st.error(str(error))
    st.stop()

st.navigation(menu.navigation(entries)).run()

st.divider()
st.caption(
    "Glassbox runs on this server alone. What you upload stays in its memory for your visit and "
    "is never stored, logged or passed on."
)
