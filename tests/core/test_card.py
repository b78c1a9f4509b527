"""Cards: what is released is described, whole and unaltered; a wrong card is refused by place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import card as cards
from models import catalog
from models.catalog import Model
from models.errors import ReleaseError
from models.metrics import METRICS
from tests.helpers import TINY, is_sentence, sha256

NAN, INF = float("nan"), float("inf")
RELEASED = pytest.mark.parametrize("name", catalog.NAMES)


@RELEASED
def test_a_released_card_reads_and_writes_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    cards.write(cards.read(catalog.FOLDER / name), tmp_path)
    written = (tmp_path / "card.json").read_bytes()
    assert written == (catalog.FOLDER / name / "card.json").read_bytes()


@RELEASED
def test_the_files_on_disk_are_those_of_the_card_and_no_others(name: str) -> None:
    folder = catalog.FOLDER / name
    card = cards.read(folder)
    graphs = [file for precisions in card.graphs.values() for file in precisions.values()]
    for file in graphs:
        whole = Model(folder, card).graph_bytes(file)
        assert (sha256(whole), len(whole)) == (file.sha256, file.bytes)
    told = card.files
    assert told == {file: sha256((folder / file).read_bytes()) for file in told}
    kinds = (".onnx", ".zst", ".npz", ".txt", ".json")
    there = {path.name for path in folder.iterdir() if path.suffix in kinds}
    assert there - {"card.json"} == told.keys() | {file.stored for file in graphs}


@RELEASED
def test_a_released_card_says_all_that_a_page_needs(name: str) -> None:
    card = cards.read(catalog.FOLDER / name)
    assert card.name == name
    assert {metric.name for metric in card.metrics} <= METRICS.keys()
    assert set(card.serves) == {"cpu", "cuda"}
    assert set(card.serves.values()) <= card.graphs["predict"].keys()
    assert isinstance(card.labels, list) or card.labels in card.files
    assert any(m.source == "measured" and m.precision == card.serves["cpu"] for m in card.metrics)
    assert all(m.low is None or m.low <= m.value <= m.high for m in card.metrics)
    assert card.limits
    assert card.training.minutes > 0
    assert "core" in card.training.hardware
    assert card.training.command.startswith(f"python -m training.{name}")


def test_every_metric_is_defined_in_words() -> None:
    for name, kind in METRICS.items():
        assert len(kind.meaning.split()) > 5, name
        assert kind.title
        assert kind.title != name
        assert kind.written(0.5).strip("0") != ""
    titles = [kind.title for kind in METRICS.values()]
    assert len(set(titles)) == len(titles)


Change = Callable[[dict[str, Any]], object]
METRIC = {"name": "top1", "value": 0.5, "split": "test", "n": 2, "precision": "fp32"}
WRONG: dict[str, Change] = {
    "metrics.0.name": lambda card: card["metrics"].append(METRIC | {"name": "niceness"}),
    "metrics.0.value": lambda card: card["metrics"].append(METRIC | {"value": NAN}),
    "metrics.0.low": lambda card: card["metrics"].append(METRIC | {"low": -INF}),
    "metrics.0.baseline.chance": lambda card: card["metrics"].append(
        METRIC | {"baseline": {"chance": NAN}}
    ),
    "metrics.0.colour": lambda card: card["metrics"].append(METRIC | {"colour": "red"}),
    "metrics.0.precision": lambda card: card["metrics"].append(METRIC | {"precision": "int4"}),
    "tables.t.rows.0.0": lambda card: card["tables"].update(
        t={"columns": ["a"], "rows": [[INF]], "split": "test", "n": 1}
    ),
    "settings.familiarity_threshold.value": lambda card: card["settings"][
        "familiarity_threshold"
    ].update(value=NAN),
    "history.0.loss": lambda card: card["history"].append({"loss": NAN}),
    "training.config": lambda card: card["training"]["config"].update(rate=NAN),
    "training.minutes": lambda card: card["training"].update(minutes=INF),
    "training.place": lambda card: card["training"].update(place="here"),
    "serves.phone": lambda card: card["serves"].update(phone="int8"),
    "colour": lambda card: card.update(colour="red"),
    "limits": lambda card: card.pop("limits"),
}


@pytest.mark.parametrize("place", WRONG)
def test_a_wrong_card_is_refused_and_the_place_is_named(place: str, tmp_path: Path) -> None:
    cards.write(TINY, tmp_path)
    data = json.loads((tmp_path / "card.json").read_bytes())
    WRONG[place](data)
    (tmp_path / "card.json").write_text(json.dumps(data))
    with pytest.raises(ReleaseError, match=rf"wrong at {place}\b") as caught:
        cards.read(tmp_path)
    assert is_sentence(caught.value)


def test_a_card_that_went_wrong_after_it_was_made_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("the last one")
    card = cards.Card(**vars(TINY) | {"history": []})
    card.history.append({"loss": NAN})
    with pytest.raises(ReleaseError, match=r"wrong at history\.0\.loss"):
        cards.write(card, tmp_path)
    assert (tmp_path / "card.json").read_text() == "the last one"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"name": 1}'])
def test_what_is_no_card_is_refused_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes(data)
    with pytest.raises(
        ReleaseError, match=rf"The card of {tmp_path.name} is wrong at \w"
    ) as caught:
        cards.read(tmp_path)
    assert is_sentence(caught.value)


def test_a_missing_card_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no readable card\.json") as caught:
        cards.read(tmp_path)
    assert is_sentence(caught.value)


def test_a_figure_is_found_by_name_split_and_precision() -> None:
    made = [
        cards.Metric("top1", value, split, 9, precision)
        for value, split, precision in ((0.1, "a", "fp32"), (0.2, "b", "fp32"), (0.3, "b", "int8"))
    ]
    card = cards.Card(**vars(TINY) | {"metrics": made})
    assert card.metric("top1", "b").value == 0.2
    assert card.metric("top1", "b", "int8").value == 0.3
    for name, split, precision in (("top1", "a", "int8"), ("top5", "a", None), ("top1", "c", None)):
        with pytest.raises(KeyError, match="tiny has no"):
            card.metric(name, split, precision)
