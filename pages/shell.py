"""What stands around the app itself: the head of the HTML that a browser or a preview gets first.

Streamlit's own says "Streamlit" at every address. Here it says the page's title and sentence, with
a picture for whoever shows a preview of a shared link, how cards and charts look, and what brings
an experiment's result on the screen.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages import menu
from pages.parts.source import samples

TITLE = b"<title>Streamlit</title>"
SENTENCE = (
    "Deep learning that you can look into: give it a picture, a text or a table, and see the "
    "answer, the reason, and how far to trust it."
)
PICTURE = "card-image_recognition.jpg"  # of what has none of its own
STYLE = Path(__file__).with_name("shell.css").read_text("utf-8")
SCRIPT = Path(__file__).with_name("shell.js").read_text("utf-8")
# Of a part, of what the browser has already or of packed bytes nothing could be changed.
ASKED_ANEW = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")
OF_THE_FILE = (b"content-length", b"etag", b"last-modified")  # which is not what is sent


class Head:
    """ASGI middleware: writes the head of Streamlit's HTML, and gives the pictures that it names.

    All else, every websocket and every file with an ending, goes through untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        """app: what answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        names = ["", *str(scope.get("path", "")).split("/")]
        folder, name = names[-2], names[-1]
        read = scope["type"] == "http" and scope["method"] == "GET"
        if not read or "." in name or "_stcore" in names:
            await self._app(scope, receive, send)
        elif folder == "preview" and name in menu.BY_NAME:
            await FileResponse(samples.FOLDER / picture(name))(scope, receive, send)
        else:
            headers = [pair for pair in scope["headers"] if pair[0] not in ASKED_ANEW]
            write = _Written(send, lambda: head(Request(scope), name))
            await self._app({**scope, "headers": headers}, receive, write)


class _Written:
    """Sends a response on; of HTML, all at once, with what `said` gives in place of its title."""

    def __init__(self, send: Send, said: Callable[[], str]) -> None:
        self._send, self._said = send, said
        self._begun: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and (
            dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
        ):
            self._begun = message
        elif self._begun is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._end(self._begun)

    async def _end(self, begun: Message) -> None:
        body = bytes(self._body).replace(TITLE, self._said().encode())
        kept = [pair for pair in begun["headers"] if pair[0].lower() not in OF_THE_FILE]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**begun, "headers": [*kept, length]})
        await self._send({"type": "http.response.body", "body": body})


def picture(name: str) -> str:
    """The file among the samples that stands for a page."""
    about = menu.BY_NAME[name].about
    return about.picture if about else PICTURE


def head(request: Request, name: str) -> str:
    """What stands in place of the title: title, sentence and picture of a page, and the style.

    name: what the address ends with; home where it is no page's.
    """
    entry = menu.BY_NAME.get(name, menu.BY_NAME["home"])
    title = "Glassbox" if entry.name == "home" else f"{entry.title} · Glassbox"
    sentence = entry.about.blurb if entry.about else SENTENCE
    page = str(request.url.replace(query="", fragment=""))
    said = {
        "og:type": "website",
        "og:site_name": "Glassbox",
        "og:title": title,
        "og:description": sentence,
        "og:image": f"{page.removesuffix(name)}preview/{entry.name}",
    }
    return "\n".join(
        (
            f"<title>{escape(title)}</title>",
            f'<meta name="description" content="{escape(sentence)}" />',
            *(f'<meta property="{k}" content="{escape(v)}" />' for k, v in said.items()),
            '<meta name="twitter:card" content="summary_large_image" />',
            f"<style>{STYLE}</style>",
            f"<script>{SCRIPT}</script>",
        )
    )
