"""How many cores may be used: the scheduler's word and the container's, whichever is less."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import cores as counting
from models.cores import cores, quota, scheduled
from tests.helpers import ROOT


def tree(folder: Path, limits: dict[str, str], own: str) -> tuple[Path, Path]:
    """A cgroup tree with these groups' cpu.max, and the file that names this process's group."""
    groups = folder / "cgroup"
    for name, text in limits.items():
        (groups / name).mkdir(parents=True, exist_ok=True)
        (groups / name / "cpu.max").write_text(text)
    file = folder / "self"
    file.write_text(own)
    return groups, file


@pytest.mark.parametrize(
    ("limits", "own", "granted"),
    [
        ({"a": "150000 100000\n"}, "0::/a\n", 1.5),
        ({"a": "max 100000\n"}, "0::/a\n", math.inf),
        ({"a": "400000 100000\n", "a/b": "max 100000\n"}, "0::/a/b\n", 4.0),
        ({"a": "50000 100000\n", "a/b": "300000 100000\n"}, "0::/a/b\n", 0.5),
        ({"": "200000 100000\n"}, "0::/\n", 2.0),
        ({"": "200000 100000\n"}, "11:cpu:/other\n1:name=systemd:/\n", 2.0),
        ({"a": "nonsense\n"}, "0::/a\n", math.inf),
        ({}, "0::/gone\n", math.inf),
    ],
)
def test_the_least_grant_of_all_groups_around_holds(
    tmp_path: Path, limits: dict[str, str], own: str, granted: float
) -> None:
    assert quota(*tree(tmp_path, limits, own)) == granted


def test_a_system_without_groups_limits_nothing(tmp_path: Path) -> None:
    assert quota(tmp_path / "none", tmp_path / "nothing") == math.inf


@pytest.mark.parametrize(("granted", "count"), [(0.5, 1), (1.9, 1), (3.0, 3), (math.inf, 8)])
def test_cores_are_whole_and_at_least_one(
    monkeypatch: pytest.MonkeyPatch, granted: float, count: int
) -> None:
    monkeypatch.setattr(counting, "scheduled", lambda: 8)
    monkeypatch.setattr(counting, "quota", lambda: granted)
    assert cores.__wrapped__() == count


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_a_process_on_one_core_counts_one() -> None:
    one = min(os.sched_getaffinity(0))
    code = (
        f"import os; os.sched_setaffinity(0, {{{one}}}); "
        "from models import runtime; print(runtime.cores(), runtime.threads())"
    )
    plain = {k: v for k, v in os.environ.items() if not k.startswith("GLASSBOX_")}
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=plain,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["1", "1"]
    assert scheduled() >= 1
