"""Releases `machine_health`: chooses on valve2, measures on valve1 and other, refuses below 0.70.

All rows up to the 400th of a run are the stretch that is called normal; the figures are of the rows
after it. other/2 is the exception that shows what that costs: 296 of its first 400 are anomalous.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.card import Card, Data, Metric, Setting, Table
from models.catalog import Model
from models.kinds.thresholds import LabelledScores, Point
from models.machine_health import predict, scoring
from models.machine_health.scoring import WINDOW, Scale
from training import sources
from training.core import statistics
from training.core.loop import LoopConfig
from training.core.release import Draft, Findings, Floor, Graph, training_of
from training.machine_health import made_sensors, rivals, skab
from training.machine_health.network import Context, Look, Network, Predict, unrolled
from training.machine_health.rivals import FIRST, RIVALS
from training.machine_health.skab import NORMAL, Run

Array = np.ndarray[Any, Any]
ByWindow = Callable[[Run], tuple[Array, Array]]  # [windows, sensors] in deviations, and their ends
SKAB = "https://github.com/waico/SKAB"
FLOORS = (Floor("f1", "test", "fp32", least=0.70),)
SMOOTHINGS = (1, 8, 15, 30)
ALARMS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
PIECE = 900  # rows of the anomaly-free run that are taken as one run, to count false alarms
PUBLISHED = (
    ("Conv-AE", 0.78),
    ("MSET", 0.78),
    ("T-squared + Q", 0.76),
    ("LSTM-AE", 0.74),
    ("LSTM-VAE", 0.56),
    ("vanilla autoencoder", 0.39),
    ("isolation forest", 0.29),
)


@dataclass(frozen=True)
class Trained:
    """A finished run."""

    network: Network
    history: list[dict[str, float]]
    config: LoopConfig


@dataclass(frozen=True)
class Material:
    """What a release is made of. chooser: by which all is chosen on `chosen_on`.

    networks: of several seeds, the first is released. refits: seeds of the network that is
    refitted on each run, with at most so many `epochs`.
    """

    chooser: Trained
    networks: list[Trained]
    free: Run
    chosen_on: list[Run]
    test: list[Run]
    refits: int = 3
    epochs: int = 60
    kept: Path | None = None  # where what was refitted lies, for a release that was interrupted

    @property
    def pieces(self) -> list[Run]:
        """The anomaly-free run, cut into runs."""
        starts = range(0, len(self.free.values) - PIECE + 1, PIECE)
        return [
            Run(f"anomaly-free/{i}", self.free.values[i : i + PIECE], np.zeros(PIECE, bool), ())
            for i in starts
        ]


def by_network(network: Network) -> ByWindow:
    """How unusual each window is, by a network that is not released."""

    def anomaly_score(run: Run) -> tuple[Array, Array]:
        scaled = Scale.of(run.values[FIRST.slice])(run.values)
        ends = np.arange(WINDOW - 1, len(scaled))
        context = Context(network)(torch.from_numpy(scoring.spread(scaled[FIRST.slice])))
        found = [
            Predict(network)(
                torch.from_numpy(scoring.windows(sensor, ends)), told.expand(len(ends), -1)
            )[0].numpy()
            for sensor, told in zip(scaled.T, context, strict=True)
        ]
        return scoring.standard(np.stack(found, 1), scoring.inside(ends, FIRST)), ends

    return torch.no_grad()(anomaly_score)


def scores(found: tuple[Array, Array], rows: int, smoothing: int) -> Array:
    """A score for each row."""
    by_sensor, ends = found
    joined = scoring.joined(by_sensor, scoring.inside(ends, FIRST), smoothing)
    return scoring.by_row(joined, ends, rows)


def after(runs: list[Run], found: list[Array]) -> LabelledScores:
    """The scores of all rows after the 400th."""
    return LabelledScores.of(
        np.concatenate([score[NORMAL:] for score in found]),
        np.concatenate([run.anomalous[NORMAL:] for run in runs]),
    )


def best(runs: list[Run], anomaly_score: ByWindow) -> tuple[int, float, float]:
    """Smoothing and threshold of the best F1 on these runs, and that F1."""
    found = [anomaly_score(run) for run in runs]
    tried = []
    for smoothing in SMOOTHINGS:
        judged = after(
            runs,
            [scores(f, len(run.values), smoothing) for f, run in zip(found, runs, strict=True)],
        )
        tried += [(judged.at(alarm).f1, smoothing, alarm) for alarm in ALARMS]
    f1, smoothing, alarm = max(tried)
    return smoothing, alarm, f1


def choose(model: Model, material: Material) -> Findings:
    """Smoothing and threshold, by the network that never saw a row of the runs they are chosen on.

    The anomaly-free run stands beside valve2, in which most rows are normal too but few.
    """
    del model
    runs = [*material.chosen_on, *material.pieces]
    smoothing, alarm, f1 = best(runs, by_network(material.chooser.network))
    on = "valve2 and the anomaly-free run, by a network that learned from the latter alone"
    rows = sum(len(run.values) - NORMAL for run in runs)
    return Findings(
        [Metric("f1", f1, "validation", rows, "fp32")],
        settings={
            "smoothing": Setting(float(smoothing), "best F1", on),
            "alarm": Setting(alarm, "best F1", on),
        },
    )


def rates(point: Point) -> list[float]:
    """F1, share of normal rows with an alarm, share of anomalous rows without."""
    return [point.f1, point.false_rate, 1 - point.recall]


def measure(model: Model, material: Material) -> Findings:
    """The released file on valve1 and other, its rivals on the same rows, and the leaderboard."""
    runs = material.test
    found = [predict(model, run.values, FIRST).scores for run in runs]
    alarm = model.card.settings["alarm"].value
    judged, point = after(runs, found), after(runs, found).at(alarm)
    others = _rivals(material)
    n = point.caught + point.missed + point.false + point.passed
    pairs = [
        (run.anomalous[NORMAL:], score[NORMAL:] >= alarm)
        for run, score in zip(runs, found, strict=True)
    ]

    def of(index: int) -> Callable[[Array], float]:
        def figure(rows: Array) -> float:
            chosen = [pairs[i] for i in rows]
            return rates(skab.counted([t for t, _ in chosen], [c for _, c in chosen]))[index]

        return figure

    # Rows of a run are alike, so the interval redraws whole runs.
    metrics = []
    for index, name in enumerate(("f1", "false_alarm_rate", "missed_alarm_rate")):
        value, low, high = statistics.bootstrap(of(index), np.arange(len(runs)))
        baseline = {row[0]: row[1 + index] for row in others}
        metrics.append(
            Metric(name, value, "test", n, "fp32", low=low, high=high, baseline=baseline)
        )
    metrics += [
        Metric(
            "auroc",
            judged.curve.auroc,
            "test",
            n,
            "fp32",
            baseline={row[0]: row[4] for row in others},
        ),
        Metric("average_precision", judged.curve.average_precision, "test", n, "fp32"),
    ]
    seeds: list[list[str | float | None]] = []
    for seed, one in enumerate(material.networks):
        of_seed = _seed(one, material, model)
        row = [*rates(of_seed.at(alarm)), of_seed.curve.auroc]
        seeds.append([f"this network, seed {seed}", *row])
    each: list[list[str | float | None]] = [
        [run.name, *rates(skab.counted([truth], [call])), float(truth.sum())]
        for run, (truth, call) in zip(runs, pairs, strict=True)
    ]
    head = ["method", "F1", "false alarms", "missed alarms"]
    tables = {
        "released": Table([*head, "auroc"], [*seeds, *others], "test", n, "fp32"),
        "runs": Table(["run", *head[1:], "anomalous rows"], each, "test", n, "fp32"),
        "leaderboard": _leaderboard(material, model, found),
    }
    evidence = {
        "test_scores": np.concatenate([score[NORMAL:] for score in found]).astype(np.float32),
        "test_anomalous": np.concatenate([truth for truth, _ in pairs]),
    }
    return Findings(metrics, tables, evidence=evidence)


def _seed(trained: Trained, material: Material, model: Model) -> LabelledScores:
    """A network of another seed, with the released settings."""
    smoothing = int(model.card.settings["smoothing"].value)
    anomaly_score = by_network(trained.network)
    return after(
        material.test, [scores(anomaly_score(r), len(r.values), smoothing) for r in material.test]
    )


def _rivals(material: Material) -> list[list[Any]]:
    """Name, F1, false and missed alarms, AUROC; settings are chosen on valve2 as the network's."""
    rows: list[list[Any]] = []
    chosen_on = [*material.chosen_on, *material.pieces]
    for rival in RIVALS:
        before = rival(rivals.scaled([material.free]))
        learned = rival(rivals.scaled([material.free, *material.chosen_on]))

        def fitted(run: Run, rival: Any = rival) -> tuple[Array, Array]:
            scaled = rivals.scaled([Run("", run.values[:NORMAL], np.zeros(NORMAL, bool), ())])
            return rivals.by_window(rival(scaled), run)

        ways: tuple[tuple[str, ByWindow, ByWindow], ...] = (
            (
                "on the other runs",
                partial(rivals.by_window, before),
                partial(rivals.by_window, learned),
            ),
            ("on each run's first 400 rows", fitted, fitted),
        )
        for way, chosen, served in ways:
            smoothing, alarm, _ = best(chosen_on, chosen)
            found = [scores(served(r), len(r.values), smoothing) for r in material.test]
            judged = after(material.test, found)
            name = f"{rival.name}, fitted {way}"
            rows.append([name, *rates(judged.at(alarm)), judged.curve.auroc])
    return rows


