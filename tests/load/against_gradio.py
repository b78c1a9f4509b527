"""The same photos to Gradio and to Glassbox, one after the other on this machine, and the ratios.

    python -m tests.load.against_gradio --python <that of an environment with Gradio>

The environment of the peer: `pip install gradio==6.31.0 torch==2.13.0 pooch`. Both serve the same
weights; of Gradio the better of several settings counts.
"""

import asyncio
import json
import os
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import psutil
from onnx import numpy_helper

from models import catalog
from tests.browser.serve import ROOT, free_port, running
from tests.load import report
from tests.load.command import arguments, load_of, measure
from tests.load.crowd import Crowd
from tests.load.gifts import JPEG, Gift, picture
from tests.load.servers import ADDRESS, Servers, started
from tests.load.turn import Turn
from tests.load.visitor import PATIENCE, LostError
from tests.load.wire import Line

PAGE, PHOTO = "image_recognition", "cat.jpg"
SETTINGS = ((1, 2), (2, 1))  # of Gradio: answers at once, PyTorch's threads for each
API = "/gradio_api"
OFFLINE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "NO_PROXY": ADDRESS,
    "PYTHONPATH": str(ROOT),
}


class GradioVisitor:
    """One who does at the peer what a visitor does here, over the queue that its own page uses."""

    def __init__(self, url: str) -> None:
        """url: of the server."""
        self._line = Line(url)
        self._session = uuid.uuid4().hex
        self._turn = Turn()

    async def open(self, page: str, query: Mapping[str, str]) -> Turn:
        """Its one page, which then asks for nothing more."""
        del page, query
        self._turn = turn = Turn(started=True)
        await self._line.ask("GET", "/")
        turn.stands = time.perf_counter() - turn.began
        return turn

    async def give(self, name: str, photo: bytes) -> Turn:
        """One photo, and the wait for its answer."""
        self._turn = turn = Turn(started=True)
        sent = await self._line.send("POST", f"{API}/upload", "files", (name, JPEG, photo))
        (path,) = json.loads(sent)
        file = {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
        job = {"data": [file], "fn_index": 0, "session_hash": self._session}
        headers = {"Content-Type": "application/json"}
        await self._line.ask("POST", f"{API}/queue/join", json.dumps(job).encode(), headers)
        await asyncio.wait_for(self._answered(turn), PATIENCE)
        return turn

    async def _answered(self, turn: Turn) -> None:
        async for line in self._line.lines(f"{API}/queue/data?session_hash={self._session}"):
            if not line.startswith(b"data: "):
                continue
            message = json.loads(line[len(b"data: ") :])
            if message["msg"] == "process_completed":
                turn.words = turn.stands = time.perf_counter() - turn.began
                if message["success"]:
                    turn.said = message["output"]["data"][0]["label"]
                else:
                    turn.errors.append("Gradio did not answer.")
            elif message["msg"] == "close_stream":
                return
        raise LostError("Gradio ended the visit.")

    async def mapped(self) -> Turn:
        """Gradio explains nothing."""
        return self._turn

    async def close(self) -> None:
        """Nothing is left open."""


GIFT = Gift(
    lambda n: picture(PHOTO, n), lambda visitor, n: visitor.give(f"{n}.jpg", picture(PHOTO, n))
)


@contextmanager
def peer(python: str, limit: int, threads: int) -> Iterator[tuple[str, Servers]]:
    """The peer's server: its address and its one process."""
    port, folder = free_port(), catalog.FOLDER / PAGE
    with tempfile.TemporaryDirectory() as scratch:
        weights = Path(scratch, "weights.npz")
        np.savez(weights, allow_pickle=False, **released(folder / "model.onnx"))
        command = [python, "-m", "tests.load.gradio_peer", "--port", str(port)]
        command += ["--weights", str(weights), "--labels", str(folder / "labels.txt")]
        command += ["--limit", str(limit), "--threads", str(threads)]
        environment = os.environ | OFFLINE | {"GRADIO_TEMP_DIR": scratch}
        with running(command, port, environment) as process:
            yield f"http://{ADDRESS}:{port}", (psutil.Process(process.pid),)


def released(graph: Path) -> dict[str, np.ndarray]:
    """The weights in the released fp32 graph, by the names of the network's own parameters."""
    prefix = "served.network."
    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(graph).graph.initializer}
    found = {
        name.removeprefix(prefix): value for name, value in held.items() if name.startswith(prefix)
    }
    return found | {"classes.weight": held["served.matrix"].T}


def compared(ours: Crowd, theirs: Crowd) -> list[str]:
    """How many times as many answers, and how much of their time ours take."""
    shares = [
        f"{(report.quantile(ours.words, q) or 0) / (report.quantile(theirs.words, q) or 1):.2f}"
        for q in (0.5, 0.95)
    ]
    return [str(ours.visitors), f"{ours.rate / theirs.rate:.1f}", *shares]


def main() -> None:
    """Read the command line, measure both, print the table and the ratios."""
    parser = arguments(__doc__)
    parser.add_argument("--python", required=True, help="of the environment with Gradio")
    parser.add_argument("--ours", nargs="*", type=int, default=[100], help="crowds for ours alone")
    asked = parser.parse_args()
    print(report.table(["server", *report.COLUMNS]), flush=True)
    theirs, load = [], load_of(asked, PAGE)
    for limit, threads in SETTINGS:
        name = f"Gradio, {limit} at once, PyTorch's threads {threads}"
        with peer(asked.python, limit, threads) as (url, servers):
            bots = replace(load, guest=GradioVisitor, gift=GIFT)
            theirs.append(asyncio.run(measure(url, servers, bots, asked.visitors, [name])))
    with started() as (url, servers):
        sizes = asked.visitors + asked.ours
        ours = asyncio.run(measure(url, servers, load, sizes, ["Glassbox"]))
    best = [max(crowds, key=lambda one: one.rate) for crowds in zip(*theirs, strict=True)]
    columns = ("visitors", "answers/s, times Gradio's", "words p50, of Gradio's", "p95")
    print(f"\n{report.table(columns, [compared(*pair) for pair in zip(ours, best, strict=False)])}")


if __name__ == "__main__":
    main()
