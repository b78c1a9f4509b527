"""Image generation: what a visitor makes, keeps, moves, is told, guesses and takes home."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from models import catalog
from models.catalog import Model
from models.kinds import generator
from pages.image_generation import change, files, learned, new, trust, why
from pages.image_generation import grid as making_grid
from pages.image_generation import items as making_items
from pages.image_generation import quiz as making_quiz
from pages.image_generation.items import Item
from pages.parts.sections import take
from tests.conftest import Busy
from tests.helpers import ROOT, SAMPLES, alone, page_code
from tests.visit import alts, errors, heading, script, state, visit

PAGE = "image_generation"
MAKER = "fashion_generator"
PARTS = ("Change it", "Why", "Is it new?", "Real or made?", "How it learned", "Trust", "Take")
BAG, BOOT = "fashion-7-8-8-100", "fashion-7-9-9-80"


@pytest.fixture(scope="module")
def maker() -> Model:
    return catalog.load(MAKER)


def grid(test: AppTest) -> list[str]:
    """The pictures that were made, in their order: the addresses of their files."""
    pictures = [picture for found in test.image for picture in found.proto.imgs]
    return [picture.url for picture in pictures if picture.alt.startswith("Made, no. ")]


def marked(test: AppTest) -> list[str]:
    """The numbers of those that show as kept."""
    return [
        button.label
        for button in test.button
        if str(button.key).startswith("making_keep_") and button.proto.icon
    ]


def said(test: AppTest) -> str:
    return " ".join(str(found.value) for found in (*test.markdown, *test.caption))


def linked(test: AppTest) -> dict[str, str]:
    """What the link under Take holds."""
    query = parse_qs(urlsplit(test.code[0].value).query)
    return {key: values[0] for key, values in query.items()}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_and_each_thing_in_it_has_a_sentence_of_its_own(part: str) -> None:
    test = visit(PAGE, part=part)
    assert errors(test) == []
    assert heading(test).startswith("24 pictures that never were")
    told = alts(test)
    assert len(told) >= 2
    assert all(len(sentence) > 10 for sentence in told), told
    assert len(set(told)) == len(told), "two things that are called the same"


COMPUTED = {
    "Change it": [(change, "show")],
    "Why": [(why, "show")],
    "Is it new?": [(new, "show")],
    "Real or made?": [(making_quiz, "show")],
    "How it learned": [(learned, "show")],
    "Trust": [(trust, "show")],
    "Take": [(take, "link"), (take, "files")],
}


@pytest.mark.parametrize("opened", PARTS)
def test_only_the_open_part_is_computed(opened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()

    def noted(part: str) -> Callable[..., None]:
        return lambda *_given, **_more: called.add(part)

    for part, functions in COMPUTED.items():
        for module, name in functions:
            monkeypatch.setattr(module, name, noted(part))
    visit(PAGE, part=opened)
    assert called == {opened}


def test_seed_kind_number_and_variety_decide_the_pictures(maker: Model) -> None:
    plain = visit(PAGE, part="Take")
    assert grid(visit(PAGE, part="Take")) == grid(plain)
    for choice in ({"seed": "8"}, {"kind": "Bag"}, {"many": "9"}, {"variety": "40"}):
        test = visit(PAGE, part="Take", **choice)
        assert errors(test) == []
        assert grid(test) != grid(plain), choice
        assert linked(test).items() >= choice.items()
    bags = visit(PAGE, part="Take", kind="Bag", many="5")
    assert heading(bags).startswith("5 pictures")
    assert [alt for alt in alts(bags) if alt.startswith("Made, no. ")][-1] == "Made, no. 5: Bag"
    every = generator.one_hot(maker, np.arange(24) % 10)
    pictures = generator.make(maker, generator.draw(maker, 7, 24), every).pictures
    items = [Item(MAKER, 7, place, place % 10, 100) for place in range(24)]
    assert (making_items.made(maker, items).pictures == pictures).all()


STATE = {
    "seed": "41",
    "kind": "Bag",
    "many": "6",
    "variety": "70",
    "part": "Change it",
    "kept": f"{BAG}_{BOOT}",
    "picked": BOOT,
    "right": "1.5",
    "up": "-0.75",
    "legs": "5",
    "field": "true",
}
ONCE_MORE = """
from tests.image_generation.test_page import STATE, shown
print(shown(STATE))
"""


def shown(query: dict[str, str]) -> str:
    """All pictures that a page with this address shows, as one number."""
    test = visit(PAGE, **query)
    assert errors(test) == []
    (pad,) = (json.loads(chart.proto.spec) for chart in test.get("plotly_chart")[:1])
    urls = [picture.url for found in test.image for picture in found.proto.imgs]
    return hashlib.sha256(
        "".join([pad["layout"]["images"][0]["source"], *urls, *alts(test)]).encode()
    ).hexdigest()


def test_a_link_gives_the_same_pictures_after_a_restart() -> None:
    here = shown(STATE)
    assert here != shown(STATE | {"right": "1.25"})
    assert here != shown(STATE | {"kept": f"{BOOT}_{BAG}"})
    ran = subprocess.run(
        [sys.executable, "-c", ONCE_MORE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split()[-1] == here


def test_the_link_on_take_is_the_state_of_the_page() -> None:
    assert {"part": "Change it"} | linked(visit(PAGE, **STATE | {"part": "Take"})) == STATE
    assert linked(visit(PAGE, part="Take")) == {}, "what nobody chose"


NONSENSE = {
    "seed": ("abc", "1e30", "1" + 30 * "0", "-5", "nan", "7.5", ""),
    "kind": ("Hat", "", "3"),
    "many": ("0", "-1", "1000000", "x"),
    "variety": ("0", "900", "x"),
    "kept": ("x", "fashion-7-99-8-100", "fashion-7-8-10-100", f"{BAG}_{BAG}_-", "_" * 2000, "²"),
    "picked": ("x", "emoji-7-8-8-100", "fashion-7-8-8-0", "fashion-1000000-8-8-100", "../.."),
    "maker": ("Hats", ""),
    "part": ("x",),
}


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, each in NONSENSE.items() for v in each])
def test_nonsense_in_the_address_becomes_the_nearest_that_there_is(key: str, value: str) -> None:
    test = visit(PAGE, **{key: value})
    assert errors(test) == []
    assert heading(test)
    assert 0 <= test.number_input("seed").value <= making_items.SEEDS
    assert 1 <= test.slider("many").value <= making_items.MOST


@pytest.mark.parametrize(
    ("part", "nonsense"),
    [
        ("Change it", {"right": "99", "up": "x", "legs": "1000"}),
        ("Why", {"sample": "x", "as": "Hat"}),
        ("Real or made?", {"quiz": "9" * 30}),
        ("Real or made?", {"quiz": "x"}),
        ("Real or made?", {"quiz": "-1"}),
        ("How it learned", {"moment": "x"}),
    ],
)
def test_nonsense_for_a_part_opens_it_all_the_same(part: str, nonsense: dict[str, str]) -> None:
    test = visit(PAGE, part=part, **nonsense)
    assert errors(test) == []
    assert state(test, "part") == [part]


def test_a_picture_is_kept_looked_at_and_put_back() -> None:
    test = visit(PAGE, part="Change it")
    assert marked(test) == []
    assert "seed 7, no. 1" in said(test)
    for number in (9, 10):
        test.button(f"making_keep_{number - 1}").click()
        assert errors(test.run()) == []
    assert marked(test) == ["9", "10"]
    assert [alt for alt in alts(test) if alt.startswith("Kept")] == [
        "Kept: Bag, seed 7, no. 9",
        "Kept: Ankle boot, seed 7, no. 10",
    ]
    assert "**From one to the next**: Bag, no. 9 → Ankle boot, no. 10" in said(test)
    assert "**Move it**: Ankle boot, seed 7, no. 10" in said(test)
    assert test.query_params["kept"] in ([f"{BAG}_fashion-7-9-9-100"], f"{BAG}_fashion-7-9-9-100")
    test.button(f"look_{BAG}").click().run()
    assert "**Move it**: Bag, seed 7, no. 9" in said(test)
    test.slider("variety").set_value(50).run()
    assert marked(test) == [], "the grid shows others now"
    assert any(alt == "Kept: Bag, seed 7, no. 9" for alt in alts(test)), "what is kept stays"
    test.button(f"drop_{BAG}").click().run()
    assert [alt for alt in alts(test) if alt.startswith("Kept")] == [
        "Kept: Ankle boot, seed 7, no. 10"
    ]


def test_what_is_kept_stays_while_another_page_is_visited() -> None:
    test = visit(PAGE, kept=BAG, picked=BAG)
    test.switch_page(script("home")).run()
    test.switch_page(script(PAGE)).run()
    assert "Kept: Bag, seed 7, no. 9" in alts(test)


def test_no_more_is_kept_than_the_tray_holds() -> None:
    many = "_".join(f"fashion-7-{place}-0-100" for place in range(20))
    test = visit(PAGE, kept=many, part="Take")
    assert errors(test) == []
    assert sum(alt.startswith("Kept") for alt in alts(test)) == making_items.TRAY


def test_a_click_finds_its_picture_and_a_second_one_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session: dict[str, Any] = {"g": {"selection": {"points": [{"x": 3, "y": 2}]}}}
    monkeypatch.setattr(making_grid, "st", SimpleNamespace(session_state=session))
    clicked: list[int] = []
    making_grid._clicked("g", 8, clicked.append)
    session["g"] = {"selection": {"points": []}}  # what a click on a chosen point gives
    making_grid._clicked("g", 8, clicked.append)
    assert clicked == [19, 19]


def test_the_way_begins_and_ends_with_what_was_kept(maker: Model) -> None:
    ends = [Item(MAKER, 1, 2, 3, 100), Item(MAKER, 4, 5, 6, 80), Item(MAKER, 1, 0, 3, 60)]
    latents, classes = change.path(maker, ends, 6)
    assert len(latents) == len(classes) == 13
    assert classes.sum(1) == pytest.approx(1)
    assert latents[[0, 6, 12]] == pytest.approx(making_items.latents(maker, ends), abs=1e-5)
    assert (classes[[0, 6, 12]].argmax(1) == [3, 6, 3]).all()
    frames = generator.make(maker, latents, classes).pictures
    apart = np.abs(np.diff(frames.astype(float), axis=0)).mean((1, 2, 3))
    whole = np.abs(frames[0].astype(float) - frames[6]).mean()
    assert 0 < apart.max() < whole, "it goes there in steps, not in a jump"


def test_the_directions_change_a_picture_more_than_others_do(maker: Model) -> None:
    item = Item(MAKER, 3, 4, 5, 100)
    still, right, up = change.moved(
        maker, item, np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
    ).pictures.astype(float)
    latents = making_items.latents(maker, [item])
    other = np.random.default_rng(0).standard_normal((20, latents.shape[1]))
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    near = generator.make(
        maker, (latents + other).astype(np.float32), generator.one_hot(maker, [5] * 20)
    ).pictures
    usual = np.median(np.square(near - still).mean((1, 2, 3)))
    assert np.square(right - still).mean() > usual
    assert np.square(up - still).mean() > usual


def told(data: bytes) -> str:
    """What a file says of itself, read back as a stranger's program would."""
    image = Image.open(io.BytesIO(data))
    image.load()
    texts = [*getattr(image, "text", {}).values(), image.info.get("comment", b"").decode()]
    return "\n".join(texts)


