"""A visit: one page opened through the frame, with what the tests read off it. Needs no pytest."""

from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Node

PAGES = Path(__file__).parents[2] / "pages"
PAGE = "image_recognition"  # the demo whose parts all later ones share
TIMEOUT = 60  # seconds for one run of a page: far more than it takes, for a machine at work


def visit(page: str = PAGE, **query: str) -> AppTest:
    """Open a page by its address, as a link would.

    From the frame, since a page has no menu and no limits of its own, and never from app.py, which
    AppTest opens as an empty page.
    """
    test = AppTest.from_file(PAGES / "frame.py", default_timeout=TIMEOUT).run()
    test.query_params.update(query)
    if page != "home":
        test.switch_page(f"{page}.py")
    return test.run()
