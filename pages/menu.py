"""The menu: one line a page. Home, navigation and the table of models are all made from it.

`GLASSBOX_PAGES` hides pages: names with a leading minus are taken out, names without one are the
only ones left. Home always stays.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from models import catalog
from models.errors import SettingError
from models.kinds import generator
from pages.parts.source import samples


@dataclass(frozen=True)
class Entry:
    """One page. `models` are the names that it uses; `picture` is a sample shown on home."""

    name: str
    section: str
    title: str
    icon: str
    blurb: str
    models: tuple[str, ...] = ()
    picture: str = ""
    picture_alt: str = ""

    @property
    def demo(self) -> bool:
        """Whether home shows it as something to try."""
        return bool(self.picture)

    @property
    def ready(self) -> bool:
        """Whether all its models are released; until then its page is not shown."""
        return set(self.models) <= set(catalog.NAMES)

    @property
    def file(self) -> str:
        """Its script, relative to pages/frame.py."""
        return f"{self.name}/page.py" if self.demo else f"{self.name}.py"

    @property
    def picture_path(self) -> Path:
        """Where its picture for home lies."""
        return samples.FOLDER / self.picture


MENU: tuple[Entry, ...] = (
    Entry("home", "", "Home", ":material/home:", "What Glassbox is"),
    Entry(
        "image_recognition",
        "Vision",
        "Image recognition",
        ":material/image_search:",
        "Give it a photo: it names what is in it, shows where it looked, and says when it "
        "does not know.",
        models=("image_recognition",),
        picture="cat.jpg",
        picture_alt="A tabby cat looking to the left",
    ),
    Entry(
        "fashion",
        "Vision",
        "Fashion, learned here",
        ":material/checkroom:",
        "A network that learned ten kinds of clothes from nothing: watch it learn, turn the "
        "clothes, and see what it mixes up.",
        models=("fashion",),
        picture="clothes-dress.jpg",
        picture_alt="A drawn green dress on a pale ground",
    ),
    Entry(
        "face_recognition",
        "Vision",
        "Face recognition",
        ":material/familiar_face_and_zone:",
        "Are these two one person, and who of some people is in a photo? With the odds, and a "
        "refusal where a face is too poor to tell.",
        models=("face_detection", "face_recognition"),
        picture="face-collins.png",
        picture_alt="Eileen Collins in an orange space suit",
    ),
    Entry(
        "text_prediction",
        "Text",
        "Text prediction",
        ":material/keyboard:",
        "Type, and a network expects your next word; let it go on by itself, and see which words "
        "surprised it and which ones made it think so.",
        models=("text_prediction", "shakespeare"),
        picture="text.png",
        picture_alt="A line of text with three words to go on with",
    ),
    Entry(
        "sentiment",
        "Text",
        "Sentiment",
        ":material/thumbs_up_down:",
        "Give it a film review, or a table of thousands: it says whether the writer liked it, and "
        "colours the words that say so.",
        models=("sentiment",),
        picture="sentiment.png",
        picture_alt="Three lines of a review with coloured words",
    ),
    Entry(
        "image_generation",
        "Generation",
        "Image generation",
        ":material/auto_awesome:",
        "Pictures that never were, by two networks that learned against each other: make some, "
        "blend them, watch it learn, and try to tell real from made.",
        # The first of them makes the page; others join it once they are released.
        models=generator.released() or generator.GENERATORS[:1],
        picture="generated.png",
        picture_alt="Small grey pictures of clothes that a network made",
    ),
    Entry(
        "network_intrusion",
        "Anomalies",
        "Network intrusion",
        ":material/lan:",
        "A network that knows only normal connections says which ones are unusual, and in which "
        "columns; you set where the alarm begins, and see what that costs.",
        models=("network_intrusion",),
        picture="network.png",
        picture_alt="Two heaps of scores, normal and attacks, with a dial between them",
    ),
    Entry(
        "card_fraud",
        "Anomalies",
        "Card fraud",
        ":material/credit_card:",
        "Networks judge a card payment by what its card and its terminal did before; change any "
        "of it, and set the alarm by what a miss and a false alarm cost you.",
        models=("card_fraud",),
        picture="fraud.png",
        picture_alt="Four payments, the last of them with an alarm",
    ),
    Entry(
        "machine_health",
        "Anomalies",
        "Machine health",
        ":material/monitor_heart:",
        "Mark when a machine was well: a network tells when its sensors stop being as they were, "
        "and which of them.",
        models=("machine_health",),
        picture="machine.png",
        picture_alt="A curve of scores that rises over a line",
    ),
    Entry(
        "visual_inspection",
        "Anomalies",
        "Visual inspection",
        ":material/center_focus_strong:",
        "Give a few pictures of good parts: without any training, it lights up what is unlike them "
        "in another one.",
        models=("visual_inspection",),
        picture="inspect.png",
        picture_alt="A metal washer with a lit scratch",
    ),
    Entry(
        "explainability",
        "Look inside",
        "Explainability",
        ":material/troubleshoot:",
        "Seven ways to explain why a network said what it said, each with a test that tells you "
        "whether to believe it.",
        models=("image_recognition", "fashion"),
        picture="espresso.jpg",
        picture_alt="A red cup of coffee",
    ),
    Entry("model_cards", "About", "Model cards", ":material/description:", "Every model, measured"),
)
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
        page = st.Page(
            entry.file,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.name,
            default=entry.name == "home",
        )
        sections.setdefault(entry.section, []).append(page)
    return sections
