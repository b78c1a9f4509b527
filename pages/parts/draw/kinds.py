"""What kind of network a page is about, drawn with what the visitor gave it: one drawing a kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.card import Table
from models.catalog import Model
from models.explain import Pixels, filters
from pages.parts.draw import inline, pictures
from pages.parts.draw.sheet import Sheet
from pages.parts.draw.text_marks import shortened

WIDTH = 400  # units of every drawing
SHOWN = 480  # pixels of its place, where there is room


@dataclass(frozen=True)
class Sketch:
    """A drawing for `st.image`, what it shows for those who cannot see it, and what to look at."""

    address: str
    alt: str
    look: str


def convolution(model: Model, image: Pixels, what: str = "your picture") -> Sketch:
    """A filter of the first layer slides over a picture, and how the maps shrink after that.

    image: as the network takes it, uint8 [height, width] or [height, width, 3]. what: the picture,
    in two words. Raises ReleaseError.
    """
    table, bank = model.card.tables["layers"], filters.first(model)
    sizes = _sizes(table)
    stride = round(len(image) / sizes[0][1])
    number = bank.telling(image, stride)
    one, count = bank.weights[number], len(bank.weights)
    answer = filters.answered(image, one, stride)
    sheet, top, side = Sheet(WIDTH, 362), 26, 136
    far = WIDTH - side
    sheet.words(side / 2, 17, what)
    sheet.words(WIDTH / 2, 17, "one filter")
    sheet.words(far + side / 2, 17, "its answers")
    shown = inline.photo(pictures.enlarged(image), side)
    sheet.picture((0, top, side, side), shown, smooth=True)
    sheet.picture((far, top, side, side), inline.exact(pictures.coloured(answer)))
    sheet.picture((170, top + 38, 60, 60), inline.exact(_seen(one)))
    sheet.arrow(f"M {side + 4} {top + 68} L 166 {top + 68}")
    sheet.arrow(f"M 234 {top + 68} L {far - 4} {top + 68}")
    frame = max(14.0, side * len(one) / len(image))
    for left in (0, far):
        free = side - frame
        sheet.walk(frame, [(left + x * free, top + y * free) for x, y in _places(answer)], 6)
    sheet.words(WIDTH / 2, 188, f"all {count} filters of the first layer")
    _tiles(sheet, [_seen(each) for each in bank.weights], 196)
    _pyramid(sheet, sizes, f"then {len(table.rows) - 1} layers more, ever coarser")
    said = ", ".join(f"{maps} of {rows} x {rows}" for maps, rows in sizes)
    return Sketch(
        sheet.address(),
        f"A small frame slides over {what}; filter {number + 1} of {count} answers at each place, "
        f"which makes a map. After that come the maps of other filters: {said}.",
        f"Filter {number + 1} of {count}, with the weights that it learned, visits every place of "
        f"{what}: where it answers most its map is bright, and there the frame rests. It sees "
        f"{len(one)} x {len(one)} pixels at once; the frame is drawn larger where that is tiny.",
    )


def _pyramid(sheet: Sheet, sizes: Sequence[tuple[int, int]], title: str) -> None:
    """How the maps shrink from layer to layer."""
    sheet.words(WIDTH / 2, 268, title)
    step = WIDTH / len(sizes)
    for i, (maps, rows) in enumerate(sizes):
        side, x = 12 + 26 * rows / sizes[0][1], (i + 0.5) * step
        sheet.box((x - side / 2, 298 - side / 2, side, side))
        sheet.words(x, 338, f"{rows} x {rows}", small=True)
        sheet.words(x, 357, f"{maps} maps", small=True)
        if i:
            sheet.arrow(f"M {x - step / 2 - 8:g} 298 L {x - step / 2 + 8:g} 298")


def _seen(one: np.ndarray) -> Pixels:
    """The weights of a filter as a picture: grey is 0, brighter adds, darker takes away."""
    scaled = 127.5 + 127.5 * one / max(float(np.abs(one).max()), 1e-9)
    found: Pixels = scaled.astype(np.uint8)
    return found[..., 0] if found.shape[-1] == 1 else found


def _tiles(sheet: Sheet, tiles: Sequence[Pixels], top: float) -> None:
    """Small pictures in two rows."""
    across = -(-len(tiles) // 2)
    step = WIDTH / across
    for i, tile in enumerate(tiles):
        x, y = step * (i % across), top + step * (i // across)
        sheet.picture((x + 1, y + 1, step - 3, step - 3), inline.exact(tile))


def _places(answer: np.ndarray, rows: int = 4) -> list[tuple[float, float]]:
    """Places, as shares of width and height, row by row, and at the end the strongest answer."""
    places = [(float(x), y / (rows - 1)) for y in range(rows) for x in (0, 1)]
    down, right = np.unravel_index(int(answer.argmax()), answer.shape)
    return [*places, (float(right) / (answer.shape[1] - 1), float(down) / (answer.shape[0] - 1))]


def _sizes(table: Table) -> list[tuple[int, int]]:
    """How many maps the last layer of each size gives, and their rows: largest first, five."""
    found: dict[int, int] = {}
    for row in table.rows:
        parts = str(row[2]).split(" x ")
        if len(parts) == 3 and parts[1] == parts[2]:
            found[int(parts[1])] = int(parts[0])
    return [(maps, rows) for rows, maps in sorted(found.items(), reverse=True)][:5]


def recurrent(
    model: Model, words: Sequence[str], says: str, memory: np.ndarray | None = None
) -> Sketch:
    """One box that takes a word and its own memory, once as a loop and once for each word.

    words: of the visitor's text, in order. says: what comes out at the end, in a few words. memory:
    what it holds after the last word, [units], where that is known.
    """
    rows = model.card.tables["layers"].rows
    units = next(int(str(row[2]).split(" x ")[-1]) for row in rows if row[1] == "LSTM")
    last = [shortened(word, 9) for word in words[-3:]] or ["…"]
    sheet, begin = Sheet(WIDTH, 206 if memory is None else 270), 140
    sheet.words(52, 17, "the network")
    _cell(sheet, 20, 64)
    sheet.arrow("M 84 84 C 128 84 128 36 52 36 C 44 36 36 44 36 60")
    sheet.arrow("M 52 176 L 52 120")
    sheet.words(52, 196, "next word", small=True)
    sheet.words(116, 128, "=")
    step = (WIDTH - begin) / len(last)
    sheet.words((WIDTH + begin) / 2, 17, "it again, at each word")
    for i, word in enumerate(last):
        x = begin + step * (i + 0.5) - 32
        _cell(sheet, x, 64)
        sheet.arrow(f"M {x + 32:g} 176 L {x + 32:g} 120")
        sheet.words(x + 32, 196, word, small=True)
        if i:
            sheet.arrow(f"M {x - step + 66:g} 90 L {x - 2:g} 90")
    sheet.arrow(f"M {x + 32:g} 62 L {x + 32:g} 46")
    sheet.words(WIDTH - 2, 40, says, small=True, to="end")
    told = ""
    if memory is not None:
        shown = memory[:: max(1, units // 96)]
        sheet.words(WIDTH / 2, 224, "its memory after your last word")
        sheet.bars((0, 230, WIDTH, 38), shown, "ours")
        told = f" Below: {len(shown)} of them, as they are now."
    return Sketch(
        sheet.address(),
        "A box takes a word from below and its own memory from the side, in a loop. Unrolled: the "
        f"same box at {', '.join(last)}, each handing its memory of {units} numbers to the next. "
        f"At the end: {says}.",
        "The arrow that comes back is the whole idea: of all words before, the network has only "
        f"the {units} numbers that it wrote itself one step earlier.{told}",
    )


def _cell(sheet: Sheet, x: float, y: float) -> None:
    """A box with a memory in it."""
    sheet.box((x, y, 64, 52))
    for i in range(3):
        sheet.box((x + 16, y + 11 + 11 * i, 32, 7), "ours")


def autoencoder(given: np.ndarray, code: np.ndarray, wrong: np.ndarray | None, of: str) -> Sketch:
    """All that goes in must pass a few numbers, from which it is written out again.

    given: what goes in, [n], on one scale. code: the numbers in the middle. wrong: how wrong each
    comes out, [n], at least 0, where that is known. of: what goes in, in words.
    """
    sheet, top, high = Sheet(WIDTH, 214), 30, 150
    low, tall = 82, 46
    few = f"{code.size} number{'s' * (code.size != 1)}"
    sheet.words(2, 17, of, to="start")
    sheet.words(WIDTH - 2, 17, "written out again", to="end")
    sheet.shape([(86, top), (160, low), (160, low + tall), (86, top + high)])
    sheet.shape([(314, top), (240, low), (240, low + tall), (314, top + high)])
    sheet.words(122, 110, "squeeze", small=True)
    sheet.words(278, 110, "unfold", small=True)
    sheet.box((166, low - 8, 68, tall + 16), "frame")
    if code.size > 1:
        sheet.bars((172, low - 4, 56, tall + 8), code.ravel(), "ours")
    else:
        sheet.words(WIDTH / 2, low + tall / 2 + 6, f"{code.item():.2f}")
    sheet.arrow(f"M {WIDTH / 2} 184 L {WIDTH / 2} {low + tall + 14}")
    sheet.words(WIDTH / 2, 202, f"only {few} pass{'es' * (code.size == 1)}")
    step, most = high / len(given), float(np.abs(given).max()) or 1.0
    worst = 1.0 if wrong is None else float(wrong.max()) or 1.0
    for i, value in enumerate(np.abs(given).tolist()):
        y, long = top + i * step, max(2.0, 72 * value / most)
        sheet.box((80 - long, y, long, step * 0.7), "theirs")
        if wrong is not None:
            share = float(wrong[i]) / worst
            kind = "here" if share > 0.5 else "theirs"
            sheet.box((320, y, max(2.0, 72 * share), step * 0.7), kind)
    if wrong is None:
        sheet.words(357, 110, "the same", small=True)
        sheet.words(357, 126, "again?", small=True)
    out = (
        "how near that is to what is normal makes the score"
        if wrong is None
        else "on the right a bar is as long as that one came out wrong, orange the worst"
    )
    return Sketch(
        sheet.address(),
        f"An hourglass: {of} on the left, {few} in the waist, and on the right the same written "
        f"out again; {out}.",
        f"What you gave stands on the left. All of it must pass the waist, of which you see the "
        f"{few} as {'they are' if code.size > 1 else 'it is'} now; {out}.",
    )


def adversarial(latent: np.ndarray, made: Pixels, real: Pixels, label: str) -> Sketch:
    """Two networks against each other, with the picture that is looked at and a real one.

    latent: the random numbers that the picture was made from. label: of both pictures.
    """
    sheet = Sheet(WIDTH, 300)
    sheet.words(2, 17, "random numbers", small=True, to="start")
    sheet.bars((4, 26, 116, 52), latent.ravel(), "ours")
    sheet.arrow("M 124 52 L 140 52")
    sheet.box((144, 28, 116, 48))
    sheet.words(202, 58, "generator")
    sheet.arrow("M 264 52 L 286 52")
    sheet.picture((292, 4, 96, 96), inline.exact(made))
    sheet.words(340, 118, "made")
    sheet.arrow("M 340 126 C 340 150 310 166 272 174")
    sheet.picture((4, 132, 96, 96), inline.exact(real))
    sheet.words(52, 246, "real")
    sheet.arrow("M 106 182 L 134 182")
    sheet.box((138, 156, 130, 52), "other")
    sheet.words(203, 188, "discriminator")
    sheet.arrow("M 204 212 L 204 244")
    sheet.words(204, 264, "“real or made?”")
    sheet.arrow("M 204 152 L 204 80", dashed=True)
    sheet.words(198, 122, "“better!”", small=True, to="end")
    return Sketch(
        sheet.address(),
        f"Random numbers go into the generator, which makes a picture of the kind {label}. The "
        "discriminator sees it and a real one and says which is which; what it says goes back to "
        "the generator.",
        f"The made picture is yours, with the {latent.size} random numbers that it came from; "
        "the real one was kept from the training. Only the broken arrow teaches the generator: it "
        "never sees a real picture.",
    )
