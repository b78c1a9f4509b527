"""Sound files of strangers: right, or one sentence, in bounded time and memory."""

import io
import struct
import time
import tracemalloc
import wave as wav

import numpy as np
import pytest
import soundfile

from models.decode import sound
from models.errors import InputError
from tests.helpers import is_sentence

RATE = sound.RATE


def tone(seconds: float = 1.0, rate: int = RATE, hertz: float = 440.0) -> np.ndarray:
    at = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def file(
    wave: np.ndarray, rate: int = RATE, form: str = "WAV", subtype: str | None = None
) -> bytes:
    buffer = io.BytesIO()
    channels = wave.shape[1] if wave.ndim > 1 else 1
    with soundfile.SoundFile(buffer, "w", rate, channels, subtype, format=form) as written:
        for start in range(0, len(wave), rate):  # libsndfile fails on minutes of OGG at once
            written.write(wave[start : start + rate])
    return buffer.getvalue()


def pitch(wave: np.ndarray) -> float:
    """Where most of its power is, in hertz."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(spectrum.argmax() * RATE / len(wave))


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "MP3", "AIFF"])
def test_every_kind_that_is_promised_is_read(form: str) -> None:
    found = sound.read(file(tone(), form=form))
    assert found.rate == RATE
    assert found.seconds == pytest.approx(1.0, abs=0.1)
    assert pitch(found.wave) == pytest.approx(440, abs=3)
    assert found.read_as == ()


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_depth_gives_the_same_sound(subtype: str) -> None:
    found = sound.read(file(tone(), subtype=subtype))
    assert np.abs(found.wave - tone()).max() < 0.02


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_gives_the_same_pitch_and_length(rate: int) -> None:
    found = sound.read(file(tone(rate=rate), rate))
    assert found.seconds == pytest.approx(1.0, abs=0.001)
    assert pitch(found.wave) == pytest.approx(440, abs=2)
    assert np.abs(found.wave).max() == pytest.approx(0.5, abs=0.02)
    assert bool(found.read_as) is (rate < RATE)


def test_what_is_too_high_for_the_rate_is_not_folded_down() -> None:
    found = sound.read(file(tone(rate=48_000, hertz=15_000), 48_000))
    assert np.abs(found.wave[800:-800]).max() < 0.01


def test_channels_are_heard_as_one_and_that_is_said() -> None:
    both = np.stack([tone(), np.zeros(RATE, np.float32)], 1)
    found = sound.read(file(both))
    assert np.abs(found.wave).max() == pytest.approx(0.25, abs=0.01)
    assert "2 channels" in found.read_as[0]


def test_a_long_one_is_cut_and_that_is_said() -> None:
    data = file(np.tile(tone(10.0, 8_000), 60), 8_000, "OGG")
    assert len(data) < sound.MAX_BYTES
    found = sound.read(data)
    assert found.seconds == pytest.approx(sound.LONGEST)
    assert f"first {sound.LONGEST} seconds" in found.read_as[0]
    exact = sound.read(file(tone(float(sound.LONGEST)), form="FLAC"))
    assert exact.read_as == ()


def test_a_clipped_one_is_read_and_that_is_said() -> None:
    found = sound.read(file(np.clip(8 * tone(), -1, 1)))
    assert "clipped" in found.read_as[0]
    assert np.abs(found.wave).max() <= 1


def test_floats_beyond_what_a_file_may_hold_are_made_softer() -> None:
    found = sound.read(file(100 * tone(), subtype="FLOAT"))
    assert np.abs(found.wave).max() <= 1
    assert "softer" in found.read_as[0]


def test_samples_that_are_no_numbers_become_silence() -> None:
    broken = tone()
    broken[100:200] = np.nan
    broken[300] = np.inf
    found = sound.read(file(broken, subtype="FLOAT"))
    assert np.isfinite(found.wave).all()
    assert "no numbers" in found.read_as[0]


def test_silence_is_a_sound() -> None:
    assert not sound.read(file(np.zeros(RATE, np.float32))).wave.any()


def promised(frames: int, data: bytes = b"\0\0" * 16_000, rate: int = RATE) -> bytes:
    """A WAV file whose header promises so many frames, whatever comes."""
    size = min(2 * frames, 2**32 - 1)
    head = b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    return head + b"data" + struct.pack("<I", size) + data


def test_a_header_that_promises_hours_costs_what_is_there() -> None:
    tracemalloc.start()
    began = time.monotonic()
    found = sound.read(promised(2**31 - 1))
    assert time.monotonic() - began < 2
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.seconds == pytest.approx(1.0)
    assert peak < 20e6


MANY = io.BytesIO()
with wav.open(MANY, "wb") as many:
    many.setnchannels(200)
    many.setsampwidth(2)
    many.setframerate(RATE)
    many.writeframes(b"\0" * 400 * 4_000)
BAD = {
    "empty": b"",
    "a text": b"This is no sound at all, though it is called one.",
    "zeros": b"\0" * 5_000,
    "random": np.random.default_rng(0).bytes(20_000),
    "too short": file(tone(0.05)),
    "no samples": file(np.zeros(0, np.float32)),
    "head alone": file(tone())[:30],
    "too large": b"RIFF" + b"\0" * sound.MAX_BYTES,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    "a video": b"\0\0\0\x20ftypisom" + b"\0" * 500,
    "m4a": b"\0\0\0\x20ftypM4A " + b"\0" * 500,
    "webm": b"\x1a\x45\xdf\xa3" + b"\0" * 500,
    "avi": b"RIFF\0\0\0\0AVI LIST" + b"\0" * 500,
    "zip": b"PK\x03\x04" + b"\0" * 500,
    "pdf": b"%PDF-1.7 " + b"\0" * 500,
    "rate of 1": promised(100, rate=1),
    "rate of a billion": promised(100, rate=10**9),
    "two hundred channels": MANY.getvalue(),
    "damaged FLAC": file(tone(), form="FLAC")[:60] + b"\xff" * 400,
    "half an OGG head": file(tone(), form="OGG")[:40],
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sound_gets_one_sentence(name: str) -> None:
    began = time.monotonic()
    with pytest.raises(InputError) as error:
        sound.read(BAD[name])
    assert is_sentence(str(error.value))
    assert "libsndfile" not in str(error.value)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "MP3"])
def test_files_cut_or_changed_anywhere_are_read_or_refused(form: str) -> None:
    whole = file(tone(0.5), form=form)
    rng = np.random.default_rng(0)
    for i in range(40):
        data = bytearray(whole[: int(rng.integers(1, len(whole)))] if i % 2 else whole)
        for place in rng.integers(0, len(data), 8):
            data[place] = int(rng.integers(256))
        said = ""
        try:
            found = sound.read(bytes(data))
        except InputError as error:
            said = str(error)
        else:
            assert np.isfinite(found.wave).all()
            assert found.seconds <= sound.LONGEST
        assert not said or is_sentence(said)


def test_what_is_written_is_read() -> None:
    assert np.abs(sound.read(sound.wav(tone())).wave - tone()).max() < 1e-3