def test_every_file_says_that_it_was_made_by_which_model_from_which_seed(maker: Model) -> None:
    items = [Item(MAKER, 41, 2, 8, 70), Item(MAKER, 42, 3, 9, 100)]
    pictures = making_items.made(maker, items).pictures
    notes = files.notes(maker, items, "the way between them")
    sheet = files.sheet(pictures, 2)
    for data in (
        files.png(sheet, notes),
        files.png(pictures[0], notes),
        files.gif([*pictures], notes, 90),
    ):
        read = told(data)
        assert "Generated by a neural network" in read
        assert MAKER in read
        assert maker.card.graph("predict", maker.precision()).sha256 in read
        assert "seed 41, no. 3, Bag, variety 70 %" in read
        assert "seed 42, no. 4, Ankle boot, variety 100 %" in read
        assert "the way between them" in read
    moving = Image.open(io.BytesIO(files.gif([*pictures], notes, 90)))
    assert (moving.n_frames, moving.info["loop"]) == (2, 0)
    back = np.asarray(Image.open(io.BytesIO(files.png(pictures[0], notes))))
    assert (back == pictures[0, ..., 0]).all()


def moment(test: AppTest) -> str:
    """The address of the picture that shows what it made by then."""
    (url,) = (
        picture.url
        for found in test.image
        for picture in found.proto.imgs
        if "that it made after" in picture.alt
    )
    return str(url)


