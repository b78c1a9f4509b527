"""A drawing of our own as SVG, for `st.image`: boxes, arrows, words, bars and small pictures.

    sheet = Sheet(400, 120)
    sheet.words(200, 20, "one filter")
    st.image(sheet.address(), alt="...")

`st.html` takes SVG away, and an image can run nothing. It knows its place's theme all the same: a
browser tells an SVG in it whether the page is dark.
"""

import base64
from collections.abc import Sequence
from html import escape

import numpy as np

from pages.parts.draw.figures import HERE, OURS, THEIRS

SIZE, SMALL = 18, 16  # of words, in a drawing of 400, which a phone shows at 300 pixels
Place = tuple[float, float, float, float]  # left, top, width, height
_STYLE = f"""
svg {{ color: #1c2524; font-family: sans-serif; font-size: {SIZE}px; }}
@media (prefers-color-scheme: dark) {{ svg {{ color: #e6eeec; }} }}
text {{ fill: currentColor; text-anchor: middle; }}
.small {{ font-size: {SMALL}px; }}
.line {{ fill: none; stroke: currentColor; stroke-width: 2; }}
.ours {{ fill: {OURS}; }} .theirs {{ fill: {THEIRS}; }} .here {{ fill: {HERE}; }}
.frame {{ fill: none; stroke: {HERE}; stroke-width: 3; }}
.ground {{ fill: {OURS}; fill-opacity: 0.15; stroke: {OURS}; stroke-width: 2; }}
.other {{ fill: {THEIRS}; fill-opacity: 0.2; stroke: {THEIRS}; stroke-width: 2; }}
image {{ image-rendering: pixelated; }}
.smooth {{ image-rendering: auto; }}
"""
_HEAD = (
    '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" '
    'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker>'
)


class Sheet:
    """A drawing of so many units; what is drawn later lies above."""

    def __init__(self, width: int, height: int) -> None:
        """width, height: in units, of which `SIZE` is a word's height."""
        self._size = width, height
        self._parts: list[str] = []
        self._styles: list[str] = []

    def words(self, x: float, y: float, text: str, small: bool = False, to: str = "middle") -> None:
        """Words on a line of its foot at y. to: middle, start or end of them stands at x."""
        kind = ' class="small"' if small else ""
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}"{kind} style="text-anchor:{to}">{escape(text)}</text>'
        )

    def box(self, place: Place, kind: str = "ground") -> None:
        """A rectangle. kind: ground, other, frame, ours, theirs or here."""
        x, y, width, height = place
        self._parts.append(
            f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'rx="{min(4, height / 8):g}"/>'
        )

    def shape(self, corners: Sequence[tuple[float, float]], kind: str = "ground") -> None:
        """What these corners enclose."""
        told = " ".join(f"{x:g},{y:g}" for x, y in corners)
        self._parts.append(f'<polygon class="{kind}" points="{told}"/>')

    def arrow(self, path: str, dashed: bool = False) -> None:
        """A line with a head. path: as in SVG, such as `M 0 0 L 10 0`."""
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(f'<path class="line" d="{path}" marker-end="url(#head)"{dash}/>')

    def picture(self, place: Place, address: str, smooth: bool = False) -> None:
        """A picture as `inline` makes it; its pixels are square where it is not `smooth`."""
        kind = ' class="smooth"' if smooth else ""
        x, y, width, height = place
        self._parts.append(
            f'<image{kind} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'preserveAspectRatio="none" href="{address}"/>'
        )

    def bars(self, place: Place, values: np.ndarray, kind: str) -> None:
        """A row of upright bars from the middle up, or down where a value is below 0."""
        x, y, width, height = place
        most, step, middle = float(np.abs(values).max()) or 1.0, width / len(values), y + height / 2
        for i, value in enumerate(values.tolist()):
            tall = max(0.5, abs(value) / most * height / 2)
            self._parts.append(
                f'<rect class="{kind}" x="{x + i * step:.2f}" '
                f'y="{middle - (tall if value > 0 else 0):.2f}" width="{step * 0.75:.2f}" '
                f'height="{tall:.2f}"/>'
            )

    def walk(self, side: float, places: Sequence[tuple[float, float]], seconds: float) -> None:
        """A frame of that side that visits places and rests at the last; only there where a visitor
        wants no motion."""
        name = f"walk{len(self._styles)}"
        steps = "".join(
            f"{100 * i / (len(places) - 1):.2f}%{{transform:translate({x:.1f}px,{y:.1f}px)}}"
            for i, (x, y) in enumerate(places)
        )
        x, y = places[-1]
        self._styles.append(
            f".{name}{{transform:translate({x:.1f}px,{y:.1f}px)}}"
            f"@keyframes {name}{{{steps}}}@media (prefers-reduced-motion: no-preference)"
            f"{{.{name}{{animation:{name} {seconds:g}s linear 1 both}}}}"
        )
        self._parts.append(f'<rect class="frame {name}" width="{side:g}" height="{side:g}"/>')

    def address(self) -> str:
        """All of it, as an address that `st.image` takes."""
        width, height = self._size
        drawn = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}"><style>{_STYLE}{"".join(self._styles)}</style>'
            f"<defs>{_HEAD}</defs>{''.join(self._parts)}</svg>"
        )
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
