"""The drawings of kinds of networks: what they show is the network's own, and harms no page."""

import base64
from xml.etree import ElementTree

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image

from models import catalog
from models.errors import ReleaseError
from models.explain import filters
from models.explain.filters import Bank
from pages.parts.draw import kinds
from pages.parts.draw.kinds import Sketch
from pages.parts.draw.sheet import Sheet

CONVOLUTIONS = ("image_recognition", "fashion", "face_recognition", "visual_inspection")


def drawn(sketch: Sketch) -> str:
    """The SVG of a drawing, which is whole XML."""
    kind, data = sketch.address.split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    text = base64.b64decode(data).decode()
    ElementTree.fromstring(text)
    assert sketch.alt
    assert sketch.look
    return text


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_the_first_filters_are_those_of_the_released_file(name: str) -> None:
    model = catalog.load(name)
    graph = onnx.load_from_string(model.graph_bytes(model.card.graph("predict", "fp32"))).graph
    first = next(node for node in graph.node if node.op_type == "Conv")
    weights = next(
        numpy_helper.to_array(one) for one in graph.initializer if one.name == first.input[1]
    )
    np.testing.assert_array_equal(filters.first(model).weights, weights.transpose(0, 2, 3, 1))


def test_a_file_without_those_weights_is_refused() -> None:
    model = catalog.load("fashion")
    data = model.graph_bytes(model.card.graph("predict", "fp32"))
    with pytest.raises(ReleaseError, match="nothing_such"):
        filters.initializer(data, "nothing_such")


def test_a_filter_answers_where_its_edge_is() -> None:
    image = np.zeros((20, 20), np.uint8)
    image[:, 12:] = 255
    edge, plain = np.zeros((2, 3, 3, 1), np.float32)
    edge[:, 0], edge[:, 2], plain[:] = -1, 1, 1
    answer = filters.answered(image, edge, 1)
    assert set(np.flatnonzero(answer.any(0))) == {10, 11}
    assert answer.max() == 3 * 255
    assert filters.answered(image, edge, 2).shape == (9, 9)
    assert Bank(np.stack([plain, edge])).telling(image, 1) == 1


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolution_is_drawn_over_the_picture(name: str) -> None:
    model = catalog.load(name)
    shape = model.card.graph("predict", "fp32").inputs[0].shape[1:]
    image = np.random.default_rng(1).integers(0, 256, [int(n) for n in shape], np.uint8)
    text = drawn(kinds.convolution(model, image))
    assert text.count("<image") == 3 + len(filters.first(model).weights)
    assert "all 32 filters" in text


def test_words_of_a_visitor_stay_words() -> None:
    sketch = kinds.recurrent(
        catalog.load("sentiment"), ["a", "</text><script>", "&b", "c" * 400], "liked it: 4%"
    )
    text = drawn(sketch)
    assert "<script" not in text
    assert "c" * 20 not in text
    assert "768" in sketch.look


def test_memory_and_middle_are_drawn_number_by_number() -> None:
    model, numbers = catalog.load("text_prediction"), np.linspace(-1, 1, 768, dtype=np.float32)
    without = drawn(kinds.recurrent(model, ["one"], "the next word?"))
    assert drawn(kinds.recurrent(model, [], "the next word?", numbers)).count("<rect") > 90
    assert without.count("<rect") < 20
    few = kinds.autoencoder(np.ones(7), np.array([0.25]), np.arange(7.0), "amounts")
    assert "only 1 number passes" in drawn(few)
    assert "0.25" in drawn(few)
    assert drawn(few).count('class="here"') == 3  # wrong by more than half of the worst
    assert "only 6 numbers pass" in drawn(kinds.autoencoder(np.zeros(32), np.ones(6), None, "rows"))


def test_both_networks_of_a_gan_are_drawn() -> None:
    picture = np.asarray(Image.new("RGB", (64, 64)))
    text = drawn(kinds.adversarial(np.ones(64), picture, picture, "bag"))
    assert "generator" in text
    assert "discriminator" in text


def test_what_moves_stands_still_for_whom_motion_harms() -> None:
    sheet = Sheet(10, 10)
    sheet.walk(2, [(0, 0), (5, 5)], 3)
    text = drawn(Sketch(sheet.address(), "a", "b"))
    assert text.index("prefers-reduced-motion: no-preference") < text.index("animation:")
    assert "infinite" not in text
