"""What a visitor gives on each page, fresh each time, and where: nobody's answer is kept for it."""

import io
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import soundfile
from PIL import Image, ImageEnhance

from tests.load.turn import HEADLINE, Turn
from tests.load.visitor import Visitor

SAMPLES = Path(__file__).parents[2] / "pages" / "samples"
MANY = 200  # different ones of each
JPEG, CSV = "image/jpeg", "text/csv"
PICTURE = "Your own picture"  # begins the label of most uploaders of pictures
ALARMS = re.compile(r"^alarms \d")  # the count below a table of many rows
FEELINGS = ("good", "bad", "slow", "warm", "dull", "clever", "loud", "long", "short", "lovely")
THINGS = ("story", "music", "plot", "ending", "book", "letter", "film", "garden", "journey")
KDD = (  # the columns of KDD Cup 99
    "duration,protocol_type,service,flag,"
    "src_bytes,dst_bytes,land,wrong_fragment,urgent,hot,num_failed_logins,logged_in,"
    "num_compromised,root_shell,su_attempted,num_root,num_file_creations,num_shells,"
    "num_access_files,num_outbound_cmds,is_host_login,is_guest_login,count,srv_count,serror_rate,"
    "srv_serror_rate,rerror_rate,srv_rerror_rate,same_srv_rate,diff_srv_rate,srv_diff_host_rate,"
    "dst_host_count,dst_host_srv_count,dst_host_same_srv_rate,dst_host_diff_srv_rate,"
    "dst_host_same_src_port_rate,dst_host_srv_diff_host_rate,dst_host_serror_rate,"
    "dst_host_srv_serror_rate,dst_host_rerror_rate,dst_host_srv_rerror_rate"
)


@dataclass(frozen=True)
class Gift:
    """give(visitor, n) gives the n-th, n below `MANY`, and returns its turn.

    ready: what a visitor does once before the first. make: the n-th thing itself, made and kept by
    whoever wants to spend the time for it beforehand. maps: whether pictures explain the answer.
    """

    make: Callable[[int], object]
    give: Callable[[Any, int], Awaitable[Turn]]
    ready: Callable[[Any], Awaitable[object]] | None = None
    maps: bool = False


@lru_cache(maxsize=4 * MANY)
def picture(file: str, n: int) -> bytes:
    """A sample as a JPEG, shifted and brightened by little, by another little for each n."""
    with Image.open(SAMPLES / file) as image:
        whole = image.convert("RGB")
    return _varied(whole, n)


@lru_cache(maxsize=MANY)
def tile(row: int, column: int, n: int) -> bytes:
    """One part of the sheet of washers, likewise."""
    with Image.open(SAMPLES / "inspect-washer.jpg") as image:
        side = image.width // 4
        box = (column * side, row * side, (column + 1) * side, (row + 1) * side)
        return _varied(image.convert("RGB").crop(box), n)


