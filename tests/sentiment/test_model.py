"""The released `sentiment`: reads, judges, and explains what it can be checked on."""

import numpy as np
import pytest

from models import catalog
from models.catalog import Model
from models.errors import InputError
from models.sentiment import MOST, checked, explain, predict, running
from models.sentiment.reading import LONGEST

TEXT = "The story is slow and the end is a mess, but I loved the music and laughed a lot."
METHODS = [*explain.METHODS]


@pytest.fixture(scope="module")
def model() -> Model:
    return catalog.load("sentiment")


def odds(model: Model, text: str) -> float:
    logits = running.run(model, [running.reader(model).read(text).ids])["logits"][0]
    return float(logits[1] - logits[0])


def test_praise_is_liked_and_a_pan_is_not(model: Model) -> None:
    texts = ["A wonderful film, I loved every minute.", "Awful. A boring waste of two hours."]
    verdicts, run = predict(model, texts)
    assert [verdict.says for verdict in verdicts] == ["liked", "disliked"]
    assert run["logits"].shape == (2, 2)
    assert run.seconds > 0


# What everybody tries first. Before sentences were learned, the first four were not decided or the
# other way round.
FIRST = {
    "Not bad at all.": "liked",
    "I have never seen a better film": "liked",
    "Brilliant": "liked",
    "This film is not good.": "disliked",
    "I loved it.": "liked",
    "I would not recommend it": "disliked",
    "I didn\u00b4t like this film at all": "disliked",
}
LEANS = {"I hate this movie": False, "Worst film ever made": False, "You won't regret it": True}


@pytest.mark.parametrize("text", FIRST)
def test_short_sentences_say_what_they_say(model: Model, text: str) -> None:
    (verdict,), _ = predict(model, [text])
    assert verdict.says == FIRST[text], f"{verdict.positive:.2f}"


@pytest.mark.parametrize("text", LEANS)
def test_others_lie_on_the_right_side_at_least(model: Model, text: str) -> None:
    (verdict,), _ = predict(model, [text])
    assert (verdict.positive > 0.5) == LEANS[text], f"{verdict.positive:.2f}"


def test_the_card_says_how_it_does_on_sentences_by_kind(model: Model) -> None:
    table = model.card.tables["own"]
    kinds = [row[0] for row in table.rows]
    assert {"negated praise", "negated pan", "but-clause", "intensifier", "list"} <= {*kinds}
    assert table.n == 160
    assert model.card.metric("accuracy", "our own sentences").value > 0.75


def test_words_are_whole_and_their_ids_theirs(model: Model) -> None:
    read = running.reader(model).read("Not bad, it wasn't 100% great!!")
    assert read.words == ["Not", "bad", ",", "it", "wasn't", "100", "%", "great", "!!"]
    assert [read.text[a:b] for a, b in read.spans] == read.words
    assert len(read.owner) == len(read.ids) - 1
    assert sorted(set(read.owner.tolist())) == [*range(9)]
    gone = np.arange(9) == 1
    left = running.reader(model).vocabulary.decode(read.without(gone)[1:])
    assert left.strip() == "Not, it wasn't 100% great!!"


def test_a_text_that_is_too_long_is_read_as_far_as_said(model: Model) -> None:
    read = running.reader(model).read("good film " * LONGEST)
    assert read.cut
    assert len(read.ids) == LONGEST + 1
    assert len(read.words) == len(read.spans) == int(read.owner[-1]) + 1
    whole = running.reader(model).read("good film")
    assert not whole.cut


@pytest.mark.parametrize("text", ["", "  \n", "?!", "\N{GRINNING FACE}", "a" * (MOST + 1)])
def test_what_holds_no_word_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        checked(text)


def test_company_moves_an_answer_little(model: Model) -> None:
    texts = [" ".join(TEXT.split()[:k]) for k in range(1, 18)] + [TEXT * 9]
    together = [verdict.positive for verdict in predict(model, texts)[0]]
    alone = [predict(model, [text])[0][0].positive for text in texts]
    assert np.abs(np.subtract(together, alone)).max() < 0.02
    assert np.argsort(together).tolist() != [*range(18)]  # nor are they given in order of length


def test_the_gradient_graph_says_what_the_served_one_says(model: Model) -> None:
    read = running.reader(model).read(TEXT)
    slopes = explain._gated(model, read, np.ones(1, np.float32))
    assert slopes[0][0] == pytest.approx(odds(model, TEXT), abs=0.15)  # the other's int8 rounds
    long = f"{TEXT} {TEXT} {TEXT} {TEXT}"
    read = running.reader(model).read(long)
    assert len(read.ids) > explain.reach(model)
    found = explain._gated(model, read, np.ones(1, np.float32))[0][0]
    assert found == pytest.approx(odds(model, long), abs=0.15)


def test_a_slope_is_what_a_small_step_shows(model: Model) -> None:
    read = running.reader(model).read(TEXT)
    _, slopes = explain._gated(model, read, np.ones(1, np.float32))
    strengths = np.array([0.98, 1.02], np.float32)
    low, high = explain._gated(model, read, strengths)[0]
    assert (high - low) / 0.04 == pytest.approx(float(slopes[0, 1:].sum()), rel=0.05)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_each_word_its_part(model: Model, method: str) -> None:
    told: list[tuple[int, int]] = []
    found = explain.contributions(model, TEXT, method, lambda *one: told.append(one))
    read = running.reader(model).read(TEXT)
    assert found.values.shape == (len(read.words),)
    assert np.isfinite(found.values).all()
    assert found.passes >= 1
    assert told
    best = read.words[int(np.argmax(found.values))]
    assert best in {"loved", "laughed", "but", "music", "lot", "a", "and"}, best


def test_leaving_one_out_is_what_the_text_without_it_says(model: Model) -> None:
    found = explain.contributions(model, "Not bad.", "Leave one out").values
    for word, rest in enumerate(("bad.", "Not.", "Not bad")):
        without = running.reader(model).read("Not bad.").without(np.arange(3) == word)
        logits = running.run(model, [without])["logits"][0]
        expected = odds(model, "Not bad.") - float(logits[1] - logits[0])
        assert found[word] == pytest.approx(expected, abs=0.15), rest


def test_integrated_gradients_sum_to_what_the_words_did(model: Model) -> None:
    found = explain.contributions(model, TEXT, "Integrated gradients")
    assert found.gap is not None
    assert found.gap < 0.1 * max(1.0, float(np.abs(found.values).sum()))


def test_shapley_values_sum_to_the_whole(model: Model) -> None:
    text = "I did not like this film at all."
    found = explain.contributions(model, text, "Shapley values (sampled)")
    read = running.reader(model).read(text)
    nothing = running.run(model, [read.ids[:1]])["logits"][0]
    whole = odds(model, text) - float(nothing[1] - nothing[0])
    assert float(found.values.sum()) == pytest.approx(whole, abs=0.2)


def test_words_beyond_reach_have_no_value(model: Model) -> None:
    long = f"{TEXT} " * 8
    found = explain.contributions(model, long, "Gradient").values
    assert np.isnan(found[:20]).all()
    assert np.isfinite(found[-20:]).all()
    left = explain.contributions(model, long, "Leave one out").values
    assert np.isfinite(left).all()


def test_removing_in_order_of_contribution_is_faster_than_at_random(model: Model) -> None:
    values = explain.contributions(model, TEXT, "Leave one out").values
    informed = explain.curve(model, TEXT, values, "contribution")
    assert informed.area < explain.curve(model, TEXT, values, "random").area
    assert informed.shares[0] == 0
    assert informed.shares[-1] == 1