def _leaderboard(material: Material, model: Model, found: list[Array]) -> Table:
    """The leaderboard's own protocol: all rows of all runs, a network refitted on each."""
    runs = [*material.chosen_on, *material.test]
    seeds = [
        rivals.all_errors(runs, seed, material.epochs, material.kept)
        for seed in range(material.refits)
    ]
    few = len(material.chosen_on)
    rule = rivals.chosen(runs[:few], [errors[:few] for errors in seeds])
    rows: list[list[str | float | None]] = [
        [
            f"autoencoder refitted on each run, seed {seed}",
            *rates(rivals.leaderboard(runs, errors, rule)),
            "measured",
        ]
        for seed, errors in enumerate(seeds)
    ]
    alarm = model.card.settings["alarm"].value
    called = [score >= alarm for score in found]
    point = skab.counted([run.anomalous for run in material.test], called)
    rows.append(["this network, not refitted (valve1 and other alone)", *rates(point), "measured"])
    rows += [[name, f1, None, None, f"unverified: {SKAB}"] for name, f1 in PUBLISHED]
    n = sum(len(run.values) for run in runs)
    head = ["method", "F1", "false alarms", "missed alarms", "source"]
    return Table(head, rows, "all rows of all 34 runs", n, "fp32")


def graphs(network: Network) -> dict[str, Graph]:
    """All graphs. Their golden inputs are made up: SKAB's rows may not be passed on."""
    run = made_sensors.run("valve", 900, seed=7)
    scaled = Scale.of(run.values[:NORMAL])(run.values)
    normal = scoring.spread(scaled[:NORMAL])
    with torch.no_grad():
        context = network.context(torch.from_numpy(normal)).numpy()
    ends = np.linspace(100, 800, len(normal)).astype(int)
    window = np.stack(
        [scoring.windows(s, np.array([e]))[0] for s, e in zip(scaled.T, ends, strict=True)]
    )
    inputs, quick = {"window": window, "context": context}, unrolled(network)
    made = {
        "predict": (Predict(quick), inputs, ("unusual", "code")),
        "look": (Look(network), inputs, ("reconstruction", "expected")),
        "context": (Context(quick), {"normal": normal}, ("context",)),
    }
    return {
        name: Graph(module, given, outputs, tolerance=1e-4, golden=outputs)
        for name, (module, given, outputs) in made.items()
    }


