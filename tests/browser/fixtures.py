"""One Chromium and one server for all browser tests; a context and its watch for each of them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serve import PATIENCE, Server, Watch, browsing, chromium, opened, serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium here: install Debian's package chromium, or set GLASSBOX_CHROMIUM"
        if os.environ.get("CI_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE * 1000)
    with browsing(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[Server]:
    """A server that all tests share. It needs the browser only to skip where there is none."""
    del browser
    with serving() as server:
        yield server


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of a test asked for and complained of; judged when the test is over."""
    watch = Watch()
    yield watch
    assert not watch.foreign, "a page asked another host than its own"
    assert not watch.complaints, "a page wrote errors to the console"


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A visitor of their own, with a wide screen."""
    with opened(browser, watch) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
