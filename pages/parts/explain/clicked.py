"""Words of a text to click: which one is explained."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.parts.draw.words import JOINER
from pages.parts.state import choices

SHOWN = 200  # words to click at once: more would be a wall


def word(label: str, words: Sequence[str], chosen: int, *, key: str) -> None:
    """Draw the words, or so many around the chosen one; a click makes another the choice `key`.

    words: each in Markdown. chosen: its number, from 1, which alone stands in the address.
    """
    last = len(words)
    if last > SHOWN:
        number = f"{key}_number"
        st.session_state[number] = chosen
        st.number_input(
            f"Word number, of {last:,}", 1, last, key=number, on_change=_set, args=(key, number)
        )
    begin = max(1, min(chosen - SHOWN // 2, last - SHOWN + 1))
    shown = range(begin, min(begin + SHOWN, last + 1))
    pill = f"{key}_pill"
    st.session_state[pill] = chosen
    said = dict(zip(shown, _apart(words[begin - 1 : shown[-1]]), strict=True))
    with st.container(key=f"words_{key}"):  # as a text that can be read: see shell.css
        st.pills(
            label,
            shown,
            key=pill,
            # Asked too for the word that was chosen in a text before, which this may not have.
            format_func=lambda number: said.get(number, ""),
            required=True,
            on_change=_set,
            args=(key, pill),
        )
    choices.in_address(key)


def _apart(words: Sequence[str]) -> list[str]:
    """The same, none equal to another: Streamlit knows an option by what it shows."""
    seen: Counter[str] = Counter()
    made = []
    for one in words:
        made.append(one + JOINER * seen[one])
        seen[one] += 1
    return made


def _set(key: str, widget: str) -> None:
    if (chosen := st.session_state[widget]) is not None:
        choices.put({key: chosen})
