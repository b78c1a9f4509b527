"""The comparison as one HTML file that opens anywhere: no script, no network, nothing of ours."""

import json
import sys
from collections.abc import Sequence
from html import escape
from importlib.metadata import version

from pydantic import TypeAdapter

from models.card import Card
from models.explain import Pixels, is_flat, members
from models.explain.methods import METHODS, sane
from models.kinds.classifier import Answer
from pages.parts.draw import inline, pictures
from pages.parts.explain import tiles
from pages.parts.explain.explained import Case

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "figure{display:inline-block;width:15rem;margin:0 1rem 1rem 0;vertical-align:top}"
    "img{width:100%;image-rendering:pixelated}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.2rem .6rem;text-align:left}pre{overflow:auto}"
)


def page(case: Case, answer: Answer, names: list[str]) -> bytes:
    """Input, output, maps, their figures, the card and the versions, as UTF-8 HTML."""
    card = case.model.card
    rows = [(guess.label, f"{guess.probability:.1%}") for guess in answer.top(5)]
    maps = [
        _figure(
            pictures.overlay(case.image, tiles.speaks_for(case.made[name].heat.values)),
            f"{name} for {case.label}: {tiles.where(case.made[name].heat.values)}.",
            f"{name}. {tiles.figures(case, case.made[name])}"
            + (
                ""
                if sane(card, name)
                else " Not to be trusted: it hardly changes when the network is scrambled."
            ),
        )
        for name in names
    ]
    areas = [
        (name, "flat map", "flat map")
        if is_flat(made.heat.values)
        else (name, *(f"{area:.3f}" for area in made.areas))
        for name, made in {**{n: case.made[n] for n in names}, **case.nothing}.items()
    ]
    packages = ("onnxruntime-gpu", "onnxruntime", "numpy")
    versions = [(name, version(name)) for name in packages if _has(name)]
    title = f"Why {card.title} said “{case.label}”"
    asked_for = members(case.target)
    if (*asked_for,) != case.first.members:
        asked = f"{answer.probabilities[asked_for].sum():.1%}"
        title = f"What speaks for “{case.label}” ({asked}), where {card.title} said otherwise"
    body = [
        f"<h1>{escape(title)}</h1>",
        _figure(pictures.enlarged(case.image), "The input", "What the network saw"),
        _table(("answer", "probability"), rows),
        "<h2>Maps</h2>",
        *maps,
        "<h2>Which map to believe</h2>",
        "<p>Deletion: mean probability while pixels are taken away, hottest first (less is better)."
        " Insertion: while they are brought into a blur (more is better). A flat map has no"
        " order and proves nothing.</p>",
        _table(("map", "deletion", "insertion"), areas),
        "<ul>",
        *(f"<li><b>{name}</b>: {escape(METHODS[name].cannot)}</li>" for name in names),
        "</ul>",
        "<h2>Made with</h2>",
        _table(("what", "version"), [*versions, ("Python", sys.version.split()[0])]),
        "<h2>The model's card</h2>",
        f"<pre>{escape(json.dumps(_plain(card), indent=1))}</pre>",
    ]
    head = f'<meta charset="utf-8"><title>Glassbox report</title><style>{STYLE}</style>'
    content = "".join(body)
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>'.encode()
    )


def _has(name: str) -> bool:
    try:
        return bool(version(name))
    except ImportError:
        return False


def _plain(card: Card) -> object:
    return TypeAdapter(Card).dump_python(card, mode="json")


def _figure(image: Pixels, alt: str, caption: str) -> str:
    return (
        f'<figure><img alt="{escape(alt)}" src="{inline.exact(image)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    def cells(row: tuple[str, ...], kind: str) -> str:
        return "<tr>" + "".join(f"<{kind}>{escape(c)}</{kind}>" for c in row) + "</tr>"

    return f"<table>{cells(head, 'th')}{''.join(cells(row, 'td') for row in rows)}</table>"
