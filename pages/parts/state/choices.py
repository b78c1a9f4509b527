"""What a visitor chose: of a page one owner, which reads, draws, sets and links all of its choices.

    depth = choices.pick(st.segmented_control, "Look closer at", DEPTHS, "parts", key="depth")

Nobody lists choices. Who draws or reads one says what it is where nobody chose (`default`), which
is noted for the page: so a link holds what differs from it, and an experiment sets all others back.

What counts is the widget, also while it is in a tab that is closed (Streamlit keeps what is bound),
else the address, which may say anything: what cannot be becomes the nearest that can, or the usual.
Each is settled in the session when it is first read, so that who reads it before its widget is
drawn, the widget, the link and the browser agree.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isinf, isnan
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.state import address

NOTED = "address_usual"  # page -> key -> what it is where nobody chose
OPEN = "part_open"  # the tab that a link opens: the one before that in which the link stands
T = TypeVar("T")
N = TypeVar("N", int, float)


def note(**default: Any) -> None:
    """What choices of this page are where nobody chose."""
    _default().update(default)


def value(key: str, default: Any) -> Any:
    """What was chosen, as its widget holds it, or as it stands in the address: maybe nonsense."""
    state, before = st.session_state, _default().get(key, default)
    if before != default and key in state and state[key] == before:
        state[key] = default  # nobody chose it, so it goes with what it depends on
    note(**{key: default})
    return state[key] if key in state else st.query_params.get(key, default)


def one(key: str, options: Sequence[T], default: T | None = None) -> T:
    """One of the options; usually the first."""
    first = default if default is not None and default in options else options[0]
    chosen = value(key, first)
    return _settled(key, chosen if chosen in options else first)


def number(key: str, low: float, high: float, default: N) -> N:
    """A number, whole where `default` is: the nearest between `low` and `high`."""
    try:
        asked = float(value(key, default))
    except (TypeError, ValueError):
        asked = float(default)
    nearest = min(max(default if isnan(asked) else asked, low), high)
    chosen = _settled(key, type(default)(nearest))
    if isinf(asked) and st.query_params.pop(key, None) is not None:
        # Of what the address held as this run began Streamlit makes an int, whatever stands now.
        st.rerun()
    return chosen


def flag(key: str, default: bool = False) -> bool:
    """Yes or no."""
    said = {"true": True, "false": False}
    return _settled(key, said.get(str(value(key, default)).lower(), default))


def pick(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[T],
    default: T | None = None,
    *,
    key: str,
    **more: Any,
) -> T:
    """Draw one of several: `widget` is a selectbox, a select_slider or a segmented_control."""
    chosen = one(key, options, default)
    first = _default()[key]
    begins = {"selectbox": {"index": options.index(first)}, "select_slider": {"value": first}}
    how = begins.get(widget.__name__, {"default": first, "required": True})
    found: T | None = widget(label, options, **{"key": key, "bind": "query-params", **how, **more})
    return chosen if found is None else found  # an address may say nothing of what is required


def slide(
    label: str,
    low: N,
    high: N,
    default: N,
    step: N | None = None,
    *,
    key: str,
    widget: Callable[..., Any] | None = None,
    **more: Any,
) -> N:
    """Draw a number: a slider, or the number_input that `widget` is.

    low, high: may differ from one run to the next; where they are one, nothing is drawn.
    """
    state, bounds, again = st.session_state, f"bounds_{key}", f"again_{key}"
    if (held := state.pop(again, None)) is not None:
        state[key] = held
    chosen = number(key, low, high, default)
    if low == high:
        return chosen
    if state.get(bounds) not in (None, (low, high)):
        state[key] = chosen
    state[bounds] = low, high
    drawn = widget or st.slider
    found: N = drawn(label, low, high, default, step, key=key, bind="query-params", **more)
    context = get_script_run_ctx()
    back = context is not None and context.is_history_navigation  # what the address says counts
    if found != chosen and held is None and not back:
        # With new bounds it is a new slider to Streamlit, which asks the address, as old as the
        # page, before it asks the session.
        state[again] = chosen
        st.rerun()
    return found


def toggle(label: str, default: bool = False, *, key: str) -> bool:
    """Draw a switch."""
    flag(key, default)
    return st.toggle(label, default, key=key, bind="query-params")


def fold(label: str, icon: str, key: str) -> ExpanderContainer:
    """Draw an expander, closed at first: draw in it only while it is `open`."""
    flag(key)
    return st.expander(label, icon=icon, on_change="rerun", key=key, bind="query-params")


def put(choices: Mapping[str, Any]) -> None:
    """Set choices from code, as a click on their widgets would."""
    for key, chosen in choices.items():
        st.session_state[key] = chosen


def in_address(*keys: str) -> None:
    """Say choices in the address that no bound widget says there: who loads the page keeps them."""
    for key in keys:
        default = _default().get(key)
        chosen = str(value(key, default))
        if chosen == str(default):
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != chosen:
            st.query_params[key] = chosen


def fresh(choices: Mapping[str, Any]) -> None:
    """Set choices that belong to one input to what they are where nobody chose, of another one."""
    note(**choices)
    put(choices)


def whole(named: Mapping[str, Any]) -> None:
    """Set all choices of the page, from a callback: those that are named, and the others as usual.

    None of those that are no choices: what the page kept under that name is gone.
    """
    state = st.session_state
    for key in {*_default(), *named}:
        state.pop(key, None)
    put({key: chosen for key, chosen in named.items() if chosen is not None})
    # A widget that is new, as one with other bounds is, minds its address before it minds this.
    st.query_params.from_dict({})
    state[address.AGAIN] = True
    state[address.WHOLE] = frozenset(named)


def link(**said: Any) -> str:
    """The page's address with all that was chosen, and nothing that nobody chose.

    said: what it says whatever was chosen; None of what it is not to say.
    """
    state, default = st.session_state, _default()
    # What nothing has read yet, as of a tab that was never open, stays as the address says it.
    chosen: dict[str, Any] = {key: st.query_params.get_all(key) for key in st.query_params}
    chosen |= {key: state[key] for key in default if key in state}
    chosen |= {"part": state.get(OPEN)} | said
    query = {
        key: one
        for key, one in chosen.items()
        if one not in (None, "", []) and one != default.get(key)
    }
    here = urlsplit(st.context.url or "")
    return urlunsplit(here._replace(query=urlencode(query, doseq=True), fragment=""))


def _default() -> dict[str, Any]:
    """What is noted of this page, for the visit."""
    state = st.session_state
    pages: dict[str, dict[str, Any]] = state.setdefault(NOTED, {})
    return pages.setdefault(state.get(address.PAGE, ""), {})


def _settled(key: str, chosen: T) -> T:
    """So it stands in the session: a browser that shows another one is told."""
    state = st.session_state
    if key not in state or state[key] != chosen:
        state[key] = chosen
    return chosen
