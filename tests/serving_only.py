"""Serving needs no torch: `python -m tests.serving_only`, with requirements.txt alone installed.

Imports every module of models and pages, and opens every page of the menu in every part.
"""

import importlib
import importlib.util
import pkgutil

import models
import pages
from pages import menu
from tests.visit import errors, visit

TRAINING_ONLY = ("torch", "onnx", "onnxscript", "sklearn", "scipy", "pooch", "pytest")
PARTS = ("Why", "Trust", "How it learned", "Take")  # where a page has no such part, its first


def main() -> None:
    """Print one line; raise at the first thing that does not stand."""
    here = [name for name in TRAINING_ONLY if importlib.util.find_spec(name)]
    assert not here, f"not a serving-only environment: {', '.join(here)}"
    scripts = {"pages.frame", *(f"pages.{e.file[:-3].replace('/', '.')}" for e in menu.MENU)}
    names = [
        module.name
        for package in (models, pages)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if module.name not in scripts
    ]
    for name in names:
        importlib.import_module(name)
    entries = menu.visible()
    for entry in entries:
        for part in PARTS if entry.about else PARTS[:1]:
            test = visit(entry.name, part=part)
            assert errors(test) == []
            assert test.title[0].value
    print(f"serving only: {len(names)} modules and {len(entries)} pages, without torch")


if __name__ == "__main__":
    main()
