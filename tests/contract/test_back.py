"""Back, and the menu: a page comes back as it was left, and its address says so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serve import Server, settle
from tests.browser.steps import visit

pytestmark = pytest.mark.browser

# A page, one of its samples that is not the first, and how that stands in the address.
SAMPLES = {
    "image_recognition": ("Cat", "sample=Cat"),
    "sentiment": ("A bad review", "sample=A"),
    "card_fraud": ("As ever", "sample=As"),
    "machine_health": ("Runs hot", "sample=Runs"),
    "visual_inspection": ("Cloth", "sample=Cloth"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_comes_back_as_it_was_left(page: Page, server: Server, name: str) -> None:
    sample, address = SAMPLES[name]
    visit(page, server, f"{name}?part=Take")
    page.get_by_test_id("stButtonGroup").get_by_text(sample, exact=True).first.click()
    page.wait_for_url(re.compile(re.escape(address)))
    page.wait_for_timeout(500)
    settle(page)
    said = page.locator("h4").first.inner_text()
    for back in (True, False):
        page.get_by_role("link", name="Model cards").first.click()
        page.wait_for_url("**/model_cards*")
        settle(page)
        if back:
            page.go_back()
        else:
            page.locator(f'a[href*="/{name}"]').first.click()
        page.wait_for_url(re.compile(f"/{name}"))
        settle(page)
        chosen = page.get_by_role("radio", name=sample, exact=True)
        expect(chosen).to_be_checked()
        expect(page.locator("h4").first).to_have_text(said)
        page.wait_for_url(re.compile(re.escape(address)))
