"""Explanations of a model so small that the right ones are known: each class wants one place.

It sees an 8 x 8 grid of cells of 8 x 8 pixels. Class k is the brightness of its own cell, and
class 0 is dimmed by one more cell.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from scipy.stats import spearmanr

from models import explain
from models.catalog import Model
from models.engine import MAX_BATCH, Run
from models.errors import InputError, UnsupportedError
from models.explain import agreement, erase
from models.explain.cam import grad_cam
from models.explain.ladder import ladder, seen_by
from models.explain.occlusion import occlusion
from tests.helpers import Array, floats, graph, is_sentence, place

GRID, CELL = 8, 8
SIDE = GRID * CELL
WANTS = {0: (2, 2), 1: (3, 5), 2: (5, 2)}  # class -> row and column of its cell
DIMS = (5, 5)  # the cell that speaks against class 0
NOBODYS = (6, 6)
GAIN = 40.0  # of a white cell
LIT = 51  # a fifth of white, so few that the mean of a picture with one such cell is black
SURE = np.exp(8) / (np.exp(8) + 2)  # of a class whose cell is lit while all else is dark


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """uint8 [n, 64, 64, 3] -> logits, class_map [n, 8, 8, 3] and the grid itself as `map_1`."""
    weights = np.zeros((GRID, GRID, len(WANTS)), np.float32)
    for target, (row, column) in WANTS.items():
        weights[row, column, target] = GAIN
    weights[*DIMS, 0] = -GAIN
    nodes = [
        helper.make_node("Cast", ["image"], ["bytes"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["bytes", "white"], ["light"]),
        helper.make_node("ReduceMean", ["light"], ["grey"], axes=[3], keepdims=0),
        helper.make_node("Unsqueeze", ["grey", "one"], ["channel"]),
        helper.make_node(
            "AveragePool", ["channel"], ["cells"], kernel_shape=[CELL] * 2, strides=[CELL] * 2
        ),
        helper.make_node("Transpose", ["cells"], ["places"], perm=[0, 2, 3, 1]),
        helper.make_node("Mul", ["places", "weights"], ["class_map"]),
        helper.make_node("ReduceSum", ["class_map", "both"], ["logits"], keepdims=0),
        helper.make_node("Sub", ["white_one", "cells"], ["dark"]),
        helper.make_node("Concat", ["dark", "cells", "dark"], ["map_1"], axis=1),
    ]
    made = graph(
        nodes,
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", SIDE, SIDE, 3])],
        [
            floats("logits", "n", len(WANTS)),
            floats("class_map", "n", GRID, GRID, len(WANTS)),
            floats("map_1", "n", 3, GRID, GRID),
        ],
        white=np.float32(255),
        white_one=np.float32(1),
        one=np.int64([1]),
        both=np.int64([1, 2]),
        weights=weights,
    )
    usual = {"map_1_mean": np.float32([1, 0, 9]), "map_1_spread": np.float32([0, 0.5, 1])}
    return place(tmp_path_factory.mktemp("linear"), made, usual)


def picture(*lit: tuple[int, int]) -> Array:
    """Black, but for the lit cells."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    for cell in lit:
        image[area(cell)] = LIT
    return image