# What shows a picture as it was made; beside them stand real ones, heat, and the quiz, which must
# not give itself away.
MADE = re.compile(
    r"Made, no\.|Made, and not|Kept: |The made picture: .*seed|layer \d|the picture after layer|"
    r"\d+ pictures (on the way|that it made)|.*, moved by"
)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_shown_is_as_it_was_made_and_no_jpeg_of_it(part: str) -> None:
    test = visit(PAGE, part=part, kept=BAG)
    shown = [picture for found in test.image for picture in found.proto.imgs]
    assert {"png"} <= {form(picture.url) for picture in shown} <= {"png", "gif"}
    for picture in shown:
        if MADE.match(picture.alt):
            file = told(base64.b64decode(picture.url.split(",")[1]))
            assert "Generated by a neural network" in file, "when it is saved from the page too"


def form(url: str) -> str:
    """Of a picture that the page holds inside."""
    head, data = url.split(";base64,")
    found = str(Image.open(io.BytesIO(base64.b64decode(data))).format).lower()
    assert head == f"data:image/{found}"
    return found


def test_dragging_through_training_shows_other_pictures_and_stands_in_the_link() -> None:
    test = visit(PAGE, part="How it learned")
    slider = test.select_slider("moment")
    assert len(slider.options) > 3
    first = visit(PAGE, part="How it learned", moment=slider.options[0])
    assert errors(first) == []
    assert f"After **{slider.options[0]}** steps" in said(first)
    assert moment(test) != moment(first)
    first.query_params["part"] = "Take"
    assert linked(first.run())["moment"] == slider.options[0]


