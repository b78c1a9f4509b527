"""The released models of text: step by step as at once, what they say and what they refuse."""

import time

import numpy as np
import pytest
from scipy.stats import spearmanr

from models import catalog
from models.catalog import Model
from models.errors import InputError
from models.explain import next_word
from models.kinds.language import memory, recall, rivals, score, search, suggest, write
from models.kinds.language.blocked import BLOCKED
from models.kinds.language.writing import Drawing
from tests.helpers import is_sentence

TEXT = "This film is one of the best that I have ever seen, and the actors are great."
NAMES = [name for name in ("text_prediction", "shakespeare") if name in catalog.NAMES]


@pytest.fixture(scope="module")
def words() -> Model:
    return catalog.load("text_prediction")


@pytest.fixture(scope="module", params=NAMES)
def either(request: pytest.FixtureRequest) -> Model:
    return catalog.load(request.param)


# A graph rounds its sums to int8 by the range of what it sees at once, a text or a step: the same
# word's cost moves by about a hundredth of a nat. Losing the state moves it by one and more.
NATS, SHARE, STATE = 0.1, 0.01, 0.005


def test_step_by_step_and_the_whole_text_agree(either: Model) -> None:
    text = " ".join([TEXT] * 5)
    found = score(either, text)
    ids = found.read.ids
    assert len(ids) > 64
    moment, nats = memory.read(either, ids[:1]), []
    for one in ids[1:]:
        nats.append(-np.log(moment.shares[one]))
        moment = memory.follow(either, moment, int(one))
    assert found.nats == pytest.approx(np.array(nats), abs=NATS)
    assert found.nats.mean() == pytest.approx(np.mean(nats), abs=NATS / 10)
    at_once = memory.read(either, ids)
    for one, other in zip(moment.state, at_once.state, strict=True):
        assert np.abs(one - other).mean() < STATE
    assert memory.read(either, ids, memory.read(either, ids[:20])).shares == pytest.approx(
        at_once.shares, abs=SHARE
    )


def test_stretches_of_a_long_text_carry_the_state(either: Model) -> None:
    ids = memory.vocabulary(either).read(" ".join([TEXT] * 40)).ids
    assert len(ids) > 2 * memory.STRETCH
    whole = memory.surprisals(either, ids)
    cut = memory.STRETCH + 7
    state = memory.read(either, ids[:cut]).state
    rest = memory.surprisals(either, ids[cut:], state)
    assert whole.nats[cut:] == pytest.approx(rest.nats, abs=NATS)
    assert whole.hidden.shape == (len(ids) - 1, whole.hidden.shape[1])


def test_a_score_is_of_every_word(words: Model) -> None:
    found = score(words, TEXT)
    assert [found.read.text[a:b] for (a, b), _ in found.words] == TEXT.split()
    assert sum(nats for _, nats in found.words) == pytest.approx(found.nats.sum(), rel=1e-5)
    assert 5 < found.word_perplexity < 500
    assert found.nats_per_byte == pytest.approx(found.nats.sum() / len(TEXT.encode()))
    shuffled = " ".join(sorted(TEXT.split()))
    assert score(words, shuffled).word_perplexity > 3 * found.word_perplexity


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I don't know what to d", "do"), ("One of the best films I have ever s", "seen")],
)
def test_what_anybody_would_expect_is_suggested(words: Model, text: str, expected: str) -> None:
    assert expected in [word.text for word in suggest(words, text).words]


@pytest.mark.parametrize(
    "text", ["", "I", "I like th", "It is a well-kn", "The end.", "He didn'", "7"]
)
def test_suggestions_go_on_from_what_is_typed(words: Model, text: str) -> None:
    found = suggest(words, text)
    assert len(found.offered) >= 3 or len(found.typed) > 1
    for word in found.words:
        assert word.text.startswith(found.typed.strip())
        assert word.text.lower() not in BLOCKED
        taken = found.taken(word.text)
        assert taken.startswith(text)
        assert taken.endswith(f"{word.text} ")
    for word in found.following:
        assert found.taken(word.text, follows=True) == f"{text} {word.text} "
    shares = [word.probability for word in found.offered]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1


def test_after_a_whole_word_the_next_words_are_offered(words: Model) -> None:
    found = suggest(words, "The capital of France is")
    assert found.offered[0].follows
    after = [word.text for word in suggest(words, "The capital of France is ").words]
    assert [word.text for word in found.following] == after
    assert all(word.text.startswith("is") for word in found.words)
    assert "is" not in [word.text for word in found.words]
    assert found.taken("Paris", follows=True) == "The capital of France is Paris "
    assert found.taken("isn't") == "The capital of France isn't "
    assert not any(word.follows for word in suggest(words, "I would like t").offered)


