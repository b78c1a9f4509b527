"""What words and columns did, where the right values are known: linear, and enumerated."""

from itertools import permutations

import numpy as np
import pytest

from models.explain import features, rank_correlation
from models.explain.features import leave_one_out, random_removal, removal, shapley
from tests.helpers import Array

WEIGHTS = np.array([3.0, -2.0, 0.5, 0.0, 1.0])


def linear(masks: Array) -> Array:
    return masks @ WEIGHTS + 7


def mixed(masks: Array) -> Array:
    """Four features: one by itself, two that need each other, and all but the first together."""
    a, b, c, d = masks.astype(float).T
    return 2 * a - b + 4 * b * c - 3 * b * c * d


def exact(n: int) -> Array:
    """The Shapley values of `mixed`, over every order that there is."""
    orders = [*permutations(range(n))]
    total = np.zeros(n)
    for order in orders:
        kept = np.zeros((1, n), bool)
        for feature in order:
            before = mixed(kept)
            kept[0, feature] = True
            total[feature] += (mixed(kept) - before)[0]
    return total / len(orders)


class Counted:
    """A value that counts what it is asked."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, masks: Array) -> Array:
        assert masks.dtype == bool
        self.batches.append(len(masks))
        return masks.sum(1).astype(float)


def test_a_linear_model_gives_its_weights_back() -> None:
    for found in (leave_one_out(linear, 5), shapley(linear, 5, permutations=4)):
        assert np.allclose(found.values, WEIGHTS)
    assert np.allclose(shapley(linear, 5).error, 0)
    assert leave_one_out(linear, 5).error is None


def test_sampled_shapley_values_are_the_exact_ones_within_their_error() -> None:
    right = exact(4)
    found = shapley(mixed, 4, permutations=2000)
    assert found.error is not None
    assert 0 < found.error.max() < 0.05
    assert np.all(np.abs(found.values - right) < 4 * found.error + 1e-9)
    assert not np.allclose(leave_one_out(mixed, 4).values, right, atol=0.2), "they differ here"


def test_shapley_values_sum_to_what_all_features_do_however_few_orders() -> None:
    for seed in range(5):
        found = shapley(mixed, 4, permutations=4, seed=seed)
        whole, none = mixed(np.array([[True] * 4, [False] * 4]))
        assert found.values.sum() == pytest.approx(whole - none)


def test_backward_permutations_lower_the_error_at_the_same_cost() -> None:
    twice = shapley(mixed, 4, permutations=400)
    plain = shapley(mixed, 4, permutations=400, antithetic=False)
    assert twice.passes == plain.passes
    assert twice.error is not None
    assert plain.error is not None
    assert twice.error.mean() < 0.8 * plain.error.mean()


def test_one_pair_of_permutations_is_exact_where_features_act_in_twos() -> None:
    def twos(masks: Array) -> Array:
        a, b, c = masks.astype(float).T
        return a + 4 * a * b - 2 * b * c

    found = shapley(twos, 3, permutations=4)
    assert np.allclose(found.values, [3, 1, -1])
    assert np.allclose(found.error, 0)


def test_the_told_error_is_the_one_that_other_seeds_show() -> None:
    drawn = [shapley(mixed, 4, permutations=32, seed=seed) for seed in range(200)]
    spread = np.std([found.values for found in drawn], axis=0)
    told = np.sqrt(np.mean([np.square(found.error) for found in drawn], axis=0))
    assert np.allclose(told[spread > 0], spread[spread > 0], rtol=0.2)


def test_a_seed_gives_one_answer() -> None:
    one, again, other = (shapley(mixed, 4, permutations=8, seed=seed).values for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("n", [1, 2, 200])
def test_batches_are_small_and_passes_are_counted(n: int) -> None:
    for method in (leave_one_out, shapley):
        value = Counted()
        found = method(value, n)
        assert np.allclose(found.values, 1)
        assert max(value.batches) <= features.BATCH
        assert sum(value.batches) == found.passes


def test_whoever_watches_sees_every_batch_and_may_stop() -> None:
    seen: list[tuple[int, int]] = []
    shapley(linear, 5, permutations=64, progress=lambda *pair: seen.append(pair))
    assert seen[0] == (0, 258)
    assert seen[-1] == (258, 258)
    assert len(seen) == 6

    def stop(done: int, total: int) -> None:
        if done >= 64:
            raise RuntimeError(f"at {done} of {total}")

    value = Counted()
    with pytest.raises(RuntimeError, match="at 64 of 201"):
        leave_one_out(value, 200, progress=stop)
    assert value.batches == [64]


def test_groups_hold_neighbours_and_are_as_large_as_each_other() -> None:
    value, group = features.grouped(linear, 5, 2)
    assert group.tolist() == [0, 0, 0, 1, 1]
    assert np.allclose(leave_one_out(value, 2).values, [1.5, 1.0])
    assert features.grouped(linear, 5, 9)[1].tolist() == [0, 1, 2, 3, 4]
    sizes = np.bincount(features.grouped(linear, 1000, 300)[1])
    assert len(sizes) == 300
    assert set(sizes) == {3, 4}


def test_the_value_falls_fastest_in_its_own_order_and_slowest_backwards() -> None:
    order = features.order_of(WEIGHTS)
    assert order.tolist() == [0, 4, 2, 3, 1]
    first = removal(linear, order)
    assert first.probabilities.tolist() == [9.5, 6.5, 5.5, 5.0, 5.0, 7.0]
    assert np.allclose(first.shares, np.arange(6) / 5)
    by_chance = random_removal(linear, 5)
    assert first.area < by_chance.area < removal(linear, order[::-1]).area
    assert by_chance.probabilities[[0, -1]].tolist() == [9.5, 7.0]
    assert len(set(by_chance.probabilities.tolist())) > 2


def test_a_long_input_goes_in_28_steps() -> None:
    value = Counted()
    curve = removal(value, np.arange(1000))
    assert value.batches == [29]
    assert curve.probabilities.tolist() == sorted(curve.probabilities.tolist(), reverse=True)
    assert curve.probabilities[[0, -1]].tolist() == [1000, 0]


def test_equal_values_go_in_an_order_that_looks_at_no_place() -> None:
    order = features.order_of(np.zeros(50))
    assert sorted(order) == [*range(50)]
    assert abs(rank_correlation(order, np.arange(50)) or 1) < 0.5


def test_what_is_removed_by_equal_values_is_the_mean_over_their_orders() -> None:
    flat = features.removal_by(linear, np.zeros(5), seeds=400)
    # On average a step takes a fifth of what all weights are together.
    even = 7 + WEIGHTS.sum() * (1 - np.arange(6) / 5)
    assert flat.probabilities == pytest.approx(even, abs=0.25)
    moved = features.removal_by(linear, np.array([2.0, 2, 1, 0, 0]))
    assert moved.probabilities[[0, 2, 3, 5]].tolist() == [9.5, 8.5, 8.0, 7.0]
    known = removal(linear, features.order_of(WEIGHTS))
    assert (features.removal_by(linear, WEIGHTS).probabilities == known.probabilities).all()


def test_the_leaders_are_none_that_an_equal_one_could_stand_for() -> None:
    assert features.leaders(np.array([0.1, 0.5, 0.2, 0.2]), 2).tolist() == [1]
    assert features.leaders(np.array([0.1, 0.5, 0.2, 0.2]), 3).tolist() == [1, 2, 3]
    assert features.leaders(np.array([0.3, 0.5, 0.2]), 2).tolist() == [1, 0]
    assert features.leaders(np.full(40, 1 / 40), 3).tolist() == []


def test_rank_correlation_counts_ties_and_knows_what_has_no_order() -> None:
    assert rank_correlation(np.array([1, 2, 30]), np.array([5, 6, 7])) == pytest.approx(1)
    assert rank_correlation(np.array([1, 2, 3]), np.array([9, 6, -7])) == pytest.approx(-1)
    assert rank_correlation(np.ones(3), np.array([1, 2, 3])) is None
