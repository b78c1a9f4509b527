"""What distances between faces say, worked out by hand; and both releases' whole way in seconds."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from models import catalog
from tests.helpers import ROOT
from training.face_detection import mtcnn
from training.face_recognition import decline, pairs
from training.face_recognition.resnet import FaceResNet

# Two people with two pictures each, on a line: 0 and 1; 3 and 7.
LINE = np.array([[[0.0], [1.0]], [[3.0], [7.0]]])
ALL = np.ones((2, 2), bool)


def test_pairs_are_all_pairs_of_one_person_and_of_two() -> None:
    same, different = pairs.pairs(pairs.distances(LINE, ALL))
    assert same.tolist() == [1, 4]
    assert different.tolist() == [2, 3, 6, 7]


def test_a_picture_without_a_face_is_refused_in_every_pair() -> None:
    found = np.array([[True, False], [True, True]])
    same, different = pairs.pairs(pairs.distances(LINE, found))
    assert same.tolist() == [4, pairs.ABSENT]
    assert different.tolist() == [3, 7, pairs.ABSENT, pairs.ABSENT]


def test_the_figures_are_those_computed_by_hand() -> None:
    same, different = np.array([1.0, 4.0]), np.array([2.0, 3.0, 6.0, 7.0])
    # Up to 3, half of the one kind is refused and half of the other accepted.
    assert pairs.eer(same, different) == 0.5
    # 1 lies below all four, 4 below two of them.
    assert pairs.auroc(same, different) == (4 + 2) / 8
    assert pairs.tar(0.0)(same, different) == 0.5
    assert pairs.tar(0.5)(same, different) == 1
    limit = pairs.threshold_at(different, 0.25)
    assert (different <= limit).mean() == 0.25
    assert limit == pytest.approx(3)


def test_perfect_and_useless_distances_have_the_figures_that_they_must() -> None:
    rng = np.random.default_rng(0)
    near, far, mixed = rng.random(500), 2 + rng.random(500), rng.random(500)
    assert pairs.eer(near, far) == 0
    assert pairs.auroc(near, far) == 1
    assert pairs.tar(1e-2)(near, far) == 1
    assert pairs.eer(near, mixed) == pytest.approx(0.5, abs=0.05)
    assert pairs.auroc(near, near) == 0.5  # ties count half


def test_an_interval_over_people_holds_the_figure_and_no_person_twice_as_two() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(8, 1, 16))
    people = centres + 0.3 * rng.normal(size=(8, 4, 16))
    found = np.ones((8, 4), bool)
    apart = pairs.distances(people, found)
    for value, low, high in pairs.over_people(apart, 50).values():
        assert low <= value <= high
    # Everybody perfectly apart stays so: a person drawn twice would add pairs at distance 0.
    apart = pairs.distances(np.repeat(centres, 4, 1), found)
    assert pairs.over_people(apart, 50)["eer"] == (0, 0, 0)


def test_identification_gives_right_names_and_counts_what_was_not_found() -> None:
    centres = np.eye(4)[:, None].repeat(6, 1)
    found = np.ones((4, 6), bool)
    assert (pairs.identification_errors(centres, found) == 0).all()
    named, falsely = pairs.open_set(centres, found, 0.5)
    assert (named == 1).all()
    assert (falsely == 0).all()
    assert (pairs.open_set(centres, found, 5.0)[1] == 1).all()
    found[0, 0] = False
    errors = pairs.identification_errors(centres, found)
    assert set(np.round(errors * 12, 6)) == {0, 1}  # wrong where it is asked about


def test_a_limit_is_the_last_level_before_the_loss() -> None:
    rows = []
    for name, (_, levels, *_) in decline.SWEEPS.items():
        for i, level in enumerate(levels):
            rows.append([name, float(level), 100.0 - i, 1.0, 0.9 if i < 3 else 0.7, 0.0])
    table = decline.Table(decline.COLUMNS, rows, "made", 1)
    for setting in decline.limits(table).values():
        assert setting.value == 98


def test_the_networks_take_any_batch_and_the_first_any_size() -> None:
    torch.manual_seed(0)
    pixels = torch.randint(0, 256, (2, 41, 60, 3), dtype=torch.uint8)
    face, offsets = mtcnn.PNet().eval()(pixels)
    assert face.shape == (2, 16, 25)
    assert offsets.shape == (2, 4, 16, 25)
    crop = torch.randint(0, 256, (3, 150, 150, 3), dtype=torch.uint8)
    assert FaceResNet().eval()(crop).shape == (3, 128)


@pytest.mark.train
@pytest.mark.parametrize("name", ["face_detection", "face_recognition"])
def test_smoke_runs_and_leaves_the_release_alone(name: str) -> None:
    before = released(name)
    command = [sys.executable, "-m", f"training.{name}", "--smoke"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "minutes" in done.stdout
    assert released(name) == before


def released(name: str) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in (catalog.FOLDER / name).glob("*.*")}
