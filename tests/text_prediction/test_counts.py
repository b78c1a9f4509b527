"""The modified Kneser-Ney model against counts and probabilities worked out by hand."""

import numpy as np
import pytest

from models.kinds.language.ngram import KneserNey
from models.kinds.language.rivals import Rival, unigram
from training.kinds.language import kneser_ney

S, A, B, C = range(4)  # S begins a text, and what comes after its last id is the next S
# a b a c / a b c / b b
TEXTS = [np.array(ids) for ids in ([S, A, B, A, C], [S, A, B, C], [S, B, B])]


def held(arrays: dict[str, np.ndarray], length: int) -> dict[tuple[int, ...], int]:
    """Each k-gram with its adjusted count, read back through the contexts."""
    if length == 0:
        return {(): 0}
    shorter = list(held(arrays, length - 1))
    starts, words = arrays[f"starts_{length}"], arrays[f"words_{length}"]
    counts = arrays[f"counts_{length}"]
    return {
        (*shorter[context], int(words[i])): int(counts[i])
        for context in range(len(shorter))
        for i in range(starts[context], starts[context + 1])
    }


def test_the_counts_are_those_made_by_hand() -> None:
    arrays = kneser_ney.count(TEXTS, 4, order=3)
    # The highest order: how often each stands in a text.
    assert held(arrays, 3) == {
        (S, A, B): 2, (S, B, B): 1, (A, B, A): 1, (A, B, C): 1, (A, C, S): 1,
        (B, A, C): 1, (B, B, S): 1, (B, C, S): 1,
    }  # fmt: skip
    # Below it: how many different ids come before, but at a text's start how often it stands there.
    assert held(arrays, 2) == {
        (S, A): 2, (S, B): 1, (A, B): 1, (A, C): 1,
        (B, S): 1, (B, A): 1, (B, B): 1, (B, C): 1, (C, S): 2,
    }  # fmt: skip
    # a after S and b; b after S, a and b; c after a and b; the end after b and c.
    assert held(arrays, 1) == {(S,): 2, (A,): 2, (B,): 3, (C,): 2}
    assert arrays["totals_2"].tolist() == [3, 2, 4, 2]


def test_the_discounts_are_those_of_the_paper() -> None:
    # 6 counts of 1, 3 of 2, 2 of 3, 1 of 4: Y = 6 / 12; 1 - 2 Y 3/6, 2 - 3 Y 2/3, 3 - 4 Y 1/2.
    counts = np.repeat([1, 2, 3, 4, 9], [6, 3, 2, 1, 1])
    assert kneser_ney.discounts(counts) == pytest.approx([0.5, 1.0, 2.0])
    assert kneser_ney.discounts(np.array([5, 5])) == pytest.approx([0.75] * 3)


def test_a_probability_is_the_one_made_by_hand() -> None:
    arrays = kneser_ney.count(TEXTS, 4, order=2)
    arrays["discounts"] = np.array([[0.5, 1.0, 1.5], [0.5, 1.0, 1.5]])
    model = KneserNey(arrays)
    # Order 1, 9 kinds of pairs: (2-1, 2-1, 3-1.5, 2-1) / 9 and what is left, 4.5 / 9, over 4 ids.
    one = (np.array([1, 1, 1.5, 1]) + 4.5 / 4) / 9
    assert model.distribution(np.array([], int)) == pytest.approx(one)
    # Order 2 after a: b twice and c once; 2 - 1 and 1 - 0.5 of 3, and 1.5 / 3 to order 1.
    two = np.array([0, 0, 1, 0.5]) / 3 + 0.5 * one
    assert model.distribution(np.array([S, A])) == pytest.approx(two)


def zipf(n: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [np.r_[0, 1 + rng.zipf(1.5, rng.integers(1, 40)) % 50] for _ in range(n)]


@pytest.mark.parametrize("least", [1, 2, 3])
def test_every_distribution_sums_to_one_and_agrees_with_the_vectorised_way(least: int) -> None:
    model = KneserNey(kneser_ney.pruned(kneser_ney.count(zipf(300, 0), 60), least))
    for ids in zipf(5, 1):
        found = model.probabilities(ids)
        one_by_one = [model.distribution(ids[:i]) for i in range(1, len(ids))]
        assert np.array([d.sum() for d in one_by_one]) == pytest.approx(1)
        assert found == pytest.approx([d[i] for d, i in zip(one_by_one, ids[1:], strict=True)])
        assert (found > 0).all()


def test_what_is_pruned_is_smaller_and_keeps_what_longer_ones_need() -> None:
    whole = kneser_ney.count(zipf(300, 0), 60)
    small = kneser_ney.pruned(whole, 2)
    for length in range(1, 6):
        kept, all_of_them = held(small, length), held(whole, length)
        assert kept.items() <= all_of_them.items()
        assert len(kept) < len(all_of_them) or length < 3
    assert len(held(small, 5)) == sum(count >= 2 for count in held(whole, 5).values())


def test_a_rival_steps_as_it_reads() -> None:
    ids = zipf(1, 2)[0]
    for counts in (KneserNey(kneser_ney.count(zipf(50, 0), 60)), unigram(np.arange(60))):
        rival = Rival(counts)
        state = rival.state(ids[:3])
        for i in range(3, len(ids)):
            shares, state = rival.step(ids[i : i + 1], state)
            assert shares[0] == pytest.approx(rival.shares(ids[: i + 1]))
        assert rival.surprisals(ids)[-1] == pytest.approx(-np.log(rival.shares(ids[:-1])[ids[-1]]))


def test_the_unigram_is_the_share_of_each_id() -> None:
    assert unigram(np.array([0, 1, 5])).distribution(np.array([2, 2])) == pytest.approx(
        [1 / 9, 2 / 9, 6 / 9]
    )
