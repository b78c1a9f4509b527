"""Text in a real Chromium: type, click words, let it go on, stop it, see why, send a link."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from models import catalog
from models.kinds.language import write
from models.kinds.language.writing import Drawing
from pages.text_prediction.samples import FIRST, SAMPLES
from tests.browser.serve import Server, Watch, settle
from tests.browser.steps import OWN, by_link, open_tab, visit

PAGE = "text_prediction"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PAGE not in catalog.NAMES, reason="text_prediction is not released"),
]
HOSTILE = "<b>bold</b> **stars** [a](https://example.org) www.example.org :red[red] $x$ the"


def line(page: Page) -> Locator:
    return page.get_by_label("Type, or click the next word")


def words(page: Page) -> Locator:
    """The three words to click."""
    return page.locator("[class*=st-key-text_next_]").get_by_role("button")


def continued(page: Page) -> Locator:
    """What was written, each with its settings."""
    return page.get_by_test_id("stMarkdown").filter(has_text=re.compile("emperature .*, seed"))


def test_a_visitor_types_clicks_words_and_sees_them_explained(page: Page, server: Server) -> None:
    visit(page, server, PAGE)
    expect(words(page)).to_have_count(3)
    line(page).fill("")
    line(page).press_sequentially("I would like t", delay=30)
    expect(words(page).first).to_have_text(re.compile("^t"))
    expect(line(page)).to_be_focused()  # the answer does not take the keyboard away
    word = words(page).first.inner_text().split()[0]
    words(page).first.click()
    expect(line(page)).to_have_value(f"I would like {word} ")
    words(page).nth(1).click()
    expect(line(page)).to_have_value(re.compile(rf"^I would like {word} [\w']+ $"))
    text = line(page).input_value()
    assert "like" not in page.url
    page.get_by_role("button", name="Explain this text below").click()
    settle(page)
    expect(page.get_by_text("Click a word: which words before it made it likely?")).to_be_visible()
    attributions = re.compile("^What each earlier word did.*: I [^,]*, would ")
    expect(page.get_by_label(attributions)).to_be_visible()
    open_tab(page, "Trust")
    expect(page.get_by_text("On your text, beside models that only count")).to_be_visible()
    assert line(page).input_value() == text
    assert "sample" not in page.url


def test_a_text_goes_on_twice_is_stopped_and_stays(page: Page, server: Server) -> None:
    visit(page, server, f"{PAGE}?two=true&length=240&other_heat=1.5&other_seed=2&part=Take")
    whole = "".join(
        write(
            catalog.load(PAGE), SAMPLES[FIRST], length=240, drawing=Drawing(temperature=0.8), seed=1
        )
    )
    page.get_by_role("button", name="Continue it").click()
    expect(continued(page)).to_have_count(2)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    settle(page)
    expect(continued(page)).to_have_count(2)
    stopped = continued(page).all_inner_texts()
    assert stopped[0] != stopped[1]
    assert whole.split()[0] in stopped[0]
    assert whole.split()[-5:] != stopped[0].split()[-5:]  # Stop was heard before the end
    page.wait_for_timeout(500)
    assert continued(page).all_inner_texts() == stopped
    open_tab(page, "Why")
    assert continued(page).all_inner_texts() == stopped


def test_a_word_some_way_back_is_changed_beside_what_it_remembers(
    page: Page, server: Server
) -> None:
    visit(page, server, f"{PAGE}?sample=A+letter&back=3")
    page.get_by_text("What does it remember?").click()
    word = page.get_by_label("Change this word")
    expect(word).to_have_value(SAMPLES["A letter"].split()[-3])
    word.fill("purple")
    word.press("Enter")
    expect(page.get_by_role("columnheader")).to_have_text(["next, with “soon”", re.compile("pur")])
    expect(
        page.get_by_label(re.compile("^Without the last word .*the word 3 back"))
    ).to_be_visible()
    assert "inside=true" in page.url
    assert "back=3" in page.url
    assert "purple" not in page.url


def test_a_strangers_signs_are_shown_as_they_are_and_a_link_brings_them_back(
    page: Page, server: Server, browser: Browser, watch: Watch
) -> None:
    visit(page, server, f"{PAGE}?part=Why")
    line(page).fill(HOSTILE)
    page.get_by_role("button", name="Explain this text below").click()
    settle(page)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("<b>bold</b>").first).to_be_visible()
    assert main.locator(OWN).count() == 0
    page.get_by_role("button", name="Continue it").click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(1)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    settle(page)
    assert main.locator(OWN).count() == 0
    with by_link(page, browser, watch) as other:
        expect(line(other)).to_have_value(HOSTILE)
