"""The benchmark of `text_prediction`."""

from models import catalog
from training.core.timed import Tables
from training.kinds.language import benchmark


def tables() -> Tables:
    """Reading, writing and a gradient."""
    return benchmark.tables(catalog.load("text_prediction"))
