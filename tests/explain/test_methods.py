"""Every method on a network whose right explanation is known exactly: a linear one.

Class k is the weighted sum of all pixels: a gain inside its own square, 0 elsewhere. So the
gradient is the weights, gradient times input and integrated gradients are weights times distance
from the mean colour, and the rise of the score is their sum.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models import card as cards
from models import catalog
from models.card import Table
from models.catalog import Model
from models.engine import MAX_BATCH
from models.errors import InputError, UnsupportedError
from models.explain import Heat, agreement, faithful, flat, probabilities
from models.explain.cam import grad_cam
from models.explain.counterfactual import counterfactual
from models.explain.gradient import gradient, gradient_x_input, integrated_gradients, smooth_grad
from models.explain.methods import CHANGES, COLUMNS, METHODS, best, sane
from models.explain.rise import rise
from tests.helpers import TINY, Array, is_sentence
from training.core import gradients, release
from training.core.release import Draft, Findings, Graph
from training.kinds.classifier import explaining

SIDE = 24
SQUARES = {0: (slice(2, 8), slice(2, 8)), 1: (slice(12, 20), slice(14, 22))}
GAIN = 4 / 255 / 36  # a class whose 36 pixels are white has a logit of 4


class Weighted(nn.Module):
    """[n, 24, 24, 3], bytes or floats -> [n, 1, 24, 24], grey and weighed by class."""

    def forward(self, image: Tensor) -> Tensor:
        image = image if image.is_floating_point() else image.float()
        return image.mean(3).unsqueeze(1)


class Summed(nn.Module):
    """Maps -> logits [n, 3]; class 2 is a constant."""

    def __init__(self) -> None:
        super().__init__()
        weights = torch.zeros(SIDE * SIDE, 3)
        for target, (rows, columns) in SQUARES.items():
            grid = torch.zeros(SIDE, SIDE)
            grid[rows, columns] = GAIN
            weights[:, target] = grid.flatten()
        self.linear = nn.Linear(SIDE * SIDE, 3)
        with torch.no_grad():
            self.linear.weight.copy_(weights.T)
            self.linear.bias.copy_(torch.tensor([0.0, 0.0, 1.0]))

    def forward(self, maps: Tensor) -> Tensor:
        logits: Tensor = self.linear(maps.flatten(1))
        return logits


class Whole(nn.Module):
    """Bytes -> logits and each place's evidence."""

    def __init__(self) -> None:
        super().__init__()
        self.features, self.head = Weighted(), Summed()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.features(image)
        weights = self.head.linear.weight.T.reshape(SIDE, SIDE, 3)
        return self.head(maps), maps.permute(0, 2, 3, 1) * weights


def graphs(network: nn.Module) -> dict[str, Graph]:
    assert isinstance(network, Whole)
    inputs = np.stack([picture(k) for k in (0, 1, 0, 1)])
    return {
        "predict": Graph(
            network, {"image": inputs}, ("logits", "class_map"), tolerance=1e-4, golden=()
        ),
        "gradients": gradients.graph(network.features, network.head, inputs),
    }


def picture(lit: int, level: int = 200) -> Array:
    """Dark noise, and the class's own square lit."""
    image = np.random.default_rng(lit).integers(0, 40, (SIDE, SIDE, 3), dtype=np.uint8)
    image[SQUARES[lit]] = level
    return image


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("linear")

    def nothing(_model: Model) -> Findings:
        return Findings()

    card = release.build(Draft(TINY, graphs(Whole().eval()), nothing, nothing, ()), folder)
    cards.write(card, folder)
    return catalog.load("tiny", folder)


def weights(target: int) -> Array:
    grid = np.zeros((SIDE, SIDE), np.float32)
    grid[SQUARES[target]] = GAIN
    return grid


@pytest.mark.parametrize("target", SQUARES)
def test_the_gradient_is_the_weights(linear: Model, target: int) -> None:
    image = picture(target)
    for heat in (gradient(linear, image, target), smooth_grad(linear, image, target)):
        np.testing.assert_allclose(heat.values, weights(target) / 3, atol=1e-8)  # three channels


@pytest.mark.parametrize("target", SQUARES)
def test_gradient_times_input_and_integrated_gradients_are_what_each_pixel_adds(
    linear: Model, target: int
) -> None:
    image = picture(target)
    added = weights(target) * (image.astype(np.float32) - flat(image)).mean(2)
    for method in (gradient_x_input, integrated_gradients):
        np.testing.assert_allclose(method(linear, image, target).values, added, atol=1e-5)
    heat = integrated_gradients(linear, image, target, steps=5)
    assert heat.gap is not None
    assert heat.gap < 1e-4
    assert heat.passes == 7


