"""Pictures of home's cards that our networks draw: `python -m tests.screenshots.cards [folder]`.

Each shows what is special about its demo, on samples of ours. The other cards' pictures are drawn
by hand.
"""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from models import catalog, decode
from models.explain import methods
from models.face_detection import detect
from models.fashion.convert import as_seen
from models.image_recognition import predict, preprocess
from pages.parts.draw import pictures
from pages.parts.explain.tiles import speaks_for
from pages.parts.source.samples import FOLDER

SIZE = (640, 400)
GROUND = (241, 245, 244)
Pixels = np.ndarray


def read(name: str) -> decode.Picture:
    """A sample."""
    return decode.picture((FOLDER / name).read_bytes())


def mapped(name: str, method: str) -> Pixels:
    """A sample as image_recognition takes it, with a map of its answer over it."""
    model, pixels = catalog.load("image_recognition"), read(name).pixels
    (answer,), _ = predict(model, [pixels])
    image = preprocess(pixels)
    heat = methods.METHODS[method].run(model, image, answer.top(1)[0].index)
    return pictures.overlay(image, speaks_for(heat.values))


def row(*tiles: Pixels, smooth: bool = True) -> Image.Image:
    """Square tiles side by side, as large as they fit, in the middle of a card."""
    sheet = Image.new("RGB", SIZE, GROUND)
    gap = 10
    side = min(SIZE[1], (SIZE[0] - gap * (len(tiles) - 1)) // len(tiles))
    left = (SIZE[0] - len(tiles) * side - gap * (len(tiles) - 1)) // 2
    how = Image.Resampling.LANCZOS if smooth else Image.Resampling.NEAREST
    for i, tile in enumerate(tiles):
        made = Image.fromarray(tile).convert("RGB").resize((side, side), how)
        sheet.paste(made, (left + i * (side + gap), (SIZE[1] - side) // 2))
    return sheet


def face() -> Image.Image:
    """A face, found, with its five points."""
    pixels = read("face-collins.png").pixels
    found = detect(catalog.load("face_detection"), pixels)
    image = Image.fromarray(found.picture)
    draw, seen = ImageDraw.Draw(image), found.faces[0]
    wide = max(2, image.width // 120)
    left, top, right, bottom = (float(side) for side in seen.box)
    draw.rectangle((left, top, right, bottom), outline=pictures.OUTLINE, width=wide)
    for x, y in seen.points:
        draw.ellipse((x - wide, y - wide, x + wide, y + wide), fill=pictures.OUTLINE)
    high = image.width * SIZE[1] // SIZE[0]
    above = int(min(max((top + bottom - high) / 2, 0), image.height - high))
    return image.crop((0, above, image.width, above + high)).resize(SIZE, Image.Resampling.LANCZOS)


def cards() -> dict[str, Image.Image]:
    """Demo -> its picture."""
    cat = preprocess(read("cat.jpg").pixels)
    cloth = read("clothes-dress.jpg")
    seen = as_seen(cloth.pixels, cloth.alpha).picture
    side = min(cloth.pixels.shape[:2])
    top, left = ((n - side) // 2 for n in cloth.pixels.shape[:2])
    square = cloth.pixels[top : top + side, left : left + side]
    ways = ("Grad-CAM", "Occlusion", "Integrated gradients")
    return {
        "image_recognition": row(cat, mapped("cat.jpg", "Grad-CAM")),
        "fashion": row(square, pictures.enlarged(seen)),
        "face_recognition": face(),
        "explainability": row(*(mapped("espresso.jpg", way) for way in ways)),
    }


def main(folder: Path) -> None:
    """Write every picture into `folder`."""
    for name, image in cards().items():
        file = io.BytesIO()
        image.save(file, "JPEG", quality=85)
        (folder / f"card-{name}.jpg").write_bytes(file.getvalue())
        print(f"card-{name}.jpg  {len(file.getvalue()) / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
