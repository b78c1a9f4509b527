"""How visual_inspection is made: textures and flaws from a seed, depths, a release in small."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.kinds.backbones.efficientnet_lite import EfficientNetLite0
from training.visual_inspection import network as visual_inspection_network
from training.visual_inspection import textures, train
from training.visual_inspection.textures import DRAWN, FLAWS, Split


@pytest.mark.parametrize("name", DRAWN)
def test_a_texture_is_the_same_at_the_same_seed_alone(name: str) -> None:
    first, again, other = (textures.texture(name, seed) for seed in (0, 0, 1))
    assert first.shape == (512, 512, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 5 < first.std() < 100


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.__name__)
def test_a_flaw_changes_what_its_mask_holds(flaw: textures.Flaw) -> None:
    whole = textures.texture("granite", 0)[:224, :224]
    for seed in range(5):
        made, mask = flaw(whole, np.random.default_rng(seed))
        changed = abs(made - whole).mean(2)
        assert 0.0005 < mask.mean() < 0.1
        assert changed[mask].mean() > 5 * changed[~mask].mean()


def test_what_is_remembered_and_what_is_inspected_share_no_pixel() -> None:
    whole = np.zeros((512, 512, 3))
    whole[:, 256:] = 200
    drawn = textures.pictures(whole, Split(3, 3, 4), 0)
    assert drawn.remembered.max() < 20
    assert drawn.good.min() > 150
    assert drawn.masks.shape == (4, 224, 224)


def test_pictures_come_from_their_seed() -> None:
    whole = textures.texture("weave", 0)
    first, again, other = (textures.pictures(whole, Split(1, 1, 4), seed) for seed in (0, 0, 1))
    assert np.array_equal(first.flawed, again.flawed)
    assert not np.array_equal(first.flawed, other.flawed)


def test_light_by_hand() -> None:
    x = torch.zeros(1, 3, 224, 224)
    x[:, 0, :, ::2] = 1
    found = visual_inspection_network.light(x)
    assert found.shape == (1, 28, 28, 12)
    assert found[0, 14, 14, 0] == pytest.approx(0.5)
    assert found[0, 14, 14, 3] == pytest.approx(np.log(0.5), abs=1e-4)  # deviation of 0 and 1
    assert found[0, 14, 14, 4] == pytest.approx(0.5 * np.log(1e-4), abs=1e-4)  # a flat colour


def test_depths_are_the_networks_own_maps_of_the_picture_with_mirrored_edges() -> None:
    network = EfficientNetLite0().eval()
    image = torch.randint(0, 256, (1, 224, 224, 3), dtype=torch.uint8)
    with torch.no_grad():
        light, fine, middle = visual_inspection_network.Depths(network)(image)
        prepared = visual_inspection_network.prepare(image)
        x = network.stem(torch.nn.functional.pad(prepared, (16, 16, 16, 16), mode="reflect"))
        for block in list(network.blocks)[:3]:
            x, _ = block(x)
    assert light.shape == (1, 28, 28, 12)
    assert fine.shape == (1, 56, 56, 24)
    assert middle.shape == (1, 28, 28, 40)
    torch.testing.assert_close(fine[0, 10, 10], x[0, :, 13:16, 13:16].mean((1, 2)))


def test_all_of_it_runs_in_seconds_with_an_untrained_network(tmp_path: Path) -> None:
    card = train.smoke(tmp_path)
    assert 0 <= card.metric("auroc", "test").value <= 1
    assert card.metric("auroc", "granite").baseline is not None
    files = {path.name for path in (tmp_path / "visual_inspection").iterdir()}
    assert files == {"card.json", "evidence.npz", "golden.npz", "model.onnx"}
