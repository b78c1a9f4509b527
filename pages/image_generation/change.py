"""Change a picture: the way from one kept picture to the next, and two directions to move it in."""

import numpy as np
import streamlit as st

from models import deadline
from models.catalog import Model
from models.kinds import generator
from pages.image_generation import files, grid, items, make
from pages.image_generation.grid import Grid
from pages.image_generation.items import Item
from pages.parts.draw import inline
from pages.parts.state import choices, ours

FRAMES = 12  # from one picture to the next
WIDE = 13  # pictures side by side, at most
MILLISECONDS = 90  # that one of them stays
REACH = 3  # how far a direction goes each way, in standard deviations of chance
Ends = list[Item]


def show(model: Model, picked: Item, second: Item) -> None:
    """Both. second: what the way leads to where fewer than two are kept."""
    way, pad = st.columns(2, gap="large")
    with way:
        _way(model, picked, second)
    with pad:
        _pad(model, picked)


def _way(model: Model, picked: Item, second: Item) -> None:
    """Through all that is kept, or from the picture that is looked at to the second one."""
    kept = items.kept(model)
    ends = kept if len(kept) > 1 else [picked, second]
    if len({*ends}) == 1:
        st.markdown("**From one to the next**")
        st.caption("Make or keep at least two pictures to see one turn into the other.")
        return
    st.markdown(f"**From one to the next**: {_names(model, ends)}")
    if ends is not kept:
        st.caption("Keep two or more pictures above to see one turn into the next.")
    steps = choices.slide("Pictures on each way", 4, 30, FRAMES, key="legs")
    moving, still, count = ours.kept(
        (model.release, "way", *ends, steps), lambda: _files(model, ends, steps)
    )
    alt = f"{count} pictures on the way: {_names(model, ends)}"
    if st.toggle("Play it", value=True, key="making_play"):
        shown = inline.file(moving, "gif")
        st.image(shown, width=168, alt=f"{alt}, one after the other.")
    st.image(inline.file(still, "png"), width="stretch", alt=f"{alt}, side by side.")
    with st.container(horizontal=True):
        for data, ending in ((moving, "gif"), (still, "png")):
            st.download_button(
                f"The way ({ending.upper()})",
                data,
                f"{model.card.name}-way.{ending}",
                f"image/{ending}",
                key=f"making_way_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )


def _files(model: Model, ends: Ends, steps: int) -> tuple[bytes, bytes, int]:
    """The way as a GIF and as a PNG, and of how many pictures it is."""
    latents, classes = path(model, ends, steps)
    frames = generator.make(model, latents, classes).pictures
    what = f"the way between them in {len(frames)} pictures"
    told = files.notes(model, ends, what)
    with deadline.work():
        moving = files.gif([*frames, *frames[-2:0:-1]], told, MILLISECONDS)
        rows = -(-len(frames) // WIDE)
        strip = files.enlarged(files.sheet(frames, -(-len(frames) // rows)), 2)
        return moving, files.png(strip, told), len(frames)


def path(model: Model, ends: Ends, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Chance [n, latent] and shares of classes [n, classes] from end to end, each end once."""
    latents = items.latents(model, ends)
    classes = generator.one_hot(model, [item.label for item in ends])
    shares = np.linspace(0, 1, steps + 1, dtype=np.float32)[:, None]
    draws, kinds = [latents[:1]], [classes[:1]]
    for i in range(len(ends) - 1):
        draws.append(generator.between(latents[i], latents[i + 1], steps + 1)[1:])
        kinds.append(((1 - shares) * classes[i] + shares * classes[i + 1])[1:])
    return np.concatenate(draws), np.concatenate(kinds)


def _names(model: Model, ends: Ends) -> str:
    return " → ".join(f"{model.card.labels[item.label]}, no. {item.place + 1}" for item in ends)


def moved(model: Model, item: Item, moves: np.ndarray) -> generator.Made:
    """The item moved by float [n, 2] along the two directions that change its class most."""
    directions = model.arrays("evidence.npz")["directions"][item.label]
    latents = items.latents(model, [item]) + moves.astype(np.float32) @ directions
    classes = generator.one_hot(model, [item.label] * len(moves))
    return generator.make(model, latents.astype(np.float32), classes)


def _pad(model: Model, item: Item) -> None:
    """Two sliders, the picture there, and a field of pictures to click that says the same."""
    name = items.named(model, item)
    st.markdown(f"**Move it**: {name}")
    st.caption(
        "A picture comes from many numbers that chance drew. Of all ways to change them together, "
        "these two were measured to change a picture of this kind most."
    )
    right, up = (_slider(title, key) for title, key in (("To the right", "right"), ("Up", "up")))
    what = f"moved by {right:g} and {up:g} along directions 1 and 2"
    file = ours.kept(
        (model.release, item, right, up),
        lambda: make.file(
            model, [item], moved(model, item, np.array([(right, up)])).pictures[0], what
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(inline.file(file, "png"), width=168, alt=f"{name}, {what}")
        st.download_button(
            "This one (PNG)",
            file,
            f"{model.card.name}-{item.seed}-{item.place + 1}.png",
            "image/png",
            key="making_one_png",
            on_click="ignore",
            icon=":material/download:",
        )
    # Folded at first: a browser shows no picture while it loads what draws the field.
    fold = choices.fold("Both at once: a field to click", ":material/grid_on:", "field")
    if fold.open:
        with fold:
            _field(model, item, (right, up))


def _field(model: Model, item: Item, here: tuple[float, float]) -> None:
    """The picture moved in both directions, with the place that is `here` framed."""
    steps = np.arange(-REACH, REACH + 1)
    moves = np.array([(x, y) for y in steps[::-1] for x in steps])
    nearest = int(np.abs(moves - here).sum(1).argmin())
    drawn = Grid(
        moved(model, item, moves).pictures,
        len(steps),
        [f"right {x:g}, up {y:g}" for x, y in moves],
        [nearest],
        f"{len(moves)} pictures: {items.named(model, item)}, moved along both directions; "
        f"one is framed, at right {moves[nearest][0]:g}, up {moves[nearest][1]:g}.",
        files.notes(model, [item], "moved along directions 1 and 2"),
    )
    grid.draw("making_pad", drawn, lambda place: _to(moves[place]))
    st.caption(
        f"In the middle as it was; from left to right and from bottom to top by -{REACH} to "
        f"{REACH}, in standard deviations of chance."
    )


def _slider(title: str, key: str) -> float:
    return choices.slide(
        title,
        -float(REACH),
        float(REACH),
        0.0,
        0.25,
        key=key,
        help="In standard deviations of chance; at 0 the picture is as it was.",
    )


def _to(move: np.ndarray) -> None:
    choices.put({"right": float(move[0]), "up": float(move[1])})
