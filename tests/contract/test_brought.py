"""After a click on an experiment, what to look at is on the screen, with a sentence about it; and
what kind of network it is stands drawn in its fold."""

import pytest
from playwright.sync_api import Browser, expect

from pages.menu import BY_NAME
from tests.browser.serve import Server, Watch, opened, settle

pytestmark = pytest.mark.browser

SCREENS = [(390, 844), (1440, 900)]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_an_experiment_brings_what_it_is_about_on_the_screen(
    screen: tuple[int, int], browser: Browser, server: Server, watch: Watch
) -> None:
    about = BY_NAME["fashion"].about
    assert about is not None
    with opened(browser, watch, *screen) as context:
        page = context.new_page()
        page.goto(f"{server.url}/fashion")
        settle(page)
        page.locator("summary").filter(has_text="Three experiments").click()
        page.get_by_role("button", name="Do experiment 2").click()
        expect(page.get_by_test_id("stToast")).to_contain_text(about.experiments[1].look)
        expect(page.locator(".st-key-moment")).to_be_in_viewport(ratio=1)
        expect(page.get_by_text("After 0 steps")).to_be_in_viewport()
        settle(page)
        page.get_by_role("button", name="Do experiment 3").click()
        expect(page.get_by_text("Four ways to answer your picture")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_idea_of_the_network_is_drawn_and_loads(
    screen: tuple[int, int], browser: Browser, server: Server, watch: Watch
) -> None:
    with opened(browser, watch, *screen) as context:
        page = context.new_page()
        page.goto(f"{server.url}/fashion")
        settle(page)
        fold = page.locator("summary").filter(has_text="What kind of network is this?")
        fold.click()
        drawing = page.get_by_alt_text("A small frame slides over your picture")
        expect(drawing).to_be_visible()
        loaded = "one => one.complete && one.naturalWidth > 0"
        assert drawing.evaluate(loaded)
        box = drawing.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= screen[0]