@pytest.mark.parametrize(
    "text", ["I don\u2019", "I don\u00b4t kn", "He was na\u0308", "\u201cI lik"]
)
def test_what_is_taken_leaves_what_was_written(words: Model, text: str) -> None:
    found = suggest(words, text)
    for word in found.offered:
        assert found.taken(word.text, word.follows).startswith(text)


def test_an_end_and_a_next_word_are_ranked_by_one_probability(words: Model) -> None:
    text = "The film was bad"
    found = suggest(words, text)
    pieces = memory.pieces(words)
    before = memory.read(words, memory.vocabulary(words).read("The film was").ids)
    whole, all_of_it = 0.0, 0.0
    every = search.search(
        lambda last, state: memory.step(words, last, state),
        before.shares,
        before.state,
        pieces,
        typed=" bad",
        count=60,
    )
    for word in every.words:
        all_of_it += word.probability
        whole += word.probability * (word.text == "bad")
    assert 0.9 * every.begun < all_of_it < every.begun
    assert every.whole == pytest.approx(whole)
    after = suggest(words, text + " ").words
    for one, alone in zip(found.following, after, strict=True):
        expected = alone.probability * whole / every.begun
        assert one.probability == pytest.approx(expected, abs=0.01)
    (badly,) = (word for word in found.words if word.text == "badly")
    (alone,) = (word for word in every.words if word.text == "badly")
    assert badly.probability == pytest.approx(alone.probability / every.begun, abs=0.01)


def test_what_was_read_is_not_read_again(words: Model) -> None:
    first = suggest(words, "I went to the ")
    again = suggest(words, "I went to the c", known=first.moment)
    assert again.moment is first.moment
    fresh = suggest(words, "I went to the c")
    assert [w.text for w in again.words] == [w.text for w in fresh.words]
    other = suggest(words, "He went to the c", known=first.moment)
    assert [w.text for w in other.words] == [
        w.text for w in suggest(words, "He went to the c").words
    ]


def test_a_long_text_costs_no_more_than_its_end(words: Model) -> None:
    suggest(words, "warm")
    began = time.monotonic()
    found = suggest(words, (TEXT + " ") * 200)
    assert len(found.moment.ids) <= 256
    assert time.monotonic() - began < 2


def test_one_seed_one_text(either: Model) -> None:
    def text(seed: int, **how: float) -> str:
        return "".join(write(either, "It was", length=30, seed=seed, drawing=Drawing(**how)))

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(4)}) == 4
    assert text(1, temperature=0) == text(2, temperature=0) == text(3, top_k=1)
    assert len(text(1)) > 20


def test_a_continuation_can_be_stopped(words: Model) -> None:
    parts = write(words, "It was", length=500)
    first = [next(parts) for _ in range(3)]
    parts.close()
    assert all(first)
    assert "".join(write(words, "", length=8, seed=3))[0] != " "
    # After a sentence of its own a text may end; it does so only where it is let.
    lengths = [len([*write(words, "I like it.", length=60, ends=ends)]) for ends in (True, False)]
    assert lengths[0] < 60 == lengths[1]


def test_pushes_are_of_the_earlier_words_and_know_their_sign(words: Model) -> None:
    text = "I have never ever been to the United States of America."
    found = next_word.attributions(words, text, text.split().index("States"))
    names = [text[a:b] for a, b in found.words]
    assert names == text.split()[:8]
    assert text[slice(*found.target)] == "States"
    for method in (found.gradient, found.ablation):
        assert names[int(np.argmax(method))] == "United"
        assert np.isfinite(method).all()
    assert found.agreement is not None
    assert -1 <= found.agreement <= 1
    assert found.nats == pytest.approx(dict(score(words, text).words)[found.target], abs=1e-3)


def test_words_are_taken_away_further_back_than_the_gradient_reaches(either: Model) -> None:
    text = " ".join([TEXT] * 30)
    found = next_word.attributions(either, text, 300)
    assert len(found.words) < 300
    assert found.words[-1][1] < found.target[0]
    far = np.isnan(found.gradient)
    assert 0 < far.sum() < len(far)
    assert (np.diff(far.astype(int)) <= 0).all()  # the first ones
    assert np.isfinite(found.ablation).all()
    assert found.agreement == next_word.agree(found.gradient[~far], found.ablation[~far])


