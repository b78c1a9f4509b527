"""What a visitor reads first is the answer: it stands on the first screen, on a phone too."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pages.menu import MENU
from tests.browser.serve import Server, Watch, opened, settle

pytestmark = pytest.mark.browser

SCREENS = [(390, 844), (1440, 900)]
DEMOS = [entry.name for entry in MENU if entry.about and entry.ready]
PHOTOGRAPHED = ("image_recognition", "fashion", "explainability")


def below(page: Page) -> float:
    """How many pixels of the answer lie below the screen."""
    box = page.locator("h4").first.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] + box["height"] - size["height"]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("name", DEMOS)
def test_the_answer_stands_on_the_first_screen(
    name: str, screen: tuple[int, int], browser: Browser, server: Server, watch: Watch
) -> None:
    with opened(browser, watch, *screen) as context:
        page = context.new_page()
        page.goto(f"{server.url}/{name}")
        settle(page)
        assert below(page) <= 0


@pytest.mark.parametrize("name", PHOTOGRAPHED)
def test_a_portrait_does_not_push_it_off(
    name: str, browser: Browser, server: Server, watch: Watch, tmp_path: Path
) -> None:
    file = io.BytesIO()
    Image.effect_noise((600, 1400), 80).convert("RGB").save(file, "JPEG")
    portrait = tmp_path / "portrait.jpg"
    portrait.write_bytes(file.getvalue())
    with opened(browser, watch, 390, 844) as context:
        page = context.new_page()
        page.goto(f"{server.url}/{name}")
        settle(page)
        former = page.locator("h4").first.inner_text()
        page.locator("input[type=file]").first.set_input_files(portrait)
        expect(page.locator("h4").first).not_to_have_text(former)
        settle(page)
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        assert below(page) <= 0
