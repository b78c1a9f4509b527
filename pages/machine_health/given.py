"""What is judged: a sample's series or a visitor's table, and the rows that they call normal."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from models import deadline
from models.catalog import Model
from models.decode import tables
from models.errors import GlassboxError
from models.machine_health import FEW, Health, checked, predict, reading
from models.machine_health.reading import Measured, Sensors
from models.machine_health.scoring import WINDOW, Normal
from pages.machine_health.samples import SERIES
from pages.parts.anomaly import board
from pages.parts.draw import words
from pages.parts.job.job import Job
from pages.parts.source import table
from pages.parts.source.place import Source
from pages.parts.source.table import Opened
from pages.parts.state import choices, ours

PAGE = "machine_health"
NORMAL = "normal"
ROW = "row"
SHOWN = 6  # columns that a line names
LONG = 40_000  # windows from which on the way is shown, with a stop


@dataclass(frozen=True)
class Given:
    """A series to judge. sample: its name, or None for the visitor's own, and `name` its file's."""

    key: str
    sensors: Sensors
    sample: str | None
    usual: Normal
    name: str = ""

    def public(self, *what: Hashable) -> ours.Key:
        """The key of what is made of a series of ours; None for the visitor's."""
        return None if self.sample is None else (self.key, *what)

    @property
    def called(self) -> str:
        """Its file, or ours by its name."""
        return self.name or f"our series “{self.sample}”"

    def time(self, row: int) -> str:
        """What stands for a row: its time, where there is one."""
        return self.sensors.times[row] if self.sensors.times else f"row {row + 1:,}"


def choose() -> Given:
    """Draw the choice; a bad upload gets its sentence, and the series before it stays.

    Raises BusyError where there is none before it.
    """
    state = st.session_state
    ours_to_click = st.container()
    file = st.file_uploader(
        "Or your own sensors (CSV or a workbook)",
        type=table.TYPES,
        key=f"{PAGE}_file",
        help="A column for each sensor, a row at each equal step of time; a column of times may "
        f"come first. {table.LIMITS} {table.STAY} It is in no link.",
    )
    with ours_to_click:
        name = SOURCE.choose([file.file_id] if file else [])
    before: Given | None = state.get(f"{PAGE}_given")
    if file is not None and name is None:
        shown = before or _sample(SOURCE.start)
        opened = table.read_once(PAGE, file, reading.measured, shown.called)
        given = shown if opened is None else _own(opened, before, file.file_id) or shown
        state[f"{PAGE}_given"] = given
        return given
    if file is None and name is not None:
        table.forget(PAGE)
    if name is None:  # the file was taken away a moment ago
        return before or _sample(SOURCE.start)
    if before is None or before.key != name:
        before = state[f"{PAGE}_given"] = _sample(name)
    return before


def _sample(name: str) -> Given:
    sample = SERIES[name]
    sensors = ours.kept(("series", name), lambda: _read(sample.read()))
    return Given(name, sensors, name, sample.normal)


def _read(data: bytes) -> Sensors:
    """The sensors of a table. Raises InputError, and BusyError where it takes too long."""
    with deadline.work():
        return reading.sensors(tables.read(data))


def _own(opened: Opened[Measured], before: Given | None, file: str) -> Given | None:
    """The series of a table, as the visitor takes its columns; None where it cannot be judged.

    file: what lies here now, which may be another one that could not be read.
    """
    measured = opened.made
    key = f"{opened.file}_{opened.sheet}"
    chosen, normal = _columns(measured, key)
    whole = f"{key}_{chosen}_{normal}"
    if before is not None and before.key == whole:
        return before
    try:
        sensors = measured.sensors(chosen, normal)
        rows = len(sensors.values)
        usual = Normal(0, max(FEW, min(rows // 3, 2_000)))
        checked(sensors.values, usual)
    except GlassboxError as error:
        if opened.file == file:
            st.error(str(error), icon=":material/error:")
            if before is not None:
                table.still(before.called)
        return None
    if before is None or not before.key.startswith(key):  # not only other columns of it
        _mark(usual)
    return Given(whole, sensors, None, usual, opened.name)


def _columns(measured: Measured, key: str) -> tuple[tuple[str, ...], str | None]:
    """Which columns are sensors, and which word of the labels means normal: the visitor's say."""
    state, columns = st.session_state, f"{PAGE}_columns"
    of, kept = state.get(f"{columns}_of", ("", []))
    if of != key or columns not in state:  # of another table, or one that a sample hid
        state[columns] = kept if of == key else [*measured.usual]
    left = {name: why for name, why in measured.left.items() if name not in state[columns]}
    if left:
        said = "; ".join(
            f"*{words.named(name)}* ({words.plain(why)})" for name, why in [*left.items()][:SHOWN]
        )
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        st.caption(f"Not taken as sensors: {said}{more}.")
    with st.expander("Which columns are sensors?", icon=":material/checklist:"):
        chosen = st.multiselect("Sensors", measured.names, key=columns)
    state[f"{columns}_of"] = key, chosen
    normal = board.normal(PAGE, measured.labels, "of the truth")
    return tuple(chosen), normal


def _fresh(name: str | None) -> dict[str, Any]:
    """Each series has its own stretch; of a visitor's it is known when the file is read."""
    return {} if name is None else _marks(SERIES[name].normal)


def _marks(stretch: Normal) -> dict[str, Any]:
    return {NORMAL: (stretch.start + 1, stretch.stop)}


def _mark(stretch: Normal) -> None:
    """Set, since a slider would keep what it shows."""
    choices.fresh(_marks(stretch))


SOURCE = Source(PAGE, "A series of ours", SERIES, _fresh, "table")


def normal(given: Given) -> Normal:
    """The slider that marks the rows in which the machine was well."""
    rows = len(given.sensors.values)
    usual = (given.usual.start + 1, given.usual.stop)
    choices.note(**{NORMAL: usual})
    held = st.session_state.get(NORMAL)
    if held is not None and not 1 <= held[0] <= held[1] <= rows:
        del st.session_state[NORMAL]
    first, last = st.slider(
        "Rows in which the machine was well",
        1,
        rows,
        usual,
        key=NORMAL,
        bind="query-params",
        help=f"At least {FEW}. Everything is compared with these; nothing is learned from them.",
    )
    return Normal(first - 1, last)


def judged(model: Model, given: Given, marked: Normal) -> Health | None:
    """Every row's score, kept while nothing changes; None where the visitor stopped a long one.

    Raises what `predict` raises.
    """
    values = given.sensors.values
    job: Job[Normal, Health] = Job.of(f"{PAGE}_series", given.key)

    def judge(told: Callable[[float], object] | None = None) -> Health:
        public = given.public(model.release, marked)
        return ours.kept(public, lambda: predict(model, values, marked, told))

    if marked not in job.done and (len(values) - WINDOW) * values.shape[1] < LONG:
        job.done[marked] = judge()
    if not job.run([marked], "windows", lambda _, told: [judge(told)], chunk=1):
        if not job.why:
            st.info("Stopped: nothing of this series was judged.")
        return None
    return job.done[marked]
