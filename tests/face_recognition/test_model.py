"""Faces: boxes, alignment by hand, what is found and said on samples, and what is refused."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models import catalog
from models.decode import Pixels
from models.face_detection import Face, Found, boxes, detect
from models.face_detection.pyramid import CELL, pyramid, resized
from models.face_recognition import align, distance, embed, gallery, probability, verdict, worse
from models.face_recognition.quality import Quality, complaints, quality, tilt, turn
from tests.helpers import ROOT, SAMPLES, page_code, photo

FACES = {
    "face-obama-2009.jpg": 1,
    "face-obama-2010.jpg": 1,
    "face-biden-2010.jpg": 1,
    "face-collins.png": 1,
    "face-hopper-1984.jpg": 1,
    "face-group-2011.jpg": 12,  # of thirteen people; one is half hidden
}
DETECTION, RECOGNITION = catalog.load("face_detection"), catalog.load("face_recognition")


@cache
def found(name: str) -> Found:
    return detect(DETECTION, photo(name))


@cache
def descriptor(name: str, number: int = 0) -> np.ndarray:
    there = found(name)
    return embed(RECOGNITION, [align.align(there.picture, there.faces[number].points)])[0][0]


def test_of_overlapping_boxes_only_the_better_one_stays() -> None:
    given = np.array([(0, 0, 10, 10), (1, 0, 11, 10), (20, 0, 30, 10), (2, 2, 6, 6)], np.float32)
    scores = np.array([0.8, 0.9, 0.7, 0.6], np.float32)
    # 0 and 1 share 90 of 110; 3 lies inside 1 with 16 of 100, but with all of its own area.
    assert boxes.suppressed(given, scores, 0.5) == [1, 2, 3]
    assert boxes.suppressed(given, scores, 0.5, of_smaller=True) == [1, 2]
    assert boxes.suppressed(given, scores, 0.9) == [1, 0, 2, 3]
    assert boxes.suppressed(given[:0], scores[:0], 0.5) == []


def test_boxes_move_by_shares_of_their_size_and_become_square_around_their_middle() -> None:
    given = np.array([(10, 20, 30, 60)], np.float32)
    offsets = np.array([(0.1, -0.1, 0.5, 0)], np.float32)
    assert boxes.moved(given, offsets).tolist() == [[12, 16, 40, 60]]
    assert boxes.squared(given).tolist() == [[0, 20, 40, 60]]


def test_a_crop_beyond_the_edge_goes_on_with_its_outermost_pixels() -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:, :4] = 200
    box = np.array([(-4, 0, 4, 8), (0, 0, 8, 8), (4, 2, 12, 10)], np.float32)
    left, whole, right = boxes.crops(picture, box, 4)
    assert (left == 200).all()
    assert (whole[:, :2] == 200).all()
    assert (whole[:, 2:] == 0).all()
    assert (right == 0).all()


@pytest.mark.parametrize("size", [(16, 16), (300, 40), (64, 512)])
def test_a_pyramid_brings_every_face_down_to_one_cell(size: tuple[int, int]) -> None:
    levels = list(pyramid(np.zeros((*size, 3), np.uint8), 32))
    assert levels
    assert min(levels[0].shape[:2]) >= CELL
    shorter = [min(level.shape[:2]) for level in levels]
    assert shorter == sorted(shorter, reverse=True)
    assert shorter[-1] * 0.709 < CELL + 1


def test_a_similarity_is_the_one_computed_by_hand() -> None:
    points = np.array([(0.0, 0.0), (2.0, 0.0), (1.0, 1.0)])
    # Twice as large, a quarter turn: (x, y) goes to (10 - 2y, 20 + 2x).
    targets = np.array([(10.0, 20.0), (10.0, 24.0), (8.0, 22.0)])
    matrix, shift = align.similarity(points, targets)
    assert np.allclose(matrix, [(0, -2), (2, 0)])
    assert np.allclose(shift, (10, 20))


def test_three_points_that_fit_no_similarity_are_brought_as_near_as_can_be() -> None:
    points = np.array([(-1.0, 0.0), (1.0, 0.0), (0.0, 3.0)])
    targets = np.array([(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)])
    # About the means (0, 1): sum of squares 1 + 1 + 1 + 1 + 4, products 2 + 1 + 2 + 1 + 4.
    matrix, shift = align.similarity(points, targets)
    assert np.allclose(matrix, np.eye(2) * 10 / 8)
    assert np.allclose(shift, (0, 1 - 10 / 8))


@pytest.mark.parametrize("scale", [0.4, 1.0, 4.0])
def test_aligning_puts_eyes_and_nose_where_the_network_expects_them(scale: float) -> None:
    """Dots drawn on a picture, turned and of any size, come to lie on the places."""
    wanted = align.places()
    angle = np.radians(20)
    turned = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    points = (wanted - 75) @ turned.T * scale + 75 * scale + 40
    side = int(150 * scale + 120)
    rows, columns = np.mgrid[:side, :side] + 0.5
    picture = np.zeros((side, side, 3), np.uint8)
    for channel, (x, y) in enumerate(points):
        near = (columns - x) ** 2 + (rows - y) ** 2 < (9 * scale) ** 2
        picture[near, channel] = 255
    crop = align.align(picture, points).astype(float)
    assert crop.shape == (150, 150, 3)
    rows, columns = np.mgrid[:150, :150] + 0.5
    for channel, place in enumerate(wanted):
        mass = crop[..., channel]
        centre = (columns * mass).sum() / mass.sum(), (rows * mass).sum() / mass.sum()
        assert np.allclose(centre, place, atol=0.7)


def test_the_published_places_are_those_of_the_template() -> None:
    """dlib's fractions with its padding of a quarter, in pixels of 150."""
    shares = np.array([(0.2273, 0.2214), (0.7528, 0.2212), (0.4901, 0.57)])
    assert np.allclose(align.PUBLISHED, (shares + 0.25) / 1.5 * 150, atol=0.02)