def test_layers_add_up_to_the_picture(maker: Model) -> None:
    items = [Item(MAKER, 5, place, place, 100) for place in range(10)]
    wanted = generator.one_hot(maker, range(10))
    painted = generator.paints(maker, making_items.latents(maker, items), wanted)
    whole = making_items.made(maker, items).pictures
    assert np.abs(generator.stages(painted)[-1].astype(int) - whole).max() <= 1
    shown = [alt for alt in alts(visit(PAGE, part="Why")) if "after layer" in alt]
    assert len(shown) == len(painted)


def test_the_discriminator_judges_a_made_a_real_and_the_visitors_picture() -> None:
    test = visit(PAGE, part="Why")
    verdicts = [text for text in said(test).split("**") if text in ("real", "made")]
    assert len(verdicts) == 3
    assert "asked 122 times" in said(test)
    assert "Our sample “Drawn T-shirt”, as *T-shirt/top*" in said(test)
    other = visit(PAGE, part="Why", **{"as": "Coat", "sample": "Drawn bag"})
    assert "Our sample “Drawn bag”, as *Coat*" in said(other)
    photo = (SAMPLES / "clothes-boot.jpg").read_bytes()
    test.file_uploader[0].set_value([("mine.jpg", photo, "image/jpeg")])
    assert errors(test.run()) == []
    assert state(test, "sample") == [None]
    assert "Yours, as *Ankle boot*" in said(test)
    test.query_params["part"] = "Take"
    test.run()
    assert "sample" not in linked(test) or linked(test)["sample"] == "Drawn T-shirt"


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_picture_gets_one_sentence_and_costs_nothing_else(data: bytes) -> None:
    test = visit(PAGE, part="Why", kept=BAG)
    test.file_uploader[0].set_value([("mine.png", data, "image/png")])
    (sentence,) = errors(test.run())
    assert sentence.endswith(".")
    assert "Kept: Bag, seed 7, no. 9" in alts(test)
    assert "Our sample “Drawn T-shirt”, as" in said(test)


def test_the_nearest_training_pictures_come_in_order_and_stand_in_the_histogram() -> None:
    test = visit(PAGE, part="Is it new?", picked=BAG)
    found = [alt for alt in alts(test) if alt.startswith("Training picture")]
    far = [float(alt.split()[-2]) for alt in found]
    assert len(far) == new.NEAREST
    assert far == sorted(far)
    assert f"This picture lies {far[0]:.2f} from its nearest" in " ".join(alts(test))


