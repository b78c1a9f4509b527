"""The order of the house, read from its files: who imports whom, what is named how and kept."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from models import card as cards
from models import catalog
from pages import menu
from tests.helpers import ROOT

ROOMS = ("models", "pages", "training")
# What each room must not import. `app` is the front door, which only Streamlit opens.
FORBIDDEN = {
    "models": {"app", "pages", "training", "streamlit", "torch", "plotly"},
    "pages": {"app", "training", "torch", "onnx", "onnxscript", "onnxruntime"},
    "training": {"app", "pages", "streamlit"},
}


def imports(source: str) -> Iterator[str]:
    """Every module that a source names in an import, inside functions too: `a.b` for `from a
    import b`, `.a` for a relative one."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from ("." * level + f"{module or ''}.{name.name}" for name in names)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if ast.unparse(
                func
            ).endswith(("import_module", "__import__")):
                yield name


def imported_by(room: str) -> list[tuple[str, str]]:
    """(file, module) for every import in a room."""
    files = sorted((ROOT / room).rglob("*.py"))
    assert files, room
    return [
        (str(path.relative_to(ROOT)), name)
        for path in files
        for name in imports(path.read_text("utf-8"))
    ]


def test_serving_reads_no_variable_that_the_readme_keeps_for_training() -> None:
    kept = re.findall(
        r"\| `(GLASSBOX_\w+)` \| [^|]* \| training only", (ROOT / "README.md").read_text()
    )
    assert "GLASSBOX_DATA" in kept
    for room in ("app.py", "models", "pages"):
        files = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
        for path in files:
            assert not [name for name in kept if name in path.read_text("utf-8")], path


def tracked() -> list[Path]:
    """The files that git keeps, without those that are not text."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files are kept is unknown")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    # A file that is taken out and not yet committed is still listed.
    return [path for path in paths if path.exists() and b"\0" not in path.read_bytes()]


def test_the_reader_of_imports_sees_them_wherever_they_stand() -> None:
    source = """
import a.b as c
def f():
    from d import e
    class G:
        from .h import i
    importlib.import_module("j.k")
"""
    assert set(imports(source)) == {"a.b", "d.e", ".h.i", "j.k"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_none_that_it_must_not(room: str) -> None:
    found = [
        (file, name) for file, name in imported_by(room) if name.split(".")[0] in FORBIDDEN[room]
    ]
    assert not found


def test_only_the_runtime_imports_onnxruntime() -> None:
    found = {file for file, name in imported_by("models") if name.split(".")[0] == "onnxruntime"}
    assert found == {"models/runtime.py"}


# Rooms of a room, each standing on those before it; the last stand beside each other.
PARTS = ("state", "draw", "job", "source", ("explain", "anomaly"), "sections")
MODELS = ("core", "decode", "kinds", "explain")
TRAINING = ("core", "sources", "kinds")
# One model's code uses another's where its card says so: a face is found before it is told apart.
BUILT_ON = {name: {*catalog.load(name).card.uses.values()} for name in catalog.NAMES}
# Two demos of classifiers, and what is said of both of them, know these two by name.
BY_NAME = {"pages/parts/sections/classifiers.py", "pages/parts/sections/results.py"}
DEMOS = {entry.name for entry in menu.MENU if entry.about}


def place(file: str) -> tuple[str, ...]:
    """The folders of a module and its name: of `a/b.py` or of `a.b`, without an `__init__`."""
    names = tuple(file.removesuffix(".py").replace("/", ".").split("."))
    return names[:-1] if names[-1] == "__init__" else names


def within(room: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(file, its place, the place of what it imports) for imports of this project's own."""
    return [
        (file, place(file), place(name))
        for file, name in imported_by(room)
        if name.split(".")[0] in ROOMS
    ]


def height(name: str, order: tuple[str | tuple[str, ...], ...]) -> int:
    """On which floor a room stands; above all of them where it is none of the order."""
    floors = [(floor,) if isinstance(floor, str) else floor for floor in order]
    return next((i for i, floor in enumerate(floors) if name in floor), len(floors))