@pytest.mark.parametrize("name", FACES)
def test_every_face_of_the_samples_is_found(name: str) -> None:
    there = found(name)
    assert len(there.faces) == FACES[name]
    assert there.turned == 0
    for face in there.faces:
        left, top, right, bottom = face.box
        assert left < right
        assert top < bottom
        eye, other, _, mouth, corner = face.points
        assert eye[0] < other[0]
        assert mouth[0] < corner[0]
        assert max(eye[1], other[1]) < max(mouth[1], corner[1])
        assert ((face.points >= (left, top)) & (face.points <= (right, bottom))).all()


@pytest.mark.parametrize("name", ["cat.jpg", "dogs.jpg", "espresso.jpg", "clothes-dress.jpg"])
def test_no_face_is_found_where_none_is(name: str) -> None:
    assert not detect(DETECTION, photo(name)).faces


def test_a_face_of_forty_pixels_is_found_and_one_at_the_edge_too() -> None:
    whole = photo("face-collins.png")
    face = found("face-collins.png").faces[0]
    share = 40 / face.height
    small = resized(whole, round(512 * share), round(512 * share))
    wide = np.full((600, 900, 3), 90, np.uint8)
    wide[300 : 300 + len(small), 500 : 500 + small.shape[1]] = small
    (one,) = detect(DETECTION, wide).faces
    assert 30 < one.height < 50
    left, top, right, bottom = map(int, face.box)
    tight = whole[top:bottom, left:right]
    (one,) = detect(DETECTION, np.ascontiguousarray(tight)).faces
    assert np.allclose(one.points, face.points - (left, top), atol=6)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_face_that_stands_on_its_head_is_turned_and_still_the_same(degrees: int) -> None:
    turned = np.ascontiguousarray(np.rot90(photo("face-hopper-1984.jpg"), degrees // 90))
    there = detect(DETECTION, turned)
    assert there.turned == (360 - degrees) % 360
    assert np.array_equal(there.picture, photo("face-hopper-1984.jpg"))
    assert len(there.faces) == 1


@pytest.mark.parametrize("size", [(16, 16), (16, 300), (1100, 60)])
def test_any_size_of_picture_is_searched(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    assert not detect(DETECTION, noise).faces


def test_fifty_faces_are_all_found_in_bounded_time() -> None:
    there = found("face-collins.png")
    left, top, right, bottom = (int(side) for side in there.faces[0].box)
    face = resized(there.picture[top - 20 : bottom + 10, left - 15 : right + 15], 80, 96)
    crowd = np.tile(face, (5, 10, 1))
    many = detect(DETECTION, crowd)
    assert len(many.faces) >= 45
    assert many.seconds < 20


def test_two_pictures_of_one_person_lie_nearer_than_any_of_two() -> None:
    limit = RECOGNITION.card.settings["threshold"].value
    names = [name for name, count in FACES.items() if count == 1]
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            apart = distance(descriptor(one), descriptor(other))
            assert verdict(RECOGNITION, apart).same == ("obama" in one and "obama" in other)
            assert (apart <= limit) == verdict(RECOGNITION, apart).same


def test_the_president_and_his_vice_are_found_in_the_group_and_nobody_else_is() -> None:
    people = {
        "Obama": [descriptor("face-obama-2009.jpg"), descriptor("face-obama-2010.jpg")],
        "Biden": [descriptor("face-biden-2010.jpg")],
        "Collins": [descriptor("face-collins.png")],
        "Hopper": [descriptor("face-hopper-1984.jpg")],
    }
    limit = RECOGNITION.card.settings["threshold"].value
    there = found("face-group-2011.jpg")
    named = {}
    for number, face in enumerate(there.faces):
        order = gallery.ranked(people, descriptor("face-group-2011.jpg", number))
        who = gallery.who(order, limit)
        if who:
            named[who.name] = (np.array(face.box[:2]) + face.box[2:]) / 2
    # The picture's own metadata frames both (XMP face regions).
    assert set(named) == {"Obama", "Biden"}
    assert np.linalg.norm(named["Biden"] - (144, 417)) < 50
    assert np.linalg.norm(named["Obama"] - (497, 388)) < 40


def test_descriptors_have_length_one_and_do_not_mind_a_mirror() -> None:
    there = found("face-collins.png")
    crop = align.align(there.picture, there.faces[0].points)
    both, run = embed(RECOGNITION, [crop, np.ascontiguousarray(crop[:, ::-1])], "fp32")
    assert run.precision == "fp32"
    assert both.shape == (2, 128)
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert np.allclose(both[0], both[1], atol=1e-5)


def test_the_odds_fall_with_the_distance_and_never_claim_all() -> None:
    said = [probability(RECOGNITION, apart) for apart in np.linspace(0, 2, 41)]
    assert said == sorted(said, reverse=True)
    assert max(said) == pytest.approx(0.999)
    assert min(said) == pytest.approx(0.001)


def test_a_gallery_ranks_people_by_their_mean_and_knows_nobody_beyond_the_threshold() -> None:
    axes = np.eye(3, dtype=np.float32)
    people = {"north": [axes[0], axes[1]], "south": [axes[2]]}
    face = (axes[0] + axes[1]) / np.sqrt(np.float32(2))
    order = gallery.ranked(people, face)
    assert [one.name for one in order] == ["north", "south"]
    assert order[0].distance == pytest.approx(0, abs=1e-6)
    assert order[1].distance == pytest.approx(np.sqrt(2), abs=1e-6)
    assert gallery.who(order, 0.5) == order[0]
    assert gallery.who(gallery.ranked(people, axes[0]), 0.5) is None  # 0.77 from north's mean
    assert gallery.who([], 2.0) is None


def plain_face(points: list[tuple[float, float]]) -> Face:
    return Face((0, 0, 100, 100), np.array(points, np.float32), 1.0)


def test_tilt_and_turn_are_read_off_the_points() -> None:
    straight = plain_face([(30, 40), (70, 40), (50, 60), (35, 80), (65, 80)])
    assert tilt(straight.points) == 0
    assert turn(straight.points) == 0
    tilted = plain_face([(30, 40), (70, 80), (50, 90), (35, 80), (65, 80)])
    assert tilt(tilted.points) == pytest.approx(45)
    aside = plain_face([(30, 40), (70, 40), (66, 60), (35, 80), (65, 80)])
    assert turn(aside.points) == pytest.approx(0.4)


def measured(picture: Pixels) -> list[str]:
    there = detect(DETECTION, picture)
    face = there.faces[0]
    return complaints(RECOGNITION, quality(face, align.align(there.picture, face.points)))


def test_a_poor_face_is_refused_with_its_reason_and_a_good_one_is_not() -> None:
    good = photo("face-collins.png")
    assert measured(good) == []
    assert any("too blurred" in words for words in measured(worse.blurred(good, 7)))
    small = worse.smaller(good, 512 * 20 / found("face-collins.png").faces[0].height)
    assert any("too small" in words for words in measured(small))


def test_the_printed_lines_run_and_say_what_the_app_says(tmp_path: Path) -> None:
    for name, sample in (("one.jpg", "face-obama-2009.jpg"), ("other.jpg", "face-obama-2010.jpg")):
        shutil.copy(SAMPLES / sample, tmp_path / name)
    code = page_code("face_recognition")
    assert len(code.splitlines()) <= 8
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    apart = distance(descriptor("face-obama-2009.jpg"), descriptor("face-obama-2010.jpg"))
    assert done.stderr == ""
    assert float(done.stdout) == pytest.approx(apart, abs=1e-4)


def test_every_limit_of_quality_has_its_words() -> None:
    fit = Quality(100, 0.3, 120, 5, 0.1)
    assert complaints(RECOGNITION, fit) == []
    for change, words in (
        ({"height": 20.0}, "too small (20 pixels high, 39 are needed)"),
        ({"sharpness": 0.01}, "too blurred"),
        ({"light": 5.0}, "too dark"),
        ({"tilt": 50.0}, "tilted too far (50 degrees)"),
        ({"turn": 0.5}, "turned too far to the side"),
    ):
        assert complaints(RECOGNITION, replace(fit, **change)) == [words]


@pytest.mark.parametrize("name", ["face-collins.png", "face-biden-2010.jpg"])
@pytest.mark.parametrize("side", ["left", "right", "upper", "lower"])
def test_half_a_face_at_the_edge_is_not_found_or_is_still_the_same(name: str, side: str) -> None:
    picture, (left, top, right, bottom) = photo(name), map(int, found(name).faces[0].box)
    across, down = (left + right) // 2, (top + bottom) // 2
    half = {
        "left": picture[:, :across],
        "right": picture[:, across:],
        "upper": picture[:down],
        "lower": picture[down:],
    }[side]
    there = detect(DETECTION, np.ascontiguousarray(half))
    for face in there.faces[:1]:
        (vector,), _ = embed(RECOGNITION, [align.align(there.picture, face.points)])
        apart = distance(vector, descriptor(name))
        assert verdict(RECOGNITION, apart).same or complaints(
            RECOGNITION, quality(face, align.align(there.picture, face.points))
        )
