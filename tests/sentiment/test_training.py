"""How sentiment is made: its runs of subwords, its graphs, and a release in small."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from models import catalog
from models.kinds.language.reading import Vocabulary
from training.core import export, quantise, release
from training.kinds.language import data as text_data
from training.kinds.language.network import Network
from training.kinds.language.onnx_lstm import loaded
from training.sentiment import data as sentiment_data
from training.sentiment import graphs, ngrams, templates, train
from training.sentiment.graphs import Before, Ends, Predict
from training.sentiment.network import Judge
from training.sentiment.ngrams import NONE, Runs
from training.sentiment.short import Sentences, between


@pytest.fixture(scope="module")
def ends() -> Ends:
    torch.manual_seed(0)
    judge = Judge(Network(50, 8, 12)).eval().requires_grad_(False)
    judge.head.weight.normal_()
    rng = np.random.default_rng(0)
    fold = np.arange(50) // 2 * 2
    runs = Runs(fold, rng.normal(size=50), rng.normal(size=ngrams.BUCKETS), 0.3)
    return Ends(judge, runs, 1.5, rng.normal(size=12), 0.1)


def test_a_text_in_two_parts_says_the_same_as_in_one(ends: Ends) -> None:
    ids = torch.randint(50, (3, 20))
    predict = Predict(ends)
    whole = predict(ids, torch.full((3,), 20), ends.start(3))
    first = predict(ids[:, :7], torch.full((3,), 7), ends.start(3))
    second = predict(ids[:, 7:], torch.full((3,), 13), first[3])
    for one, other in zip(whole, second, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_what_stands_beyond_a_length_is_passed_over(ends: Ends) -> None:
    ids = torch.randint(50, (2, 20))
    lengths = torch.tensor([5, 20])
    found = Predict(ends)(ids, lengths, ends.start(2))[0]
    alone = Predict(ends)(ids[:1, :5], lengths[:1], ends.start(1))[0]
    torch.testing.assert_close(found[:1], alone, rtol=1e-4, atol=1e-5)


def test_before_is_packed_and_taken_apart(ends: Ends) -> None:
    packed = torch.arange(52.0).repeat(2, 1)
    torch.testing.assert_close(Before.of(packed).packed(), packed)
    assert ends.start(2)[0, -2:].tolist() == [NONE, NONE]


def test_runs_count_as_the_regression_counted_them() -> None:
    rng = np.random.default_rng(1)
    fold = np.arange(30)
    fold[7] = 3
    text = rng.integers(0, 30, 25)
    shared = rng.normal(size=ngrams.BUCKETS).astype(np.float32)
    single = rng.normal(size=30)
    runs = Runs(fold, single, shared, 0.0)
    codes, scale = quantise.rounded(shared)
    weights = np.concatenate([single, (codes * scale).ravel()])
    expected = ngrams.counted([text], fold) @ weights
    ids = torch.from_numpy(text)[None]
    ones = torch.ones(1, 25)
    found = runs(ids, ones, ones, torch.full((1, 2), float(NONE)))
    assert found.numpy() == pytest.approx(expected, rel=1e-4)


def test_a_gate_of_zero_takes_every_run_of_its_word_away() -> None:
    rng = np.random.default_rng(2)
    shared = rng.normal(size=ngrams.BUCKETS).astype(np.float32)
    runs = Runs(np.arange(9), np.zeros(9), shared, 0.0)
    ids, ones = torch.tensor([[1, 2, 3]]), torch.ones(1, 3)
    nothing = torch.full((1, 2), float(NONE))
    gates = torch.tensor([[1.0, 0.0, 1.0]])
    assert float(runs(ids, ones, gates, nothing)) == 0  # no run of two or three is left
    first = torch.tensor([[1.0, 1.0, 0.0]])
    alone = runs(ids[:, :2], ones[:, :2], ones[:, :2], nothing)
    torch.testing.assert_close(runs(ids, ones, first, nothing), alone)


def test_runs_learn_which_words_praise() -> None:
    corpus = sentiment_data.made_up(60)
    vocabulary = Vocabulary(text_data.subwords(corpus.train.texts, 400))
    texts = vocabulary.encode([vocabulary.normal(text) for text in corpus.train.texts])
    runs = ngrams.learn(vocabulary, texts, corpus.train.liked)

    def says(text: str) -> float:
        ids = torch.from_numpy(vocabulary.encode([text])[0])[None]
        ones = torch.ones(ids.shape)
        return float(runs(ids, ones, ones, torch.full((1, 2), float(NONE))))

    assert says("The film is great.") > says("The film is awful.")


def test_the_released_network_is_loaded_as_it_was_released() -> None:
    model = catalog.load("text_prediction")
    network = loaded(model.graph_bytes(model.card.graph("step", "int8")))
    golden = model.arrays("golden.npz")
    ids, h, c = (torch.from_numpy(golden[f"step.in.{name}"]) for name in ("ids", "h", "c"))
    with torch.no_grad():
        states = h.transpose(0, 1).contiguous(), c.transpose(0, 1).contiguous()
        logits = network(ids, states)[0][:, -1].numpy()
    assert np.abs(logits - golden["step.out.logits"]).max() < 1e-3


def test_a_recurrence_in_int8_stays_near_the_float_one(tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge = Judge(Network(300, 32, 64)).eval().requires_grad_(False)
    judge = graphs.rounded(judge)
    rng = np.random.default_rng(0)
    runs = Runs(np.arange(300), np.zeros(300), np.zeros(ngrams.BUCKETS), 0.0)
    ends = Ends(judge, runs, 1.0, rng.normal(size=64), 0.0)
    texts = [rng.integers(1, 300, 90) for _ in range(16)]
    graph = graphs.graphs(ends, texts, reach=6)["predict"]
    path = tmp_path / "model.onnx"
    export.export(graph.module, graph.inputs, graph.outputs, path, lengths=graph.lengths)
    quantise.round_weights(path, path)
    expected = release._pytorch(graph)
    exact = release.worst_differences(path.read_bytes(), graph, expected)
    assert max(exact.values()) < 1e-4
    quantise.recurrences(path, path)
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert "DynamicQuantizeLSTM" in kinds
    assert "LSTM" not in kinds
    quick = release.worst_differences(path.read_bytes(), graph, expected)
    assert 0 < quick["embedding"] < 0.03


def test_reviews_that_stand_in_the_test_half_are_not_learned_from() -> None:
    def some(texts: list[str]) -> sentiment_data.Reviews:
        n = np.arange(len(texts))
        return sentiment_data.Reviews(texts, n % 2, n, n)

    learned = some(["A good film", "So so", "a  GOOD film", "So so"])
    kept = sentiment_data.without(learned, some(["a good film"]))
    assert kept.texts == ["So so"]
    assert kept.numbers.tolist() == [1]


def test_made_up_sentences_say_what_they_are_labelled_with() -> None:
    maker = templates.Maker(np.random.default_rng(0))
    good, bad = templates.LIKED, templates.DISLIKED
    assert maker.filled("{it} has a {good_noun}", bad).endswith(tuple(templates.LISTS["good noun"]))
    kinds = {kind: [maker.sentence(kind) for _ in range(300)] for kind in templates.SHARES}
    plain = {text: meant for text, meant in kinds["same"] if "boring" in text.lower()}
    assert set(plain.values()) == {bad}
    turned = {text: meant for text, meant in kinds["turned"] if "boring" in text}
    assert set(turned.values()) == {good}
    assert {meant for _, meant in kinds["neither"]} == {templates.MIXED}
    for text, meant in kinds["halves"]:
        if ", but I was bored" in text:
            assert meant == bad
    for texts in kinds.values():
        assert not any(set("{}|") & set(text) for text, _ in texts)


def test_no_sentence_that_is_measured_is_learned_from() -> None:
    measured = [one.text for one in sentiment_data.own()]
    assert len(measured) > 200
    assert "Not bad at all." in measured
    free, _ = templates.sentences(4_000, np.random.default_rng(0))
    texts, targets = templates.sentences(4_000, np.random.default_rng(0), measured)
    keys = {templates.key(text) for text in measured}
    assert keys & set(map(templates.key, free)), "the patterns alone would make some"
    assert not keys & set(map(templates.key, texts))
    assert len(texts) == len(targets) == 4_000
    assert {*targets} == {0.0, 0.5, 1.0}
    parts = {templates.key(part) for text in texts for part in re.split("[.,;:]", text)}
    assert not {key for key in keys if " " in key} & parts


def test_our_own_sentences_are_twenty_of_a_kind() -> None:
    tested = [one for one in sentiment_data.own() if one.part == "test"]
    kinds = Counter(one.kind for one in tested)
    assert len(kinds) == 8
    assert set(kinds.values()) == {20}
    assert {one.meant for one in tested if one.kind == "mixed"} == {"unsure"}
    keys = [templates.key(one.text) for one in sentiment_data.own()]
    assert len(keys) == len(set(keys))


def test_reviews_are_cut_into_sentences_that_keep_their_labels() -> None:
    reviews = sentiment_data.Reviews(
        ["A dull film. I left early! Why? It was so bad, Mr. Bean would cry.", "No. Lovely movie."],
        np.array([0, 1]),
        np.array([2, 9]),
        np.array([7, 8]),
    )
    cut = sentiment_data.sentences(reviews, 2, 5)
    # An abbreviation ends one too soon, which does no harm to its label.
    some = ["A dull film.", "I left early!", "It was so bad, Mr.", "Bean would cry."]
    assert cut.texts == [*some, "Lovely movie."]
    assert cut.liked.tolist() == [0, 0, 0, 0, 1]
    named = sentiment_data.about(reviews)
    assert named.texts == ["A dull film."]
    assert named.numbers.tolist() == [7]


def test_sentences_are_drawn_with_what_their_runs_say() -> None:
    ids = [np.arange(1, 4), np.arange(1, 7)]
    some = Sentences(ids, torch.tensor([0.0, 1.0]), torch.tensor([-0.5, 0.5]))
    padded, lengths, targets, sums = some.drawn(20, torch.Generator().manual_seed(0))
    assert padded.shape == (20, 6)
    assert set(lengths.tolist()) == {3, 6}
    assert (padded[lengths == 3][:, 3:] == 0).all()
    assert torch.equal(targets > 0.5, lengths == 6)
    assert torch.equal(sums, targets - 0.5)


def test_a_network_between_two_has_weights_between_theirs() -> None:
    torch.manual_seed(0)
    one, other = Judge(Network(20, 4, 6)), Judge(Network(20, 4, 6))
    made = between(one, other, 0.25)
    for a, b, c in zip(one.parameters(), other.parameters(), made.parameters(), strict=True):
        torch.testing.assert_close(c, 0.75 * a + 0.25 * b)


def test_a_release_in_small_holds_together(tmp_path: Path) -> None:
    card = train.smoke(tmp_path)
    assert card.metric("accuracy", "test").value > 0.9
    assert {"by_rating", "by_length", "rivals", "strangers", "mistakes"} <= card.tables.keys()
    own = {row[0]: row for row in card.tables["own"].rows}
    assert own["negated pan"][2] == 20
    assert own["all of these"][2] == card.tables["own"].n == 160
    assert own["mixed"][5] is None, "what says both is on neither side"
    assert card.metric("accuracy", "our own sentences").n == 140
    epochs = [row["epoch"] for row in card.history]
    assert epochs == [*range(1, len(epochs) + 1)]
    assert [one["made"] for one in card.training.config["then"]] == [200]
    assert catalog.load("sentiment", tmp_path / "sentiment").card == card