def test_taking_a_word_away_costs_what_the_text_without_it_costs(words: Model) -> None:
    text = "I have never ever been to the United States of America."
    where = text.split().index("States")
    found = next_word.attributions(words, text, where)
    without = " ".join(text.split()[: where - 1] + text.split()[where:])
    one = score(words, without).words[where - 1][1] - found.nats
    assert found.ablation[where - 1] == pytest.approx(one, abs=0.05)


def test_padding_pushes_nothing(words: Model) -> None:
    text = "The actors are very good and the story is"
    ids = memory.vocabulary(words).read(text).ids
    n, far = len(ids), next_word.reach(words)
    shares = memory.read(words, ids).shares
    feeds = {
        "ids": np.r_[np.zeros(far - n, np.int64), ids][None],
        "mask": np.r_[np.zeros(far - n), np.ones(n)][None].astype(np.float32),
        "h": memory.empty(words)[0],
        "c": memory.empty(words)[1],
        "target": np.eye(len(shares), dtype=np.float32)[[shares.argmax()]],
    }
    found = next_word.slopes(words, feeds)[0]
    assert (found[: far - n] == 0).all()
    assert (found[far - n :] != 0).all()


def test_the_network_remembers_near_words_more_than_far_ones(words: Model) -> None:
    changes = [change for _, change in recall.remembers(words, TEXT + " The film")]
    assert len(changes) == len(TEXT.split()) + 2
    assert all(0 <= change <= 1 for change in changes)
    assert np.mean(changes[:3]) > 3 * np.mean(changes[-5:])


def test_a_word_taken_away_moves_what_the_curve_says_and_another_moves_it_elsewhere(
    words: Model,
) -> None:
    text = TEXT + " The film"
    moved = recall.remembers(words, text)
    for back in (1, 2, 6, len(moved)):
        swap = recall.swapped(words, text, back, "")
        assert swap.moved == pytest.approx(moved[back - 1][1], abs=2 * SHARE)
        assert len(swap.before) == len(swap.after) == 5
    same = recall.swapped(words, text, 1, "film")
    assert same.moved == 0
    assert same.before == same.after
    other = recall.swapped(words, text, 1, "two")
    assert other.moved > 0.3
    changed = suggest(words, TEXT + " The two ", 5).words
    assert [word.text for word in other.after] == [word.text for word in changed]
    assert [word.text for word in other.before] != [word.text for word in changed]


@pytest.mark.parametrize("back", [0, -1, 99])
def test_only_a_word_that_is_there_can_be_changed(words: Model, back: int) -> None:
    with pytest.raises(InputError) as caught:
        recall.swapped(words, TEXT, back, "x")
    assert is_sentence(caught.value)


def test_agreement_is_the_rank_correlation() -> None:
    assert next_word.agree(np.array([1.0, 2, 3]), np.array([10.0, 20, 90])) == pytest.approx(1)
    assert next_word.agree(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1)
    assert next_word.agree(np.array([1.0, 2]), np.array([3.0, 2])) is None
    assert next_word.agree(np.zeros(4), np.arange(4.0)) is None


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]])
def test_agreement_does_not_depend_on_where_equal_values_stand(order: list[int]) -> None:
    one, other = np.array([0.0, 0, 1, 2]), np.array([1.0, 0, 0, 5])
    expected = spearmanr(one, other).statistic
    assert next_word.agree(one[order], other[order]) == pytest.approx(expected)
    one, other = np.array([0.0, 0, 0, 1]), np.array([1.0, 1, 2, 2])
    assert spearmanr(one, other).statistic == pytest.approx(0.577, abs=1e-3)
    assert next_word.agree(one[order], other[order]) == pytest.approx(0.577, abs=1e-3)


def test_the_rivals_read_the_same_text(words: Model) -> None:
    found, ids = rivals.rivals(words), memory.vocabulary(words).read(TEXT).ids
    assert set(found) == {"5-gram", "unigram"}
    assert rivals.rivals(words) is found
    surprisals = {name: rival.surprisals(ids) for name, rival in found.items()}
    assert all(len(nats) == len(ids) - 1 for nats in surprisals.values())
    assert surprisals["5-gram"].sum() < surprisals["unigram"].sum()
    pieces = memory.pieces(words)
    assert "best" in [w.text for w in rivals.expected(found["5-gram"], ids[:7], " b", pieces)]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u202e\u200f", "\x00\x07", "\ud800"])