def _varied(image: Image.Image, n: int) -> bytes:
    left, top = n % 5, n // 5 % 5
    moved = image.crop((left, top, image.width - 4 + left, image.height - 4 + top))
    buffer = io.BytesIO()
    light = 0.94 + 0.015 * (n // 25)
    ImageEnhance.Brightness(moved).enhance(light).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@lru_cache(maxsize=MANY)
def review(n: int) -> str:
    """Some sentences about a film."""
    rng = random.Random(n)
    said = [f"The {rng.choice(THINGS)} was {rng.choice(FEELINGS)}" for _ in range(6)]
    return f"I saw it {n + 2} times. {', and then. '.join(said)}."


@lru_cache(maxsize=MANY)
def line(n: int) -> str:
    """The beginning of a sentence, whose next word is to be expected."""
    rng = random.Random(n)
    return f"Dear Anna, the {rng.choice(THINGS)} of page {n + 2} was {rng.choice(FEELINGS)}, so I "


@lru_cache(maxsize=MANY)
def connections(n: int, rows: int = 200) -> bytes:
    """A table of network connections in the columns of KDD Cup 99."""
    rng = random.Random(n)
    words = {"protocol_type": "tcp", "service": "http", "flag": "SF"}
    lines = [KDD]
    for _ in range(rows):
        cells = [
            words.get(name) or str(rng.randint(0, 1 if name.endswith("_rate") else 99))
            for name in KDD.split(",")
        ]
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


@lru_cache(maxsize=MANY)
def transactions(n: int, rows: int = 300) -> bytes:
    """A table of card payments of some weeks."""
    rng = random.Random(n)
    lines = ["time,customer,terminal,amount"]
    for i in range(rows):
        when = datetime(2026, 1, 5) + timedelta(hours=3 * i, minutes=rng.randint(0, 99))
        who, where = rng.randint(1, 5), rng.randint(1, 9)
        lines.append(f"{when:%Y-%m-%d %H:%M},card {who},shop {where},{rng.uniform(2, 90):.2f}")
    return "\n".join(lines).encode()


@lru_cache(maxsize=MANY)
def sensors(n: int, rows: int = 600) -> bytes:
    """Other rows of a sample's sensors for each n."""
    head, *rest = (SAMPLES / "machine-heat.csv").read_bytes().splitlines()
    return b"\n".join((head, *rest[n : n + rows]))


@lru_cache(maxsize=MANY)
def speech(n: int) -> bytes:
    """A spoken sample, by a little louder or softer for each n."""
    wave, rate = soundfile.read(SAMPLES / "speech-letters.flac")
    buffer = io.BytesIO()
    soundfile.write(buffer, wave * (0.5 + 0.004 * n), rate, format="WAV")
    return buffer.getvalue()


def _photo(file: str) -> Gift:
    """A page that takes one photo like this sample."""

    def give(visitor: Visitor, n: int) -> Awaitable[Turn]:
        return visitor.upload(PICTURE, JPEG, [(f"{n}.jpg", picture(file, n))])

    return Gift(lambda n: picture(file, n), give, maps=True)


def _table(label: str, make: Callable[[int], bytes], like: re.Pattern[str] = ALARMS) -> Gift:
    """A page that takes a table below this label."""

    def give(visitor: Visitor, n: int) -> Awaitable[Turn]:
        return visitor.upload(label, CSV, [(f"{n}.csv", make(n))], like)

    return Gift(make, give)


async def _good(visitor: Visitor) -> None:
    files = [(f"good-{n}.jpg", tile(n // 4, n % 4, 0)) for n in range(12)]
    await visitor.upload("1. Pictures of good parts", JPEG, files)


async def _typed(visitor: Visitor, n: int) -> Turn:
    """The words come with typing; then the whole page is asked about them."""
    turn = await visitor.write("Type, or click", line(n))
    below = await visitor.press("Explain this text below")
    turn.stands = below.began + (below.stands or 0.0) - turn.began
    turn.errors += below.errors
    turn.busy += below.busy
    return turn


# Every page of the menu; None where a visitor has nothing to give.
PAGES: dict[str, Gift | None] = {
    "home": Gift(lambda n: picture("cat.jpg", n), _photo("cat.jpg").give),
    "story": None,  # what is given there is answered as on home
    "image_recognition": _photo("cat.jpg"),
    "face_recognition": Gift(
        lambda n: picture("face-hopper-1984.jpg", n),
        _photo("face-hopper-1984.jpg").give,
        lambda visitor: visitor.tick("I may use my photos"),
    ),
    "fashion": _photo("clothes-boot.jpg"),
    "image_generation": Gift(lambda n: n, lambda visitor, _: visitor.press("New")),
    "sentiment": Gift(review, lambda visitor, n: visitor.write("Your review", review(n))),
    "text_prediction": Gift(line, _typed),
    "speech": Gift(
        speech,
        lambda visitor, n: visitor.upload(
            "Or a sound file", "audio/wav", [(f"{n}.wav", speech(n))]
        ),
    ),
    "network_intrusion": _table("A table of connections", connections),
    "card_fraud": _table("A table of transactions", transactions),
    "machine_health": _table("Or your own sensors", sensors, HEADLINE),
    "visual_inspection": Gift(
        lambda n: tile(3, n % 4, n),
        lambda visitor, n: visitor.upload(
            "2. Pictures to inspect", JPEG, [(f"{n}.jpg", tile(3, n % 4, n))]
        ),
        _good,
    ),
    "explainability": _photo("cat.jpg"),
    "model_cards": None,
    "about": None,
}


def address(page: str) -> str:
    """Of a page by its name: the front page has none."""
    return "" if page == "home" else page
