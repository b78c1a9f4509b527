"""One visitor, who does what a person with a browser would, over Streamlit's own websocket.

It draws nothing, and fetches neither Streamlit's own scripts nor pictures that lie beside a page:
what it measures is when the page had said what counts.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.load.session import Session
from tests.load.turn import HEADLINE, Turn
from tests.load.wire import Line

PATIENCE = 60.0  # seconds for anything


class LostError(Exception):
    """Nothing came in `PATIENCE` seconds, or the server ended the visit."""


class Visitor:
    """One visit: `open` first, `close` in the end; everything else one after another.

    Whatever is done returns its turn when the page stands: the run has ended and no other follows.
    `like` is what the words of the answer look like. Widgets are found by the beginning of their
    label; LookupError where there is none. Raises LostError.
    """

    def __init__(self, url: str) -> None:
        """url: of the server, as http://127.0.0.1:8501."""
        self._line = Line(url)
        self._session = Session(self._line, "", "")

    async def open(
        self, page: str, query: Mapping[str, str] | None = None, like: re.Pattern[str] = HEADLINE
    ) -> Turn:
        """Open the page of that address, "" for the front page."""
        self._session = Session(self._line, page, urlencode(query or {}))
        self._session.turn = Turn(like)
        await self._line.ask("GET", "/_stcore/health")
        await self._line.ask("GET", "/_stcore/host-config")
        await self._session.connect(PATIENCE)
        await self._session.run()
        return await self._standing()

    async def upload(
        self,
        label: str,
        form: str,
        files: Sequence[tuple[str, bytes]],
        like: re.Pattern[str] = HEADLINE,
    ) -> Turn:
        """Give files, as (name, content), in place of those before. form: their MIME type."""
        key, fragment = self._widget(label, "file_uploader")
        before = self._session.states.get(key, WidgetState()).file_uploader_state_value
        turn = self._session.turn = Turn(like, fragment)
        given = []
        for name, data in files:
            place = await asyncio.wait_for(self._session.place(name), PATIENCE)
            await self._line.send("PUT", place.file_urls.upload_url, name, (name, form, data))
            place.size = len(data)
            given.append(place)
        state = FileUploaderState(uploaded_file_info=given)
        self._session.states[key] = WidgetState(id=key, file_uploader_state_value=state)
        await self._session.run(fragment)
        await self._standing()
        for old in before.uploaded_file_info:
            await self._line.delete(old.file_urls.delete_url)
        return turn

    async def write(self, label: str, text: str, like: re.Pattern[str] = HEADLINE) -> Turn:
        """Write a text into a field, in place of the one before, and leave the field."""
        key, fragment = self._widget(label, "text_area", "text_input")
        self._session.states[key] = WidgetState(id=key, string_value=text)
        return await self._done(fragment, like)

    async def tick(self, label: str) -> Turn:
        """Tick a box."""
        key, fragment = self._widget(label, "checkbox")
        self._session.states[key] = WidgetState(id=key, bool_value=True)
        return await self._done(fragment, HEADLINE)

    async def press(self, label: str, like: re.Pattern[str] = HEADLINE) -> Turn:
        """Press a button."""
        key, fragment = self._widget(label, "button")
        self._session.states[key] = WidgetState(id=key, trigger_value=True)
        self._session.turn = Turn(like, fragment)
        await self._session.run(fragment)
        del self._session.states[key]
        return await self._standing()

    async def mapped(self) -> Turn:
        """Wait for the first map of what was done last: it may come after the page stands."""
        return await self._until(lambda turn: turn.first_map is not None)

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        await self._session.close()

    async def _done(self, fragment: str, like: re.Pattern[str]) -> Turn:
        self._session.turn = Turn(like, fragment)
        await self._session.run(fragment)
        return await self._standing()

    async def _standing(self) -> Turn:
        return await self._until(lambda turn: turn.stands is not None)

    async def _until(self, done: Callable[[Turn], bool]) -> Turn:
        session, turn = self._session, self._session.turn

        async def wait() -> None:
            while not done(turn):
                if session.ended:
                    raise LostError("The server ended the visit.")
                turn.changed.clear()
                await turn.changed.wait()

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError as error:
            raise LostError(f"Nothing came in {PATIENCE:.0f} s.") from error
        return turn

    def _widget(self, label: str, *kinds: str) -> tuple[str, str]:
        """The id of the first such widget, and the fragment in which it stands."""
        for (of, said), found in self._session.widgets.items():
            if of in kinds and said.startswith(label):
                return found
        raise LookupError(f"There is no {kinds[0]} {label!r} on this page.")
