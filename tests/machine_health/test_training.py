"""How machine_health is made: SKAB's protocol by hand, what it learns from, a small release."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.machine_health.scoring import WINDOW
from training.machine_health import made_sensors, rivals, skab, train
from training.machine_health.network import Look, Network, Predict, unrolled
from training.machine_health.rivals import Rule
from training.machine_health.skab import Run
from training.machine_health.train import Config, example


def test_a_row_is_called_where_every_window_that_holds_it_is() -> None:
    # Ten rows, windows of three: the eight windows begin at rows 0 to 7.
    windows = np.array([0, 0, 1, 1, 1, 1, 0, 1], bool)
    called = skab.alarmed(windows, 10, 3)
    # Row 4 lies in windows 2, 3, 4 and row 5 in 3, 4, 5; row 9 in window 7 alone, and never is.
    assert np.flatnonzero(called).tolist() == [4, 5]


def test_counts_are_of_all_rows_of_all_runs_together() -> None:
    truths = [np.array([1, 1, 0], bool), np.array([0, 0, 0, 1], bool)]
    calls = [np.array([1, 0, 0], bool), np.array([1, 0, 0, 1], bool)]
    point = skab.counted(truths, calls)
    assert (point.caught, point.missed, point.false, point.passed) == (2, 1, 1, 3)
    assert point.f1 == pytest.approx(2 / 3)
    assert point.false_rate == 0.25


def test_the_threshold_comes_from_the_first_400_rows_alone() -> None:
    errors = np.ones((600, 2))
    errors[:341, 0] = np.linspace(0, 1, 341)  # windows of 60 that end within the first 400 rows
    errors[341:] = 9.0
    called = Rule("most", 2.0).calls(errors, 659)
    assert not called[:400].any()
    assert called[400:600].all()
    louder = errors.copy()
    louder[341:] = 1.9
    assert not Rule("most", 2.0).calls(louder, 659).any()


def test_a_run_is_parsed_with_and_without_labels() -> None:
    with_labels = skab.parsed("a", "datetime;x;y;anomaly;changepoint\nt;1;2;0.0;0\nt;3;4;1.0;0\n")
    assert with_labels.values.tolist() == [[1, 2], [3, 4]]
    assert with_labels.anomalous.tolist() == [False, True]
    without = skab.parsed("b", "datetime;x;y\nt;1;2\n")
    assert without.sensors == ("x", "y")
    assert not without.anomalous.any()


def test_examples_are_scaled_on_their_stretch_and_hold_no_anomaly() -> None:
    values = np.random.default_rng(0).normal(size=(900, 2))
    anomalous = np.zeros(900, bool)
    anomalous[450:700] = True
    values[anomalous] = 1e6
    config = Config(windows=200, mixed=0.5)
    for seed in range(40):
        normal, later = example(Run("", values, anomalous, ()), config, np.random.default_rng(seed))
        assert normal.shape == (200, WINDOW)
        assert later.shape == (WINDOW,)
        assert abs(normal).max() < 8
        assert abs(later).max() < 8
        assert normal.dtype == later.dtype == np.float32


def test_a_code_that_is_expected_surprises_by_nothing() -> None:
    network = Network(8).eval()
    context = torch.randn(3, 8)
    mean, log_variance, _ = network.expects(context)
    assert network.surprise(mean, log_variance, context).abs().max() < 1e-5
    assert (network.surprise(mean + 1, log_variance, context) > 0).all()


def test_what_is_expected_is_drawn_back_into_the_normal() -> None:
    network = Network(8).eval()
    window, context = torch.randn(4, WINDOW) * 50, torch.randn(4, 8)
    with torch.no_grad():
        network.posterior.weight.mul_(50)  # an untrained one keeps everything near its prior
        _, code = Predict(network)(window, context)
        kept, expected = Look(network)(window, context)
        far = code.abs().amax(1) > 1.5
    assert far.any()
    assert not torch.allclose(kept[far], expected[far])


def test_as_matrices_the_encoder_finds_the_same() -> None:
    network, window = Network(8).eval(), torch.randn(5, WINDOW)
    with torch.no_grad():
        found = unrolled(network).features(window)
        torch.testing.assert_close(found, network.features(window), rtol=1e-5, atol=1e-5)


def test_what_was_refitted_is_kept_and_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made_sensors.run("valve", 500, 3)
    first = rivals.all_errors([run], 0, 1, tmp_path)
    monkeypatch.setattr(rivals, "errors", None)
    again = rivals.all_errors([run], 0, 1, tmp_path)
    assert np.array_equal(first[0], again[0])


def test_a_fault_lies_where_it_is_said_to_lie() -> None:
    run, well = made_sensors.run("valve", 900, 5), made_sensors.run(None, 900, 5)
    assert np.flatnonzero(run.anomalous)[[0, -1]].tolist() == [450, 719]
    differs = np.flatnonzero(abs(run.values - well.values).max(1) > 0)
    assert differs[0] >= 450
    assert differs[-1] <= 720


def test_all_of_it_runs_in_seconds_on_made_up_sensors(tmp_path: Path) -> None:
    card = train.smoke(tmp_path)
    figure = card.metric("f1", "test")
    assert figure.source == "measured"
    assert 0 <= figure.value <= 1
    assert figure.baseline is not None
    assert len(card.tables["leaderboard"].rows) == 1 + 1 + 7
    assert {row[0] for row in card.tables["runs"].rows} <= {"valve", "bearing", "heat"}
    files = {path.name for path in (tmp_path / "machine_health").iterdir()}
    assert files == {
        "card.json",
        "evidence.npz",
        "golden.npz",
        "model.onnx",
        "model.context.onnx",
        "model.look.onnx",
    }
