"""The training of text_prediction: its texts, what a kill changes, its graphs, its measures."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from models import catalog
from models.explain import next_word
from models.kinds.language import reading, score, suggest, write
from models.kinds.language.search import Pieces
from tests.helpers import difference
from training.core import export, quantise
from training.core.release import RefusedError
from training.kinds.language import data, figures, graphs, measure
from training.kinds.language.network import Network, Reader
from training.shakespeare import train as shakespeare
from training.text_prediction import train as text_prediction

ROOT = Path(__file__).resolve().parents[2]
TINY = replace(text_prediction.SMOKE, epochs=4, windows=12, dropout=0.0)
# Trains TINY: run folder, seconds to wait after each epoch.
SCRIPT = """
import sys, time
from pathlib import Path
import torch
from training.core.distributed import is_main
from training.kinds.language import data, training
from tests.text_prediction.test_training import TINY
torch.set_num_threads(1)
evaluate = training.evaluate
training.evaluate = lambda *given: (time.sleep(float(sys.argv[2])), evaluate(*given))[1]
training.train(TINY, data.made_up(60), Path(sys.argv[1]))
if is_main():
    print("done")
"""


def start(run: Path, pause: float = 0, launcher: tuple[str, ...] = ()) -> subprocess.Popen:
    script = run.parent / f"{run.name}.py"
    script.write_text(SCRIPT)
    command = [sys.executable, *launcher, str(script), str(run), str(pause)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen) -> str:
    try:
        out, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.communicate()
        raise
    assert process.returncode == 0
    return out


def state(run: Path) -> dict:
    return torch.load(run / "checkpoint.pt", weights_only=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The checkpoint of a run that nothing interrupted."""
    run = tmp_path_factory.mktemp("whole") / "run"
    finished(start(run))
    return state(run)


def without_time(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{k: v for k, v in row.items() if k != "seconds"} for row in history]


