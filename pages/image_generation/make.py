"""Make pictures: which, from which seed, how many, how varied; keep those that you click."""

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from models import deadline
from models.catalog import Model
from models.kinds.generator import Made
from pages.image_generation import files
from pages.image_generation import items as making_items
from pages.image_generation.items import LEAST, MOST, SEEDS, TRAY, Item
from pages.parts.draw import inline
from pages.parts.job import guard
from pages.parts.state import choices, ours

TITLES = {"fashion_generator": "Clothes", "emoji_generator": "Emoji"}
ALL = "All in turn"
FEW = 12  # kinds: where there are more, one of each is a jumble, and the first kind comes first
COLUMNS = 8  # of the file that holds all
TILE, SIDE = 56, 72  # pixels: of one of many, and of one that is kept


@dataclass(frozen=True)
class Given:
    """What the controls say. `labels`: the class of each picture, in its place."""

    labels: np.ndarray
    seed: int
    variety: int

    def item(self, model: Model, place: int) -> Item:
        """The picture in that place."""
        return Item(model.card.name, self.seed, place, int(self.labels[place]), self.variety)


def model() -> Model:
    """The generator; a choice where more than one is released."""
    names = {title: name for name, title in TITLES.items()}
    if len(names) == 1:
        return guard.model(*names.values())
    chosen = choices.pick(
        st.segmented_control,
        "What to make",
        list(names),
        TITLES["fashion_generator"],
        key="maker",
        label_visibility="collapsed",
    )
    return guard.model(names[chosen])


def controls(model: Model) -> Given:
    """Class, seed, how many and how varied; what nobody can mean becomes the nearest that is."""
    labels = list(model.card.labels)
    first = ALL if len(labels) <= FEW else labels[0]
    kind = choices.pick(st.selectbox, "Kind", [ALL, *labels], first, key="kind")
    number, new = st.columns([2, 1], vertical_alignment="bottom")
    seed = choices.slide(
        "Seed",
        0,
        SEEDS,
        7,
        key="seed",
        widget=number.number_input,
        help="The number that chance begins with. The same seed gives the same pictures.",
    )
    new.button("New", icon=":material/casino:", on_click=_new_seed, width="stretch")
    many = choices.slide("How many", 1, MOST, 24, key="many")
    variety = choices.slide(
        "Variety (%)",
        LEAST,
        100,
        100,
        5,
        key="variety",
        help="How far chance may go from the most usual picture of its kind. Less gives pictures "
        "that look more alike and often more right (known as truncation).",
    )
    places = np.arange(many)
    classes = places % len(labels) if kind == ALL else np.full(many, labels.index(kind))
    return Given(classes, seed, variety)


def grid(model: Model, given: Given) -> tuple[Made, Item]:
    """The pictures, and which of all is looked at closely. Raises what `engine.infer` raises."""
    items = [given.item(model, place) for place in range(len(given.labels))]
    made = making_items.made(model, items)
    one = len(items) == 1
    st.markdown(
        f"#### {len(items)} picture{'' if one else 's'} that never {'was' if one else 'were'}. "
        "Click one to keep it."
    )
    kept = {item.token for item in making_items.kept(model)}
    # Buttons and no chart: they are there at once, and a keyboard reaches them.
    with st.container(horizontal=True, gap="small", key="making_tiles"):
        for item, picture in zip(items, made.pictures, strict=True):
            # A click on the picture is one on its number: see shell.css.
            with st.container(width=TILE, gap="xsmall", key=f"making_tile_{item.place}"):
                alt = f"Made, no. {item.place + 1}: {model.card.labels[item.label]}"
                st.image(shown(model, [item], picture), width=TILE, alt=alt)
                st.button(
                    str(item.place + 1),
                    key=f"making_keep_{item.place}",
                    icon=":material/check:" if item.token in kept else None,
                    on_click=making_items.toggle,
                    args=(item,),
                    width="stretch",
                )
    st.download_button(
        "This picture (PNG)" if one else "All of them (PNG)",
        lambda: _saved(model, items, made.pictures),
        f"{model.card.name}-{given.seed}.png",
        "image/png",
        key="making_grid_png",
        on_click="ignore",
        icon=":material/download:",
    )
    return made, making_items.picked(model, items[0])


def tray(model: Model, picked: Item) -> None:
    """What was kept, and which of it is looked at."""
    items = making_items.kept(model)
    if not items:
        st.caption(
            f"Up to {TRAY} pictures that you keep stand here and in the link; the parts below look "
            f"at one picture, now {making_items.named(model, picked)}."
        )
        return
    made = making_items.made(model, items)
    with st.container(horizontal=True, key="making_tray"):
        for item, picture in zip(items, made.pictures, strict=True):
            with st.container(width=SIDE + 16, gap="xsmall", key=f"making_kept_{item.token}"):
                name = making_items.named(model, item)
                chosen = item == picked
                st.image(
                    shown(model, [item], picture),
                    width=SIDE,
                    caption=f"no. {item.place + 1}",
                    alt=f"Kept: {name}",
                )
                with st.container(horizontal=True, gap="xsmall"):
                    st.button(
                        "**Look**" if chosen else "Look",
                        key=f"look_{item.token}",
                        type="tertiary",
                        help=f"Look at this one below: {name}",
                        on_click=making_items.look,
                        args=(item,),
                    )
                    st.button(
                        "Drop",
                        key=f"drop_{item.token}",
                        type="tertiary",
                        help=f"Put it back: {name}",
                        on_click=making_items.drop,
                        args=(item,),
                    )
    st.caption(f"The parts below look at one of them, now {making_items.named(model, picked)}.")


def file(model: Model, items: list[Item], picture: np.ndarray, what: str = "") -> bytes:
    """A picture as a PNG that says that it was made."""
    return files.png(files.enlarged(picture), files.notes(model, items, what))


def shown(model: Model, items: list[Item], picture: np.ndarray, what: str = "") -> str:
    """The same for the browser to show, and for whoever saves it from there."""
    seen = hashlib.blake2b(picture.tobytes(), digest_size=16).digest()
    return ours.kept(
        (model.release, "shown", *items, what, seen),
        lambda: inline.file(file(model, items, picture, what), "png"),
    )


def _saved(model: Model, items: list[Item], pictures: np.ndarray) -> bytes:
    """All of them as one PNG."""
    with deadline.work():
        sheet = files.sheet(pictures, min(COLUMNS, len(pictures)))
        return files.png(files.enlarged(sheet, 2), files.notes(model, items))


def _new_seed() -> None:
    choices.put({"seed": int(np.random.default_rng().integers(SEEDS + 1))})
