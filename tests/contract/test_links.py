"""The address of each page of anomalies, loaded anew: sample, dial and costs are as they were."""

import pytest
from playwright.sync_api import Locator, Page, expect

from models import catalog
from tests.browser.serve import Server, settle
from tests.browser.steps import visit

# A sample that is not the page's first.
PAGES = {
    "network_intrusion": "Web page",
    "card_fraud": "As ever",
    "machine_health": "Runs hot",
    "visual_inspection": "Cloth",
}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not {*PAGES} <= {*catalog.NAMES}, reason="these models are not released"),
]


@pytest.mark.parametrize("name", PAGES)
def test_an_address_loaded_anew_restores_sample_dial_and_costs(
    page: Page, server: Server, name: str
) -> None:
    visit(page, server, f"{name}?part=Take")
    page.get_by_test_id("stButtonGroup").get_by_text(PAGES[name], exact=True).click()
    settle(page)
    unfold(page)
    default = dial(page).input_value()
    dial(page).press("ArrowRight")
    settle(page)
    page.get_by_label("A false alarm costs").fill("7")
    page.get_by_label("A false alarm costs").press("Enter")
    settle(page)
    expect(dial(page)).not_to_have_value(default)
    said, turned = page.locator("h4").inner_text(), dial(page).input_value()
    page.reload()
    settle(page)
    unfold(page)
    assert page.locator("h4").inner_text() == said
    assert dial(page).input_value() == turned
    expect(page.get_by_label("A false alarm costs")).to_have_value("7")
    chosen = page.get_by_role("radio", name=PAGES[name], exact=True)
    expect(chosen).to_be_checked()


def dial(page: Page) -> Locator:
    return page.get_by_role("slider", name="Alarm from this score on")


def unfold(page: Page) -> None:
    """Show the dial where the page folds it away."""
    if not dial(page).is_visible():
        page.get_by_text("Turn the dial: how").click()
