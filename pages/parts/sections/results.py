"""The answer: in words, beside the picture, and as bars."""

import streamlit as st

from models.image_recognition import Recognition
from models.kinds.classifier import Answer
from pages.parts.draw import charts, figures

WIDTH = 170  # pixels of the picture beside the answer
SQUARE = "Only the bright square reaches the network."
_AN = ("a", "e", "i", "o", "u")


def with_article(noun: str) -> str:
    """`an espresso`, `a cat`."""
    return f"{'an' if noun.lower().startswith(_AN) else 'a'} {noun}"


def sentence(answer: Answer) -> str:
    """What image_recognition or any classifier of things says of one picture, in Markdown."""
    first = answer.top(1)[0]
    family = answer.family() if isinstance(answer, Recognition) else None
    nearest = f"*{first.label}* ({first.probability:.0%})"
    if not answer.in_distribution:
        return unknown(answer, "the photos that I learned from")
    if family:
        seen = with_article(family.label)
        return f"I see **{seen}** ({family.probability:.0%}), most like {nearest}."
    sure = "I see" if first.probability >= 0.5 else "I am not sure. It may be"
    return f"{sure} **{with_article(first.label)}** ({first.probability:.0%})."


def named(answer: Answer, never: str) -> str:
    """What a classifier with names for its classes says. never: what a strange input is unlike."""
    if not answer.in_distribution:
        return unknown(answer, never)
    first = answer.top(1)[0]
    sure = "I call this" if first.probability >= 0.5 else "I am not sure. I would call this"
    return f"{sure} **{first.label}** ({first.probability:.0%})."


def unknown(answer: Answer, never: str) -> str:
    """That the model does not know, and what is nearest."""
    first = answer.top(1)[0]
    return (
        f"**I am not sure.** It does not look like {never}; my best guess is *{first.label}* "
        f"({first.probability:.0%})."
    )


def show(shown: str, alt: str, words: str, answer: Answer, below: str | None = None) -> None:
    """The picture, what is said of it, and the five likeliest classes.

    shown: the picture as `inline` makes it, for 170 pixels. below: what is said under it.
    """
    said(shown, alt, words, below)
    top = answer.top(5)
    charts.show(figures.bars([g.label for g in top], [g.probability for g in top]), key="top5")


def said(shown: str, alt: str, words: str, below: str | None = None) -> None:
    """The picture and what is said of it, which stands above where there is no room beside."""
    with st.container(horizontal=True, vertical_alignment="center", key="said"):
        st.image(shown, width=WIDTH, caption=below, alt=alt)
        st.markdown(f"#### {words}", width=300)
