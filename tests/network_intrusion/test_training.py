"""How network_intrusion is made: its split, its network, its thresholds, and a small release."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models import catalog
from models.network_intrusion.schema import NAMES
from training.network_intrusion import data, measure
from training.network_intrusion import train as network_intrusion
from training.network_intrusion.autoencoder import Coding, Config, scores, tensors, train
from training.network_intrusion.data import Corpus, Rows

MADE = data.made_up(600)
CORPUS = data.split(MADE, {})
WORDS = data.vocabulary(MADE)


def test_only_normal_rows_are_learned_from_and_all_attacks_are_for_choices() -> None:
    assert not CORPUS.learned.abnormal.any()
    assert not CORPUS.normal.abnormal.any()
    assert CORPUS.attacks.abnormal.all()
    assert len(CORPUS.learned) == round(0.8 * (~MADE.abnormal).sum())
    assert len(CORPUS.learned) + len(CORPUS.normal) + len(CORPUS.attacks) == len(MADE)
    again = data.split(MADE, {})
    assert (again.learned.numbers == CORPUS.learned.numbers).all()


def test_a_file_of_the_data_set_is_read_by_its_places() -> None:
    cells = dict.fromkeys(NAMES, "0") | {"duration": "5", "service": "http", "count": "9"}
    cells |= {"protocol_type": "tcp", "flag": "SF"}
    rows = data.parsed(",".join([*cells.values(), "neptune", "21"]) + "\n")
    assert rows.labels.tolist() == ["neptune"]
    assert rows.families.tolist() == ["flood"]
    assert rows.words.tolist() == [["tcp", "http", "SF"]]
    assert rows.numbers[0, 0] == 5


def test_the_coding_goes_there_and_back() -> None:
    coding = Coding(CORPUS.learned, WORDS)
    numbers, places = tensors(CORPUS.learned, WORDS)
    coded = coding(numbers, places)
    assert coded.shape == (len(numbers), coding.width)
    back, kinds = coding.back(coded)
    assert torch.allclose(back, numbers, rtol=1e-3, atol=1e-3)
    assert kinds[:, : len(WORDS["protocol_type"])].argmax(1).equal(places[:, 0])
    none = coding(numbers[:1], torch.full((1, 3), -1))
    assert none[0, 38:].sum() == 0


def test_a_network_tells_made_up_attacks_from_normal_rows() -> None:
    config = Config(hidden=16, code=4, epochs=40, batch=64)
    served, history = train(config, CORPUS.learned, WORDS)
    assert history[-1]["train_loss"] < 0.5 * history[0]["train_loss"]

    def score(rows: Rows) -> np.ndarray:
        return scores(served, rows, WORDS)

    assert measure.mean_of_types(score, CORPUS) > 0.95


def by_hand() -> tuple[Corpus, measure.Score]:
    """Normal rows that score 0 to 9, two kinds of attack that score 8 to 12."""

    def rows(values: list[int], label: str) -> Rows:
        numbers = np.array(values, float)[:, None]
        return Rows(numbers, np.full((len(values), 3), "x"), np.full(len(values), label))

    attacks = data.together(rows([8, 12], "satan"), rows([10, 11], "neptune"))
    normal = rows([*range(10)], "normal")
    return Corpus(normal, normal, attacks, {}), lambda given: given.numbers[:, 0]


def test_choices_weigh_every_attack_the_same_and_hold_each_out() -> None:
    corpus, score = by_hand()
    apart = measure.by_type(score, corpus)
    assert apart == pytest.approx({"neptune": 1, "satan": (0.85 + 1) / 2})
    assert measure.mean_of_types(score, corpus) == pytest.approx((1 + 0.925) / 2)
    # All four caught at 8 with two of ten false: F1 2/2.2. At 10 three of four and none: 1.5/1.75.
    assert measure.threshold(score, corpus) == 8
    table = measure.held_types(score, corpus)
    found = {row[0]: row[3:] for row in table.rows}
    assert found == {"neptune": [1, 8], "satan": [0.5, 10]}


def test_a_release_in_small_holds_together(tmp_path: Path) -> None:
    card = network_intrusion.smoke(tmp_path)
    assert card.metric("auroc", "test").value > 0.9
    assert {"rivals test", "by_family test", "seeds", "held_types", "ranges", "words"} <= {
        *card.tables
    }
    rows = card.tables["rivals test"].rows
    assert len(rows) == 3
    assert {str(row[0]).split(",")[0] for row in rows} == {
        "this autoencoder",
        "PCA",
        "isolation forest",
    }
    assert catalog.load("network_intrusion", tmp_path / "network_intrusion").card == card
