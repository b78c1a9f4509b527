"""What stands around every page: its title and icon, the menu, the footer."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from models.errors import SettingError
from pages import footer, menu
from pages.parts.job import guard, later
from pages.parts.state import address

# A file, since the browser would fetch a named icon from the internet.
ICON = Path(__file__).with_name("icon.png")
st.set_page_config(page_title="Glassbox", page_icon=str(ICON), layout="wide")

try:
    entries = menu.visible()
except SettingError as error:
    st.error(str(error))
    st.stop()

page = st.navigation(menu.navigation(entries))
if page.url_path:  # home has none
    st.set_page_config(page_title=f"{page.title} · Glassbox")
address.enter(page.url_path, [entry.name for entry in menu.MENU])
with later.page_run():
    # A page says its own sentences where they belong; one that none of its parts caught ends it.
    with suppress(guard.EndedError), guard.in_place():
        page.run()
    address.leave(page.url_path)
    st.divider()
    footer.draw([entry.file for entry in entries if entry.section == "About"])
