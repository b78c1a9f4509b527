"""What takes long to compute, kept in a file, so that a release that was interrupted goes on."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def kept(file: Path | None, make: Callable[[], Array]) -> Array:
    """What lies in the .npy file, else what `make` gives, which is written there; None: no file.

    It is written under another name and renamed, so a kill at any moment leaves no half of it.
    """
    if file is None:
        return make()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.npy")
        np.save(part, make())
        part.replace(file)
    found: Array = np.load(file)
    return found
