"""Words to click: each once, as many as fit, and the click is the choice."""

from streamlit.testing.v1 import AppTest

from pages.parts.explain import clicked

SCRIPT = """
import streamlit as st
from pages.parts.explain import clicked
from pages.parts.state import choices
words = [f"w{{i % 3}}" for i in range({count})]
chosen = choices.number("which", 1, {count}, {default})
clicked.word("Words", words, chosen, key="which")
st.caption(f"chosen {{chosen}}")
"""


def drawn(count: int, default: int) -> AppTest:
    script = SCRIPT.format(count=count, default=default)
    test = AppTest.from_string(script, default_timeout=60).run()
    assert not test.exception
    return test


def test_a_word_that_stands_twice_is_two_words_to_click() -> None:
    test = drawn(6, 1)
    options = test.pills("which_pill").options
    assert len(options) == len({*options}) == 6
    test.pills("which_pill").select(5).run()
    assert test.caption[0].value == "chosen 5"
    assert test.query_params["which"] in ("5", ["5"])
    test.pills("which_pill").select(1).run()
    assert "which" not in test.query_params


def test_of_a_long_text_the_words_around_the_chosen_one_are_shown() -> None:
    test = drawn(1_000, 500)
    shown = test.pills("which_pill")
    assert len(shown.options) == clicked.SHOWN
    assert shown.value == 500
    test.number_input("which_number").set_value(1_000).run()
    assert not test.exception
    assert test.caption[0].value == "chosen 1000"
    assert test.pills("which_pill").value == 1_000
