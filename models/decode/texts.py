"""A stranger's text -> what a person reads of it: the one reading before any model of text.

    found = texts.read(text)
    found.text             # what models read
    found.part(2, 8)       # what was written where they read those signs

Signs that look alike are one sign: apostrophes and quotation marks of all kinds, letters of styled
alphabets, composed and decomposed accents, other scripts' letters among Latin ones (`lookalikes`).
What nobody sees is not read. Of Unicode's compatibility form (NFKC, UAX 15) all is taken that
leaves one word one word: not 3 and 1/2 as 31/2, nor a square metre as m2.
A text takes time in proportion to its length, whatever it holds.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.decode import lookalikes

MARKS = 8  # accents of one letter that are looked at: nobody reads more
KEPT = 4_096  # signs, and letters with their accents, of which the reading is remembered

# Unicode's Default_Ignorable_Code_Point, controls, annotations and halves of characters. Fillers
# that fonts draw as a gap are white space below.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff"
)
_EMOJI = "[\u2190-\u23ff\u25a0-\u2bff\U0001f300-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
# Joiners and tags that make one emoji of several are seen.
_INVISIBLE = re.compile(f"({_EMOJI}(?:\u200d{_EMOJI})+|{_FLAG})|[{_UNSEEN}]")
_SPACES = re.compile("[\\s\u2800\u3164\uffa0]+")
_SPACE = re.compile("[^\\S\n]|[\u2800\u3164\uffa0]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_FOREIGN = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")
_GRAVE = re.compile(r"(?<=[^\W\d_])`(?=[^\W\d_])")  # elsewhere it quotes code, say
_ONE_WORD = re.compile(r"[^\W\d_]+|\d+|(?:[^\w\s]|_)+")


@dataclass(frozen=True)
class Reading:
    """A text as models read it, and as it was written.

    written: on one line where `text` is, without what nobody sees.
    """

    text: str
    written: str
    _places: list[int] | None = None  # in `written`, of each place in `text`; None: the same

    def place(self, at: int) -> int:
        """Where in `written` stands what is read from `at` on."""
        return at if self._places is None else self._places[at]

    def part(self, begin: int, end: int) -> str:
        """What was written for text[begin:end]; parts that touch in `text` touch here too."""
        return self.written[self.place(begin) : self.place(end)]


def plain(text: str) -> str:
    """What is read of `text`, on one line."""
    return read(text).text


def read(text: str, lines: bool = False) -> Reading:
    """The reading of `text`: on one line, or with its `lines` and all of its spaces."""
    seen = _INVISIBLE.sub(lambda found: found[1] or "", text)
    if lines:
        written = _SPACE.sub(" ", _BREAK.sub("\n", seen))
    else:
        written = _SPACES.sub(" ", seen).strip(" ")
    if written.isascii():
        return Reading(_GRAVE.sub("'", written), written)
    folded, places = _folded(written)
    if (latin := lookalikes.latin(folded)) != folded:  # with which more accents may compose
        folded, again = _folded(latin)
        places = [places[place] for place in again]
    return Reading(_GRAVE.sub("'", folded), written, places)


def _folded(written: str) -> tuple[str, list[int]]:
    """The text sign by sign as it is read, and where each place of it was written."""
    parts: list[str] = []
    places: list[int] = [0]
    done = 0
    for found in _FOREIGN.finditer(written):
        parts.append(written[done : found.start()])
        places.extend(range(done + 1, found.start() + 1))
        done = found.start()
        for unit in _units(found[0]):
            made = _unit(unit[: MARKS + 1])
            parts.append(made)
            inside = range(done + 1, done + len(made))
            done += len(unit)
            if made:
                places.extend(min(place, done) for place in inside)
                places.append(done)
            else:
                places[-1] = done
    parts.append(written[done:])
    places.extend(range(done + 1, len(written) + 1))
    return "".join(parts), places


def _units(text: str) -> Iterator[str]:
    """Each sign with the accents on it, and of Korean with the letters of its syllable."""
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[end]):
            yield text[begin:end]
            begin = end


def _joins(sign: str) -> bool:
    jamo = "\u1160" <= sign <= "\u11ff" or "\ud7b0" <= sign <= "\ud7ff"
    return jamo or unicodedata.category(sign)[0] == "M"


@lru_cache(KEPT)
def _unit(unit: str) -> str:
    """A sign with its accents: composed; of a Latin letter or a digit only those that compose."""
    base = _sign(unit[0])
    made = unicodedata.normalize("NFC", base + unit[1:])
    last = base[-1:]
    latin = last.isascii() or unicodedata.name(last, "").startswith("LATIN")
    if len(unit) == 1 or not latin or last == " ":
        return made
    return "".join(sign for sign in made if unicodedata.category(sign)[0] != "M")


@lru_cache(KEPT)
def _sign(sign: str) -> str:
    """One sign as a person reads it, of a compatibility sign the plain one."""
    if sign in lookalikes.SIGNS:
        return lookalikes.SIGNS[sign]
    made = unicodedata.normalize("NFKC", sign)
    if made == unicodedata.normalize("NFC", sign):
        return sign
    kind = unicodedata.decomposition(sign).partition(" ")[0]
    raised = kind in ("<super>", "<sub>") and not sign.isalpha()  # a number, or a trade mark's
    korean = "\u3130" <= sign <= "\u318f"
    if raised or korean or not _ONE_WORD.fullmatch(made):
        return sign
    return "".join(lookalikes.SIGNS.get(one, one) for one in made)