def card_of(material: Material) -> Card:
    """What is said of the model, without what is measured."""
    source, trained = sources.DATA["skab"], material.networks[0]
    sets = (
        ("anomaly-free run: learned from", len(material.free.values)),
        ("valve2: chosen on, then learned from", sum(len(r.values) for r in material.chosen_on)),
        ("valve1 and other: scored once", sum(len(r.values) for r in material.test)),
    )
    minutes = (
        sum(row["seconds"] for one in (material.chooser, *material.networks) for row in one.history)
        / 60
    )
    return Card(
        name="machine_health",
        title="Machine health",
        summary="A variational autoencoder that looks at one sensor's normal stretch and says how "
        "unlike it a later window is; the most unusual sensor makes a machine's score.",
        task="Rows of any number of sensors and a normal stretch in, a score for each row out.",
        limits=[
            "It learned from one water pump in a laboratory, eight sensors, a row a second.",
            "It looks at each sensor by itself: a change of nothing but how two belong together "
            "escapes it.",
            "A normal stretch that holds the fault hides it; one that holds no slow drift makes "
            "every later drift look like a fault.",
            "It expects a drift of about 800 rows after the stretch; what changes with the season "
            "or the shift needs a stretch that holds both.",
            "A score stands at the end of its 32 rows: an alarm comes up to half a minute late at "
            "a row a second.",
        ],
        labels=["normal", "anomalous"],
        data=[Data(source.title, source.licence, SKAB, split, n) for split, n in sets],
        weights=None,
        graphs={},
        serves={"cpu": "fp32", "cuda": "fp32"},
        metrics=[],
        tables={},
        settings={},
        history=trained.history,
        training=training_of("machine_health", asdict(trained.config), minutes),
        files={},
    )


def draft(material: Material, floors: tuple[Floor, ...]) -> Draft:
    """Everything that the release needs to know."""
    return Draft(
        card_of(material),
        graphs(material.networks[0].network),
        partial(choose, material=material),
        partial(measure, material=material),
        floors,
    )
