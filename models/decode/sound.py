"""A stranger's sound file -> one channel of checked samples, and how it was read.

    sound = read(data)
    sound.wave          # float32 [n] in -1..1, at `RATE` samples a second

WAV, FLAC, OGG, MP3 and AIFF are read, by libsndfile. What a header promises is not believed:
samples are read in small blocks until they end or `LONGEST` seconds are there.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile

from models import deadline
from models.decode import spectrogram
from models.errors import InputError

RATE = 16_000  # what models of speech take
MAX_BYTES = 10 * 2**20
LONGEST, SHORTEST = 60, 0.1  # seconds
SLOWEST, FASTEST, MOST_CHANNELS = 4_000, 192_000, 16
BLOCK = 65_536  # numbers that are read at once, over all channels
CLIPPED = 0.001  # share of samples at the very top from which on a sound is called too loud
ENDINGS = ("wav", "flac", "ogg", "oga", "opus", "mp3", "aiff", "aif")
ACCEPTED = "a WAV, FLAC, OGG, MP3 or AIFF file"
_FORMATS = {"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "AIFF"}
# Where a sign of another kind of file stands, the sign, and the kind.
_OTHERS = (
    (4, b"ftyp", "an M4A or MP4 file, or a video,"),
    (0, b"\x1a\x45\xdf\xa3", "a WebM or Matroska file"),
    (8, b"AVI ", "a video"),
    (0, b"%PDF", "a PDF"),
    (0, b"\x89PNG", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
    (0, b"GIF8", "a picture"),
    (0, b"PK\x03\x04", "a ZIP file"),
)
Wave = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Sound:
    """One channel of sound. read_as: sentences on what could have been read otherwise."""

    wave: Wave  # float32 [n] at RATE
    rate: int  # samples a second of the file
    read_as: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.wave) / RATE


def read(data: bytes) -> Sound:
    """The sound in a file. Raises InputError with what is wrong, BusyError past the deadline."""
    if not data:
        raise InputError("The file is empty.")
    if len(data) > MAX_BYTES:
        raise InputError(f"The file is larger than {MAX_BYTES // 2**20} MB: give a shorter piece.")
    if (other := _something_else(data)) is not None:
        raise InputError(f"This is {other}, not a sound file that is read here: give {ACCEPTED}.")
    with deadline.work():
        try:
            with soundfile.SoundFile(_Bytes(data)) as file:
                return _read(file)
        except (soundfile.SoundFileError, RuntimeError) as error:
            # libsndfile's own words name its insides.
            raise InputError(f"The file is damaged or of another kind: give {ACCEPTED}.") from error


class _Bytes(io.BytesIO):
    """Bytes in which a damaged header may ask for a place before their start."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As that of any file, but such a place is the start."""
        try:
            return super().seek(offset, whence)
        except ValueError:  # from C it could only be printed
            return super().seek(0)


def _something_else(data: bytes) -> str | None:
    """What a file is that libsndfile must not be asked about."""
    return next(
        (what for at, sign, what in _OTHERS if data[at : at + len(sign)] == sign),
        None,
    )


def _read(file: soundfile.SoundFile) -> Sound:
    """Raises InputError for a form that cannot be."""
    rate, channels = file.samplerate, file.channels
    if file.format not in _FORMATS:
        raise InputError(f"A file of the kind {file.format} is not read here: give {ACCEPTED}.")
    if not SLOWEST <= rate <= FASTEST:
        raise InputError(
            f"The file says {rate:,} samples a second; {SLOWEST:,} to {FASTEST:,} are read."
        )
    if channels > MOST_CHANNELS:
        raise InputError(f"The file has {channels} channels; at most {MOST_CHANNELS} are read.")
    wanted, blocks, count = LONGEST * rate, [], 0
    while count < wanted:
        deadline.check()
        block = file.read(min(BLOCK // channels, wanted - count), "float32", always_2d=True)
        if not len(block):
            break
        # Added up in place: so many channels at once would be so many times the memory.
        blocks.append(block.mean(1, dtype=np.float32))
        count += len(block)
    whole = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    more = count == wanted and len(file.read(1)) > 0
    return _checked(whole, rate, channels, more)


def _checked(whole: Wave, rate: int, channels: int, more: bool) -> Sound:
    if len(whole) < SHORTEST * rate:
        raise InputError(
            f"The sound is {len(whole) / rate:.2f} seconds long; it must be at least {SHORTEST}."
        )
    said = []
    if more:
        said.append(f"Only its first {LONGEST} seconds were read.")
    if channels > 1:
        said.append(f"Its {channels} channels were heard as one.")
    if rate < RATE:
        said.append(
            f"It has {rate:,} samples a second, as a telephone: nothing above {rate // 2:,} Hz."
        )
    if not np.isfinite(whole).all():
        said.append("Some of its samples are no numbers; they were taken for silence.")
        whole = np.nan_to_num(whole, nan=0.0, posinf=0.0, neginf=0.0)
    peak = float(np.abs(whole).max())
    if peak > 1:  # float files may hold any number
        said.append("It is louder than a file may be, and was made softer.")
        whole = whole / np.float32(peak)
    elif peak > 0 and np.mean(np.abs(whole) >= 0.999 * max(peak, 0.9)) > CLIPPED:
        said.append("It is clipped: its loudest parts are cut off, which costs words.")
    wave = spectrogram.resampled(whole.astype(np.float32), rate, RATE)
    return Sound(np.clip(wave, -1, 1), rate, tuple(said))


def wav(wave: Wave, rate: int = RATE) -> bytes:
    """A WAV file of 16 bits of float32 [n] in -1..1."""
    buffer = io.BytesIO()
    soundfile.write(buffer, wave, rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
