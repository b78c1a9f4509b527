"""The networks that make pictures, how they train, and the measures of what they made."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F

from models import catalog, engine
from models.kinds import generator as making
from training.emoji_generator import train as emoji_generator
from training.fashion_generator import train as fashion_generator
from training.kinds.gan import graphs, measure, network, release
from training.kinds.gan import training as gan_training
from training.sources import fashion_mnist

CONFIG = fashion_generator.smoke_config()


def normal(n: int, d: int = 4, mean: float = 0.0, spread: float = 1.0, seed: int = 0) -> np.ndarray:
    """Rows float64 [n, d] of a Gaussian whose sample mean and covariance are exact."""
    rows = np.random.default_rng(seed).normal(size=(n, d))
    rows -= rows.mean(0)
    root = np.linalg.cholesky(np.linalg.inv(np.cov(rows, rowvar=False)))
    return mean + spread * rows @ root


def test_the_frechet_distance_is_that_of_the_formula() -> None:
    assert measure.frechet(normal(500), normal(400, seed=1)) == pytest.approx(0, abs=1e-9)
    # (2 - 0)^2 a dimension for the means, (1 - 3)^2 a dimension for the standard deviations.
    assert measure.frechet(normal(500), normal(400, 4, 2.0, 3.0, 1)) == pytest.approx(4 * 8)


def test_precision_and_recall_tell_a_copy_from_a_collapse_and_from_nonsense() -> None:
    real, other = (np.random.default_rng(seed).normal(size=(600, 3)) for seed in (0, 1))
    assert measure.inside(other, real) > 0.8
    collapsed = real[:1] + 1e-3 * other
    assert measure.inside(collapsed, real) > 0.95
    assert measure.inside(real, collapsed) < 0.05
    assert measure.inside(other + 100, real) == 0


def test_nearest_is_what_a_plain_search_finds() -> None:
    rows, others = (np.random.default_rng(seed).normal(size=(20, 5)) for seed in (0, 1))
    plain = np.sort(np.linalg.norm(rows[:, None] - others, axis=2), axis=1)
    assert measure.nearest(rows, others) == pytest.approx(plain[:, 0])
    assert measure.nearest(rows, others, 3) == pytest.approx(plain[:, 2])


def test_copies_count_as_memorised_and_new_ones_do_not() -> None:
    training, held_out, new = (
        np.random.default_rng(seed).normal(size=(400, 6)) for seed in range(3)
    )
    copies, fresh, unseen = (
        measure.nearest(rows, training) for rows in (training[:200], new, held_out)
    )
    assert measure.memorised(copies, unseen) < 1e-6
    assert measure.memorised(fresh, unseen) == pytest.approx(1, abs=0.1)


def test_a_mode_that_is_left_out_is_missed() -> None:
    places = 50 * np.eye(5)
    rng = np.random.default_rng(0)
    rows = [place + rng.normal(size=(80, 5)) for place in places]
    found = measure.modes(np.concatenate(rows), clusters=5)
    assert found.covered(np.concatenate(rows), np.concatenate(rows)) == 1
    assert found.covered(np.concatenate(rows), np.concatenate(rows[:4])) == pytest.approx(0.8)


def both() -> network.Both:
    torch.manual_seed(0)
    return gan_training.networks(CONFIG, 28, 1, 10)


def batch(n: int = 8) -> tuple[torch.Tensor, ...]:
    wanted = torch.eye(10)[torch.arange(n) % 10]
    return torch.rand(n, 1, 28, 28) * 2 - 1, wanted, torch.randn(n, CONFIG.latent), torch.rand(n, 8)


def test_one_pass_gives_each_network_the_gradient_of_its_own_loss() -> None:
    module, (real, wanted, latents, draws) = both(), batch()
    module(real, wanted, latents, draws)["loss"].backward()
    once = {name: weights.grad.clone() for name, weights in module.named_parameters()}
    halves = draws.chunk(2, 1)

    def scores(pictures: torch.Tensor, half: int) -> torch.Tensor:
        seen = network.augment(pictures, halves[half], CONFIG.augmentation)
        return module.discriminator(seen, wanted)

    module.zero_grad()
    made = module.generator(latents, wanted)
    F.softplus(scores(real, 0) - scores(made, 1)).mean().backward()
    for name, weights in module.generator.named_parameters():
        torch.testing.assert_close(once[f"generator.{name}"], weights.grad, rtol=1e-3, atol=1e-6)
    module.zero_grad()
    F.softplus(scores(made.detach(), 1) - scores(real, 0)).mean().backward()
    seen = [
        network.augment(p, h, CONFIG.augmentation)
        for p, h in zip((real, made), halves, strict=True)
    ]
    module._penalty(seen[0], seen[1].detach(), wanted).backward()
    for name, weights in module.discriminator.named_parameters():
        torch.testing.assert_close(
            once[f"discriminator.{name}"], weights.grad, rtol=1e-3, atol=1e-6
        )


class Apart(torch.nn.Module):
    """A discriminator whose scores of real (first) and made pictures lie `by` apart."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, pictures: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        half = len(pictures) // 2
        lead = torch.cat([torch.full((half,), self.by), torch.zeros(half)])
        return lead + (pictures - pictures.detach()).flatten(1).sum(1) + 0 * classes.sum(1)


