"""Which training pictures a made one is like: looked at by another network, found by distance."""

from types import SimpleNamespace

import numpy as np
import pytest

from models import catalog
from models.image_recognition import SIDE
from models.kinds import embedding
from tests.helpers import photo


@pytest.mark.parametrize(
    ("maker", "side", "colours"), [("fashion_generator", 28, 1), ("emoji_generator", 64, 3)]
)
def test_every_generator_has_a_judge_that_takes_its_pictures(
    maker: str, side: int, colours: int
) -> None:
    judge = catalog.load(catalog.load(maker).card.uses["features"])
    pictures = np.random.default_rng(0).integers(0, 256, (3, side, side, colours), np.uint8)
    run = embedding.look(judge, pictures)
    assert run.precision == "fp32"
    assert run["embedding"].shape[0] == run["logits"].shape[0] == 3
    alone = embedding.look(judge, pictures[1:2])["embedding"][0]
    assert run["embedding"][1] == pytest.approx(alone, abs=1e-3)


def test_a_picture_is_looked_at_whole() -> None:
    judge = catalog.load("image_recognition")
    cat = photo("cat.jpg")[:SIDE, :SIDE]
    framed = cat.copy()
    framed[:4] = 255  # what the middle alone would not hold
    whole, other = embedding.look(judge, np.stack([cat, framed]))["embedding"]
    assert np.abs(whole - other).max() > 1e-3


def test_the_nearest_are_those_of_a_plain_search_in_order() -> None:
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.standard_normal((6, 6)))[0][:4]
    kept = {
        "known_mean": rng.standard_normal(6),
        "known_axes": axes,
        "known_features": rng.standard_normal((50, 4)).astype(np.float16),
    }
    maker = SimpleNamespace(arrays=lambda _: kept)
    placed = embedding.projected(maker, rng.standard_normal((3, 6)))
    assert placed.dtype == np.float16
    near = embedding.nearest(maker, placed, 5)
    known, asked = (rows.astype(np.float64) for rows in (kept["known_features"], placed))
    plain = np.linalg.norm(asked[:, None] - known, axis=2)
    assert (near.rows == plain.argsort(1)[:, :5]).all()
    assert near.distances == pytest.approx(np.sort(plain, 1)[:, :5], abs=1e-4)