def test_nothing_to_read_is_refused_in_a_sentence(words: Model, text: str) -> None:
    for use in (
        score,
        lambda model, text: next_word.attributions(model, text, 1),
        recall.remembers,
    ):
        with pytest.raises(InputError) as caught:
            use(words, text)
        assert is_sentence(caught.value)
    assert len(suggest(words, text).words) == 3  # what texts begin with


@pytest.mark.parametrize(
    "text", ["a", "😀😀👩‍👩‍👧", "日本語のテキストです", "שלום עולם", "\u202eabc\u202c"]
)
def test_what_can_be_read_is_answered(either: Model, text: str) -> None:
    found = score(either, text)
    assert np.isfinite(found.nats).all()
    suggest(either, text)
    next(write(either, text), None)
    assert found.read.strange or text.isascii() or "abc" in text


def test_a_megabyte_is_refused_at_once(either: Model) -> None:
    began = time.monotonic()
    for use in (score, suggest, write):
        with pytest.raises(InputError, match="1,000,000 characters") as caught:
            use(either, "a" * 1_000_000)
        assert is_sentence(caught.value)
    assert time.monotonic() - began < 0.5


def test_signs_that_are_read_in_many_parts_are_refused_beyond_as_many(words: Model) -> None:
    for use in (score, suggest, write):
        with pytest.raises(InputError, match="in 80,001 parts") as caught:
            use(words, "\U0001f600" * memory.MOST)
        assert is_sentence(caught.value)


def test_as_many_characters_as_are_allowed_are_read(either: Model) -> None:
    assert len(memory.checked(either, "a!" * (memory.MOST // 2)).ids) <= memory.MOST + 2


LONG = {
    "at the end": "I like it, " + "x1" * 300,
    "many": ("x1" * 300 + " ") * 4 + "x1",
    "alone": "x1" * 3_000,
    "at the beginning": "x1" * 3_000 + " I like it",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_words_longer_than_a_graph_holds_are_explained(words: Model, text: str) -> None:
    moved = recall.remembers(words, text, 4)
    assert moved[0][0][1] == len(text)
    assert all(0 <= change <= 1 for _, change in moved)
    if last := len(text.split()) - 1:
        found = next_word.attributions(words, text, last)
        assert text[slice(*found.target)] == text.split()[last]
        assert np.isfinite(found.ablation).all()


def test_of_a_word_longer_than_a_graph_holds_the_beginning_is_explained(words: Model) -> None:
    text = "The actors are very good " + "x1" * 400
    (span, _), *_ = reversed(score(words, text).words)
    ids = memory.vocabulary(words).read(text).ids
    first = len(memory.vocabulary(words).read(text[: span[0]].strip()).ids)
    assert len(ids) - first > next_word.reach(words)
    found = next_word.attributions(words, text, 5)
    nats = memory.surprisals(words, ids).nats[first - 1 :][: next_word.LONGEST]
    assert found.nats == pytest.approx(nats.sum(), abs=NATS * len(nats))
    assert np.isfinite(found.gradient).all()
    assert found.cut
    assert not next_word.attributions(words, text, 4).cut


@pytest.mark.parametrize("word", [-1, 0, 17, 1000])
def test_a_word_that_cannot_be_explained_is_refused(words: Model, word: int) -> None:
    with pytest.raises(InputError) as caught:
        next_word.attributions(words, TEXT, word)
    assert is_sentence(caught.value)


@pytest.mark.parametrize("length", [0, -1, 10**6])
def test_a_length_that_cannot_be_is_refused(words: Model, length: int) -> None:
    with pytest.raises(InputError) as caught:
        write(words, TEXT, length=length)
    assert is_sentence(caught.value)


def test_the_card_holds_every_figure_of_a_network_of_text(words: Model) -> None:
    card = words.card
    for split in ("test", "test, sentences"):
        for name in ("word_perplexity", "nats_per_byte", "top1_recall", "top3_recall"):
            assert {"5-gram", "unigram"} <= card.metric(name, split).baseline.keys()
        assert card.metric("keystroke_savings", split).value > 0.2
        perplexity = card.metric("word_perplexity", split)
        assert perplexity.value < perplexity.baseline["5-gram"] < perplexity.baseline["unigram"]
        recall = [
            card.metric(f"top3_recall{end}", split).value for end in ("", "_after_1", "_after_2")
        ]
        assert recall == sorted(recall)
    assert card.metric("memorised_share", "continuations").n > 1000
