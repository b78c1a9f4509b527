"""One table of speed, from one run: `python -m training.benchmark [--readme]`.

For every model what its folder's `benchmark` says: PyTorch eager against what is released, in the
app's own runtime, on the same inputs and the same number of threads. Run it with nothing beside it.
"""

import argparse
import importlib
from datetime import date
from importlib.util import find_spec

import onnxruntime
import torch

from models import catalog, memory, runtime
from training.benchmark import faces, readme
from training.core import release
from training.core.timed import Tables


def tables() -> Tables:
    """Every table of every model, in the order of the catalogue."""
    found: Tables = {}
    for name in catalog.NAMES:
        module = f"training.{name}.benchmark"
        own = importlib.import_module(module).tables() if find_spec(module) else {}
        for head, rows in own.items():
            found.setdefault(head, []).extend(rows)
    return found | faces.tables()


def report() -> str:
    """The whole block, in Markdown."""
    torch.set_num_threads(runtime.threads())
    head = (
        f"{date.today().isoformat()}, {release.hardware()}, {runtime.threads()} threads, "
        f"{runtime.device().upper()}; torch {torch.__version__}, ONNX Runtime "
        f"{onnxruntime.__version__}. Times in milliseconds."
    )
    blocks = ["\n".join((columns, *rows)) for columns, rows in tables().items()]
    return "\n\n".join((head, *blocks))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time every model.")
    parser.add_argument("--readme", action="store_true", help="write the block into README.md")
    given = parser.parse_args()
    memory.settle()  # as the server does
    block = report()
    print(block)
    if given.readme:
        readme.replace("benchmark", block)
