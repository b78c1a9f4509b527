"""The training of `fashion`: its split, what a kill or a second process changes, its baselines."""

import gzip
import inspect
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from models import catalog
from models.fashion import baselines, predict
from training.core import loop
from training.fashion import baselines as fashion_baselines
from training.fashion import measure, release
from training.fashion import train as script
from training.kinds.classifier import training
from training.kinds.classifier.network import Network
from training.sources import fashion_mnist

ROOT = Path(__file__).resolve().parents[2]
TINY = training.Config(
    epochs=4, batch=16, widths=(4, 8, 8), blocks=(1, 1, 1), rate=0.05, bf16=False, ema_decay=0.9
)
# Trains TINY on idx files: folder of the files, run folder, seconds to wait after each epoch.
SCRIPT = """
import sys, time
from pathlib import Path
import torch
from training.core import loop
from training.kinds.classifier import training
from training.sources import fashion_mnist
from tests.fashion.test_training import TINY
torch.set_num_threads(1)
files, run, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
arrays = [fashion_mnist.read_idx(files / name) for name in ("pictures.gz", "labels.gz")]
evaluate = training.evaluate
training.evaluate = lambda *given: (time.sleep(pause), evaluate(*given))[1]
result = training.train(TINY, fashion_mnist.split(*arrays, validation_per_class=6), run)
if loop.is_main():
    print("done", result.history[-1]["validation_accuracy"])
"""


