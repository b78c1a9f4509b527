"""The benchmark of `fashion_generator`."""

from models import catalog
from training.core.timed import Tables
from training.kinds.gan import benchmark


def tables() -> Tables:
    """One picture and a grid of them, made and judged."""
    return benchmark.tables(catalog.load("fashion_generator"), grid=64)
