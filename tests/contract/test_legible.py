"""Words in charts can be read from the last row, in both themes: large, and dark enough."""

import pytest
from playwright.sync_api import Browser, Page

from pages.menu import MENU
from tests.browser.serve import Server, Watch, opened, settle

pytestmark = pytest.mark.browser

PARTS = ("Why", "Trust")
# Every word of every chart: what it says, its size in pixels, its colour and opacity, and the
# ground of the page.
WORDS = """() => {
  const ground = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor
  return [...document.querySelectorAll(".js-plotly-plot text")].filter(
    (text) => text.textContent.trim() && text.getClientRects().length
  ).map((text) => {
    const style = getComputedStyle(text)
    let clear = parseFloat(style.fillOpacity)
    for (let one = text; one && one.nodeType === 1; one = one.parentElement)
      clear *= parseFloat(getComputedStyle(one).opacity)
    const inside = text.classList.contains("bartext-inside") ? "path" : "rect.bg"
    const box = text.closest("g")?.querySelector(`:scope > ${inside}`)
    const covers = box && parseFloat(getComputedStyle(box).fillOpacity) > 0
    const under = covers ? getComputedStyle(box).fill : ""
    return [text.textContent, parseFloat(style.fontSize), style.fill, clear, under, ground]
  })
}"""
LEAST_SIZE, LEAST_CONTRAST = 14, 4.5  # pixels; WCAG AA of ordinary words


def channels(colour: str) -> list[float]:
    """Red, green and blue of `rgb(...)` or `rgba(...)`, 0 to 255, and what covers, 0 to 1."""
    numbers = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")]
    return numbers if len(numbers) == 4 else [*numbers, 1.0]


def over(colour: str, ground: list[float], clear: float = 1.0) -> list[float]:
    """A colour as it looks on a ground."""
    *own, cover = channels(colour)
    cover *= clear
    return [cover * c + (1 - cover) * g for c, g in zip(own, ground, strict=False)]


def luminance(colour: list[float]) -> float:
    """Relative luminance of sRGB, as WCAG 2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(word: list[float], ground: list[float]) -> float:
    """Of 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((luminance(word), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


# Words of one chart that lie on each other; slanted ones only seem to.
CROSSED = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((chart) => {
  const words = [...chart.querySelectorAll("text")].filter((text) =>
    text.textContent.trim() && !(text.getAttribute("transform") || "").match(/rotate\\((?!0[,)])/)
  ).map((text) => [text.textContent, text.getBoundingClientRect()]).filter(([, box]) => box.width)
  return words.flatMap(([one, a], i) => words.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
  ).map(([other]) => `${one} on ${other}`))
})"""
DRAWN = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(
  (chart) => chart.querySelector(".main-svg text, .main-svg path"))"""


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert contrast([118, 118, 118], [255, 255, 255]) == pytest.approx(4.54, abs=0.01)


def faint(page: Page) -> list[str]:
    """The words of the page's charts that are too small or too faint, each with why."""
    found = []
    for said, size, colour, clear, under, page_ground in page.evaluate(WORDS):
        ground = over(page_ground, [255, 255, 255])
        if under and under != "none":
            ground = over(under, ground)
        stands = contrast(over(colour, ground, clear), ground)
        if size < LEAST_SIZE or stands < LEAST_CONTRAST:
            found.append(f"{said!r}: {size} px, {stands:.1f}:1 ({colour}, {clear})")
    return found


@pytest.mark.parametrize("view", [(1440, "light"), (1440, "dark"), (390, "light")], ids=str)
@pytest.mark.parametrize("name", [entry.name for entry in MENU if entry.about and entry.ready])
def test_words_of_charts_are_large_dark_and_apart(
    name: str, view: tuple[int, str], browser: Browser, server: Server, watch: Watch
) -> None:
    width, scheme = view
    with opened(browser, watch, width, 1200, color_scheme=scheme) as context:
        page = context.new_page()
        for part in PARTS:
            page.goto(f"{server.url}/{name}?part={part}")
            settle(page)
            page.wait_for_function(DRAWN)
            page.wait_for_timeout(300)  # a chart fits itself to its place
            assert faint(page) == [], part
            assert page.evaluate(CROSSED) == [], part
