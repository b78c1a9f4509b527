"""What a visitor reads: answers for samples, parts that open alone, links and experiments."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from models.card import Precision
from models.catalog import Model
from pages.parts.explain import rungs, why
from pages.parts.sections import take, trust
from pages.parts.source.samples import PHOTOS
from tests.visit import PAGE, alts, errors, heading, state, visit, words

SEEN = {
    "Cat": "I see **a cat**",
    "Dogs": "I see **a dog**",
    "Coffee": "espresso",
    "Brushes": "paintbrush",
    "Mountain": "alp",
    "Nuthatch": "**a bird**",
    "Blurred clock": "**I am not sure.**",
    "Page of text": "**I am not sure.**",
}


def test_the_first_sample_is_answered_when_the_page_opens() -> None:
    test = visit()
    assert errors(test) == []
    assert SEEN["Coffee"] in heading(test)
    assert test.pills[0].value == "Coffee"
    assert PHOTOS["Coffee"].alt in alts(test)


@pytest.mark.parametrize("sample", PHOTOS)
def test_every_sample_is_answered_rightly_and_shown(sample: str) -> None:
    test = visit(part="Take")
    test.pills[0].select(sample)
    assert errors(test.run()) == []
    assert SEEN[sample] in heading(test)
    assert PHOTOS[sample].alt in alts(test)


def test_every_picture_chart_and_table_has_its_sentence() -> None:
    for part in ("Why", "Trust", "Take"):
        said = alts(visit(part=part))
        assert len(said) >= 2
        assert all(len(sentence) > 10 for sentence in said), said
        assert len(set(said)) == len(said), "two things that are called the same"


PARTS = {
    "Why": [(why, "maps"), (rungs, "show")],
    "Trust": [(trust, "this_run"), (trust, "limits")],
    "Take": [(take, "files"), (take, "link")],
}


@pytest.mark.parametrize("opened", PARTS)
def test_only_the_open_part_is_computed(opened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()

    def noted(part: str) -> Callable[..., None]:
        return lambda *_given, **_more: called.add(part)

    for part, functions in PARTS.items():
        for module, name in functions:
            monkeypatch.setattr(module, name, noted(part))
    visit(part=opened)
    assert called == {opened}


def linked(test: AppTest) -> dict[str, str]:
    """The state that the link on Take holds."""
    return dict(parse_qsl(urlsplit(test.code[0].value).query, keep_blank_values=True))


def test_a_link_restores_sample_part_class_depth_and_detector() -> None:
    query = {"sample": "Dogs", "part": "Why", "class": "lion", "depth": "edges", "detector": "3"}
    test = visit(**query)
    assert errors(test) == []
    assert heading(test).startswith(SEEN["Dogs"])
    assert state(test, *query) == [*query.values()]
    assert "Grad-CAM for lion" in " ".join(alts(test))
    assert "lion" not in str(test.get("plotly_chart")[0].proto.alt), "it is among the first five"


@pytest.mark.parametrize("precision", ["int8", "fp32"])
def test_a_link_restores_the_precision_and_trust_says_what_ran(
    precision: Precision, model: Model
) -> None:
    test = visit(part="Trust", precision=precision)
    ran = {metric.label: metric.value for metric in test.metric}
    assert ran["ran on"].endswith(f", {precision}")
    assert ran["took"].endswith(" ms")
    megabytes = model.card.graph("predict", precision).bytes / 1e6
    assert ran["model file"] == f"{megabytes:.1f} MB"


def test_a_link_with_nonsense_opens_the_page_all_the_same() -> None:
    nonsense = dict.fromkeys(("sample", "part", "class", "precision", "depth", "detector"), "no")
    test = visit(**nonsense)
    assert errors(test) == []
    assert SEEN["Coffee"] in heading(test)


def test_the_link_on_take_is_the_state_of_the_page() -> None:
    given = {"sample": "Page of text", "precision": "fp32"}
    assert linked(visit(**given, part="Take")) == given
    assert linked(visit(part="Take")) == {}, "what nobody chose"


def test_choices_of_a_closed_part_still_hold_and_stand_in_the_link() -> None:
    test = visit(part="Why")
    test.selectbox("class").select("lion")
    test.segmented_control("depth").select("edges")
    assert errors(test.run()) == []
    test.session_state["part"] = "Take"
    assert errors(test.run()) == []
    assert linked(test) == {"class": "lion", "depth": "edges"}
    test.session_state["part"] = "Why"
    test.run()
    assert state(test, "class", "depth") == ["lion", "edges"]


def test_a_new_picture_is_explained_for_its_own_first_answer() -> None:
    test = visit(**{"part": "Why", "sample": "Cat", "class": "lion"})
    test.pills[0].select("Coffee")
    assert errors(test.run()) == []
    shown = " ".join(alts(test))
    assert re.search("Grad-CAM for espresso: hottest at the (top|middle|bottom) (left|c|r)", shown)


def test_what_the_headline_names_is_explained_not_its_first_member() -> None:
    test = visit(part="Why", sample="Dogs")
    assert errors(test) == []
    assert "Grad-CAM for dog: hottest" in " ".join(alts(test))
    assert "To be believed**: without its brightest quarter, “dog” falls from" in words(test)


def test_take_offers_the_released_files_and_the_command(model: Model) -> None:
    test = visit(part="Take")
    offered = " ".join(button.label for button in test.download_button)
    graphs = [graph.file for graph in model.card.graphs["predict"].values()]
    assert [file for file in (*graphs, "labels.txt", "card.json") if file not in offered] == []
    assert model.card.training.command in [code.value for code in test.code]


EXPERIMENTS = {
    1: {"sample": "Dogs", "part": "Why", "class": "cocker spaniel"},
    2: {"sample": "Page of text", "part": "Trust"},
    3: {"sample": "Coffee", "part": "Why", "depth": "wholes", "detector": "2"},
}


@pytest.mark.parametrize("number", EXPERIMENTS)
def test_an_experiment_sets_the_page_to_its_state(number: int) -> None:
    test = visit(part="Take")
    test.button(f"{PAGE}_experiment_{number}").click()
    assert errors(test.run()) == []
    wanted = EXPERIMENTS[number]
    assert state(test, *wanted) == [*wanted.values()]
    assert SEEN[wanted["sample"]] in heading(test)
    shown = " ".join(alts(test))
    for part, sign in (("Why", "Grad-CAM for"), ("Trust", "Familiarity")):
        assert (sign in shown) == (wanted["part"] == part)
