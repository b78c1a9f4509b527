"""The benchmark of `fashion`."""

from models import catalog
from training.core.timed import Tables
from training.fashion import train
from training.kinds.classifier import benchmark


def tables() -> Tables:
    """Answers, gradients and maps."""
    return benchmark.tables(catalog.load("fashion"), train.eager(), train.reference())