def made_up(n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Pictures that can be told apart: noise, and a bright bar whose row is the label."""
    rng = np.random.default_rng(0)
    labels = np.arange(n, dtype=np.uint8) % 10
    pictures = rng.integers(0, 90, (n, 28, 28), dtype=np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[2 * label + 3 : 2 * label + 6, 4:24] = 230
    return pictures, labels


def write_idx(path: Path, array: np.ndarray) -> None:
    head = b"\0\0\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(head + array.tobytes()))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("idx")
    pictures, labels = made_up()
    write_idx(folder / "pictures.gz", pictures)
    write_idx(folder / "labels.gz", labels)
    return folder


def start(
    files: Path, run: Path, pause: float = 0, launcher: tuple[str, ...] = ()
) -> subprocess.Popen:
    script = run.parent / f"{run.name}.py"
    script.write_text(SCRIPT)
    command = [sys.executable, *launcher, str(script), str(files), str(run), str(pause)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen) -> str:
    try:
        out, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.terminate()  # torchrun ends its processes too; a kill would leave them
        process.communicate()
        raise
    assert process.returncode == 0
    return out


def state(run: Path) -> dict:
    return torch.load(run / "checkpoint.pt", weights_only=True)


@pytest.fixture(scope="module")
def whole(files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The checkpoint of a run that nothing interrupted."""
    run = tmp_path_factory.mktemp("whole") / "run"
    finished(start(files, run))
    return state(run)


def without_time(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in history]


def test_it_learns(whole: dict) -> None:
    history = whole["history"]
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    assert history[-1]["train_loss"] < history[0]["train_loss"]
    assert history[-1]["learning_rate"] < history[1]["learning_rate"]


@pytest.mark.train
def test_a_killed_run_goes_on_to_the_same_end(files: Path, whole: dict, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start(files, run, pause=0.5)
    deadline = time.monotonic() + 60
    while not (run / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)  # into the next epoch, or its end
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 1 <= state(run)["epoch"] < TINY.epochs
    out = finished(start(files, run))
    assert "epoch 1 " not in out
    resumed = state(run)
    assert without_time(resumed["history"]) == without_time(whole["history"])
    for part in ("module", "ema"):
        assert all(torch.equal(resumed[part][k], v) for k, v in whole[part].items())
    assert list(resumed["observed"]) == list(whole["observed"])
    assert all(torch.equal(resumed["observed"][k], v) for k, v in whole["observed"].items())
    with np.load(run / "snapshots.npz") as snapshots:
        assert snapshots["probabilities"].shape == (len(snapshots["steps"]), 60, 10)
        assert snapshots["steps"][-1] == 4 * (140 // 16)


@pytest.mark.train
def test_two_processes_agree_with_one(files: Path, whole: dict, tmp_path: Path) -> None:
    run = tmp_path / "run"
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    out = finished(start(files, run, launcher=torchrun))
    assert out.count("done") == 1
    two = state(run)
    for name in ("loss", "train_loss", "validation_loss"):
        theirs, ours = ([row[name] for row in s["history"]] for s in (two, whole))
        assert theirs == pytest.approx(ours, rel=1e-3)
    for key, value in whole["ema"].items():
        assert torch.allclose(two["ema"][key].float(), value.float(), rtol=1e-2, atol=2e-3), key


@pytest.mark.train
def test_smoke_releases_a_model_that_loads_and_answers(tmp_path: Path) -> None:
    script.smoke(tmp_path)
    model = catalog.load("fashion", tmp_path / "fashion")
    pictures = fashion_mnist.made_up(12)[0]
    for precision in model.card.graphs["predict"]:
        answers, run = predict(model, list(pictures), precision=precision)
        assert len(answers) == 12
        assert run.precision == precision
    assert {"int8", "fp32"} == set(model.card.graphs["predict"])


def test_another_config_is_refused(tmp_path: Path) -> None:
    pictures, labels = made_up()
    data = fashion_mnist.split(pictures, labels, validation_per_class=6)
    config = replace(TINY, epochs=1)
    training.train(config, data, tmp_path)
    with pytest.raises(ValueError, match="another config"):
        training.train(replace(config, rate=0.01), data, tmp_path)
    with pytest.raises(ValueError, match="fill"):
        training.train(replace(config, batch=1000), data, tmp_path)


def test_a_loss_that_is_not_finite_stops(tmp_path: Path) -> None:
    data = fashion_mnist.split(*made_up(), validation_per_class=6)
    with pytest.raises(FloatingPointError):
        training.train(replace(TINY, rate=float("inf")), data, tmp_path)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_one_cycle_rises_then_falls() -> None:
    rates = [loop.one_cycle(step, 100, 0.1) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == rates[10] == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.001


def test_the_split_is_disjoint_stratified_and_nested() -> None:
    labels = np.repeat(np.arange(10, dtype=np.uint8), 700)
    pictures = np.zeros((7000, 28, 28), np.uint8)
    parts = [fashion_mnist.split(pictures, labels, fraction) for fraction in (0.01, 0.1, 1.0)]
    for data, per_class in zip(parts, (2, 20, 200), strict=True):
        assert not set(data.train) & set(data.validation)
        assert (np.bincount(data.labels[data.train]) == per_class).all()
        assert (np.bincount(data.labels[data.validation]) == 500).all()
        assert (data.validation == parts[-1].validation).all()
    assert set(parts[0].train) < set(parts[1].train) < set(parts[2].train)
    assert len(set(parts[2].train) | set(parts[2].validation)) == 7000


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"\0\0\x0d\x01\0\0\0\0"))
    with pytest.raises(ValueError, match="idx"):
        fashion_mnist.read_idx(tmp_path / "x.gz")


def test_the_network_has_five_places_and_a_closed_form_for_grad_cam() -> None:
    network = Network((32, 64, 160), (1, 2, 2)).eval()
    pictures = torch.randint(0, 256, (3, 28, 28), dtype=torch.uint8)
    with torch.no_grad():
        maps = network.forward_maps(pictures)
        linear = network.head[-1]
        from_map = maps[-1].mean((2, 3)) @ linear.weight.T + linear.bias
        assert torch.allclose(from_map, network(pictures), atol=1e-5)
    assert [tuple(m.shape[1:]) for m in maps] == [
        (32, 28, 28),
        (64, 14, 14),
        (64, 14, 14),
        (160, 7, 7),
        (160, 7, 7),
    ]
    assert all((m >= 0).all() for m in maps)


def test_augmented_pictures_keep_form_and_follow_the_generator() -> None:
    pictures = torch.from_numpy(made_up()[0])
    config = training.Config()

    def made(seed: int) -> torch.Tensor:
        return fashion_mnist.augment(
            pictures, config.shift, config.erase, torch.Generator().manual_seed(seed)
        )

    assert made(1).shape == pictures.shape
    assert made(1).dtype == torch.uint8
    assert torch.equal(made(1), made(1))
    assert not torch.equal(made(1), made(2))
    still = replace(config, shift=0, erase=0.0)
    kept = fashion_mnist.augment(
        pictures, still.shift, still.erase, torch.Generator().manual_seed(1)
    )
    same = (kept == pictures).flatten(1).all(1)
    mirrored = (kept == pictures.flip(2)).flatten(1).all(1)
    assert (same | mirrored).all()
    assert 0.3 < same.float().mean() < 0.7


def drawn(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """A picture of bright boxes, each (top, bottom, left, right), the ends left out."""
    picture = np.zeros((28, 28), np.uint8)
    for top, bottom, left, right in boxes:
        picture[top:bottom, left:right] = 200
    return picture


TROUSERS = drawn((0, 8, 8, 20), (8, 28, 8, 12), (8, 28, 16, 20))
DRESS = drawn((0, 10, 10, 18), (10, 28, 8, 20))
T_SHIRT = drawn((0, 9, 3, 25), (9, 28, 7, 21))
PULLOVER = drawn((0, 28, 7, 21), (2, 26, 3, 6), (2, 26, 22, 25), (2, 6, 3, 25))
BAG = drawn((4, 6, 10, 18), (6, 10, 10, 11), (6, 10, 17, 18), (10, 26, 2, 26))
BOOT = drawn((3, 22, 14, 27), (14, 22, 0, 28), (22, 25, 20, 27))
SNEAKER = drawn((15, 19, 0, 28), (12, 15, 4, 28), (9, 12, 20, 28))


@pytest.mark.parametrize(
    ("picture", "label"),
    [
        (TROUSERS, "Trouser"),
        (DRESS, "Dress"),
        (T_SHIRT, "T-shirt/top"),
        (PULLOVER, "Pullover"),
        (BAG, "Bag"),
        (BOOT, "Ankle boot"),
        (SNEAKER, "Sneaker"),
    ],
)
def test_the_rules_know_plain_shapes(picture: np.ndarray, label: str) -> None:
    found, rule = baselines.rules(picture)
    assert baselines.LABELS[found] == label, (rule, baselines.measure(picture))


@pytest.mark.parametrize("grey", [0, 10, 255])
def test_the_rules_answer_blanks(grey: int) -> None:
    label, rule = baselines.rules(np.full((28, 28), grey, np.uint8))
    assert 0 <= label < 10
    assert rule


def test_our_arithmetic_is_that_of_scikit_learn() -> None:
    pictures, labels = made_up()
    data = fashion_mnist.split(pictures, labels, validation_per_class=6)
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    known, asked = data.train, data.validation
    linear, score = fashion_baselines.fit_linear(data)
    strength = float(score.chosen.removeprefix("C = "))
    theirs = LogisticRegression(C=strength, max_iter=1000, tol=1e-3).fit(
        flat[known] / 255, labels[known]
    )
    ours = linear.answer(pictures[asked])
    assert np.allclose(ours, theirs.predict_proba(flat[asked] / 255), atol=1e-3)
    neighbours, score = fashion_baselines.fit_neighbours(data)
    judge = KNeighborsClassifier(neighbours.k, algorithm="brute").fit(flat[known], labels[known])
    shares = neighbours.answer(pictures[asked])
    assert np.allclose(shares, judge.predict_proba(flat[asked]))
    assert score.validation_accuracy == (shares.argmax(1) == labels[asked]).mean()


@pytest.mark.parametrize(
    "step",
    [
        training.train,
        training.evaluate,
        fashion_mnist.load_data,
        fashion_mnist.watched,
        fashion_baselines.fit_linear,
        fashion_baselines.fit_neighbours,
        fashion_baselines.fit,
        measure.choose,
        release.draft,
    ],
)
def test_training_and_choices_never_touch_the_test_pictures(step: Callable[..., object]) -> None:
    source = inspect.getsource(step).replace("len(material.test[1])", "")  # its n, for the card
    assert not re.search(r"t10k|read_test_file|material\.test|test_scores", source)