@pytest.mark.parametrize("by", [-200.0, -5.0, 5.0, 60.0, 100.0, 200.0])
def test_a_real_picture_far_ahead_leaves_the_generator_a_finite_slope(by: float) -> None:
    generator = both().generator
    module = network.Both(generator, Apart(by), 0.0, network.Augmentation())
    real, wanted, latents, _ = batch()
    module(real, wanted, latents, torch.rand(8, 8))["loss"].backward()
    found = [weights.grad for weights in generator.parameters()]
    generator.zero_grad()
    # Of softplus(by - score), of which the slope is -sigmoid(by) where each pixel counts once.
    (-torch.sigmoid(torch.tensor(by)) * generator(latents, wanted).sum() / 8).backward()
    for weights, slope in zip(generator.parameters(), found, strict=True):
        assert slope is not None
        assert slope.isfinite().all()
        if by < 80:
            torch.testing.assert_close(slope, weights.grad, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("config", "side", "colours"),
    [(fashion_generator.Config(), 28, 1), (emoji_generator.Config(), 64, 3)],
    ids=["fashion", "emoji"],
)
def test_the_released_recipes_take_a_step_in_bf16(
    config: gan_training.Config, side: int, colours: int
) -> None:
    module = gan_training.networks(config, side, colours, 10)
    n, wanted = 8, torch.eye(10)[:8]
    latents, draws = torch.randn(n, config.latent), torch.rand(n, 2 * config.augmentation.draws)
    with torch.autocast("cpu", torch.bfloat16):
        figures = module(torch.rand(n, colours, side, side) * 2 - 1, wanted, latents, draws)
    figures["loss"].backward()
    for name, weights in module.named_parameters():
        assert weights.grad is not None, name
        assert weights.grad.isfinite().all(), name


def test_the_generators_loss_falls_where_its_pictures_look_more_real() -> None:
    module, some = both(), batch(32)
    optimiser = torch.optim.Adam(module.generator.parameters(), 1e-3)
    first = module(*some)["generator_loss"].item()
    for _ in range(20):
        optimiser.zero_grad()
        module(*some)["loss"].backward()
        optimiser.step()
    assert module(*some)["generator_loss"].item() < first


def test_a_picture_is_the_sum_of_what_its_levels_paint_whatever_stands_beside_it() -> None:
    generator = both().generator.eval()
    _, wanted, latents, _ = batch(6)
    with torch.no_grad():
        whole, painted = generator(latents, wanted), generator.paints(latents, wanted)
        assert len(painted) == len(CONFIG.widths)
        assert torch.allclose(torch.stack(painted).sum(0).tanh(), whole, atol=1e-6)
        assert torch.allclose(generator(latents[:1], wanted[:1]), whole[:1], atol=1e-5)


