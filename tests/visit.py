"""A visit: a page opened through the frame, and what the tests read off it. Needs no pytest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages import menu

PAGES = Path(__file__).parents[1] / "pages"
PAGE = "image_recognition"  # the demo whose parts later ones share
TIMEOUT = 60  # seconds for one run of a page: far more than it takes, for a machine at work


def script(page: str) -> str:
    """A page's file, as AppTest wants it."""
    return menu.BY_NAME[page].file


def visit(page: str = PAGE, **query: str) -> AppTest:
    """Open a page as its address with `query` would.

    From the frame, since AppTest opens app.py as an empty page and complains of nothing; run once
    before the switch, since only that tells AppTest of the menu.
    """
    test = AppTest.from_file(PAGES / "frame.py", default_timeout=TIMEOUT).run()
    test.query_params.update(query)
    return test.switch_page(script(page)).run()


def give(test: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files, name and bytes each, in place of those that lie in the uploader."""
    test.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return test.run()


def heading(test: AppTest) -> str:
    """The answer in words, which stands beside the picture; empty where there is none."""
    found = [text.value for text in test.markdown if text.value.startswith("#### ")]
    return found[0].removeprefix("#### ") if found else ""


def words(test: AppTest) -> str:
    """All that is written in plain text, below each other."""
    return "\n".join(text.value for text in test.markdown)


def errors(test: AppTest) -> list[str]:
    """The sentences that the visitor reads as errors. An exception is a bug, and fails here."""
    assert not test.exception, [found.value for found in test.exception]
    return [found.value for found in test.error]


def alts(test: AppTest) -> list[str]:
    """What a screen reader says of the pictures, charts and tables on the page, in that order."""
    pictures = [picture for found in test.image for picture in found.proto.imgs]
    plain = [found.proto.imgs for found in test.image if not found.proto.link]
    beside = [one.url for found in plain for one in found if not one.url.startswith("data:image/")]
    assert not beside, "a picture's file may be gone too early: see pages/parts/draw/inline.py"
    charts = [chart.proto for chart in test.get("plotly_chart")]
    tables = [table.proto for table in test.dataframe]
    return [found.alt for found in (*pictures, *charts, *tables)]


def state(test: AppTest, *keys: str) -> list[object]:
    """What the session holds under these keys."""
    return [test.session_state[key] for key in keys]
