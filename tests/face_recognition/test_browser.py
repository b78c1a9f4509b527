"""Faces in a real Chromium: compare samples and photos, enrol, find in a group, delete."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.serve import ROOT, Server, settle
from tests.browser.steps import answer, open_tab, visit

pytestmark = pytest.mark.browser

PAGE = "face_recognition"
NAME = "Ariadne Example"


def photo(sample: str, folder: Path) -> Path:
    """A sample as a phone would give it: lying on its side, with a note that says so."""
    image = Image.open(ROOT / "pages" / "samples" / sample).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right when shown
    path = folder / f"{Path(sample).stem}.jpg"
    image.rotate(90, expand=True).save(path, "JPEG", quality=92, exif=exif)
    return path


def agree(page: Page) -> None:
    page.get_by_text("I may use my photos here").click()
    settle(page)


def test_two_samples_are_compared_and_another_one_changes_the_answer(
    page: Page, server: Server
) -> None:
    visit(page, server, PAGE)
    assert "The same person" in answer(page)
    page.get_by_role("radio", name="Biden 2010").nth(1).click()
    expect(page.locator("h4")).to_contain_text("Two different people")
    assert "other=Biden" in page.url
    expect(page.get_by_alt_text(re.compile("Joe Biden.*framed"))).to_be_visible()


def test_two_photos_of_a_visitor_are_compared_after_the_tick(
    page: Page, server: Server, tmp_path: Path
) -> None:
    visit(page, server, f"{PAGE}?one=Collins&other=Hopper+1984")
    expect(page.locator("input[type=file]").first).to_be_disabled()
    assert "Two different people" in answer(page)
    agree(page)
    page.locator("input[type=file]").nth(0).set_input_files(photo("face-obama-2009.jpg", tmp_path))
    settle(page)
    page.locator("input[type=file]").nth(1).set_input_files(photo("face-obama-2010.jpg", tmp_path))
    expect(page.locator("h4")).to_contain_text("The same person")
    assert "one=" not in page.url
    open_tab(page, "Take")
    expect(page.get_by_text("Your own picture is never in a link")).to_be_visible()


def test_a_person_is_enrolled_found_in_a_group_and_deleted(
    page: Page, server: Server, tmp_path: Path
) -> None:
    visit(page, server, f"{PAGE}?mode=Who+is+in+this+photo%3F&ours=false")
    expect(page.locator("h4")).to_contain_text("nobody who is enrolled")
    agree(page)
    page.get_by_text("Enrol somebody of yours").click()
    page.get_by_label("Name").fill(NAME)
    photos = [photo(f"face-obama-{year}.jpg", tmp_path) for year in (2009, 2010)]
    page.locator("input[type=file]").nth(1).set_input_files(photos)
    page.get_by_text("face-obama-2010.jpg").wait_for()
    page.get_by_role("button", name="Enrol", exact=True).click()
    expect(page.locator("h4")).to_contain_text(NAME)
    assert NAME.split(maxsplit=1)[0] not in page.url
    page.get_by_role("button", name="Delete everybody that I enrolled").click()
    expect(page.locator("h4")).to_contain_text("nobody who is enrolled")
    page.reload()
    settle(page)
    expect(page.locator("h4")).to_contain_text("nobody who is enrolled")
    assert page.get_by_text(NAME).count() == 0
