"""What the benchmarks of anomalies share: heads of tables, and rows with a third way in them."""

from training.core import timed
from training.core.timed import Way

SENSORS = timed.versus("sensors and parts")
ROWS = timed.head("tables", "what", "isolation forest", "PyTorch eager", "ours", "times as fast")
TREES = 300  # of the isolation forest


def row(name: str, what: str, ways: tuple[Way, Way, Way], least: int) -> str:
    """A Markdown row: the isolation forest, PyTorch, ours, times as fast as PyTorch."""
    forest, eager, ours = (timed.milliseconds(way, least) for way in ways)
    return f"| `{name}` | {what} | {forest:.1f} | {eager:.1f} | {ours:.1f} | {eager / ours:.1f} |"
