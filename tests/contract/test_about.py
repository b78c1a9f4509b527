"""About: what a stranger wants to know of this server, and the code that runs on it."""

import ast
import io
import zipfile
from pathlib import Path

import pytest

from pages.about import packed
from tests.visit import errors, visit, words

ROOT = Path(packed.__file__).parents[2]


def test_the_zip_is_the_code_whole_and_nothing_else() -> None:
    with zipfile.ZipFile(io.BytesIO(packed.code())) as found:
        assert found.testzip() is None
        names = {name.removeprefix("glassbox/") for name in found.namelist()}
        assert found.read("glassbox/app.py") == (ROOT / "app.py").read_bytes()
        for name in names:
            if name.endswith(".py"):
                ast.parse(found.read(f"glassbox/{name}"))
    assert {"LICENSE", "NOTICE", "README.md", "requirements.txt", "pages/about/page.py"} <= names
    assert all(name.startswith("glassbox/") for name in found.namelist())
    assert not [name for name in names if name.endswith((".onnx", ".npz", ".jpg", ".pyc"))]
    assert len(found.namelist()) == len(names)
    assert len(packed.code()) < 5e6


@pytest.mark.parametrize("name", ["GLASSBOX_SOURCE", "GLASSBOX_CONTACT"])
def test_a_host_says_where_the_source_is_and_whom_to_ask(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "the caretaker of the school"
    assert said not in words(visit("about"))
    monkeypatch.setenv(name, said)
    test = visit("about")
    assert errors(test) == []
    assert said in words(test)


def test_it_says_the_limits_that_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSBOX_LINE", "17")
    monkeypatch.setenv("GLASSBOX_DEADLINE", "9")
    said = words(visit("about"))
    assert "17 s in line" in said
    assert "9 s at work" in said
    assert "25 MB" in said
