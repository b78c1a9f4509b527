"""The head of the HTML: of each page its own title, sentence and picture; all else untouched."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pages import menu, shell

PAGE = "<html><head><title>Streamlit</title></head><body>Streamlit</body></html>"


def answer(request: Request) -> Response:
    """As Streamlit does: the same HTML at every address, and files beside it."""
    if request.url.path.endswith((".js", "/health")):
        return PlainTextResponse("<title>Streamlit</title>")
    return HTMLResponse(PAGE, headers={"etag": '"old"', "x-kept": "yes"})


@pytest.fixture(scope="module")
def client() -> TestClient:
    routes: list[Any] = [Route("/{path:path}", answer)]
    app = Starlette(routes=routes, middleware=[Middleware(shell.Head)])
    return TestClient(app, base_url="https://glassbox.example")


def said(text: str, name: str) -> str:
    """What a head says under `name`."""
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', text)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("entry", [one for one in menu.MENU if one.about], ids=lambda one: one.name)
@pytest.mark.parametrize("base", ["", "deep/er/"])
def test_a_link_to_a_page_is_shown_with_its_title_sentence_and_picture(
    client: TestClient, entry: menu.Entry, base: str
) -> None:
    found = client.get(f"/{base}{entry.name}", params={"sample": "<b>"})
    assert entry.about is not None
    assert f"<title>{entry.title} · Glassbox</title>" in unescape(found.text)
    assert said(found.text, "og:title") == f"{entry.title} · Glassbox"
    assert said(found.text, "description") == entry.about.blurb
    picture = said(found.text, "og:image")
    assert picture == f"https://glassbox.example/{base}preview/{entry.name}"
    assert client.get(picture).headers["content-type"].startswith("image/")


@pytest.mark.parametrize("address", ["/", "/home", "/no_such_page", "/<script>"])
def test_every_other_address_is_glassbox(client: TestClient, address: str) -> None:
    text = client.get(address).text
    assert "<title>Glassbox</title>" in text
    assert said(text, "description") == shell.SENTENCE
    assert said(text, "og:image").endswith("/preview/home")
    assert "<script>" not in text.replace(f"<script>{shell.SCRIPT}</script>", "")


def test_what_was_changed_is_sent_as_what_it_is(client: TestClient) -> None:
    found = client.get("/fashion", headers={"if-none-match": '"old"', "range": "bytes=0-9"})
    assert int(found.headers["content-length"]) == len(found.content)
    assert "etag" not in found.headers
    assert found.headers["x-kept"] == "yes"
    assert found.text.endswith("<body>Streamlit</body></html>")


def test_files_and_streamlits_own_addresses_go_through_untouched(client: TestClient) -> None:
    for address in ("/static/app.js", "/_stcore/health"):
        assert client.get(address).text == "<title>Streamlit</title>"
    assert "<title>Glassbox</title>" in client.get("/preview/no_such_page").text