@pytest.mark.parametrize("target", SQUARES)
@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_hottest_where_the_class_looks(
    linear: Model, name: str, target: int
) -> None:
    values = METHODS[name].run(linear, picture(target), target).values
    assert values.shape == (SIDE, SIDE)
    inside, other = (values[SQUARES[k]].mean() for k in (target, 1 - target))
    assert inside > values.mean()
    assert inside - other > 0.2 * np.ptp(values)


def test_the_same_seed_gives_the_same_map_and_more_masks_a_steadier_one(linear: Model) -> None:
    image = picture(0)
    one, other = (rise(linear, image, 0, masks=100, seed=3).values for _ in range(2))
    assert (one == other).all()
    few = [rise(linear, image, 0, masks=40, seed=s).values for s in (1, 2)]
    many = [rise(linear, image, 0, masks=600, seed=s).values for s in (1, 2)]
    assert agreement(*many) > agreement(*few)


def test_deletion_falls_and_insertion_rises_sooner_by_the_right_map_than_by_none(
    linear: Model,
) -> None:
    image, right = picture(0), weights(0)
    for curve, better in ((faithful.deletion, -1), (faithful.insertion, 1)):
        areas = {
            name: curve(linear, image, 0, make(image)).area
            for name, make in faithful.KNOW_NOTHING.items()
        }
        own = curve(linear, image, 0, right)
        assert len(own.shares) == len(own.probabilities) == 29
        assert all(better * (own.area - area) > 0 for area in areas.values())
        opposite = curve(linear, image, 0, -right)
        assert better * (own.area - opposite.area) > 0


