"""What a visitor does in the browser, step by step. Needs no pytest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Download, Page, expect
from playwright.sync_api import TimeoutError as LateError

from tests.browser.serve import Server, Watch, opened, settle

PAGE = "image_recognition"


def visit(page: Page, server: Server, address: str = PAGE) -> None:
    """Open an address of the server, `home` its front page, and wait for all of it."""
    address = "" if address == "home" else address
    page.goto(f"{server.url}/{address}")
    page.get_by_role("heading", level=1).wait_for()
    settle(page)


# Links on a page that lead neither to its own headings nor to other pages of the menu.
OWN = "a:not([href^='#']):not([data-testid=stPageLink-NavLink])"


def answer(page: Page) -> str:
    """The answer in words."""
    return page.locator("h4").inner_text()


def give(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(files)


def open_tab(page: Page, name: str) -> None:
    """Open Why, Trust or Take. Only the open one is computed, so it is empty before."""
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tabpanel", name=name)).not_to_be_empty()
    settle(page)


def saved(page: Page, name: str) -> Download:
    """What the button of that name saves.

    On a machine that is busy one click in some hundreds is lost; a visitor clicks again.
    """
    button = page.get_by_role("button", name=name)
    expect(button).to_have_count(1)  # for a moment an old one may stand beside the new one
    try:
        with page.expect_download(timeout=20_000) as download:
            button.click()
    except LateError:
        said = page.get_by_role("alert").all_inner_texts()
        print(f"nothing came of the first click on {name}; the page says: {said}")
        settle(page)
        with page.expect_download() as download:
            button.click()
    return download.value


@contextmanager
def by_link(page: Page, browser: Browser, watch: Watch) -> Iterator[Page]:
    """Make a link that holds the visitor's text, and open it as a stranger on a phone."""
    open_tab(page, "Take")
    assert "example" not in page.url
    page.get_by_role("button", name="Make a link that contains my text").click()
    link = page.get_by_test_id("stCode").filter(has_text="text=").inner_text().strip()
    with opened(browser, watch, 390) as stranger:
        other = stranger.new_page()
        other.goto(link)
        settle(other)
        yield other


def open_all(page: Page) -> Iterator[str]:
    """Open one tab after another, those that are there; on a page without any, nothing once."""
    for name in page.get_by_role("tab").all_inner_texts() or [""]:
        if name:
            open_tab(page, name)
        yield name
