"""Pictures out of chance: what is drawn, and the way from one draw to another."""

import numpy as np
import pytest

from models.kinds import generator


def test_the_way_between_two_draws_keeps_to_the_arc_and_to_both_ends() -> None:
    first, last = np.array([3.0, 0, 0, 0]), np.array([0, 3.0, 0, 0])
    way = generator.between(first, last, 5)
    assert way.dtype == np.float32
    assert way[0] == pytest.approx(first)
    assert way[-1] == pytest.approx(last)
    assert way[2] == pytest.approx([3 / 2**0.5, 3 / 2**0.5, 0, 0])
    assert np.linalg.norm(way, axis=1) == pytest.approx(3)


@pytest.mark.parametrize("factor", [1.0, -1.0, 0.0])
def test_where_there_is_no_arc_the_way_is_straight(factor: float) -> None:
    first = np.array([1.0, 2.0])
    way = generator.between(first, factor * first, 3)
    assert np.isfinite(way).all()
    assert way[1] == pytest.approx((1 + factor) / 2 * first)


def test_less_strength_draws_chance_to_its_middle() -> None:
    latents = np.random.default_rng(0).standard_normal((4, 8)).astype(np.float32)
    assert generator.truncated(latents, 1) == pytest.approx(latents)
    assert generator.truncated(latents, 0.5) == pytest.approx(latents / 2)
    assert not generator.truncated(latents, 0).any()
