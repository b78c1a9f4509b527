"""Speech in a real Chromium with a microphone that plays a file: record, read, click, hear."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from models.decode import sound, spectrogram
from pages.speech.samples import SAMPLES
from tests.browser.serve import FLAGS, Server, Watch, chromium, opened, settle
from tests.browser.steps import visit

pytestmark = pytest.mark.browser
RATE = 48_000  # of a microphone


@pytest.fixture
def speaking(browser: Browser, watch: Watch, tmp_path: Path) -> Iterator[Page]:
    """A visitor who says the sample "Letters", once, as soon as the microphone is open."""
    path = tmp_path / "said.wav"
    wave = sound.read(SAMPLES["Letters"].read()).wave
    soundfile.write(path, spectrogram.resampled(wave, sound.RATE, RATE), RATE, subtype="PCM_16")
    flags = [
        *FLAGS,
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}",
    ]
    other = browser.browser_type.launch(executable_path=chromium(), args=flags)
    try:
        with opened(other, watch) as context:
            context.grant_permissions(["microphone"])
            yield context.new_page()
    finally:
        other.close()


def test_a_visitor_speaks_reads_clicks_a_word_and_hears_it(speaking: Page, server: Server) -> None:
    page = speaking
    visit(page, server, "speech?sample=Nobody+speaks&part=Why")
    expect(page.locator("h4").first).to_have_text("I hear nobody speak.")
    page.get_by_role("button", name="Record", exact=True).first.click()
    page.wait_for_timeout(8_000)
    page.get_by_role("button", name="Stop recording").first.click()
    expect(page.locator("h4").first).to_have_text(re.compile(r"^\d+ words?, "))
    settle(page)
    text = page.get_by_text(re.compile("simpler", re.IGNORECASE))
    expect(text.first).to_be_visible()
    assert "sample" not in page.url
    marks = page.locator(".scatterlayer .points path")
    expect(marks.nth(4)).to_be_visible()
    box = marks.nth(4).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^Word [2-9]\d*, ")).first).to_be_visible()
    settle(page)
    pieces = page.locator('audio[src^="data:audio/wav;"]')  # not that of the recorder itself
    expect(pieces).to_have_count(3)
    for i in range(3):
        played = pieces.nth(i).evaluate(
            """async audio => {
                audio.muted = true;
                await audio.play();
                await new Promise(done => setTimeout(done, 200));
                return [audio.duration, audio.currentTime];
            }"""
        )
        assert played[0] > 0.05
        assert played[1] > 0
