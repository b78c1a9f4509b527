"""The menu: one name a page. Home, navigation and the table of models are all made from it.

`GLASSBOX_PAGES` hides pages: names with a leading minus are taken out, names without one are the
only ones left. Home always stays.
"""

import importlib
import os
from copy import copy
from dataclasses import dataclass
from functools import cache

import streamlit as st

from models import catalog
from models.errors import SettingError
from pages.parts.sections.demo import Demo

# What each section is about, in a line, and its demos in order: the name of a folder each.
SECTIONS = {
    "Vision": (
        "Pictures, and convolutional networks: things, clothes, faces.",
        ("image_recognition", "fashion", "face_recognition"),
    ),
    "Text": (
        "Words, and recurrent networks, which read one after the other.",
        ("text_prediction", "sentiment"),
    ),
    "Sound": (
        "Speech, and a transformer that listens before it writes.",
        ("speech",),
    ),
    "Generation": (
        "Two networks that learned against each other: one paints, the other judges.",
        ("image_generation",),
    ),
    "Anomalies": (
        "What is out of the ordinary, by networks that know the ordinary: autoencoders.",
        ("network_intrusion", "card_fraud", "machine_health", "visual_inspection"),
    ),
    "Look inside": ("Why did it say that? And can that be believed?", ("explainability",)),
}


@dataclass(frozen=True)
class Entry:
    """One page. `file`: its script, relative to pages/frame.py; `about`: what it is, of a demo."""

    name: str
    section: str
    title: str
    icon: str
    file: str
    about: Demo | None = None

    @property
    def models(self) -> tuple[str, ...]:
        """The names of those that it uses."""
        return self.about.models if self.about else ()

    @property
    def ready(self) -> bool:
        """Whether all its models are released; until then its page is not shown."""
        return set(self.models) <= set(catalog.NAMES)


def _entry(section: str, name: str) -> Entry:
    about: Demo = importlib.import_module(f"pages.{name}.about").ABOUT
    return Entry(name, section, about.title, about.icon, f"{name}/page.py", about)


MENU: tuple[Entry, ...] = (
    Entry("home", "", "Home", ":material/home:", "home.py"),
    Entry("story", "", "The story", ":material/auto_stories:", "story/page.py"),
    *(_entry(section, name) for section, (_, names) in SECTIONS.items() for name in names),
    Entry("model_cards", "About", "Model cards", ":material/description:", "model_cards.py"),
    Entry("about", "About", "About Glassbox", ":material/info:", "about/page.py"),
)
BY_NAME = {entry.name: entry for entry in MENU}
TO_COME = "forecasts and recommendations"


def visible() -> list[Entry]:
    """The entries that this host shows. Raises SettingError for a name that is not in the menu."""
    words = [word.strip() for word in os.environ.get("GLASSBOX_PAGES", "").split(",")]
    asked = {word for word in words if word}
    names = [entry.name for entry in MENU]
    if unknown := sorted(word for word in asked if word.removeprefix("-") not in names):
        raise SettingError(
            f"GLASSBOX_PAGES names {', '.join(unknown)}; there are: {', '.join(names)}."
        )
    only = {word for word in asked if not word.startswith("-")} or set(names)
    shown = {name for name in only if f"-{name}" not in asked} | {"home"}
    return [entry for entry in MENU if entry.name in shown and entry.ready]


def navigation(entries: list[Entry]) -> dict[str, list[st.Page]]:
    """The entries as Streamlit's navigation wants them: section -> pages."""
    sections: dict[str, list[st.Page]] = {}
    for entry in entries:
        # Each run has its own: one run of a page uses it up.
        page = copy(_page(entry.name, entry.file, entry.title, entry.icon))
        sections.setdefault(entry.section, []).append(page)
    return sections


@cache
def _page(name: str, file: str, title: str, icon: str) -> st.Page:
    """Made once: Streamlit looks for the script's file on the disk, which every run would do."""
    return st.Page(file, title=title, icon=icon, url_path=name, default=name == "home")