def test_twenty_answers_make_a_score_beside_the_discriminators(maker: Model) -> None:
    quiz = making_quiz.made(maker, 3)
    assert quiz.real.sum() == making_quiz.PICTURES // 2
    evidence = maker.arrays("evidence.npz")
    real = {picture.tobytes() for picture in evidence["held_out_pictures"]}
    assert [picture.tobytes() in real for picture in quiz.pictures] == quiz.real.tolist()
    test = visit(PAGE, part="Real or made?", quiz="3")
    for i in range(making_quiz.PICTURES):
        assert f"Picture {i + 1}: " in said(test)
        assert "was **" not in said(test) or f"picture {i} was **" in said(test)
        test.button("quiz_real" if i % 2 else "quiz_made").click().run()
        assert errors(test) == []
    mine = sum(bool(real) == bool(i % 2) for i, real in enumerate(quiz.real))
    its = int(((quiz.odds > 0) == quiz.real).sum())
    assert f"#### You {mine} of 20, the discriminator {its} of 20" in said(test)
    assert sum("; you: " in alt for alt in alts(test)) == making_quiz.PICTURES
    test.button("quiz_next").click().run()
    assert "Quiz 4" in said(test)
    assert "0 of 20" not in said(test), "nothing is scored before the first answer"


def test_quizzes_differ_and_their_made_pictures_are_none_of_the_pages(maker: Model) -> None:
    first, second = making_quiz.made(maker, 1), making_quiz.made(maker, 2)
    assert (first.pictures != second.pictures).any()
    assert making_quiz.making_seed(1) > making_items.SEEDS


def test_trust_says_what_the_card_says_beside_real_pictures(maker: Model) -> None:
    test = visit(PAGE, part="Trust")
    table = test.dataframe[0].value
    metric = maker.card.metric("gan_test_accuracy", "test")
    row = table[table["question"] == "How many are what was asked for?"].iloc[0]
    assert row["made"] == f"{metric.value:.1%}"
    assert row["real instead"] == f"{metric.baseline[trust.REAL]:.1%}"
    assert "FID" in said(test)
    ran = {metric.label: metric.value for metric in test.metric}
    assert ran["took"].endswith(" ms")
    assert len(test.dataframe[1].value) == len(maker.card.labels)
    worst = [alt for alt in alts(test) if alt.startswith("Made, and not well")]
    assert len(worst) == len(maker.card.labels)
    seeds = test.dataframe[2].value
    told = maker.card.tables["seeds"].rows
    assert seeds["seed"].tolist() == [row[0] for row in told]
    assert seeds["gan test"].tolist() == pytest.approx([100 * row[4] for row in told])
    assert seeds[""].tolist() == ["this network", *[""] * (len(told) - 1)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_experiment_sets_the_page_to_its_state(number: int) -> None:
    test = visit(PAGE, part="Take", seed="99")
    test.button(f"{PAGE}_experiment_{number}").click()
    assert errors(test.run()) == []
    assert state(test, "part") == ["How it learned" if number == 3 else "Change it"]
    if number == 2:
        assert "Ankle boot, no. 10 → Bag, no. 9 → Dress, no. 4" in said(test)


def test_a_busy_machine_says_so_and_the_controls_stay(busy: Busy) -> None:
    test = visit(PAGE, seed="9")
    assert errors(test) == ["The machine is busy with other visitors. Try again in a moment."]
    assert test.number_input("seed").value == 9
    busy.over()
    assert errors(test.run()) == []
    assert heading(test)


def test_the_lines_on_take_make_a_picture(maker: Model, tmp_path: Any) -> None:
    graph = maker.card.graph("predict", maker.precision())
    (tmp_path / graph.file).write_bytes(maker.graph_bytes(graph))
    code = page_code(PAGE)
    assert len(code.splitlines()) == 6
    assert alone(code, tmp_path)[1] == ""
    with Image.open(tmp_path / "made.png") as made:
        assert made.size == (28, 28)


def test_learning_plays_from_the_first_moment_and_stops_at_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learned, "PACE", 0.001)  # each run is a moment
    test = visit(PAGE, part="How it learned")
    steps = test.select_slider("moment").options
    test.button("making_learned_play").click().run()
    assert errors(test) == []
    assert test.select_slider("moment").value in steps[:3]
    for _ in steps:
        test.run()
    assert errors(test) == []
    assert test.select_slider("moment").value == steps[-1]
    assert test.button("making_learned_play").label == "Play"


def test_many_kinds_begin_with_the_first() -> None:
    test = visit(PAGE, maker="Emoji")
    assert test.selectbox("kind").value == "Faces"
    assert errors(test) == []