def room_of_models(where: tuple[str, ...]) -> str:
    """`core` for the files that stand in models/ itself, else the folder's name."""
    inside = where[1] if len(where) > 1 else "core"
    return inside if (ROOT / "models" / inside).is_dir() else "core"


def test_parts_stand_on_each_other_and_on_no_demo() -> None:
    for file, here, there in within("pages"):
        if here[1] != "parts":
            continue
        if there[0] == "models":
            shared = height(room_of_models(there), MODELS) < len(MODELS)
            assert shared or file in BY_NAME, (file, there)
            continue
        if len(there) < 3:
            continue
        assert there[1] == "parts", f"{file} knows {there[1]}"
        mine, theirs = here[2], there[2]
        assert mine == theirs or height(theirs, PARTS) < height(mine, PARTS), (file, theirs)
    folders = {path.name for path in (ROOT / "pages" / "parts").iterdir() if path.is_dir()}
    listed = {one for floor in PARTS for one in ((floor,) if isinstance(floor, str) else floor)}
    assert folders - {"__pycache__"} == listed


def test_no_demo_knows_another() -> None:
    seen = set()
    for file, here, there in within("pages"):
        if here[1] in DEMOS and there[0] == "pages":
            seen.add(here[1])
            assert there[1] in (here[1], "parts"), (file, there)
    assert seen == DEMOS


def test_models_stand_on_what_is_shared_and_on_few_others() -> None:
    for file, here, there in within("models"):
        mine, theirs = room_of_models(here), room_of_models(there)
        if mine == theirs or theirs in BUILT_ON.get(mine, set()):
            continue
        assert height(theirs, MODELS) < height(mine, MODELS), (file, there)


def test_scripts_stand_on_what_is_shared_and_on_few_others() -> None:
    for file, here, there in within("training"):
        if here[1] == "benchmark" or here[1:] == there[1:]:  # the benchmark times them all
            continue
        mine, theirs = here[1], there[1] if len(there) > 1 else "core"
        if there[0] == "models":
            model = room_of_models(there)
            shared = height(model, MODELS) < len(MODELS)
            assert shared or model in {mine, *BUILT_ON.get(mine, ())}, (file, there)
        elif mine != theirs:
            assert height(theirs, TRAINING) < height(mine, TRAINING), (file, there)