def test_stages_go_from_one_picture_to_the_other_hottest_first() -> None:
    image = picture(0)
    heat = np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    stages = faithful.stages(image, flat(image), heat)
    assert (stages[0] == image).all()
    assert (stages[-1] == flat(image)).all()
    gone = (stages != image).any(3).sum((1, 2))
    assert (np.diff(gone) >= 0).all()
    assert (stages[14][: SIDE // 2] == image[: SIDE // 2]).all(), "the colder half is still there"


@pytest.mark.parametrize("name", METHODS)
def test_a_method_tells_its_progress_and_can_be_stopped_within_a_batch(
    linear: Model, name: str
) -> None:
    told: list[tuple[int, int]] = []
    METHODS[name].run(linear, picture(0), 0, progress=lambda *now: told.append(now))
    total = told[-1][1]
    assert told[-1] == (total, total)
    assert all(later[0] - now[0] <= MAX_BATCH for now, later in pairwise(told))

    class StoppedError(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done >= min(MAX_BATCH, total):
            raise StoppedError

    with pytest.raises(StoppedError):
        METHODS[name].run(linear, picture(0), 0, progress=stop)


def test_few_large_pictures_go_back_through_the_network_at_once(
    linear: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    usual = smooth_grad(linear, picture(0), 0, samples=6)
    monkeypatch.setattr("models.explain.gradient.AT_ONCE", 2 * picture(0).size + 1)
    few = smooth_grad(linear, picture(0), 0, samples=6, progress=lambda *now: told.append(now[0]))
    assert told == [0, 2, 4, 6]
    np.testing.assert_allclose(few.values, usual.values, rtol=1e-6)
    monkeypatch.setattr("models.explain.gradient.AT_ONCE", 1)
    told.clear()
    smooth_grad(linear, picture(0), 0, samples=2, progress=lambda *now: told.append(now[0]))
    assert told == [0, 1, 2]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("target", [-1, 3])
def test_a_class_that_there_is_not_gets_a_sentence(linear: Model, name: str, target: int) -> None:
    with pytest.raises(InputError) as refusal:
        METHODS[name].run(linear, picture(0), target)
    assert is_sentence(refusal.value)


@pytest.mark.parametrize("name", METHODS)
def test_a_constant_picture_gives_a_finite_map(linear: Model, name: str) -> None:
    heat = METHODS[name].run(linear, np.full((SIDE, SIDE, 3), 90, np.uint8), 0)
    assert np.isfinite(heat.values).all()
    for curve in (faithful.deletion, faithful.insertion):
        assert 0 <= curve(linear, np.full((SIDE, SIDE, 3), 90, np.uint8), 0, heat.values).area <= 1


def test_a_group_is_explained_by_what_its_members_share(linear: Model) -> None:
    image = picture(0)
    both, group = np.array([*SQUARES]), (*SQUARES,)
    (alone,), _ = probabilities(linear, image[None], group)
    each = [probabilities(linear, image[None], k)[0][0] for k in SQUARES]
    assert alone == pytest.approx(sum(each))
    within = np.array(each) / sum(each)
    slopes = np.stack([weights(k) for k in both])
    heat = gradient(linear, image, group)
    np.testing.assert_allclose(heat.values, np.tensordot(within, slopes / 3, 1), atol=1e-8)
    assert heat.passes == 2
    evidence = np.tensordot(within, slopes * image.mean(2), 1)
    np.testing.assert_allclose(grad_cam(linear, image, group).values, evidence, atol=1e-5)
    rise_of_score = integrated_gradients(linear, image, group)
    assert rise_of_score.gap is not None
    assert rise_of_score.gap < 0.01
    with pytest.raises(InputError):
        gradient(linear, image, (0, 3))


def test_a_model_without_gradients_says_so(linear: Model) -> None:
    card = replace(linear.card, graphs={"predict": linear.card.graphs["predict"]})
    with pytest.raises(UnsupportedError) as refusal:
        gradient(Model(linear.folder, card), picture(0), 0)
    assert is_sentence(refusal.value)


def test_covering_the_square_changes_its_mind_and_a_hopeless_case_says_so(linear: Model) -> None:
    image = picture(0)
    change = counterfactual(linear, image, 0)
    assert change.flipped(0)
    assert change.after < change.before
    assert 0 < change.share <= 0.35
    rows, columns = np.nonzero(change.mask)
    assert rows.max() < 12
    assert columns.max() < 12
    assert (change.picture[~change.mask] == image[~change.mask]).all()
    still = counterfactual(linear, np.full((SIDE, SIDE, 3), 255, np.uint8), 1)
    assert not still.flipped(1)


def measured(linear: Model, methods: dict[str, explaining.Method]) -> Table:
    images = [picture(k, level) for k in (0, 1) for level in (150, 255)]
    network = Whole().eval()
    return explaining.measure(linear, network, graphs, images, explaining.Plan(methods)).tables[
        "methods"
    ]


def test_sanity_fails_a_method_that_ignores_the_weights(linear: Model) -> None:
    def ignores(_model: Model, image: Array, _target: int, **_more: object) -> Heat:
        return Heat(faithful.edges(image), 0, 0.0)

    blind = replace(METHODS["Gradient"], run=ignores)
    table = measured(linear, {"Gradient": METHODS["Gradient"], "Occlusion": blind})
    assert table.columns == COLUMNS
    card = replace(linear.card, tables={"methods": table})
    assert sane(card, "Gradient")
    assert not sane(card, "Occlusion")
    rows = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in table.rows}
    assert rows["Occlusion"]["all random"] == pytest.approx(1)
    assert set(rows) == {"Gradient", "Occlusion", *faithful.KNOW_NOTHING}
    assert best(card) == "Gradient"


def test_the_best_method_is_sane_quick_and_best_on_both_areas(linear: Model) -> None:
    def row(name: str, deletion: float, insertion: float, same: float, ms: float) -> list:
        return [name, deletion, 0.0, 1.0, insertion, 0.0, 1.0, 0.0, 0.0, same, ms, 1.0]

    rows = [
        row("Grad-CAM", 0.3, 0.6, 0.1, 5),
        row("Occlusion", 0.2, 0.7, 0.1, 250),
        row("RISE", 0.1, 0.9, 0.1, 4000),  # best, but slow
        row("Gradient", 0.1, 0.8, CHANGES + 0.1, 40),  # good, but blind to the weights
    ]
    card = replace(linear.card, tables={"methods": Table(COLUMNS, rows, "4 pictures", 4)})
    assert best(card) == "Occlusion"
    assert best(linear.card) == "Grad-CAM"


@pytest.fixture(params=["image_recognition", "fashion"])
def released(request: pytest.FixtureRequest) -> Model:
    return catalog.load(request.param)


def test_a_released_card_says_of_every_method_how_far_to_believe_it(released: Model) -> None:
    table = released.card.tables["methods"]
    rows = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in table.rows}
    assert set(rows) == {*METHODS, *faithful.KNOW_NOTHING}
    assert any(row["better than knowing nothing"] for row in rows.values())
    shown = best(released.card)
    assert sane(released.card, shown)
    split = f"{shown}, chosen on these {table.n} pictures"
    for name, column in (("deletion_auc", "deletion"), ("insertion_auc", "insertion")):
        assert released.card.metric(name, split).value == pytest.approx(rows[shown][column])


def test_a_released_gradient_is_as_near_to_float64_as_pytorch_is(released: Model) -> None:
    ours, theirs = (row[1:] for row in released.card.tables["gradient_parity"].rows)
    assert float(ours[1]) <= 10 * float(theirs[1])  # medians
    assert 0 < float(ours[3]) <= 1


def test_the_released_maps_are_steady(released: Model) -> None:
    """The same picture gives the same map, alone and after others were explained."""
    golden = released.arrays("golden.npz")
    image = golden["predict.in.image"][0]
    first = integrated_gradients(released, image, 0).values
    gradient(released, golden["predict.in.image"][1], 1)
    np.testing.assert_allclose(integrated_gradients(released, image, 0).values, first, rtol=1e-4)
