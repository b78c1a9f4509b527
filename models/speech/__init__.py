"""Speech to words: Whisper tiny.en, and which part of the sound each word came from.

    model = catalog.load("speech")
    heard = transcribe(model, sound.read(data).wave)
    heard.text, [(word.text, word.probability, word.start, word.end) for word in heard.words]

Three graphs, all float32 and of any batch n:

    voice     frames [n, t, 576] -> speech [n, t]: how likely each 32 ms hold a voice
    predict   mel [n, 80, 3000], half a minute -> keys_0..3 [n, 6, 64, 1500] and values_0..3
              [n, 6, 1500, 64], what the four layers that write can ask of what was heard
    write     token int64 [n, 1], written [n, t, 3072] and those -> logits [n, 51864], new
              [n, 1, 3072] to be put behind `written`, listened [n, 8, 1500]: how much eight of its
              heads attended to each fiftieth of a second
"""

from collections.abc import Iterator

from models.catalog import Model
from models.speech import listening, voice, writing
from models.speech.listening import Listening, Wave
from models.speech.words import Heard, joined
from models.speech.writing import Token

RATE = listening.RATE


def windows(model: Model, wave: Wave) -> list[slice]:
    """Where in float32 [n] at 16,000 samples a second somebody speaks, in pieces of half a minute.

    Empty where nobody does: what Whisper would write of silence is invented.
    """
    return voice.pieces(voice.spoken(model, wave), len(wave))


def transcribe(model: Model, wave: Wave) -> Heard:
    """All words of a sound. Raises what `engine.infer` raises."""
    parts = [window(model, wave, piece) for piece in windows(model, wave)]
    return joined(parts)


def window(model: Model, wave: Wave, piece: slice) -> Heard:
    """The words of one piece of a sound, at their times in all of it."""
    heard = listening.listen(model, wave[piece])
    return Heard.of(model, [*writing.tokens(model, heard)], heard, piece.start / RATE)


def stream(model: Model, heard: Listening) -> Iterator[Token]:
    """The tokens of half a minute, one after the other as they are written."""
    return writing.tokens(model, heard)
