"""A second file given with "+" while one lies there: the answer is that of the last one, always.

A browser first takes the old file away, then gives the new one; the page runs in between, and may
be at any point of its answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from models import catalog
from pages.card_fraud import table as fraud_table
from pages.face_recognition import faces
from pages.network_intrusion import table as network_table
from tests.browser.serve import ROOT, Server, Watch, settle
from tests.browser.steps import visit

pytestmark = pytest.mark.browser

SAMPLES = ROOT / "pages" / "samples"
MOMENTS = (0, 0.05, 0.2, 0.4, 0.7, 1.0)  # seconds after which a file is replaced by the next
FACES = "face_recognition"


@dataclass(frozen=True)
class Place:
    """One uploader. opened: the text to click before it is seen; at: which of the page's it is.

    answers: of each file what is said of it and of no other, nor of the sample before it.
    """

    address: str
    answers: dict[str, str]
    said: Callable[[Page, str], Locator] = lambda page, answer: page.locator("h4").filter(
        has_text=re.compile(answer)
    )
    opened: str = ""
    at: int = 0


def alt(page: Page, answer: str) -> Locator:
    return page.get_by_alt_text(re.compile(answer)).first


def region(page: Page, answer: str) -> Locator:
    return page.get_by_role("region", name=re.compile(answer))


TABLE = "Or a table of thousands"
PAIR = {
    "face-obama-2010.jpg": "The same picture twice",
    "face-obama-2009.jpg": "The same person",
    "clothes-dress.jpg": "No face was found",
}
PEOPLE = {
    "face-biden-2010.jpg": "Joe Biden",
    "face-collins.png": "Eileen Collins",
    "face-hopper-1984.jpg": "Grace Hopper",
}
CLOTHES = {"clothes-bag.jpg": "Bag", "clothes-dress.jpg": "Dress", "fashion-trouser.png": "Trouser"}
PLACES = {
    "explainability": Place(
        "explainability?part=Trust",
        {"espresso.jpg": "an espresso", "dogs.jpg": "a dog", "mountain.jpg": "an alp"},
    ),
    "explainability, while maps are made": Place(
        "explainability?methods=Grad-CAM",
        {"espresso.jpg": "an espresso", "dogs.jpg": "a dog", "mountain.jpg": "an alp"},
    ),
    "first face": Place(
        f"{FACES}?one=Collins&other=Obama+2010", PAIR, lambda page, a: page.get_by_text(a).first,
        opened=faces.TICK,
    ),
    "second face": Place(
        f"{FACES}?one=Obama+2010&other=Collins", PAIR, lambda page, a: page.get_by_text(a).first,
        opened=faces.TICK, at=1,
    ),
    "photo to search": Place(
        f"{FACES}?mode=Who+is+in+this+photo%3F&photo=Group+2011", PEOPLE, opened=faces.TICK, at=0
    ),
    "image_generation": Place(
        "image_generation?part=Why",
        {name: f"^Yours: {kind}," for name, kind in CLOTHES.items()},
        alt,
        opened="Give your own picture",
    ),
    "machine_health": Place(
        "machine_health?part=Take",
        {f"{sensor}.csv": f"above all in {sensor}" for sensor in ("pump", "fan", "belt")},
        lambda page, answer: page.get_by_text(re.compile(answer)).first,
    ),
    "sentiment": Place(
        "sentiment?part=Take",
        {f"{n}.csv": f"Verdicts on {n} reviews" for n in (2, 3, 4)},
        region,
        TABLE,
    ),
    "network_intrusion": Place(
        "network_intrusion?part=Take",
        {f"{n}.csv": f"Scores of {n} connections" for n in (2, 3, 4)},
        region,
        TABLE,
    ),
    "card_fraud": Place(
        "card_fraud?part=Take",
        {f"{n}.csv": f"Scores of {n} transactions" for n in (2, 3, 4)},
        region,
        TABLE,
    ),
}  # fmt: skip


def file(page: str, name: str, folder: Path) -> Path:
    """The sample of that name, or a table: of so many rows, or whose one sensor fails."""
    if (SAMPLES / name).exists():
        return SAMPLES / name
    path, stem = folder / name, Path(name).stem
    if page == "machine_health":
        sensors = ("pump", "fan", "belt")
        values = np.random.default_rng(0).normal(size=(600, len(sensors)))
        values[450:, sensors.index(stem)] += 9
        np.savetxt(path, values, "%.3f", ",", header=",".join(sensors), comments="")
        return path
    template = {
        "network_intrusion": network_table.template,
        "card_fraud": fraud_table.template,
        "sentiment": lambda: b"text\n" + b"I loved every minute of it.\n" * 9,
    }[page]()
    path.write_bytes(b"".join(template.splitlines(keepends=True)[: 1 + int(stem)]))
    return path


@pytest.mark.parametrize("name", PLACES)
def test_a_file_replaced_a_dozen_times_is_answered_as_itself(
    name: str, page: Page, server: Server, watch: Watch, tmp_path: Path
) -> None:
    place = PLACES[name]
    if place.address.split("?")[0] not in {*catalog.NAMES, "explainability", "image_generation"}:
        pytest.skip("the model is not released")
    files = [file(name, one, tmp_path) for one in place.answers]
    visit(page, server, place.address)
    if place.opened:
        page.get_by_text(place.opened).click()
        settle(page)
    given = page.locator("input[type=file]").nth(place.at)
    lies = page.get_by_test_id("stFileUploader").nth(place.at)
    given.set_input_files(files[0])
    expect(place.said(page, place.answers[files[0].name])).to_be_visible()
    for i, moment in enumerate(MOMENTS):
        former, last = files[(2 * i + 1) % 3], files[(2 * i + 2) % 3]
        given.set_input_files(former)
        expect(lies).to_contain_text(former.name)  # before that a browser may drop either of both
        page.wait_for_timeout(1000 * moment)
        given.set_input_files(last)
        answer = place.said(page, place.answers[last.name])
        expect(answer, f"{last.name} after {moment} s").to_be_visible(timeout=20_000)
        settle(page)
        page.wait_for_timeout(300)  # nothing comes after it that says otherwise
        settle(page)
        expect(answer).to_be_visible(timeout=1_000)
        expect(lies).to_contain_text(last.name)
    # What the browser itself says of an upload that the next one broke off.
    watch.complaints[:] = [said for said in watch.complaints if "CanceledError" not in said]
