"""Visual inspection: a memory of patches by hand, and what the released graph sees of pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from models import catalog
from models.errors import InputError
from models.explain import enlarge
from models.visual_inspection import (
    FEWEST,
    FLOORS,
    MOST,
    SIDE,
    inspect,
    kin_of,
    preprocess,
    remember,
    seen,
)
from models.visual_inspection.memory import SIDE as HEAT
from models.visual_inspection.memory import Least, Level, Memory, coreset, softened, squared
from tests.helpers import ROOT, is_sentence

NAME = "visual_inspection"
released = pytest.mark.skipif(NAME not in catalog.NAMES, reason="visual_inspection is not released")


def tiles(name: str) -> list[np.ndarray]:
    with Image.open(ROOT / "pages" / "samples" / f"inspect-{name}.jpg") as image:
        sheet = np.asarray(image.convert("RGB"))
    rows = range(0, sheet.shape[0], SIDE)
    return [sheet[y : y + SIDE, x : x + SIDE] for y in rows for x in range(0, 4 * SIDE, SIDE)]


def test_distances_are_those_of_pythagoras() -> None:
    found = squared(np.array([[0, 0], [3, 4]], np.float32), np.array([[0, 0], [0, 4]], np.float32))
    assert found.tolist() == [[0, 16], [25, 9]]


def test_a_coreset_takes_the_farthest_next() -> None:
    patches = np.array([[0.0], [1.0], [10.0], [4.0]], np.float32)
    # From 0 the farthest is 10; then 4 is four from the nearer of the two, and 1 is one.
    assert coreset(patches, 3, np.random.default_rng(0)).tolist() == [0, 2, 3]
    assert len(coreset(patches, 9, np.random.default_rng(0))) == 4


def test_a_coreset_leaves_no_patch_farther_than_chance_does() -> None:
    rng = np.random.default_rng(1)
    patches = np.concatenate([rng.normal(size=(2_000, 8)), rng.normal(size=(20, 8)) + 9])
    patches = patches.astype(np.float32)
    kept = patches[coreset(patches, 50, rng)]
    chance = patches[rng.permutation(len(patches))[:50]]
    assert squared(patches, kept).min(1).max() < squared(patches, chance).min(1).max()


def test_enlarging_keeps_a_flat_map_flat_and_a_peak_in_its_place() -> None:
    assert enlarge(np.full((7, 7), 2.5, np.float32), HEAT, HEAT) == pytest.approx(2.5)
    peak = np.zeros((28, 28), np.float32)
    peak[20, 5] = 1
    row, column = np.unravel_index(enlarge(peak, HEAT, HEAT).argmax(), (56, 56))
    assert (int(row) // 2, int(column) // 2) == (20, 5)


def maps(rng: np.random.Generator, pictures: int = 6) -> np.ndarray:
    return rng.normal(size=(pictures, 8, 8, 5)).astype(np.float32)


def test_a_good_picture_is_held_against_the_others_and_not_against_itself() -> None:
    level, own = Level.of(maps(np.random.default_rng(2)), 1e-3, np.random.default_rng(0))
    one = maps(np.random.default_rng(2))[0]
    assert level.distances(one).max() < 0  # every patch of it lies in the memory
    assert level.distances(one, leave=0).max() > 0
    assert (own[0] == level.distances(one, leave=0)).all()


def test_a_usual_good_picture_has_1_and_an_odd_place_more() -> None:
    rng = np.random.default_rng(3)
    memory = Memory.of([maps(rng, 12)], [1e-3])
    assert np.mean(memory.good) == pytest.approx(1)
    fresh, score = memory.heat([maps(rng, 1)[0]])
    assert abs(float(np.median(fresh))) < 0.8
    assert score == pytest.approx(1, abs=0.4)
    assert fresh.max() > score  # one odd place is not yet an odd picture
    odd = maps(rng, 1)[0]
    odd[4, 4] += 12
    heat, score = memory.heat([odd])
    assert score > 1.5
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (int(row) // 7, int(column) // 7) == (4, 4)


def test_the_depth_that_differs_most_decides_and_wild_ones_are_forgiven_more() -> None:
    rng = np.random.default_rng(5)
    calm, wild = maps(rng, 12), maps(rng, 12)
    wild[::3] *= 4
    memory = Memory.of([calm, wild], [1e-3, 1e-3])
    assert memory.spread[1] > memory.spread[0]
    one = [maps(rng, 1)[0], maps(rng, 1)[0]]
    _, before = memory.heat(one)
    one[0][2, 2] += 12
    heat, after = memory.heat(one)
    assert after > before + 0.3
    assert after == pytest.approx(np.sort(heat.ravel())[-20:].mean(), abs=1e-4)


def test_softening_keeps_the_sum_and_spreads_one_place() -> None:
    heat = np.zeros((56, 56), np.float32)
    heat[20, 30] = 1
    soft = softened(heat)
    assert soft.sum() == pytest.approx(1, abs=1e-5)
    assert np.unravel_index(soft.argmax(), soft.shape) == (20, 30)
    assert 0.05 < soft.max() < 0.15
    assert softened(np.ones((56, 56), np.float32)) == pytest.approx(1, abs=1e-5)


def test_the_same_pictures_give_the_same_memory() -> None:
    first, second = (Memory.of([maps(np.random.default_rng(4))], [1e-3]) for _ in range(2))
    assert first.good == second.good


def test_flat_pictures_do_not_break_it() -> None:
    memory = Memory.of([np.zeros((5, 8, 8, 5), np.float32)], [1e-3])
    heat, score = memory.heat([np.ones((8, 8, 5), np.float32)])
    assert np.isfinite(heat).all()
    assert np.isfinite(score)


def test_the_whole_picture_is_taken_whatever_its_shape() -> None:
    picture = np.zeros((60, 300, 3), np.uint8)
    picture[:, -20:] = 255
    found = preprocess(picture)
    assert found.shape == (SIDE, SIDE, 3)
    assert found[:, -5:].mean() > 200


@released
@pytest.mark.parametrize("count", [0, 1, FEWEST - 1, MOST + 1])
def test_too_few_or_too_many_good_pictures_get_a_sentence(count: int) -> None:
    with pytest.raises(InputError) as error:
        remember(catalog.load(NAME), [np.zeros((32, 32, 3), np.uint8)] * count)
    assert is_sentence(str(error.value))
    assert str(FEWEST if count < FEWEST else MOST) in str(error.value)


@released
def test_light_is_the_mean_of_the_colours() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[..., 0] = 191
    (light, fine, middle), _ = seen(catalog.load(NAME), [picture])
    assert light.shape[1:3] == middle.shape[1:3] == (28, 28)
    assert fine.shape[1:3] == (56, 56)
    assert light[0, 14, 14, 0] == pytest.approx((191 - 127) / 128, abs=1e-3)
    assert light[0, 14, 14, 1] == pytest.approx(-127 / 128, abs=1e-3)


@released
@pytest.mark.parametrize("name", ["washer", "weave", "brick"])
def test_flaws_of_the_samples_are_odder_than_the_good_one(name: str) -> None:
    model = catalog.load(NAME)
    *all_good, first, second, third, fourth = tiles(name)
    memory = remember(model, all_good)
    assert len(memory.levels) == len(FLOORS)
    good, *flawed = inspect(model, memory, [first, second, third, fourth])[0]
    assert good.score < model.card.settings["alarm"].value
    odder = sum(one.score > good.score for one in flawed)
    assert odder >= (2 if name == "brick" else 3)  # one wall's flaw hides among its joints
    assert all(0 <= i < len(all_good) for i in good.alike)


@released
def test_the_heat_lies_where_the_flaw_does() -> None:
    model = catalog.load(NAME)
    good = tiles("washer")[:12]
    spoilt = good[0].copy()
    spoilt[150:160, 60:90] = (250, 60, 60)
    (found,), _ = inspect(model, remember(model, good[1:]), [spoilt])
    down, across = found.place
    assert 130 / SIDE < down < 180 / SIDE
    assert 40 / SIDE < across < 110 / SIDE


@released
def test_pictures_of_different_sizes_go_together() -> None:
    model = catalog.load(NAME)
    good = tiles("washer")[:6]
    others = [np.asarray(Image.fromarray(one).resize((300, 180))) for one in good[:3]]
    memory = remember(model, [*good[3:], *others])
    found, _ = inspect(model, memory, [others[0], good[5][:100]])
    assert all(np.isfinite(one.heat).all() for one in found)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_five_equal_plain_pictures_give_a_score_and_no_astronomy(grey: int) -> None:
    """Without a floor the scratch had 10 to the 21st: nothing was known to divide by."""
    model, plain = catalog.load(NAME), np.full((300, 300, 3), grey, np.uint8)
    scratched = plain.copy()
    scratched[100:110, 50:200] = 255 - grey if grey != 128 else 0
    same, odd = inspect(model, remember(model, [plain] * 5), [plain, scratched])[0]
    assert same.score == pytest.approx(1, abs=0.1)
    assert model.card.settings["alarm"].value < odd.score < 1_000


@released
@pytest.mark.parametrize("name", ["washer", "weave", "brick"])
def test_real_sets_of_good_pictures_lie_above_every_floor(name: str) -> None:
    """So the floors change nothing of what the card's figures were measured with."""
    model, good = catalog.load(NAME), tiles(name)[:12]
    memory = remember(model, good)
    bare = Memory.of(seen(model, good)[0], FLOORS)
    assert memory.spread == bare.spread
    assert memory.good == bare.good
    assert memory.copies == []


