"""What goes over a visitor's wire: HTTP requests with their cookies, and what a message shows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.Heading_pb2 import Heading

XSRF = "_streamlit_xsrf"
_EDGE = "----one-file"  # what stands around the file in the body of an upload
# Widgets that a visitor of ours uses; each has a label.
WIDGETS = ("button", "checkbox", "file_uploader", "text_area", "text_input")


class Sight(NamedTuple):
    """What of an element counts here.

    kind: words, pictures, error, a widget's name, or "" for all else. text: what it says; of
    pictures the alternative texts, one a line; of a widget its label. key: the widget's id.
    """

    kind: str = ""
    text: str = ""
    key: str = ""


def sight(element: Element) -> Sight:
    """Reads no more of an element than it must: the visitor shares its cores with the server."""
    kind = element.WhichOneof("type") or ""
    if kind in WIDGETS:
        widget = getattr(element, kind)
        return Sight(kind, widget.label, widget.id)
    read = _READ.get(kind)
    return read(getattr(element, kind)) if read else Sight()


def _heading(heading: Heading) -> Sight:
    return Sight("words", f"{'#' * int(heading.tag.removeprefix('h'))} {heading.body}")


def _alert(alert: Alert) -> Sight:
    return Sight("error" if alert.format == Alert.ERROR else "words", alert.body)


_READ: dict[str, Callable[[Any], Sight]] = {
    "markdown": lambda it: Sight("words", it.body),
    "heading": _heading,
    "metric": lambda it: Sight("words", f"{it.label} {it.body}"),
    "imgs": lambda it: Sight("pictures", "\n".join(image.alt for image in it.imgs)),
    "alert": _alert,
    "exception": lambda it: Sight("error", f"{it.type}: {it.message}"),
}


class Line:
    """One visitor's way to a server: its address and the cookies that it gave."""

    def __init__(self, url: str) -> None:
        """url: as http://127.0.0.1:8501, with no path."""
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.netloc = parts.netloc
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """As a request's header holds them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of the answer. Raises OSError for a status of 400 and more."""
        async with self._answer(method, path, body, headers or {}) as reader:
            return await reader.read()

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """The lines of an answer as they come."""
        async with self._answer("GET", path, b"", {}) as reader:
            async for line in reader:
                yield line

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> AsyncIterator[asyncio.StreamReader]:
        """What follows the answer's head. By HTTP 1.0: so the body ends with the connection."""
        sent = {"Host": self.netloc, "Content-Length": str(len(body)), **headers}
        if self.cookies:
            sent["Cookie"] = self.cookie
        lines = [f"{method} {path} HTTP/1.0", *(f"{name}: {sent[name]}" for name in sent)]
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write("\r\n".join((*lines, "", "")).encode() + body)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            self._note(head)
            if int(head[0].split()[1]) >= 400:
                raise OSError(
                    f"{method} {path.split('?', maxsplit=1)[0]} was answered with {head[0]!r}."
                )
            yield reader
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _note(self, head: list[str]) -> None:
        """Keep the cookies that came."""
        for line in head:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                key, _, cookie = value.split(";")[0].strip().partition("=")
                self.cookies[key] = cookie

    async def send(self, method: str, path: str, field: str, file: tuple[str, str, bytes]) -> bytes:
        """Send one file in a form's field. file: its name, MIME type and content."""
        name, form, data = file
        head = (
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {form}\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{_EDGE}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={_EDGE}", **self._token()}
        return await self.ask(method, path, body, headers)

    async def delete(self, path: str) -> None:
        """Take an upload away."""
        await self.ask("DELETE", path, headers=self._token())

    def _token(self) -> dict[str, str]:
        return {"X-Xsrftoken": self.cookies.get(XSRF, "")}
