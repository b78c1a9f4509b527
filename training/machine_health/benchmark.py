"""The benchmark of `machine_health`: PyTorch's network with the same numpy, and the file."""

from functools import partial

from models import catalog, machine_health
from models.machine_health.scoring import Normal
from training.core import timed
from training.core.timed import Tables
from training.kinds.anomaly.benchmark import SENSORS
from training.machine_health import made_sensors, release
from training.machine_health.network import Network


def tables() -> Tables:
    """A run of 900 rows of eight sensors."""
    model = catalog.load("machine_health")
    run = made_sensors.run("valve", 900, 1)
    anomaly_score = release.by_network(Network(int(model.card.training.config["width"])).eval())
    ways = (
        partial(anomaly_score, run),
        partial(machine_health.predict, model, run.values, Normal(0, 400)),
    )
    return {SENSORS: [timed.row("machine_health", "900 rows of eight sensors", ways, least=5)]}