def area(cell: tuple[int, int], around: int = 0) -> tuple[slice, slice]:
    """The pixels of a cell and of so many cells around it."""
    row, column = (slice((i - around) * CELL, (i + 1 + around) * CELL) for i in cell)
    return row, column


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by the batch of every run of the network."""
    seen: list[int] = []
    real = explain.infer

    def counted(model: Model, inputs: dict[str, Array], **rest: Any) -> Run:
        seen.append(len(inputs["image"]))
        return real(model, inputs, **rest)

    monkeypatch.setattr(explain, "infer", counted)
    return seen


@pytest.mark.parametrize("target", WANTS)
def test_grad_cam_marks_the_place_that_the_class_wants_and_no_other(
    linear: Model, target: int
) -> None:
    lit = [*WANTS.values(), NOBODYS]
    heat = grad_cam(linear, picture(*lit), target)
    assert heat.values.shape == (SIDE, SIDE)
    assert heat.passes == 1
    assert heat.values.mean() == pytest.approx(GAIN * LIT / 255 / GRID**2)
    elsewhere = heat.values.copy()
    elsewhere[area(WANTS[target], around=1)] = 0  # enlarging spreads it by less than a cell
    assert not elsewhere.any()


def test_grad_cam_cuts_off_what_speaks_against_the_class(linear: Model) -> None:
    heat = grad_cam(linear, picture(DIMS, WANTS[1]), 0)
    assert not heat.values.any()


@pytest.mark.parametrize("target", WANTS)
def test_occlusion_is_the_mean_fall_over_the_patches_that_covered_a_pixel(
    linear: Model, target: int, passes: list[int]
) -> None:
    told: list[tuple[int, ...]] = []
    image = picture(WANTS[target])
    heat = occlusion(linear, image, target, cells=GRID, progress=lambda *now: told.append(now))
    row, column = WANTS[target]
    grid = np.zeros((GRID, GRID))
    # Patches are two cells wide: four cover each cell, of which these shares hide the class's.
    shares = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])
    grid[row - 1 : row + 2, column - 1 : column + 2] = shares * (SURE - 1 / 3)
    expected = grid.repeat(CELL, axis=0).repeat(CELL, axis=1)
    np.testing.assert_allclose(heat.values, expected, atol=1e-6)
    assert told == [(done, 49) for done in (*range(0, 49, MAX_BATCH), 49)]
    assert heat.passes == sum(passes) == 50


def test_occlusion_is_negative_where_hiding_helps_the_class(linear: Model) -> None:
    heat = occlusion(linear, picture(WANTS[0], DIMS), 0, cells=GRID)
    assert heat.values[area(DIMS)].max() < -0.3
    assert heat.values[area(WANTS[0])].min() >= 0


class Stopped(Exception):  # noqa: N818
    """A visitor pressed stop."""


@pytest.mark.parametrize("after", [0, MAX_BATCH])
def test_raising_from_progress_stops_within_one_batch(
    linear: Model, passes: list[int], after: int
) -> None:
    def progress(done: int, total: int) -> None:
        if done == after < total:
            raise Stopped

    with pytest.raises(Stopped):
        occlusion(linear, picture(WANTS[1]), 1, cells=GRID, progress=progress)
    assert sum(passes) == 1 + after


def test_erasing_believes_the_map_of_the_right_place_and_not_one_of_a_wrong_place(
    linear: Model,
) -> None:
    image = picture(WANTS[1], NOBODYS)
    right = grad_cam(linear, image, 1).values
    wrong = np.roll(right, (3 * CELL, CELL), (0, 1))  # around a cell that is lit for nobody
    test = erase.by_erasing(linear, image, 1, {"wrong": wrong, "right": right}, 0.1)
    assert test.whole == pytest.approx(SURE, abs=1e-6)
    assert test.after["wrong"] == pytest.approx(SURE, abs=1e-3)
    assert test.after["right"] < 0.8
    assert test.at_random.shape == (erase.TRIES,)
    assert test.believed() == "right"
    assert erase.by_erasing(linear, image, 1, {"wrong": wrong}, 0.1).believed() is None


def test_only_what_is_marked_is_erased() -> None:
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    mask = erase.marked(np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE), 0.25)
    assert (mask[SIDE * 3 // 4 :] == 1).all()
    assert mask.sum() == SIDE * SIDE // 4
    erased = erase.erased(image, mask)
    assert (erased[: SIDE // 2] == image[: SIDE // 2]).all()
    assert erased[-4:].std() < image[-4:].std() / 4
    assert erase.marked(np.zeros((4, 4), np.float32), 0).sum() == 1  # at least something


def test_equal_pixels_share_what_is_marked_whatever_row_they_stand_in() -> None:
    flat = erase.marked(np.full((SIDE, SIDE), 0.3, np.float32), 0.25)
    assert (flat == 0.25).all()
    heat = np.zeros((4, 4), np.float32)
    heat[3, 3], heat[2] = 9, 1
    parts = erase.marked(heat, 0.25)  # 4 of 16: the hottest, and three of the next four
    assert parts[3, 3] == 1
    assert (parts[2] == 0.75).all()
    assert parts.sum() == 4
    image = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    upright = erase.erased(image, flat)
    assert (erase.erased(image[::-1], flat[::-1])[::-1] == upright).all()
    assert upright[:8].std() == pytest.approx(upright[-8:].std(), rel=0.1)


def test_a_flat_map_is_not_believed_where_the_class_rests_on_the_top(linear: Model) -> None:
    top = picture(WANTS[0])  # in the third row of eight: a stable sort would erase it
    flat = np.full((SIDE, SIDE), 0.3, np.float32)
    flat[-1] += 1e-8  # rounding makes no map
    test = erase.by_erasing(linear, top, 0, {"flat": flat}, 0.4)
    assert test.flat == {"flat"}
    assert test.believed() is None
    right = grad_cam(linear, top, 0).values
    test = erase.by_erasing(linear, top, 0, {"flat": flat, "right": right}, 0.1)
    assert test.believed() == "right"


def test_a_hair_below_chance_proves_nothing() -> None:
    chance = np.full(erase.TRIES, 0.9, np.float32)
    assert erase.Erasing(0.9, {"map": 0.9 - 1e-7}, chance).believed() is None
    assert erase.Erasing(0.9, {"map": 0.8}, chance).believed() == "map"


@pytest.mark.parametrize("values", [[0.0], [2.0, 2.0], [np.nan, 1.0, 1 + 1e-8], [np.nan], []])
def test_what_is_equal_but_for_rounding_is_flat(values: list[float]) -> None:
    assert explain.is_flat(np.array(values))
    assert not explain.is_flat(np.array([*values, 0.5, 0.6]))


def test_the_ladder_puts_first_what_answers_more_than_it_usually_does(linear: Model) -> None:
    image = picture(WANTS[2])
    (rung,) = ladder(linear, image, ("map_1",), keep=2)
    assert (rung.name, rung.size, rung.channels) == ("map_1", (GRID, GRID), 3)
    # Channel 0 is as strong as ever (and its usual spread is none), channel 2 far weaker.
    assert [channel.index for channel in rung.strongest] == [1, 0]
    assert [c.surprise for c in rung.strongest] == pytest.approx([LIT / 255 / 0.5, 0], abs=1e-6)
    seen = seen_by(rung.strongest[0], image)
    assert seen.shape == (SIDE, SIDE)
    assert seen[area(WANTS[2])].max() == seen.max()
    with pytest.raises(UnsupportedError, match="map_2"):
        ladder(linear, image, ("map_1", "map_2"))


@pytest.mark.parametrize("target", [-1, 3, 1000])
def test_a_class_that_the_model_has_not_is_refused(linear: Model, target: int) -> None:
    image = picture(WANTS[1])
    methods: tuple[Callable[[], object], ...] = (
        lambda: grad_cam(linear, image, target),
        lambda: occlusion(linear, image, target),
        lambda: erase.by_erasing(linear, image, target, {"map": image[..., 0]}, 0.1),
    )
    for method in methods:
        with pytest.raises(InputError, match="the classes 0 to 2") as caught:
            method()
        assert is_sentence(caught.value)


@pytest.mark.parametrize("grey", [0, 127, 255])
def test_a_picture_of_one_colour_has_no_place_that_matters(linear: Model, grey: int) -> None:
    image = np.full((SIDE, SIDE, 3), grey, np.uint8)
    covered = occlusion(linear, image, 1)
    assert not covered.values.any()
    assert np.isfinite(grad_cam(linear, image, 1).values).all()
    assert agreement(covered.values, grad_cam(linear, image, 1).values) == 0
    test = erase.by_erasing(linear, image, 1, {"occlusion": covered.values}, 0.25)
    assert test.after["occlusion"] == test.whole
    assert test.believed() is None


def test_agreement_is_spearmans_also_where_many_places_are_equal() -> None:
    dice = np.random.default_rng(0)
    one = dice.normal(size=(28, 28)).astype(np.float32)
    other = one + dice.normal(size=(28, 28)).astype(np.float32)
    for first, second in ((one, other), (one.clip(0), other.clip(0)), (one.round(), -other)):
        expected = spearmanr(first, second, axis=None).statistic
        assert agreement(first, second) == pytest.approx(expected)
    assert agreement(one, np.exp(one)) == pytest.approx(1)
