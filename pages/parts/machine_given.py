"""What is judged: a sample's series or a visitor's CSV, and the rows that they call normal."""

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import deadline, tables
from models.catalog import Model
from models.errors import GlassboxError
from models.machine_health import FEW, Health, checked, predict, reading
from models.machine_health.reading import Sensors
from models.machine_health.scoring import WINDOW, Normal
from pages.parts import address, ours
from pages.parts.machine_samples import SERIES

PAGE = "machine_health"
NORMAL = "normal"
ROW = "row"
LONG = 40_000  # windows from which on the way is shown, with a stop


@dataclass(frozen=True)
class Given:
    """A series to judge. sample: its name, or None for the visitor's own."""

    key: str
    sensors: Sensors
    sample: str | None
    usual: Normal

    def public(self, *what: Hashable) -> ours.Key:
        """The key of what is made of a series of ours; None for the visitor's."""
        return None if self.sample is None else (self.key, *what)

    def time(self, row: int) -> str:
        """What stands for a row: its time, where there is one."""
        return self.sensors.times[row] if self.sensors.times else f"row {row + 1:,}"


def choose() -> Given:
    """Draw the choice; a bad upload gets its sentence, and the series before it stays.

    Raises BusyError where there is none before it.
    """
    state = st.session_state
    state.setdefault(f"{PAGE}_round", 0)
    if state.get("sample", "") is not None and state.get("sample") not in (*SERIES, "", None):
        del state["sample"]  # of another page
    name = st.pills(
        "A series of ours",
        list(SERIES),
        key="sample",
        bind="query-params",
        default=next(iter(SERIES)),
        on_change=_sample_chosen,
        wrap=True,
    )
    file = st.file_uploader(
        "Or your own sensors (CSV)",
        type=["csv", "tsv", "txt"],
        key=f"{PAGE}_file_{state[f'{PAGE}_round']}",
        on_change=_file_given,
        help=f"A column for each sensor, a row at each equal step of time, up to "
        f"{tables.MAX_ROWS:,} rows; a column of times may come first. It stays in this server's "
        "memory for your visit and is in no link.",
    )
    before: Given | None = state.get(f"{PAGE}_given")
    if file is not None and name is None:
        return _own(file, before)
    if name is None:  # the upload was taken away
        state["kept_sample"] = None
        name = before.sample if before and before.sample else next(iter(SERIES))
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


def _own(file: UploadedFile, before: Given | None) -> Given:
    if before is not None and before.key == file.file_id:
        return before
    try:
        sensors = _read(file.getvalue())
        rows = len(sensors.values)
        usual = Normal(0, max(FEW, min(rows // 3, 2_000)))
        checked(sensors.values, usual)
    except GlassboxError as error:
        if before is None:
            raise
        st.error(str(error), icon=":material/error:")
        return before
    given = st.session_state[f"{PAGE}_given"] = Given(file.file_id, sensors, None, usual)
    _mark(usual)
    return given


def _sample_chosen() -> None:
    if (name := st.session_state["sample"]) is not None:
        st.session_state[f"{PAGE}_round"] += 1
        _mark(SERIES[name].normal)


def _file_given() -> None:
    st.session_state["sample"] = None


def _mark(stretch: Normal) -> None:
    """Each series has its own stretch. Set, since a slider would keep what it shows."""
    address.choose({NORMAL: (stretch.start + 1, stretch.stop)})


def normal(given: Given) -> Normal:
    """The slider that marks the rows in which the machine was well."""
    rows = len(given.sensors.values)
    usual = (given.usual.start + 1, given.usual.stop)
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
    state, key = st.session_state, (given.key, marked)
    held: tuple[object, Health] | None = state.get(f"{PAGE}_judged")
    if held is not None and held[0] == key:
        return held[1]
    values = given.sensors.values
    if (len(values) - WINDOW) * values.shape[1] < LONG:
        health = ours.kept(
            given.public(model.release, marked), lambda: predict(model, values, marked)
        )
    else:
        if state.get(f"{PAGE}_stopped") == key:
            st.info("Stopped: nothing of this series was judged.")
            st.button("Go on", key=f"{PAGE}_go_on", on_click=_stop, args=(None,))
            return None
        bar, place = st.progress(0.0, "Judging …"), st.empty()
        place.button("Stop", key=f"{PAGE}_stop", on_click=_stop, args=(key,))
        health = predict(
            model,
            values,
            marked,
            told=lambda done: bar.progress(done, f"{done:.0%} of all windows judged"),
        )
        bar.empty()
        place.empty()
    state[f"{PAGE}_judged"] = key, health
    return health


def _stop(key: object) -> None:
    st.session_state[f"{PAGE}_stopped"] = key
