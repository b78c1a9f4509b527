"""Every table of a visitor's: what is done stays when the machine gets busy, and goes on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.errors import BusyError
from pages.card_fraud import table as fraud_table
from pages.network_intrusion import table as network_table
from pages.parts.job.job import Job
from tests.card_fraud import test_page as fraud
from tests.network_intrusion import test_page as network
from tests.sentiment import test_page as sentiment
from tests.visit import PAGES, errors, give, visit
from tests.visual_inspection import test_page as inspection

TABLE = re.compile(r"(?:Answers for|Scores of|Verdicts on) (\d+) ")


def photos(page: str) -> AppTest:
    names = ("dogs.jpg", "clothes-bag.jpg", "cat.jpg")
    files = [(name, (PAGES / "samples" / name).read_bytes()) for name in names]
    return give(visit(page, part="Take"), *files)


GIVEN: dict[str, Callable[[], AppTest]] = {
    "image_recognition": lambda: photos("image_recognition"),
    "fashion": lambda: photos("fashion"),
    "visual_inspection": lambda: inspection.given(
        inspection.washers()[:6], inspection.washers()[12:15]
    ),
    "sentiment": lambda: sentiment.given(sentiment.table([f"{i} good films" for i in range(3)])),
    "network_intrusion": lambda: network.given(network_table.template()),
    "card_fraud": lambda: fraud.given(fraud_table.template()),
}


def rows(test: AppTest) -> int:
    """Of the table of answers; 0 where there is none."""
    found = [match for one in test.dataframe if (match := TABLE.match(one.proto.alt))]
    return int(found[0][1]) if found else 0


@pytest.mark.parametrize("page", GIVEN)
def test_what_is_done_of_a_table_stays_and_the_rest_goes_on(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = Job.run, []

    def at_the_second(job: Any, keys: Any, of: str, ask: Any, *_: int, **__: int) -> bool:
        def one(some: list[Any], told: Any) -> Any:
            asked.extend(some)
            if len(asked) == 2:
                raise BusyError("No room.")
            return ask(some, told)

        return run(job, keys, of, one, chunk=1)

    monkeypatch.setattr(Job, "run", at_the_second)
    test = GIVEN[page]()
    assert errors(test) == ["No room. What is done was kept: go on when you like."]
    assert rows(test) == 1
    assert rows(test.run()) == 1
    assert len(asked) == 2, "it waits"
    test.button(f"{page}_go_on").click().run()
    assert errors(test) == []
    assert rows(test) == len({*asked}) == len(asked) - 1 > 2, "each is asked once"
