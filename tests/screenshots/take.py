"""The README's pictures, made anew: `python -m tests.screenshots.take [folder]`.

Home and the demos, wide and phone-wide, light and dark, each below 250 kB.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.serve import Watch, browsing, chromium, opened, serving, settle

# File name and address of a page, and its height in pixels on each width: enough to see where it
# goes, since a page scrolls inside its frame and a picture of all of it cannot be had.
PAGES = {
    "home": ("", {1440: 1100, 390: 1500}),
    "story": ("story", {1440: 1300, 390: 1500}),
    "image_recognition": ("image_recognition?part=Why", {1440: 1300, 390: 1500}),
    "fashion": ("fashion?part=How+it+learned&sample=Drawn+dress", {1440: 1300, 390: 1500}),
    "face_recognition": ("face_recognition", {1440: 1300, 390: 1500}),
    "text_prediction": ("text_prediction", {1440: 1300, 390: 1500}),
    "sentiment": ("sentiment", {1440: 1300, 390: 1500}),
    "network_intrusion": ("network_intrusion", {1440: 1500, 390: 1700}),
    "card_fraud": ("card_fraud", {1440: 1500, 390: 1700}),
    "machine_health": ("machine_health", {1440: 1300, 390: 1500}),
    "visual_inspection": ("visual_inspection", {1440: 1300, 390: 1500}),
    "image_generation": ("image_generation", {1440: 1400, 390: 1700}),
    "explainability": ("explainability", {1440: 1400, 390: 1500}),
}
MAX_BYTES = 250_000
COLOURS = (256, 192, 128, 96, 64)  # fewer until the file is small enough


def take(folder: Path) -> None:
    """Write every picture into `folder`."""
    path = chromium()
    if path is None:
        raise SystemExit("No Chromium here: install one, or set GLASSBOX_CHROMIUM.")
    folder.mkdir(parents=True, exist_ok=True)
    with browsing(path) as browser, serving() as server:
        for name, (address, heights) in PAGES.items():
            for width, height in heights.items():
                for scheme in ("light", "dark"):
                    data = small(shot(browser, f"{server.url}/{address}", width, height, scheme))
                    file = folder / f"{name}-{width}-{scheme}.png"
                    file.write_bytes(data)
                    print(f"{file}  {len(data) / 1000:.0f} kB")


def shot(browser: Browser, url: str, width: int, height: int, scheme: str) -> Image.Image:
    """The page as it stands, its menu folded away on a phone."""
    with opened(browser, Watch(), width, height, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(url)
        settle(page)
        page.mouse.move(0, 0)  # over nothing that shows a frame or a tip
        return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def small(image: Image.Image) -> bytes:
    """The picture as a PNG of few colours, as many as fit into MAX_BYTES."""
    for colours in COLOURS:
        file = io.BytesIO()
        image.quantize(colours).save(file, "PNG", optimize=True)
        if len(file.getvalue()) < MAX_BYTES:
            return file.getvalue()
    raise ValueError(f"{image.size} does not fit into {MAX_BYTES} bytes")


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
