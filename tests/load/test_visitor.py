"""The visitor sees what a browser would, on a small page of its own; and its gifts are fresh."""

import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.menu import MENU
from tests.helpers import awaited
from tests.load import gifts
from tests.load.servers import started
from tests.load.turn import Turn
from tests.load.visitor import Visitor

UPLOADER = "Your own picture"
# Explained by a fragment that runs by itself, when the page stands already; but a large map stands
# in the page itself, which the server sends once and then refers to.
SCRIPT = f'''
import time
import streamlit as st

state = st.session_state
given = st.file_uploader("{UPLOADER}", key="given")
name = st.text_input("Name", key="name")
st.button("Again")
if given and given.name == "twice.txt" and not state.get("again"):
    state.again = True
    st.markdown("nothing yet")
    time.sleep(0.2)
    st.rerun()
text = given.getvalue().decode() if given else name or "nothing"
if text == "large":
    st.image("data:image/png;base64," + "A" * 20_000, alt="Occlusion for it")
if text == "bad":
    st.error("This is not a picture.")
if text == "crash":
    raise RuntimeError("a bug")
if text == "busy":
    st.caption("The machine is busy with other visitors.")
st.markdown(f"#### I see {{text}}")
state.looks = 0

@st.fragment(run_every=0.1)
def later():
    state.looks += 1
    if state.looks > 2:
        st.image("data:image/png;base64,AAAA", alt=f"Grad-CAM for {{text}}")

@st.fragment
def typed():
    st.subheader("Next: " + st.text_input("Type here", key="typed"))

later()
typed()
'''


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("small") / "small.py"
    script.write_text(SCRIPT)
    with started(script) as (url, _):
        yield url


def visiting(url: str, do: Callable[[Visitor], Awaitable[None]]) -> None:
    """One visit: opens the page, does that, and closes."""

    async def visit() -> None:
        visitor = Visitor(url)
        try:
            opened = await visitor.open("")
            assert opened.said == "#### I see nothing"
            assert not opened.errors
            await do(visitor)
        finally:
            await visitor.close()

    awaited(visit())


async def give(visitor: Visitor, text: str, name: str = "it.txt") -> Turn:
    return await visitor.upload(UPLOADER, "text/plain", [(name, text.encode())])


def test_the_words_are_those_of_the_new_answer_each_time(url: str) -> None:
    async def do(visitor: Visitor) -> None:
        for text in ("a cat", "a dog", "a cat"):
            turn = await give(visitor, text)
            assert turn.said == f"#### I see {text}"
            assert turn.words is not None
            assert turn.stands is not None
            assert 0 < turn.words <= turn.stands
            assert (turn.errors, turn.busy) == ([], 0)

    visiting(url, do)


def test_a_map_that_comes_after_the_page_stands_is_waited_for(url: str) -> None:
    async def do(visitor: Visitor) -> None:
        turn = await give(visitor, "a cat")
        assert turn.first_map is None
        await visitor.mapped()
        assert turn.first_map is not None
        assert turn.stands is not None
        assert turn.first_map > turn.stands

    visiting(url, do)


def test_a_large_picture_that_the_server_only_refers_to_is_seen_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def do(visitor: Visitor) -> None:
        await give(visitor, "large")
        heard, kinds = visitor._session._heard, []

        def listening(message: ForwardMsg) -> None:
            kinds.append(message.WhichOneof("type"))
            heard(message)

        monkeypatch.setattr(visitor._session, "_heard", listening)
        turn = await give(visitor, "large")
        assert turn.first_map is not None
        assert "ref_hash" in kinds

    visiting(url, do)


@pytest.mark.parametrize("text", ["bad", "crash", "busy"])
def test_what_went_wrong_is_counted_for_that_answer_alone(text: str, url: str) -> None:
    async def do(visitor: Visitor) -> None:
        turn = await give(visitor, text)
        if text == "busy":
            assert (turn.errors, turn.busy) == ([], 1)
        else:
            assert len(turn.errors) == 1
            assert (turn.words is None) == (text == "crash")
        turn = await give(visitor, "a cat")
        assert (turn.errors, turn.busy) == ([], 0)

    visiting(url, do)


def test_a_page_that_runs_twice_stands_after_the_second_run(url: str) -> None:
    async def do(visitor: Visitor) -> None:
        turn = await give(visitor, "a cat", "twice.txt")
        assert turn.said == "#### I see a cat"
        assert turn.words is not None
        assert turn.words > 0.2

    visiting(url, do)


def test_what_is_typed_in_a_fragment_is_answered_by_the_fragment(url: str) -> None:
    async def do(visitor: Visitor) -> None:
        turn = await visitor.write("Type", "a word", re.compile("^### "))
        assert turn.said == "### Next: a word"
        turn = await visitor.write("Name", "Anna")
        assert turn.said == "#### I see Anna"
        turn = await visitor.press("Again")
        assert turn.said == "#### I see Anna"

    visiting(url, do)


def test_a_page_whose_end_goes_untold_stands_when_a_fragment_of_it_runs() -> None:
    turn = Turn()
    turn.run_began(["of the run before"])
    assert not turn.started
    assert turn.stands is None
    turn.run_began([])
    turn.run_ended([], again=True)  # it runs once more
    assert turn.stands is None
    turn.run_began([])
    turn.run_began(["later"])
    assert turn.stands is not None


def test_a_widget_that_is_not_there_is_named(url: str) -> None:
    async def do(visitor: Visitor) -> None:
        with pytest.raises(LookupError, match="no button 'Stop'"):
            await visitor.press("Stop")

    visiting(url, do)


def test_every_page_of_the_menu_has_its_gift_or_says_that_it_takes_none() -> None:
    assert set(gifts.PAGES) == {entry.name for entry in MENU}


@pytest.mark.parametrize("make", [gifts.connections, gifts.transactions, gifts.sensors])
def test_tables_differ(make: Callable[[int], bytes]) -> None:
    assert len({make(n) for n in range(20)}) == 20


@pytest.mark.parametrize("make", [gifts.review, gifts.line])
def test_texts_differ(make: Callable[[int], str]) -> None:
    assert len({make(n) for n in range(gifts.MANY)}) == gifts.MANY


def test_pictures_differ() -> None:
    made = {gifts.picture("cat.jpg", n) for n in range(0, gifts.MANY, 7)}
    assert len(made) == len(range(0, gifts.MANY, 7))
    assert all(one[:2] == b"\xff\xd8" for one in made)
    assert Path(gifts.SAMPLES / "cat.jpg").read_bytes() not in made
