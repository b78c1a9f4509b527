"""A visitor's own picture for the discriminator, made like those that it knows."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from models.catalog import Model
from models.decode import Picture
from models.fashion.convert import as_seen
from models.kinds import embedding, generator
from pages.parts.job import guard
from pages.parts.source import picture as inputs
from pages.parts.source.picture import Place
from pages.parts.source.samples import CLOTHES, PHOTOS
from pages.parts.state import choices, ours

GUESS = "what fits best"


@dataclass(frozen=True)
class Own:
    """The picture uint8 [side, side, colours], whose it is, and the class it is judged as."""

    title: str
    picture: np.ndarray
    label: int
    visitors: bool


def given(page: str, model: Model) -> Own:
    """The inputs, and what they hold. Raises what `engine.infer` raises."""
    colours, side = shape(model)
    samples = CLOTHES if colours == 1 else PHOTOS
    first = "Drawn T-shirt" if colours == 1 else ""
    place = Place(page, samples, {"as": GUESS}, many=False, first=first)
    with st.expander("Give your own picture", icon=":material/upload:"):
        got, _ = inputs.draw(place)
        labels = list(model.card.labels)
        chosen = choices.pick(st.selectbox, "Judge it as", [GUESS, *labels], key="as")
    title = "Yours" if got.sample is None else f"Our sample “{got.sample}”"
    picture = ours.kept(
        got.public("converted", colours, side),
        lambda: converted(got.picture, colours, side),
    )
    label = (
        ours.kept(got.public("guess", model.release), lambda: _guess(model, picture))
        if chosen == GUESS
        else labels.index(chosen)
    )
    return Own(title, picture, label, got.own)


def _guess(model: Model, picture: np.ndarray) -> int:
    """The class: of clothes what our network of clothes says, else as what it looks most real."""
    judge = model.card.uses["features"]
    if judge == "fashion":
        return int(embedding.look(guard.model(judge), picture[None])["logits"].argmax())
    n = len(model.card.labels)
    odds = generator.odds(model, np.repeat(picture[None], n, 0), generator.one_hot(model, range(n)))
    return int(odds.argmax())


def shape(model: Model) -> tuple[int, int]:
    """Colours and side of what this generator's pictures are."""
    *_, side, colours = model.card.graph("discriminate", model.precision()).inputs[0].shape
    return int(colours), int(side)


def converted(given: Picture, colours: int, side: int) -> np.ndarray:
    """A picture as the network knows them: uint8 [side, side, colours].

    Grey ones are clothes, converted as Fashion-MNIST was; of coloured ones the middle is taken.
    """
    if colours == 1:
        return as_seen(given.pixels, given.alpha).picture[..., None]
    image = Image.fromarray(given.pixels)
    return np.asarray(ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC))
