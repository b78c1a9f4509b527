"""The benchmark of `emoji_generator`."""

from models import catalog
from training.core.timed import Tables
from training.kinds.gan import benchmark


def tables() -> Tables:
    """One picture and a grid of them, made and judged."""
    return benchmark.tables(catalog.load("emoji_generator"), grid=16)
