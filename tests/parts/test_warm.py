"""The server's own first visits: over its websocket, page by page, and gone when each is done."""

import asyncio
import logging

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages import menu, warm
from pages.parts.job.later import MARK
from tests.helpers import awaited


class App:
    """An ASGI app that notes what it is asked, and answers each page as it is told to."""

    def __init__(self, breaks: str | None = None) -> None:
        self.asked: list[str] = []
        self.left: list[str] = []
        self.scopes: list[dict] = []
        self.breaks = breaks

    async def __call__(self, scope, receive, send) -> None:
        self.scopes.append(scope)
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        page = BackMsg.FromString((await receive())["bytes"]).rerun_script.page_name
        self.asked.append(page)
        if page == self.breaks:
            raise ZeroDivisionError
        for finished in (
            ForwardMsg.FINISHED_EARLY_FOR_RERUN,
            ForwardMsg.FINISHED_SUCCESSFULLY,
        ):
            assert page not in self.left, "it left before the page stood"
            told = ForwardMsg(script_finished=finished)
            await send({"type": "websocket.send", "bytes": told.SerializeToString()})
        assert (await receive())["type"] == "websocket.disconnect"
        self.left.append(page)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PAUSE", 0)


NAMES = ["" if entry.name == "home" else entry.name for entry in menu.MENU]


def test_every_page_is_visited_once_and_left() -> None:
    app = App()
    awaited(warm._pages(app))
    assert app.asked == app.left == NAMES
    assert all((MARK.encode(), b"1") in scope["headers"] for scope in app.scopes)


def test_a_page_that_breaks_is_logged_and_the_others_are_visited(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App(breaks="fashion")
    with caplog.at_level(logging.ERROR):
        awaited(warm._pages(app))
    assert app.asked == NAMES
    assert "fashion" in caplog.text


def test_a_host_that_hides_pages_or_wants_none_visited_gets_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLASSBOX_PAGES", "fashion")
    app = App()
    awaited(warm._pages(app))
    assert app.asked == ["", "fashion"]

    async def whole(app: App) -> None:
        async with warm.lifespan(app):
            await asyncio.sleep(0.2)

    monkeypatch.setenv("GLASSBOX_WARM", "0")
    app = App()
    awaited(whole(app))
    assert app.asked == []
    monkeypatch.delenv("GLASSBOX_WARM")
    awaited(whole(app))
    assert app.asked == ["", "fashion"]


def test_the_base_path_and_the_host_of_the_server_are_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = {"server.baseUrlPath": "/box/", "server.allowedHosts": ["box.example"]}
    monkeypatch.setattr(warm.config, "get_option", options.get)
    app = App()
    awaited(warm._visit(app, "fashion"))
    assert app.scopes[0]["path"] == "/box/_stcore/stream"
    assert (b"host", b"box.example") in app.scopes[0]["headers"]
