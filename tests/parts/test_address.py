"""Addresses that somebody typed: whatever stands in them, the page opens."""

import re

import pytest

from pages import menu
from tests.visit import PAGES, errors, visit

SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(PAGES.rglob("*.py")))
# The names that pages read from their address, as far as they can be told, and some more.
KEYS = {
    *re.findall(r'(?:restore\(|restore_number\(|number\(|value\(|\bget\()"(\w+)"', SOURCE),
    *re.findall(r'key="(\w+)",\s*bind="query-params"', SOURCE),
    *("one", "other", "photo", "kept", "picked", "back", "word", "right", "up", "text", "which"),
    *("normal", "row", "card_fraud_by", "card_fraud_row"),
    *(f"{side}{key}" for side in ("", "other_") for key in ("heat", "top_k", "top_p", "seed")),
}
# More digits than Python makes a whole number of, and more than a float can be.
NONSENSE = {"digits": "9" * 4_400, "letters": "a" * 4_400}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("page", [entry.name for entry in menu.MENU])
def test_a_page_opens_whatever_stands_in_its_address(page: str, text: str) -> None:
    keys = [*KEYS, *(f"{page}_{key}" for key in ("dial", "rows", "share", "missed_cost"))]
    assert len(keys) * len(text) < 500_000, "of more Streamlit reads nothing"
    test = visit(page, **(dict.fromkeys(keys, text) | {"part": "Take"}))
    assert errors(test) == []
    assert test.title
