"""Home in a real browser: its cards are links all over, and it leads on with the same picture."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serve import Server, settle
from tests.browser.steps import visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("at", ["picture", "words"])
def test_a_card_is_a_link_wherever_it_is_clicked(at: str, page: Page, server: Server) -> None:
    visit(page, server, "home")
    card = page.locator(".st-key-card_fashion")
    card.scroll_into_view_if_needed()
    place = card.locator("img") if at == "picture" else card.get_by_text("ten kinds of clothes")
    box = place.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("What piece of clothing is this?")
    assert page.url == f"{server.url}/fashion"


def test_cards_of_a_row_are_even(page: Page, server: Server) -> None:
    visit(page, server, "home")
    boxes = [card.bounding_box() for card in page.locator("[class*=st-key-card_]").all()]
    rows: dict[int, set[int]] = {}
    for box in boxes:
        assert box is not None
        rows.setdefault(round(box["y"]), set()).add(round(box["height"]))
    assert 1 < len(rows) < len(boxes)
    assert all(len(heights) == 1 for heights in rows.values())


def test_the_way_to_why_takes_the_picture_along(page: Page, server: Server) -> None:
    visit(page, server, "?picture=Dogs")
    expect(page.locator("h4")).to_contain_text("I see a dog")
    page.get_by_role("link", name="Ask it why").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is in this picture?")
    settle(page)
    expect(page.locator("h4")).to_contain_text("I see a dog")
    expect(page.get_by_role("radio", name="Dogs")).to_be_checked()
