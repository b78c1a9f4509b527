"""Sentiment in a real Chromium: type a review, see why, give a table of a thousand, send a link."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from models import catalog
from tests.browser.serve import Server, Watch, settle
from tests.browser.steps import OWN, answer, by_link, open_tab, saved, visit

PAGE = "sentiment"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PAGE not in catalog.NAMES, reason="sentiment is not released"),
]
PAN = "I hated it: a terrible, boring film, and the worst ending that I ever saw."
PRAISE = "A wonderful film. I loved the story, and the cast is perfect."
HOSTILE = (
    "<b>bold</b> **stars** [a](https://example.org) www.example.org :red[red] a wonderful film"
)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your review")


def write(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Control+Enter")


def test_a_visitor_types_a_review_and_sees_which_words_say_so(page: Page, server: Server) -> None:
    visit(page, server, PAGE)
    expect(page.locator("h4")).to_contain_text("The writer liked it")
    write(page, PAN)
    expect(page.locator("h4")).to_contain_text("The writer did not like it")
    settle(page)
    marked = page.get_by_test_id("stMarkdown").get_by_text(re.compile("worst"))
    expect(marked.first).to_have_text(re.compile("worst\\s\N{MINUS SIGN}"))
    page.get_by_label("Put instead (nothing: take it out)").fill("wonderful")
    page.get_by_label("Put instead (nothing: take it out)").press("Enter")
    expect(page.get_by_text("in place of")).to_be_visible()
    assert "hated" not in page.url
    assert "wonderful" not in page.url
    assert "sample" not in page.url
    open_tab(page, "Trust")
    expect(page.get_by_text("as they were meant")).to_be_visible()
    assert field(page).input_value() == PAN


def test_a_table_of_a_thousand_reviews_is_answered_and_saved(
    page: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "reviews.csv"
    rows = [f'{i},"{PRAISE if i % 4 else PAN} No. {i}"\n' for i in range(1000)]
    file.write_text("id,review\n" + "".join(rows))
    visit(page, server, f"{PAGE}?part=Take")
    page.get_by_text("Or a table of thousands").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_label("Verdicts on 1,000 reviews.").first).to_be_visible()
    settle(page)
    metrics = page.get_by_test_id("stMetricValue").all_inner_texts()
    assert metrics[:3] == ["75%", "25%", "0%"]
    lines = saved(page, "Download the table (CSV)").path().read_text().splitlines()
    assert len(lines) == 1001
    assert '"did not like it"' in lines[1]
    assert '"liked it"' in lines[2]
    other = tmp_path / "workbook.csv"
    other.write_bytes(b"PK\x03\x04" + bytes(99))
    page.locator("input[type=file]").set_input_files(other)
    expect(page.get_by_text("save the sheet as CSV")).to_be_visible()
    settle(page)
    expect(page.get_by_label("Verdicts on 1,000 reviews.").first).to_be_visible()
    assert "The writer liked it" in answer(page)


def test_a_strangers_signs_are_shown_as_they_are_and_a_link_brings_them_back(
    page: Page, server: Server, browser: Browser, watch: Watch
) -> None:
    visit(page, server, f"{PAGE}?part=Why")
    write(page, HOSTILE)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_test_id("stMarkdown").get_by_text("<b>").first).to_be_visible()
    settle(page)
    assert main.locator(OWN).count() == 0
    with by_link(page, browser, watch) as other:
        expect(field(other)).to_have_value(HOSTILE)
        assert answer(other) == answer(page)