@pytest.mark.train
def test_a_killed_run_goes_on_to_the_same_end(whole: dict, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start(run, pause=0.5)
    deadline = time.monotonic() + 60
    while not (run / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 1 <= state(run)["epoch"] < TINY.epochs
    out = finished(start(run))
    assert "epoch 1 " not in out
    resumed = state(run)
    assert without_time(resumed["history"]) == without_time(whole["history"])
    for part in ("module", "ema"):
        assert all(torch.equal(resumed[part][k], v) for k, v in whole[part].items())


@pytest.mark.train
def test_two_processes_agree_with_one(whole: dict, tmp_path: Path) -> None:
    # Without dropout, of which each process would draw its own, they do; see training/core/loop.py.
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    assert finished(start(tmp_path / "run", launcher=launcher)).count("done") == 1
    theirs, ours = ([row["loss"] for row in s["history"]] for s in (state(tmp_path / "run"), whole))
    assert theirs == pytest.approx(ours, rel=1e-3)


def test_it_learns(whole: dict) -> None:
    history = whole["history"]
    assert history[-1]["loss"] < history[0]["loss"] - 0.5
    assert history[-1]["reviews_nats"] < history[0]["reviews_nats"]


@pytest.mark.train
def test_smoke_releases_a_model_that_does_everything(tmp_path: Path) -> None:
    text_prediction.smoke(tmp_path)
    model = catalog.load("text_prediction", tmp_path / "text_prediction")
    text = "The old cat sees the strange garden."
    assert len(suggest(model, text[:11]).words) == 3
    assert len(score(model, text).words) == 7
    assert "".join(write(model, "The", length=5, seed=1))
    assert len(next_word.attributions(model, text, 4).words) > 0
    assert model.card.metric("word_perplexity", "test").baseline.keys() >= {"5-gram", "unigram"}


@pytest.mark.train
def test_smoke_of_the_second_configuration(tmp_path: Path) -> None:
    shakespeare.smoke(tmp_path)
    model = catalog.load("shakespeare", tmp_path / "shakespeare")
    assert "".join(write(model, "The ", length=9, seed=1))
    figure = model.card.metric("nats_per_character", "test")
    assert figure.value < np.log(60)
    assert figure.baseline["unigram"] > 0


def test_a_lane_carries_its_state_and_forgets_where_it_is_told() -> None:
    torch.manual_seed(0)
    network = Network(20, 8, 8).eval()
    ids = torch.randint(0, 20, (2, 9))
    none = torch.zeros(2, dtype=torch.bool)
    whole, carried, split = Reader(network), Reader(network), []
    together = whole(ids, none)
    for begin in (0, 4):
        split.append(carried(ids[:, begin : begin + 5], none))
    assert torch.allclose(together, torch.stack(split).mean(), atol=1e-6)
    fresh = Reader(network)
    fresh(ids[:, :5], none)
    after = fresh(ids[:, 4:], torch.tensor([True, True]))
    assert torch.allclose(after, Reader(network)(ids[:, 4:], none))
    assert not torch.allclose(after, split[1])


def test_each_text_stands_once_in_each_pass_and_lanes_go_on() -> None:
    texts = [np.r_[0, np.full(7, i)].astype(np.uint16) for i in range(1, 9)]
    lanes = data.lanes(texts, width=2, length=64, seed=0)
    assert lanes.shape == (2, 64)
    for begin in (0, 32):
        part = lanes[:, begin : begin + 32]
        assert np.bincount(part.ravel())[1:].tolist() == [7] * 8
        assert (part[:, ::8] == 0).all()
    assert (lanes[:, :32] != lanes[:, 32:]).any()


def test_repeats_and_what_is_tested_are_not_learned() -> None:
    texts = ["Good film.", "good  film.", "Bad film.", "So so."]
    assert data.distinct(texts, ["BAD film."]) == ["good  film.", "So so."]
    assert data.review_text("Fine.<br /><br />Go\x85 <BR>now.") == "Fine. Go now."
    made = data.made_up(40)
    parts = [set(made.train), *(set(t) for h in (made.validation, made.test) for t in h.values())]
    assert sum(map(len, parts)) == len(set.union(*parts))


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(0)
    return Network(40, 12, 10, 2).eval()


def texts(n: int = 16) -> list[np.ndarray]:
    return [np.random.default_rng(i).integers(0, 40, 90) for i in range(n)]


def test_the_unrolled_gradient_is_that_of_autograd(network: Network) -> None:
    graph = graphs.graphs(network, texts(), reach=6)["gradients"]
    tensors = [torch.from_numpy(array) for array in graph.inputs.values()]
    ours, theirs = graph.module(*tensors), graph.reference(*tensors)
    for mine, other in zip(ours, theirs, strict=True):
        assert difference(mine.detach().numpy(), other.numpy()) < 1e-5
    mask = graph.inputs["mask"] == 0
    assert mask.any()
    assert (ours[1].detach().numpy()[mask] == 0).all()


def test_the_exported_recurrence_takes_any_batch_and_length(
    network: Network, tmp_path: Path
) -> None:
    graph = graphs.graphs(network, texts(), reach=6)["predict"]
    path = tmp_path / "predict.onnx"
    export.export(graph.module, graph.inputs, graph.outputs, path, lengths=graph.lengths)
    assert [node.op_type for node in onnx.load(path).graph.node].count("LSTM") == 2
    session = export.session(path.read_bytes())
    for n, t in ((1, 1), (1, 30), (5, 3)):
        feeds = {k: v[:n] for k, v in graph.inputs.items()}
        feeds |= {k: np.resize(feeds[k], (n, t)) for k in ("ids", "targets")}
        found = session.run(list(graph.outputs), feeds)
        with torch.no_grad():
            right = graph.reference(*(torch.from_numpy(v) for v in feeds.values()))
        assert all(difference(a, b.numpy()) < 1e-5 for a, b in zip(found, right, strict=True))


def test_rounded_weights_are_a_quarter_and_within_half_a_step(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(256, 64)
    given = {"x": np.random.default_rng(0).normal(size=(4, 256)).astype(np.float32)}
    export.export(layer, given, ("y",), tmp_path / "a.onnx")
    quantise.round_weights(tmp_path / "a.onnx", tmp_path / "b.onnx")
    onnx.checker.check_model(onnx.load(tmp_path / "b.onnx"), full_check=True)
    sizes = [(tmp_path / name).stat().st_size for name in ("a.onnx", "b.onnx")]
    assert sizes[1] < sizes[0] / 3
    first, second = (
        export.session((tmp_path / name).read_bytes()).run(None, given)[0]
        for name in ("a.onnx", "b.onnx")
    )
    step = float(layer.weight.detach().abs().max()) / 127
    assert 0 < np.abs(first - second).max() <= step / 2 * np.abs(given["x"]).sum(1).max()


class Turned(torch.nn.Module):
    """x @ matrix.T, where the graph holds the matrix as it is or turned."""

    def __init__(self, matrix: np.ndarray, turned: bool) -> None:
        super().__init__()
        self.turned = turned
        held = matrix.T.copy() if turned else matrix
        self.register_buffer("matrix", torch.from_numpy(held))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ (self.matrix if self.turned else self.matrix.t())


@pytest.mark.parametrize("turned", [False, True])
def test_weights_rounded_before_are_the_same_in_every_graph(turned: bool, tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(70, 80)) * np.linspace(1, 9, 70)[:, None]
    codes, scale = quantise.rounded(values.astype(np.float32))
    given = {"x": np.eye(80, dtype=np.float32)}
    export.export(Turned(codes * scale, turned), given, ("y",), tmp_path / "a.onnx")
    quantise.round_weights(tmp_path / "a.onnx", tmp_path / "b.onnx")
    assert b"_int8" in (tmp_path / "b.onnx").read_bytes()
    (found,) = export.session((tmp_path / "b.onnx").read_bytes()).run(None, given)
    assert np.abs(found.T - codes * scale).max() < 1e-5


def test_questions_are_words_with_what_stands_before_them() -> None:
    vocabulary = reading.Vocabulary(data.subwords(["It's a well-known film."] * 3, 300))
    asked = measure.questions(vocabulary, ["It's a well-known film."], 9)
    assert [one.word for one in asked] == ["It's", "a", "well", "known", "film"]
    assert [one.space for one in asked] == [" ", " ", " ", "", " "]
    assert vocabulary.decode(asked[3].ids) == " It's a well-"
    assert asked[0].ids.tolist() == [vocabulary.start]


def test_places_and_keys_of_a_known_speaker() -> None:
    """A speaker that always expects the same: a, then that, then the, then other."""
    vocabulary = reading.Vocabulary(data.subwords(["a that the other tail " * 9 + "."], 300))
    pieces = Pieces(vocabulary)
    order = [vocabulary.tokenizer.encode(f" {w}").ids for w in ("a", "that", "the", "other")]
    assert all(len(ids) == 1 for ids in order)
    shares = np.full(vocabulary.size, 1e-6)
    for place, (one,) in enumerate(order):
        shares[one] = 0.4 / 2**place
    speaker = measure.Speaker(
        lambda ids: np.zeros(len(ids) - 1),
        lambda _: (shares, (np.zeros((1, 1)),)),
        lambda ids, state: (np.stack([shares] * len(ids)), state),
    )
    asks = [measure.Question(np.array([0]), " ", w) for w in ("a", "the", "other", "tail")]
    rows = measure.recall(speaker, asks, pieces)
    assert rows[:, 0].tolist() == [0, 2, 3, 3]
    assert rows[:, 1].tolist()[:3] == [-1, 1, 0]
    # One key for a word on show; "other" needs its o first; a key for each letter and the space.
    assert rows[:3, 3].tolist() == [1, 1, 2]
    assert rows[:, 4].tolist() == [2, 4, 6, 5]
    assert measure.recalls(rows)["top3_recall"].tolist() == [True, True, False, False]
    assert len(measure.recalls(rows)["top3_recall_after_1"]) == 3
    assert measure.savings(rows[:3]) == pytest.approx(1 - 4 / 12)


@pytest.mark.parametrize("value", [9.0, 9.5, float("nan")])
def test_a_network_that_is_no_better_than_counting_is_refused(value: float) -> None:
    figures.better("word_perplexity", {"network": 8.9, "5-gram": 9.0, "unigram": 20.0})
    with pytest.raises(RefusedError, match="word_perplexity"):
        figures.better("word_perplexity", {"network": value, "5-gram": 9.0, "unigram": 20.0})


def test_sequences_that_stand_in_what_was_learned_are_found() -> None:
    learned = ["One two three four five six seven eight nine ten."]
    written = [
        "ONE two three four five six seven eight nine",
        "two three four five six seven eight ten",
        "too short",
    ]
    hits, of = measure.memorised(written, learned)
    assert hits.tolist() == [2, 0, 0]
    assert of.tolist() == [2, 1, 0]
