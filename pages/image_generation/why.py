"""Why: what each layer adds to a picture, and where the discriminator looks at three of them."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from models.catalog import Model
from models.explain import Heat
from models.explain.occlusion import falls
from models.kinds import generator
from pages.image_generation import files, items, make
from pages.image_generation import own as making_own
from pages.image_generation.items import Item
from pages.parts.draw import inline, kinds, pictures
from pages.parts.explain import tiles
from pages.parts.job import guard, later
from pages.parts.state import ours
from pages.parts.state.held import held
from pages.parts.state.ours import Findings

CELLS = 12  # a patch is two of so many wide
REAL, MADE = "speaks for real", "gives it away"
SIDE, LAYER = 84, 150  # pixels of a map, and of a layer


@dataclass(frozen=True)
class Subject:
    """A picture uint8 [side, side, colours] that the discriminator judges as one of a class.

    own: whether it is the visitor's.
    """

    title: str
    picture: np.ndarray
    label: int
    own: bool = False


def drawn(model: Model, item: Item) -> kinds.Sketch:
    """The two networks, with this picture and a real one of its kind between them."""
    made = items.made(model, [item]).pictures[0].squeeze()
    latent, label = items.latents(model, [item])[0], model.card.labels[item.label]
    return kinds.adversarial(latent, made, _real(model, item.label).squeeze(), label)


def show(page: str, model: Model, item: Item) -> None:
    """Both; raises what `engine.infer` raises."""
    _layers(model, item)
    st.markdown("**What the other network thinks of it.** Real, or made?")
    real = _real(model, item.label)
    made = items.made(model, [item]).pictures[0]
    places = st.columns(3, gap="large")
    with places[2]:
        own = making_own.given(page, model)
    subjects = [
        Subject("The made picture", made, item.label),
        Subject("A real one of its kind", real, item.label),
        Subject(own.title, own.picture, own.label, own.visitors),
    ]
    for place, subject in zip(places, subjects, strict=True):
        with place, guard.in_place():
            _opinion(model, subject)
    st.caption(
        "The network is also told what a picture shows (*as Dress*). Small patches are covered in "
        "turn. *Speaks for real* is bright where covering makes the picture look more made, *gives "
        "it away* where covering makes it look more real. This network knows only the pictures of "
        "this generator and real ones of the same kind: it cannot tell whether other pictures, "
        "such as photos, were made by a computer."
    )


def _layers(model: Model, item: Item) -> None:
    """The picture after each resolution, and what each painted by itself."""
    st.markdown(f"**What each layer adds** to {items.named(model, item)}, from coarse to fine")
    classes = generator.one_hot(model, [item.label])
    painted = ours.kept(
        (model.release, "paints", item),
        lambda: generator.paints(model, items.latents(model, [item]), classes),
    )
    so_far = [stage[0] for stage in generator.stages(painted)]
    alone = [_stretched(to_rgb[0]) for to_rgb in painted]
    with st.container(horizontal=True, gap="small"):
        for i, (stage, to_rgb) in enumerate(zip(so_far, alone, strict=True), 1):
            grain, last = _grain(to_rgb), i == len(painted)
            own = f" ({grain} x {grain})" if last or grain < len(to_rgb) else ""
            for picture, words in (
                (to_rgb, f"layer {i} adds{own}"),
                (stage, f"the picture after layer {i}"),
            ):
                shown = make.shown(model, [item], picture, words)
                st.image(
                    shown,
                    width=LAYER,
                    caption=words,
                    alt=f"{words}, seen enlarged",
                )
    st.caption(
        "Each layer paints its share at its own resolution; all are added, and the sum is squeezed "
        "between black and white. Middle grey in a share: nothing is added there; brighter: that "
        "is made brighter, in each colour by itself."
    )


def _grain(to_rgb: np.ndarray) -> int:
    """Of how many squares each way a share consists: its resolution, where it was not smoothed."""
    side: int = to_rgb.shape[0]
    for size in (4, 7, 8, 14, 16, 28, 32):
        if side % size == 0:
            step = side // size
            if (to_rgb == files.enlarged(to_rgb[::step, ::step], step)).all():
                return size
    return side


def _stretched(to_rgb: np.ndarray) -> np.ndarray:
    """A share as uint8, 0 as middle grey, its largest value as black or white."""
    reach = float(np.abs(to_rgb).max()) or 1.0
    bright: np.ndarray = (127.5 * (1 + to_rgb / reach)).round().astype(np.uint8)
    return bright


def _real(model: Model, label: int) -> np.ndarray:
    """The first held-out picture of that class; one of any where there is none."""
    evidence = model.arrays("evidence.npz")
    rows = np.flatnonzero(evidence["held_out_labels"] == label)
    row = int(rows[0]) if len(rows) else 0
    picture: np.ndarray = evidence["held_out_pictures"][row]
    return picture[..., None] if picture.ndim == 2 else picture


def _opinion(model: Model, subject: Subject) -> None:
    """How real it looks, and where that comes from."""
    kind = model.card.labels[subject.label]
    wanted = generator.one_hot(model, [subject.label])

    def score(batch: np.ndarray) -> tuple[np.ndarray, float]:
        run = generator.judged(model, batch, wanted.repeat(len(batch), 0))
        return run["odds"], run.seconds

    findings = _findings(model, subject)
    odds, _ = findings.kept(("odds",), lambda: score(subject.picture[None]))
    share = float(generator.real(odds)[0])
    says = "real" if share > 0.5 else "made"
    st.markdown(f"{subject.title}, as *{kind}*: **{says}** ({percent(share)} real)")
    flat = subject.picture[..., 0] if subject.picture.shape[-1] == 1 else subject.picture
    plain = pictures.enlarged(flat, SIDE)
    shown = st.container(horizontal=True, gap="xsmall")
    heat = later.found(
        findings,
        ("heat",),
        f"Where it looks at “{subject.title}” comes",
        lambda tell: falls(score, subject.picture, CELLS, tell("Covering")),
    )
    with shown:
        st.image(
            inline.exact(plain),
            width=SIDE,
            alt=f"{subject.title}: {kind}, {says}",
            caption="the picture",
        )
        if heat is not None:
            for values, words in ((heat.values, REAL), (-heat.values, MADE)):
                _map(flat, values, words, subject.title)
    if heat is not None:
        st.caption(_took(heat))


def _findings(model: Model, subject: Subject) -> Findings:
    """What is found out about this picture, as long as it is one of the three."""
    key = model.release, subject.title, subject.label, hash(subject.picture.tobytes())
    if not subject.own:
        return Findings((*key, "opinion"))
    return held("making_opinion", key, lambda: Findings(None))


def _map(picture: np.ndarray, values: np.ndarray, words: str, title: str) -> None:
    over = pictures.overlay(picture, tiles.speaks_for(values))
    st.image(
        inline.exact(over),
        width=SIDE,
        alt=f"{title}, {words}: {tiles.where(values)}.",
        caption=words,
    )


def _took(heat: Heat) -> str:
    return f"By occlusion: asked {heat.passes:,} times, {heat.seconds * 1000:,.0f} ms."


def percent(share: float) -> str:
    """A probability in words that never claims to be certain."""
    return "over 99 %" if share > 0.99 else "under 1 %" if share < 0.01 else f"{share:.0%}"
