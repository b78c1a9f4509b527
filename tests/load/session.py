"""The websocket of one visit, as a browser holds it.

It runs pages and fragments, keeps large messages that the server may refer to later, and runs
fragments again at the interval that the server asked for.
"""

import asyncio
import tomllib
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.load.turn import Turn
from tests.load.wire import WIDGETS, Line, Sight, sight

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
# Runs that a large message is kept for after it was last shown, as browsers are told.
KEPT: int = tomllib.loads(CONFIG.read_text("utf-8"))["global"]["maxCachedMessageAge"]


@dataclass
class _Kept:
    """What a large message showed, the run it was last in, and its fragment."""

    seen: Sight
    run: int
    fragment: str


class Session:
    """One connection; `turn` is told what comes over it."""

    def __init__(self, line: Line, page: str, query: str) -> None:
        """page: its address, "" for the front page. query: as it stands in the address."""
        self.turn = Turn()
        self.widgets: dict[tuple[str, str], tuple[str, str]] = {}  # kind, label -> id, fragment
        self.states: dict[str, WidgetState] = {}
        self._line, self._page, self._query = line, page, query
        self._id = self._script = ""
        self._socket: ClientConnection | None = None
        self._listener: asyncio.Task[None] | None = None
        self._kept: dict[str, _Kept] = {}
        self._runs = 0
        self._asked = False  # for a run of which nothing has come yet
        self._repeating: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._offered: asyncio.Future[UploadedFileInfo] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing can come any more."""
        return self._listener is None or self._listener.done()

    async def connect(self, patience: float) -> None:
        """Connect, with the cookies of the line. Raises OSError or what websockets raises."""
        self._socket = await connect(
            f"ws://{self._line.netloc}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": self._line.cookie},
            origin=Origin(f"http://{self._line.netloc}"),
            max_size=None,
            ping_interval=None,
            open_timeout=patience,
            proxy=None,
        )
        self._listener = asyncio.create_task(self._listen(self._socket))

    async def close(self) -> None:
        """Leave, as a closed tab does. Raises what went wrong while this listened."""
        if self._socket is not None:
            await self._socket.close()
        if self._listener is not None:
            await self._listener

    async def run(self, fragment: str = "", by_itself: bool = False) -> None:
        """Ask for a run of the page, or of one fragment of it."""
        self._asked = True
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._script
        asked.page_name = "" if self._script else self._page
        asked.fragment_id = fragment
        asked.is_auto_rerun = by_itself
        asked.widget_states.widgets.extend(self.states.values())
        asked.cached_message_hashes.extend(self._kept)
        about = asked.context_info
        about.timezone, about.locale, about.color_scheme = "UTC", "en", "light"
        about.url = f"http://{self._line.netloc}/{self._page}"
        await self._send(message)

    async def place(self, name: str) -> UploadedFileInfo:
        """Ask where a file of that name may be put."""
        self._offered = asyncio.get_running_loop().create_future()
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self._id
        await self._send(message)
        place = await self._offered
        place.name = name
        return place

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._heard(ForwardMsg.FromString(await socket.recv(decode=False)))
        except ConnectionClosed:
            pass
        finally:
            for fragment in [*self._repeating]:
                self._stop(fragment)
            self.turn.changed.set()

    def _heard(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._drawn(message)
        elif kind == "ref_hash":
            self._shown_again(message.ref_hash)
        elif kind == "new_session":
            self._began(message)
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "script_finished":
            self._ended(message)
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop(fragment)
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "file_urls_response" and self._offered is not None:
            (urls,) = message.file_urls_response.file_urls
            self._offered.set_result(UploadedFileInfo(file_id=urls.file_id, file_urls=urls))

    def _drawn(self, message: ForwardMsg) -> None:
        delta = message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        seen = sight(delta.new_element)
        if seen.kind in WIDGETS:
            self.widgets.setdefault((seen.kind, seen.text), (seen.key, delta.fragment_id))
        elif seen.kind:
            self.turn.saw(seen)
        if message.metadata.cacheable:
            self._kept.setdefault(message.hash, _Kept(seen, self._runs, delta.fragment_id))

    def _shown_again(self, key: str) -> None:
        if key in self._kept:
            self._kept[key].run = self._runs
            self.turn.saw(self._kept[key].seen)
        else:
            self.turn.errors.append("The server referred to a message that is no longer kept.")

    def _began(self, message: ForwardMsg) -> None:
        self._asked = False
        fragments = list(message.metadata.run.fragment_ids)
        if not fragments:
            self._id = message.new_session.initialize.session_id or self._id
            self.widgets.clear()
            for fragment in [*self._repeating]:
                self._stop(fragment)
        self.turn.run_began(fragments)

    def _ended(self, message: ForwardMsg) -> None:
        fragments = list(message.metadata.run.fragment_ids)
        again = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if not again and not self._asked:  # what was asked for may refer to all that was kept then
            self._let_go(fragments)
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.turn.errors.append("The page's script could not be read.")
        self.turn.run_ended(fragments, again)

    def _let_go(self, fragments: list[str]) -> None:
        """Of messages that were long not shown; after a run of fragments, of theirs alone."""
        self._runs += 1
        self._kept = {
            key: kept
            for key, kept in self._kept.items()
            if (fragments and kept.fragment not in fragments) or self._runs - kept.run <= KEPT
        }

    def _repeat(self, fragment: str, interval: float) -> None:
        if fragment in self._repeating and self._repeating[fragment][0] == interval:
            return
        self._stop(fragment)

        async def again() -> None:
            while True:
                await asyncio.sleep(interval)
                await self.run(fragment, by_itself=True)

        self._repeating[fragment] = interval, asyncio.create_task(again())

    def _stop(self, fragment: str) -> None:
        if fragment in self._repeating:
            self._repeating.pop(fragment)[1].cancel()
