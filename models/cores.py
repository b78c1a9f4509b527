"""How many cores this process may use, which may be far fewer than the machine has."""

import math
import os
from functools import lru_cache
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


@lru_cache
def cores() -> int:
    """What the scheduler and the container's quota both allow, at least 1."""
    return max(1, int(min(scheduled(), quota())))


def scheduled() -> int:
    """Cores that the scheduler may run this process on (`taskset`, cpusets); else all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quota(groups: Path = GROUPS, own: Path = OWN) -> float:
    """Cores' worth of time that cgroup v2 grants (`cpu.max`), of all groups around this process.

    groups: where the tree is mounted; own: the file that names this process's group. Infinite
    where nothing limits it.
    """
    try:
        name = next(line[3:] for line in own.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        name = "/"  # in a container its own group is often the root that it sees
    group = groups / name.strip("/")
    inside = [group, *group.parents]
    return min(
        (_granted(one / "cpu.max") for one in inside if one == groups or groups in one.parents),
        default=math.inf,
    )


def _granted(file: Path) -> float:
    """`cpu.max` holds two numbers of microseconds, time and period, or `max` for the first."""
    try:
        time, period = file.read_text().split()
        return math.inf if time == "max" else int(time) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf
