"""The pages of anomalies in tables in a real Chromium: edit, turn the dial, give a table, share."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models import catalog
from pages.card_fraud import table as fraud_table
from pages.network_intrusion import table as network_table
from tests.browser.serve import Server, settle
from tests.browser.steps import give, open_all, saved, visit

NETWORK, FRAUD = "network_intrusion", "card_fraud"
TEMPLATES = {NETWORK: network_table.template, FRAUD: fraud_table.template}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not {NETWORK, FRAUD} <= {*catalog.NAMES}, reason="these models are not released"
    ),
]


def cell(page: Page, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell of the first table, in pixels of its canvas, rows from 1."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    return box["x"] + column, box["y"] + 35 * row + 17


def type_into(page: Page, row: int, column: int, text: str) -> None:
    """Edit a cell as a visitor does: double click, type, Enter."""
    settle(page)  # an editor that opens while the page still draws is closed again
    page.mouse.dblclick(*cell(page, row, column))
    page.locator(".gdg-input").first.wait_for()
    page.wait_for_timeout(300)  # a hand is no faster, and the editor loses what comes at once
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text, delay=20)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    settle(page)


def turn(page: Page, key: str, times: int) -> None:
    """Turn the dial by so many steps."""
    thumb = page.get_by_role("slider").first
    thumb.focus()
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def test_a_visitor_edits_a_connection_and_the_score_follows(page: Page, server: Server) -> None:
    visit(page, server, f"{NETWORK}?sample=Web+page")
    heading = page.locator("h4")
    expect(heading).to_contain_text("No alarm")
    before = heading.inner_text()
    type_into(page, 5, 240, "99999999")  # src_bytes
    expect(heading).not_to_have_text(before)
    expect(page.get_by_text("only you can say")).to_be_visible()
    type_into(page, 5, 240, "many")
    expect(page.get_by_text("Column src_bytes has a text")).to_be_visible()


def test_a_changed_connection_comes_back_by_one_click_and_by_the_menu(
    page: Page, server: Server
) -> None:
    visit(page, server, f"{NETWORK}?part=Take&sample=Web+page")
    heading = page.locator("h4")
    type_into(page, 5, 240, "99999999")  # src_bytes
    expect(page.get_by_text("only you can say")).to_be_visible()
    settle(page)
    said = heading.inner_text()
    page.get_by_test_id("stButtonGroup").get_by_text("Mail", exact=True).click()
    expect(heading).not_to_have_text(said)
    page.get_by_role("button", name="Back to your connection").click()
    expect(heading).to_have_text(said)
    for _ in range(2):  # the first time the address may still have said something
        settle(page)
        page.get_by_role("link", name="Model cards").first.click()
        page.wait_for_url("**/model_cards*")
        settle(page)
        page.locator(f'a[href*="/{NETWORK}"]').first.click()
        page.wait_for_url(f"**/{NETWORK}*")
        settle(page)
        expect(heading).to_have_text(said)
    assert "99999999" not in page.url


def test_the_dial_changes_the_verdict_and_the_link(page: Page, server: Server) -> None:
    visit(page, server, f"{NETWORK}?sample=Web+page")
    expect(page.locator("h4")).to_contain_text("No alarm")
    turn(page, "Home", 1)
    expect(page.locator("h4")).to_contain_text("Alarm: this does not")
    assert f"{NETWORK}_dial=" in page.url
    page.reload()
    settle(page)
    expect(page.locator("h4")).to_contain_text("Alarm: this does not")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_table_is_scored_and_saved(page: Page, server: Server, tmp_path: Path, name: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(TEMPLATES[name]())
    visit(page, server, f"{name}?part=Take")
    page.get_by_text("Or a table of thousands").click()
    give(page, file)
    expect(page.get_by_role("button", name="Download the table (CSV)")).to_be_visible()
    settle(page)
    table = page.get_by_test_id("stDataFrame").nth(1)
    table.scroll_into_view_if_needed()
    settle(page)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 160, box["y"] + 35 * 3 + 17)
    expect(page.get_by_text("row 4 of your table")).to_be_visible()
    settle(page)
    lines = saved(page, "Download the table (CSV)").path().read_text().splitlines()
    assert len(lines) == len(file.read_text().splitlines())
    assert "alarm" in lines[0]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_part_opens_without_complaint(page: Page, server: Server, name: str) -> None:
    visit(page, server, name)
    for _ in open_all(page):
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_the_other_network_has_its_own_dial(page: Page, server: Server) -> None:
    visit(page, server, f"{FRAUD}?sample=A+very+large+amount")
    expect(page.locator("h4")).to_contain_text("a fraud")
    page.get_by_text("saw no labels", exact=True).click()
    expect(page.locator("h4")).to_contain_text("unusual")
