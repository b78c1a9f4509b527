"""Ours, or your own: a click on a sample throws nothing away, and only a new file counts as one."""

import pytest

from tests.visit import alts, errors, give, heading, state, visit


def test_a_click_on_a_sample_keeps_every_upload_and_one_click_brings_them_back(
    cat: bytes, dogs: bytes
) -> None:
    test = give(visit(part="Take"), ("b.jpg", cat), ("a.jpg", dogs))
    test.pills[0].select("Coffee").run()
    assert errors(test) == []
    assert "espresso" in heading(test)
    assert not test.dataframe
    assert len(test.file_uploader[0].value) == 2
    test.button("image_recognition_back").click().run()
    assert heading(test).startswith("I see **a dog**")
    assert [*test.dataframe[0].value["file"]] == ["b.jpg", "a.jpg"]
    assert state(test, "sample") == [None]


@pytest.mark.parametrize("pill", [None, "Coffee"])
def test_an_old_choice_reported_beside_a_new_file_does_not_hide_it(
    pill: str | None, cat: bytes, dogs: bytes
) -> None:
    """As a browser does that has not yet heard what the run between two files chose."""
    test = visit("explainability", part="Trust", sample="Mountain")
    test.file_uploader[0].set_value([("a.jpg", dogs, "image/jpeg")]).run()
    test.file_uploader[0].set_value([]).run()
    test.pills("sample").set_value(pill)
    test.file_uploader[0].set_value([("b.jpg", cat, "image/jpeg")]).run()
    assert errors(test) == []
    assert heading(test).startswith("I see **a cat**")
    assert "The picture that you gave" in alts(test)


def test_what_is_taken_away_is_gone_after_a_moment(dogs: bytes) -> None:
    test = give(visit(part="Take", sample="Cat"), ("a.jpg", dogs))
    test.file_uploader[0].set_value([]).run()
    assert heading(test).startswith("I see **a dog**"), "another file may be on its way"
    test.run()
    assert heading(test).startswith("I see **an espresso**")
    assert state(test, "sample") == ["Coffee"]
    assert not test.session_state["image_recognition_last"].own
    assert "Back to" not in " ".join(button.label for button in test.button)
