"""The live lines of the story: what each claim shows, made once for everybody, and drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from models import decode
from models.catalog import Model
from models.explain import Floats, faithful
from models.explain.ladder import ladder, seen_by
from models.fashion import predict as named
from models.fashion.baselines import LABELS, Linear, rules
from models.fashion.convert import as_seen
from models.image_recognition import LADDER, mapped
from models.kinds import generator
from models.kinds.classifier import Answer
from models.kinds.language import suggest
from pages.network_intrusion import connection
from pages.parts.draw import inline, pictures
from pages.parts.explain import tiles
from pages.parts.job import guard
from pages.parts.source import samples
from pages.parts.source.picture import Given
from pages.parts.state import ours

PAGE = "story"
READ = 760  # pixels of a line that is read with ease
CLOTH, SCAN, BEGUN = "clothes-dress.jpg", "Port scan", "It was a dark and stormy "
SEED, MADE = 7, 6
RUNGS = {
    0: "Four detectors of the first layers, for edges",
    2: "Four of later layers, for patterns",
    4: "Four of the last layers, for parts and things",
}


@dataclass(frozen=True)
class Looked:
    """What one picture shows of the network that names things, drawn."""

    answer: Answer
    rungs: dict[str, tuple[str, str]]  # what is said of a depth -> its strip, and its alt text
    maps: str  # the picture, its edges, and where the network looked


def looked(model: Model, given: Given) -> Looked:
    """All that the page shows of one picture."""
    image, answer, heat = mapped(model, given.picture.pixels)
    rungs = {}
    for number, rung in enumerate(ladder(model, image, LADDER)):
        if said := RUNGS.get(number):
            seen = [pictures.overlay(image, seen_by(channel, image)) for channel in rung.strongest]
            alt = f"Where four of {rung.channels} detectors of that depth answer in the picture."
            rungs[said] = inline.photo(pictures.strip(seen), READ), alt
    maps: list[Floats] = [faithful.edges(image), heat.values]
    shown = [image, *(pictures.overlay(image, tiles.speaks_for(one)) for one in maps)]
    return Looked(answer, rungs, inline.photo(np.hstack(shown), READ))


def three_ways(model: Model) -> list[dict[str, str]]:
    """Rules, a linear model and the network on one piece of cloth, and how often each is right."""
    cloth = decode.picture((samples.FOLDER / CLOTH).read_bytes())
    image = as_seen(cloth.pixels, cloth.alpha).picture
    fitted = Linear.of(model.arrays("evidence.npz")).answer(image[None])[0]
    by_rule, rule = rules(image)
    (answer,), _ = named(model, [image])
    figure = model.card.metric("accuracy", "test")
    others = figure.baseline or {}
    said = {
        "Rules that we wrote": (f"{LABELS[by_rule]}, because it is {rule}", others["rules"]),
        "Machine learning: one weight a pixel": (
            f"{LABELS[int(fitted.argmax())]} ({fitted.max():.0%})",
            others["logistic regression"],
        ),
        "Deep learning: layers upon layers": (
            f"{answer.top(1)[0].label} ({answer.top(1)[0].probability:.0%})",
            figure.value,
        ),
    }
    right = f"right, of {figure.n:,} it never saw"
    return [
        {"way": way, "says of this dress": says, right: f"{share:.1%}"}
        for way, (says, share) in said.items()
    ]


def made(model: Model) -> str:
    """Pictures that a generator makes of one seed, a kind each."""
    kinds = generator.one_hot(model, list(range(MADE)))
    found = generator.make(model, generator.draw(model, SEED, MADE), kinds)
    return inline.photo(pictures.strip([one.squeeze() for one in found.pictures]), READ)


def show(name: str, draw: Callable[[Model], None]) -> None:
    """A live line of one model; where it cannot be had, its sentence, and the story goes on."""
    with guard.in_place():
        draw(guard.model(name))


def cloth(model: Model) -> None:
    """Three ways to call a dress a dress."""
    shown, table = st.columns([1, 4], vertical_alignment="center")
    file = samples.FOLDER / CLOTH
    shown.image(
        ours.kept((PAGE, CLOTH), lambda: inline.sample(file)),
        width=140,
        alt="A drawn green dress on a pale ground",
    )
    table.table(ours.kept((model.release, PAGE), lambda: three_ways(model)))


def recurrent(model: Model) -> None:
    """The next word of a line."""
    offered = ours.kept(
        (model.release, PAGE), lambda: [word.text for word in suggest(model, BEGUN).offered]
    )
    st.markdown(f"*{BEGUN.strip()}* … **{offered[0]}**, or *{'* or *'.join(offered[1:])}*.")


def adversarial(model: Model) -> None:
    """Clothes that never were."""
    st.image(
        ours.kept((model.release, PAGE), lambda: made(model)),
        width="stretch",
        alt=f"{MADE} grey pictures of clothes that a network made",
    )


def autoencoder(model: Model) -> None:
    """A connection that does not come out as it went in."""
    _, found, _ = connection.of_sample(model, SCAN, model.precision())
    limit = model.card.settings["threshold"].value
    score = float(found.score[0])
    st.markdown(
        f"A *port scan* scores **{score:.2f}**; from {limit:.2f} on it is an alarm. "
        "Nobody told it what an attack is."
    )
