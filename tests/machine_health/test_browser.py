"""Machine health and visual inspection in a real Chromium: samples, uploads, the dial, a link."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from models import catalog
from pages.visual_inspection.samples import SHEETS
from tests.browser.serve import Server, Watch, opened, settle
from tests.browser.steps import answer, open_tab, visit

MACHINE, PARTS = "machine_health", "visual_inspection"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not {MACHINE, PARTS} <= set(catalog.NAMES), reason="the models are not released"
    ),
]


def link(page: Page) -> str:
    """The link under Take."""
    open_tab(page, "Take")
    return page.get_by_test_id("stCode").filter(has_text="?").first.inner_text().strip()


def test_a_fault_is_seen_laid_to_its_sensor_and_sent_as_a_link(
    page: Page, server: Server, browser: Browser, watch: Watch
) -> None:
    visit(page, server, f"{MACHINE}?part=Why&sample=Runs+hot")
    assert "It changed" in answer(page)
    expect(page.get_by_text("above all in Temperature")).to_be_visible()
    expect(page.get_by_text("The most unusual sensor is")).to_be_visible()
    slider = page.get_by_role("slider", name="Alarm from this score on")
    assert f"{MACHINE}_dial" not in page.url
    slider.press("ArrowRight")
    settle(page)
    assert f"{MACHINE}_dial=3.05" in page.url
    address = link(page)
    with opened(browser, watch, 390) as stranger:
        other = stranger.new_page()
        other.goto(address)
        settle(other)
        assert answer(other) == answer(page)
        turned = other.get_by_role("slider", name="Alarm from this score on")
        assert turned.input_value() == slider.input_value() == "3.05"


def test_a_visitors_sensors_are_judged_and_a_bad_file_says_where(
    page: Page, server: Server, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(600, 2))
    values[450:, 1] += 9
    lines = ["time,pump,fan", *(f"t{i},{a:.3f},{b:.3f}" for i, (a, b) in enumerate(values))]
    good, bad = tmp_path / "sensors.csv", tmp_path / "bad.csv"
    good.write_text("\n".join(lines))
    bad.write_text("\n".join([*lines[:5], "t5,oops,1", *lines[6:]]))
    visit(page, server, MACHINE)
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_text("above all in fan")).to_be_visible()
    settle(page)
    assert "sensors" not in page.url
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("Column 2, row 6")).to_be_visible()


def test_a_part_is_inspected_a_visitors_too(page: Page, server: Server, tmp_path: Path) -> None:
    visit(page, server, PARTS)
    assert answer(page).startswith("Something is odd")
    page.get_by_test_id("stButtonGroup").get_by_text("1", exact=True).click()
    expect(page.locator("h4")).to_have_text("This part is like the good ones")
    files = []
    for i, tile in enumerate(SHEETS["Metal washer"].tiles()):
        files.append(tmp_path / f"{i}.png")
        Image.fromarray(tile).save(files[-1])
    page.get_by_text("Or your own pictures").click()
    inputs = page.locator("input[type=file]")
    inputs.nth(0).set_input_files(files[:1])
    expect(page.get_by_text("There is one good picture")).to_be_visible()
    settle(page)
    inputs.nth(0).set_input_files(files[1:8])
    inputs.nth(1).set_input_files(files[13])
    expect(page.locator("h4")).to_contain_text("odd")
    settle(page)
    assert "sample" not in page.url


def test_a_long_series_is_stopped_keeps_the_rest_and_goes_on(
    page: Page, server: Server, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(60_000, 4))
    values[50_000:, 2] += 9
    long = tmp_path / "long.csv"
    np.savetxt(long, values, "%.3f", ",", header="pump,fan,belt,oil", comments="")
    visit(page, server, f"{MACHINE}?part=Take")
    page.locator("input[type=file]").set_input_files(long)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped: nothing of this series was judged.")).to_be_visible()
    settle(page)
    expect(page.get_by_text("long.csv")).to_be_visible()
    expect(page.get_by_role("slider", name="Rows in which the machine was well")).to_have_count(2)
    expect(page.get_by_role("slider", name="Alarm from this score on")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("above all in belt")).to_be_visible()