def test_augmentation_moves_cuts_and_leaves_alone() -> None:
    picture = torch.zeros(1, 1, 8, 8)
    picture[0, 0, 4, 4] = 1
    middle = torch.full((1, 4), 0.5)
    assert torch.equal(network.augment(picture, middle, network.Augmentation(shift=2)), picture)
    moved = network.augment(
        picture, torch.tensor([[0.0, 0.99, 0.0, 0.0]]), network.Augmentation(shift=2)
    )
    assert moved[0, 0, 6, 2] == 1
    assert (moved[0, 0, :2] == -1).all()
    holed = network.augment(picture + 1, middle, network.Augmentation(cut=4))
    assert holed.sum() == pytest.approx(64 - 16, abs=1)
    picture.requires_grad_()
    network.augment(picture, torch.rand(1, 4), network.Augmentation(2, 2)).sum().backward()
    assert picture.grad is not None


def test_bytes_and_signed_numbers_go_there_and_back() -> None:
    every = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16, 1)
    signed = gan_training.to_signed(every)
    assert (signed.min(), signed.max()) == (-1, 1)
    assert torch.equal(gan_training.to_bytes(signed), every)


def test_training_goes_on_after_a_kill_and_ends_with_the_same_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fashion_mnist.split(*fashion_mnist.made_up(200), validation_per_class=5)
    real = fashion_generator.real(data)
    straight = gan_training.train(CONFIG, real, tmp_path / "straight")
    make, calls = gan_training.make, 0

    def killed(*given: object) -> np.ndarray:
        nonlocal calls
        calls += 1
        if calls == len(straight.observed):  # in the last epoch, at its end
            raise KeyboardInterrupt
        return make(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(gan_training, "make", killed)
        with pytest.raises(KeyboardInterrupt):
            gan_training.train(CONFIG, real, tmp_path / "killed")
    gone_on = gan_training.train(CONFIG, real, tmp_path / "killed")
    assert len(gone_on.history) == CONFIG.epochs
    for step, pictures in straight.observed.items():
        assert torch.equal(pictures, gone_on.observed[step])
    with np.load(tmp_path / "killed" / "snapshots.npz") as arrays:
        assert arrays["pictures"].shape[1:] == (20, 28, 28, 1)
        assert arrays["steps"][0] == 0
        assert len(np.unique(arrays["pictures"][-1])) > 20


@pytest.mark.parametrize("script", [fashion_generator, emoji_generator], ids=lambda s: s.__name__)
def test_smoke_releases_what_pages_and_readers_need(tmp_path: Path, script: ModuleType) -> None:
    card = script.smoke(tmp_path)
    model = catalog.load(card.name, tmp_path / card.name)
    assert {m.name for m in card.metrics} >= {
        "frechet_distance_own_features",
        "gan_train_accuracy",
        "memorisation_ratio",
        "real_or_made_accuracy",
    }
    kinds, latent = len(card.labels), making.latent(model)
    assert len(card.tables["classes"].rows) == kinds
    assert card.tables["seeds"].columns == ["seed", "frechet", "precision", "recall", "gan test"]
    first, second = card.tables["seeds"].rows
    assert (first[0], second[0]) == (0, 1)
    assert first[1:] != second[1:]
    evidence = model.arrays("evidence.npz")
    assert len(card.tables["moments"].rows) == len(evidence["moment_pictures"])
    assert evidence["directions"].shape == (kinds, 2, latent)
    assert np.linalg.norm(evidence["directions"], axis=2) == pytest.approx(1, abs=1e-4)
    wanted = making.one_hot(model, [0, 1, 2])
    run = engine.infer(model, {"chance": np.zeros((3, latent), np.float32), "classes": wanted})
    side = run["image"].shape[1]
    assert evidence["moment_pictures"].shape[2:4] == (side, side)
    assert evidence["known_thumbnails"].shape[1:3] == (side // 2, side // 2)
    painted = np.sum([run[name] for name in run.arrays if name.startswith("paint_")], axis=0)
    assert np.abs((np.tanh(painted) + 1) * 127.5 - run["image"]).max() < 0.6
    assert np.isfinite(making.odds(model, run["image"], wanted)).all()
    rounded, whole = convolutions(tmp_path / card.name / "model.int8.onnx")
    levels = sum(name.startswith("paint_") for name in run.arrays)
    assert rounded == 2 * levels - 3  # two a level, but one at the coarsest; none at the finest
    assert whole == 2


def test_of_other_seeds_only_finished_runs_count(tmp_path: Path) -> None:
    data = fashion_mnist.split(*fashion_mnist.made_up(200), validation_per_class=5)
    real, run = fashion_generator.real(data), tmp_path / "run"
    result = gan_training.train(CONFIG, real, run)
    for name in ("run-2", "run-old", "running-1"):
        (tmp_path / name).mkdir()
    gan_training.train(replace(CONFIG, seed=3), real, tmp_path / "run-3")
    found = release.generators(CONFIG, real, run, result)
    assert [*found] == [0, 3]
    latents, wanted = torch.randn(2, CONFIG.latent), torch.eye(10)[:2]
    assert not torch.equal(*(generator(latents, wanted) for generator in found.values()))
    (tmp_path / "run-3").rename(tmp_path / "run-4")
    with pytest.raises(ValueError, match="another config"):
        release.generators(CONFIG, real, run, result)


def convolutions(path: Path) -> tuple[int, int]:
    """How many that look at more than one place compute in int8, and how many in float32."""
    graph = onnx.load(path).graph
    shapes = {held.name: held.dims for held in graph.initializer}
    by_output = {name: node for node in graph.node for name in node.output}
    found = {True: 0, False: 0}
    for node in graph.node:
        if node.op_type == "Conv":
            made_by = by_output.get(node.input[1])
            int8 = made_by is not None and made_by.op_type == "DequantizeLinear"
            held = node.input[1] if made_by is None else made_by.input[0]
            held = f"{node.input[1]}_int8" if held not in shapes else held
            found[int8] += max(shapes[held][2:]) > 1
    return found[True], found[False]


@pytest.mark.parametrize("patch", [1, 2])
def test_a_place_paints_a_patch_and_the_discriminator_sees_all_of_it(patch: int) -> None:
    generator = network.Generator(32, 3, 4, 8, widths=(8, 8, 4), patch=patch)
    discriminator = network.Discriminator(32, 3, 4, widths=(8, 8, 4), patch=patch)
    latents, wanted = torch.randn(2, 8), torch.eye(4)[:2]
    pictures = generator(latents, wanted).detach().requires_grad_()
    assert pictures.shape == (2, 3, 32, 32)
    assert generator.first[1] == 32 // patch // 4
    (slope,) = torch.autograd.grad(discriminator(pictures, wanted).sum(), pictures)
    assert (slope.abs().sum((0, 1)) > 0).all()


def test_colours_change_for_all_of_a_picture_alike_and_not_by_chance_of_another() -> None:
    how = network.Augmentation(colour=True)
    pictures, middle = torch.rand(2, 3, 8, 8), torch.full((2, 7), 0.5)
    assert torch.allclose(network.augment(pictures, middle, how), pictures, atol=1e-6)
    middle[1, 4:] = torch.tensor([0.9, 0.0, 0.5])  # brighter, and grey
    changed = network.augment(pictures, middle, how)
    assert torch.allclose(changed[0], pictures[0], atol=1e-6)
    assert torch.allclose(changed[1], (pictures[1] + 0.4).mean(0).expand(3, 8, 8), atol=1e-6)


@pytest.mark.parametrize("few", [0, 1_000_000])
def test_odds_are_even_half_way_between_real_and_made_of_each_class_unless_few_speak(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "FEW", few)
    module = both().requires_grad_(False)
    with torch.no_grad():  # a class that lies far above the others, as this loss leaves it
        module.discriminator.named.weight[:, 3] += 5
    pictures, labels = fashion_mnist.made_up(200)
    wanted = labels.astype(np.int64)
    odds = release.calibrated(module, pictures[..., None], wanted)
    if few:
        assert np.ptp(odds.even) < 1e-3
        return
    assert np.argmax(odds.even) == 3
    opinion = graphs.Opinion(module.discriminator, odds.scale.value, odds.even)
    latents = torch.randn(200, CONFIG.latent, generator=torch.Generator().manual_seed(1))
    made = gan_training.make(module.generator, latents, torch.from_numpy(wanted), 10)
    one_hot = torch.eye(10)[torch.from_numpy(wanted)]
    found = [opinion(torch.from_numpy(p), one_hot).numpy() for p in (pictures[..., None], made)]
    for kind in range(10):
        means = [float(side[wanted == kind].mean()) for side in found]
        assert sum(means) == pytest.approx(0, abs=1e-3 * max(1, abs(means[0])))
    assert found[0].mean() > found[1].mean()