def test_what_is_shared_is_shared() -> None:
    """No file of the shared rooms serves one demo or one model alone."""
    users: dict[str, set[str]] = {}
    for room in ("pages", "training"):
        for file, here, there in within(room):
            if there[:2] == ("pages", "parts") or there[:2] in (
                ("training", "core"),
                ("training", "kinds"),
            ):
                users.setdefault(".".join(there), set()).add(file if len(here) < 3 else here[1])
    shared = [
        ".".join(place(str(path.relative_to(ROOT))))
        for room in ("pages/parts", "training/core", "training/kinds")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    alone = {}
    for module in shared:
        found = {
            user for name, by in users.items() if f"{name}.".startswith(f"{module}.") for user in by
        }
        if len(found) == 1 and found & {*DEMOS, *catalog.NAMES}:
            alone[module] = found
    assert not alone


def test_shared_parts_are_imported_by_their_whole_name() -> None:
    # A bare `import parts` works too, and loads them a second time with other error classes.
    names = [(file, name) for room in (*ROOMS, "tests") for file, name in imported_by(room)]
    assert not [found for found in names if found[1].split(".")[0] in ("parts", "frame")]
    assert not [(file, name) for file, name in names if file.startswith("pages") and name[0] == "."]
    assert any(name.startswith("pages.parts.") for _, name in names)


def test_nothing_in_pages_bears_the_name_of_another_module() -> None:
    # The running app has pages/ first on sys.path: its `models.py` would hide ours.
    taken = {"app", "models", "pages", "training", "tests"}
    taken |= sys.stdlib_module_names | packages_distributions().keys()
    names = {path.stem for path in (ROOT / "pages").iterdir() if path.suffix in ("", ".py")}
    assert "home" in names
    assert not names & taken


def test_the_menu_and_the_pages_are_the_same() -> None:
    lines = {entry.file for entry in menu.MENU}
    files = {f"{path.parent.name}/page.py" for path in (ROOT / "pages").glob("*/page.py")}
    files |= {path.name for path in (ROOT / "pages").glob("*.py")}
    assert lines == files - {"frame.py", "menu.py", "shell.py", "warm.py", "footer.py"}
    assert not (ROOT / "pages" / "pages").exists()


def test_every_model_has_a_folder_and_a_script_of_its_name_and_a_page() -> None:
    files = [*catalog.FOLDER.glob("[!.]*/*.onnx"), *catalog.FOLDER.glob("[!.]*/card.json")]
    scripts = {
        Path(file).parent.name
        for file, name in imported_by("training")
        if name == "training.core.release.release"
    }
    assert len(set(catalog.NAMES)) == len(catalog.NAMES)
    assert set(catalog.NAMES) == {path.parent.name for path in files}
    # A script and a page may wait for their model, but no model goes without them.
    shown = {name for entry in menu.MENU for name in entry.models}
    assert set(catalog.NAMES) <= shown <= scripts


def test_released_files_stay_small() -> None:
    sizes = {path: path.stat().st_size for path in catalog.FOLDER.glob("*/*") if path.is_file()}
    assert any(path.suffix == ".onnx" for path in sizes)
    assert not [path.name for path, size in sizes.items() if size >= 50e6]
    assert sum(sizes.values()) < 320e6


# Written so that this file does not hold what it looks for.
HOSTS = (
    r"pypi\.org",
    r"pythonhosted\.org",
    r"npmjs\.(?:org|com)",
    r"(?:deb|security)\.debian\.org",
    r"conda\.anaconda\.org",
    r"proxy\.golang\.org",
    r"static\.crates\.io",
    r"rubygems\.org",
)
HOST = re.compile("|".join(HOSTS))
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|opt|root|home|Users)/\w")


def test_the_needles_find_what_they_are_for() -> None:
    assert HOST.search("https://files." + "pythonhosted" + ".org/packages")
    assert MACHINE_PATH.search("cd " + "/".join(["", "work", "main"]))
    assert not MACHINE_PATH.search("https://example.org/" + "home/page")


def test_no_kept_file_names_a_registry_host_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        for needle in (HOST, MACHINE_PATH)
        for match in needle.finditer(path.read_text("utf-8"))
    ]
    assert not found


def readme_rows() -> dict[str, dict[str, str]]:
    """The README's table of models: name -> column -> cell."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (models,) = (part for part in section if part.startswith("Models\n"))
    lines = [line.strip("| ").split(" | ") for line in models.splitlines() if line[:1] == "|"]
    head, _, *rows = lines
    return {row[0].strip("`"): dict(zip(head, row, strict=True)) for row in rows}


def test_the_readme_has_every_model() -> None:
    assert tuple(readme_rows()) == catalog.NAMES


@pytest.mark.parametrize("name", catalog.NAMES)
def test_the_readme_prints_the_figures_of_the_card(name: str) -> None:
    row, card = readme_rows()[name], cards.read(catalog.FOLDER / name)
    served = card.serves["cpu"]
    metric, numbers = row["figure"].split(" ", 1)
    figure = card.metric(metric, row["measured on"], served)
    assert figure.source == "measured"
    values = [value for value in (figure.value, figure.low, figure.high) if value is not None]
    printed = re.findall(r"\d+\.(\d+)", numbers)
    written = [f"{v:.{len(digits)}f}" for v, digits in zip(values, printed, strict=True)]
    assert written == re.findall(r"[\d.]+", numbers)
    assert int(row["n"]) == figure.n
    assert row["file"] == f"{served}, {card.graph('predict', served).bytes / 1e6:.1f} MB"