def saved_again(picture: np.ndarray, quality: int = 95) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def test_near_copies_are_found_and_different_pictures_are_none() -> None:
    good = tiles("washer")[:6]
    assert kin_of(good) == [0, 1, 2, 3, 4, 5]
    assert kin_of([good[0], good[1], saved_again(good[0]), good[2], good[1]]) == [0, 1, 0, 3, 1]


@released
def test_copies_among_the_good_do_not_make_the_others_odd() -> None:
    model, all_good = catalog.load(NAME), tiles("weave")
    five, asked = all_good[:5], all_good[12:]
    plain = remember(model, five)
    doubled = remember(model, [*five, *five])
    assert doubled.copies == [[i, i + 5] for i in range(5)]
    scores = [[f.score for f in inspect(model, memory, asked)[0]] for memory in (plain, doubled)]
    assert scores[1] == pytest.approx(scores[0], rel=0.15)


def test_a_good_picture_is_not_held_against_its_copy() -> None:
    every = maps(np.random.default_rng(2))
    every[1] = every[0]
    level, own = Level.of(every, 1e-3, np.random.default_rng(0), kin=[0, 0, 2, 3, 4, 5])
    assert own[0].max() > 0
    assert (own[0] == own[1]).all()
    assert level.distances(every[0]).max() < 0


def test_the_least_width_and_spread_hold_where_nothing_differs() -> None:
    least = Least(variance=1.0, width=2.0, spread=3.0)
    memory = Memory.of([np.zeros((5, 8, 8, 5), np.float32)], [1e-3], least=[least])
    assert memory.levels[0].high - memory.levels[0].low == 2
    assert memory.spread == (3.0,)
    _, score = memory.heat([np.ones((8, 8, 5), np.float32)])
    # Every patch lies the root of five away, of which two are one; and the spread is three.
    assert score == pytest.approx(1 + 5**0.5 / 2 / 3, rel=1e-4)
