"""Home: a picture that is answered already, a place for one's own, and all that there is to try."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from models.catalog import Model
from models.image_recognition import mapped
from models.kinds.classifier import Answer
from pages import menu
from pages.parts.draw import inline, pictures
from pages.parts.explain import tiles
from pages.parts.job import guard
from pages.parts.sections import results
from pages.parts.source import picture, samples
from pages.parts.source.picture import Given, Place
from pages.parts.state import ours

PAGE, LIVE = "home", "image_recognition"
SHOWN = {name: samples.PHOTOS[name] for name in ("Coffee", "Dogs", "Cat", "Page of text")}


def answered(model: Model, given: Given) -> tuple[Answer, str, str]:
    """The answer; the picture as the network takes it beside the map over it; the map in words."""
    image, answer, heat = mapped(model, given.picture.pixels)
    drawn = pictures.overlay(image, tiles.speaks_for(heat.values))
    return answer, inline.photo(np.hstack((image, drawn))), tiles.where(heat.values)


def trust(model: Model) -> str:
    """One sentence on how far to trust what it says, by its card."""
    right = next(m for m in model.card.metrics if m.name == "top1" and m.source != "measured")
    refused = [m.value for m in model.card.metrics if m.name == "refused_share"]
    return (
        f"**How far to trust it:** it knows 1,000 kinds of things. Its makers found it right for "
        f"{right.value:.0%} of {right.n:,} photos. Shown what it never learned, X-rays or noise or "
        f"clothes, it says that it is not sure in {min(refused):.0%} to {max(refused):.0%} of "
        "cases; that we measured."
    )


st.title("Glassbox", anchor=False)
st.markdown(
    "**Deep learning that you can look into.** A network names what is in a picture, shows what in "
    "it made it say so, and tells how far to trust that. Try it with one of yours."
)
entries = menu.visible()
if "story" in [entry.name for entry in entries]:
    st.page_link(
        "story/page.py",
        label="**New here?** Deep learning in five minutes",
        icon=":material/auto_stories:",
    )
if LIVE in [entry.name for entry in entries]:
    with st.container(border=True), guard.in_place():
        model = guard.model(LIVE)
        said, asked = st.columns([7, 5], gap="large")
        with asked:
            given, _ = picture.draw(Place(PAGE, SHOWN, {}, key="picture", many=False))
        with said:
            answer, shown, where = ours.kept(
                given.public(model.release, PAGE), lambda: answered(model, given)
            )
            label = answer.said().label
            st.markdown(f"#### {results.sentence(answer)}")
            st.image(
                shown,
                width="stretch",
                caption=f"What it was given, and what made it say “{label}”: the bright parts.",
                alt=f"{given.alt}. Beside it the map by Grad-CAM for {label}: {where}.",
            )
            st.markdown(trust(model))
            chosen: dict[str, Any] = {"sample": given.sample} if given.sample else {}
            st.page_link(
                f"{LIVE}/page.py",
                label="**Ask it why**, and what it does not know",
                icon=":material/arrow_forward:",
                query_params=chosen,
            )

for section, (line, _names) in menu.SECTIONS.items():
    listed = [entry for entry in entries if entry.section == section and entry.about]
    if not listed:
        continue
    st.subheader(section, anchor=False)
    st.caption(line)
    with st.container(key=f"cards_{section.replace(' ', '_')}"):
        for entry in listed:
            assert entry.about is not None
            with st.container(border=True, key=f"card_{entry.name}"):
                file = samples.FOLDER / entry.about.picture
                st.image(
                    ours.kept((PAGE, file.name), partial(inline.sample, file)),
                    width="stretch",
                    alt=entry.about.picture_alt,
                )
                st.page_link(entry.file, label=f"**{entry.title}**", icon=entry.icon)
                st.caption(entry.about.blurb)
st.caption(f"Still to come: {menu.TO_COME}.")
