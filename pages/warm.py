"""The first visit of every page is the server's own: what is the same for everyone is then there.

Made when the server starts, one page after the other, over the app's own websocket but through no
network. Visitors go first: see `page_run`. `GLASSBOX_WARM=0` leaves it out.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from models import lines, memory
from models.errors import SettingError
from models.store import STORE
from pages import menu
from pages.parts.job.later import MARK

PAUSE = 2.0  # seconds after the start: whoever started the server looks at it first
LOOK = 0.2  # seconds between two looks at whether somebody is being answered
PATIENCE = 300  # seconds for one page, on a machine that has much else to do
Message = MutableMapping[str, Any]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """For `st.App`: begins when the server starts, and is broken off when it ends."""
    task = None
    if os.environ.get("GLASSBOX_WARM", "1") != "0":
        task = asyncio.create_task(_pages(app))
    try:
        yield {}
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _pages(app: st.App) -> None:
    try:
        names = [entry.name for entry in menu.visible()]
    except SettingError:
        return  # every page says so
    await asyncio.sleep(PAUSE)
    for name in names:
        while lines.others():
            await asyncio.sleep(LOOK)
        try:
            await asyncio.wait_for(_visit(app, "" if name == "home" else name), PATIENCE)
        except Exception:
            logging.getLogger(__name__).exception("The first visit of %s failed.", name)
    # What only explanations need, and nobody's samples any more, makes room for visitors.
    STORE.drop(lambda key: isinstance(key, tuple) and "gradients" in str(key[1]))
    memory.trim()


async def _visit(app: Callable[..., Awaitable[None]], page: str) -> None:
    """Open a page and stay until its script has ended."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    ended = asyncio.Event()
    ask = BackMsg()
    ask.rerun_script.page_name = page
    await to_app.put({"type": "websocket.connect"})
    await to_app.put({"type": "websocket.receive", "bytes": ask.SerializeToString()})

    async def send(message: Message) -> None:
        if message["type"] == "websocket.close":
            ended.set()
        if data := message.get("bytes"):
            told = ForwardMsg.FromString(data)
            if (
                told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                and told.WhichOneof("type") == "script_finished"
            ):
                ended.set()

    hosts = config.get_option("server.allowedHosts")
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    path = f"/{base}/_stcore/stream" if base else "/_stcore/stream"
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", str(hosts[0] if hosts else "localhost").encode()),
            (MARK.encode(), b"1"),
        ],
        "subprotocols": ["streamlit"],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }
    served = asyncio.ensure_future(app(scope, to_app.get, send))
    waits = asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({served, waits}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waits.cancel()
        await to_app.put({"type": "websocket.disconnect", "code": 1000})
        await served
