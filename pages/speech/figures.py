"""Figures of a sound: its picture with the words over it, and what a word listened to."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from models.card import Table
from models.decode import spectrogram
from models.speech.listening import BANDS, HOP, RATE, SECOND, Floats, Wave, mel
from models.speech.words import Word
from pages.parts.draw import inline, pictures
from pages.parts.draw.figures import HERE, OURS, STILL, THEIRS, Drawn
from pages.parts.draw.words import drawn

VIEW = 8.0  # seconds that are shown at once
ROWS = 3  # of words above the sound, so that they do not stand on each other
_TICKS = (200, 500, 1000, 2000, 4000, 7000)  # hertz
_COLOURS = (OURS, THEIRS, HERE, "#a16207", "#be185d", "#0369a1")


def view(word: Word, seconds: float) -> tuple[float, float]:
    """The seconds of the sound that are shown around a word."""
    start = min(max(0.0, (word.start + word.end - VIEW) / 2), max(0.0, seconds - VIEW))
    return start, min(seconds, start + VIEW)


def sound(wave: Wave, words: Sequence[Word], chosen: int, used: Floats, offset: float) -> Drawn:
    """The sound around a chosen word with all words over their time, each a mark to click.

    used: how much that word attended to each fiftieth of a second from `offset` on, [1500].
    """
    seconds = len(wave) / RATE
    begin, end = view(words[chosen], seconds)
    shown = mel(wave[int(begin * RATE) : int(end * RATE)])
    frames = max(1, int((end - begin) * RATE / HOP))
    picture = pictures.coloured(shown[::-1, :frames])
    figure = go.Figure()
    figure.add_layout_image(
        source=inline.photo(picture),
        xref="x",
        yref="y",
        x=begin,
        y=BANDS,
        sizex=end - begin,
        sizey=BANDS,
        sizing="stretch",
        layer="below",
    )
    inside = [i for i, w in enumerate(words) if w.end > begin and w.start < end]
    figure.add_scatter(
        x=[max(begin, words[i].start) for i in inside],
        y=[BANDS + 8 + 9 * (i % ROWS) for i in inside],
        text=[drawn(words[i].text) for i in inside],
        customdata=[i + 1 for i in inside],
        mode="markers+text",
        textposition="middle right",
        marker={
            "size": 12,
            "symbol": "triangle-down",
            "color": [HERE if i == chosen else OURS for i in inside],
        },
        textfont={"color": [HERE if i == chosen else OURS for i in inside]},
        hovertemplate="word %{customdata}: %{text}<extra></extra>",
        showlegend=False,
    )
    word = words[chosen]
    for edge in (word.start, word.end):
        figure.add_vline(x=edge, line_width=2, line_color=HERE)
    times = offset + np.arange(len(used)) / SECOND
    near = (times >= begin) & (times <= end)
    figure.add_scatter(
        x=times[near],
        y=used[near] / max(float(used.max()), 1e-9),
        yaxis="y2",
        fill="tozeroy",
        mode="lines",
        line_color=HERE,
        hoverinfo="skip",
        showlegend=False,
    )
    edges = spectrogram.edges(RATE, BANDS)[1:-1]
    figure.update_layout(
        height=380,
        margin=STILL,
        xaxis={"title": "seconds", "range": [begin, end], "anchor": "y2"},
        yaxis={
            "domain": [0.24, 1],
            "range": [0, BANDS + 9 * ROWS + 6],
            "tickvals": [int(np.searchsorted(edges, hertz)) for hertz in _TICKS],
            "ticktext": [f"{hertz:,} Hz" for hertz in _TICKS],
            "showgrid": False,
        },
        yaxis2={"domain": [0, 0.2], "showticklabels": False, "showgrid": False},
    )
    said = ", ".join(f"{words[i].text} at {words[i].start:.1f} s" for i in inside)
    return figure, f"Sound from {begin:.1f} to {end:.1f} seconds with its words: {said}."


def noise(table: Table, here: tuple[str, float] | None = None) -> Drawn:
    """Word errors by how loud noise was, a line a kind, as measured at release."""
    figure = go.Figure()
    kinds: dict[str, list[tuple[float, float]]] = {}
    clean = next(float(row[2] or 0) for row in table.rows if row[0] == "Clean")
    for name, much, errors, *_ in table.rows:
        if str(much).endswith(" dB"):
            kinds.setdefault(str(name), [(25.0, clean)]).append(
                (float(str(much).split()[0]), float(errors or 0))
            )
    for (name, points), colour in zip(kinds.items(), _COLOURS, strict=False):
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            name=name,
            mode="lines+markers",
            line_color=colour,
        )
    if here is not None:
        figure.add_vline(x=here[1], line_width=3, line_color=HERE)
    figure.update_layout(
        height=300,
        margin={**STILL, "t": 32},
        xaxis={
            "title": "speech above noise",
            "autorange": "reversed",
            "tickvals": [25, 20, 10, 5, 0],
            "ticktext": ["clean", "20 dB", "10 dB", "5 dB", "0 dB"],
        },
        yaxis={"title": "word errors", "tickformat": ".0%", "rangemode": "tozero"},
        legend={"orientation": "h", "y": 1.2},
    )
    said = "; ".join(
        f"{name} " + ", ".join(f"{y:.0%} at {x:.0f} dB" for x, y in points[1:])
        for name, points in kinds.items()
    )
    return figure, f"Word errors, clean {clean:.0%}; {said}."


def opinions(shares: Floats, labels: Sequence[str], seconds: float) -> Drawn:
    """What a network that reads thinks after each step; the labels that were ever likely."""
    figure = go.Figure()
    times = np.arange(1, len(shares) + 1) / len(shares) * seconds
    order = np.argsort(-shares.max(0))[:4]
    for place, colour in zip(order, _COLOURS, strict=False):
        figure.add_scatter(
            x=times, y=shares[:, place], name=labels[place], mode="lines", line_color=colour
        )
    figure.update_layout(
        height=260,
        margin={**STILL, "t": 32},
        xaxis={"title": "seconds read"},
        yaxis={"title": "probability", "tickformat": ".0%", "range": [0, 1.02]},
        legend={"orientation": "h", "y": 1.22},
    )
    last = labels[int(shares[-1].argmax())]
    ways = [labels[int(row.argmax())] for row in shares[:: max(1, len(shares) // 5)]]
    return figure, f"Likeliest on the way: {', '.join(ways)}; at the end {last}."
