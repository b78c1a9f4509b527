"""Signs that look like plain ones: apostrophes, quotation marks, hyphens, letters.

lookalikes.SIGNS["\\u00b4"]        # "'"
lookalikes.latin(text)             # Cyrillic, Greek and other letters among Latin ones as Latin
"""

import re
import string
import unicodedata

_APOSTROPHES = (
    "\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02f4\u0374\u0384\u055a\u055d"
    "\u05f3\u07f4\u07f5\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\u2018\u2019\u201a\u201b\u2032\u2035\u275b"
    "\u275c\ua78b\ua78c\uff07\uff40"
)
_QUOTATION = (
    "\u02ba\u02dd\u02ee\u05f4\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u3003\u301d\u301e"
    "\u301f\uff02"
)
_HYPHENS = "\u02d7\u2010\u2011\u2212\ufe63\uff0d"  # not the dashes, which are longer
# Alphabets that styled texts are written in and that NFKC leaves alone, by their Unicode names.
_STYLES = (
    "LATIN LETTER SMALL CAPITAL {}",
    "PARENTHESIZED LATIN SMALL LETTER {}",
    "PARENTHESIZED LATIN CAPITAL LETTER {}",
    "NEGATIVE CIRCLED LATIN CAPITAL LETTER {}",
    "NEGATIVE SQUARED LATIN CAPITAL LETTER {}",
)


def _styled() -> dict[str, str]:
    """Each letter of those alphabets as a plain one."""
    found = {}
    for style in _STYLES:
        for letter in string.ascii_uppercase:
            try:
                sign = unicodedata.lookup(style.format(letter))
            except KeyError:
                continue
            found[sign] = letter.lower() if "SMALL" in style else letter
    return found


# Each sign that is read as another.
SIGNS: dict[str, str] = {
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_QUOTATION, '"'),
    **dict.fromkeys(_HYPHENS, "-"),
    **_styled(),
    "\u0251": "a",  # of phonetic script
    "\u0261": "g",
}

# Letters of other scripts that look the same as a Latin one in most typefaces.
_SAME = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb\u04cf"
        "\u0475\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423"
        "\u0425\u04ae\u050c\u051a\u051c\u04c0\u0474"  # Cyrillic
        "\u03bf\u03bd\u03f2\u03f3\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1"
        "\u03a4\u03a5\u03a7\u03f9\u037f"  # Greek
        "\u0578\u0570\u057d\u0581\u0566\u0585\u054f\u0555\u053c"  # Armenian
        "\u13aa\u13f4\u13df\u13a0\u13ac\u13bb\u13ab\u13e6\u13de\u13b7\u13e2\u13a1\u13da\u13a2\u13d9"
        "\u13b3\u13c3",  # Cherokee
        "aeopcyxsijdqwhlvABESIJKMHOPCTYXYGQWIVovcjABEZHIKMNOPTYXCJnhugqoSOLABCDEHJKLMPRSTVWZ",
        strict=True,
    )
)
# Others that are read as one inside a word of Latin letters alone.
_NEAR = dict(
    zip(
        "\u043a\u043c\u043d\u0442\u0432\u0433\u043f\u0438\u044c\u0451\u0457"
        "\u03b1\u03b5\u03b9\u03ba\u03c1\u03c4\u03c5\u03c7\u03b7\u03c9\u03b3",
        "kmhtbrnub\xeb\xefaeikptuxnwy",
        strict=True,
    )
)
_LIKE = {**_SAME, **_NEAR}
_TABLE = {ord(letter): plain for letter, plain in _LIKE.items()}
# The scripts of which letters look like Latin ones.
_SCRIPTS = "\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u0531-\u0587\u13a0-\u13fd"
_ANY = re.compile(f"[{''.join(_LIKE)}]")
_WORD = re.compile(r"[^\W\d_]+")
_OF_THEM = re.compile(f"[{_SCRIPTS}]")


def latin(text: str) -> str:
    """`text` with letters of Cyrillic, Greek, Armenian or Cherokee as the Latin ones they mimic.

    A word of Latin letters and mimics alone becomes Latin; one of mimics alone does too where no
    letter of the text is of another script for sure. A text that holds more such letters than Latin
    ones is in that script and stays.
    """
    if not _ANY.search(text):
        return text
    sure = roman = 0
    for found in _WORD.finditer(text):
        word = found[0]
        others = _OF_THEM.findall(word)
        roman += len(word) - len(others)
        if len(others) == len(word):
            sure += sum(letter not in _SAME for letter in others)
    if sure >= roman:
        return text

    def folded(found: re.Match[str]) -> str:
        word: str = found[0]
        others = set(_OF_THEM.findall(word))
        if not others:
            return word
        mixed = len(others) < len(set(word))
        known = _LIKE if mixed else {} if sure else _SAME
        return word.translate(_TABLE) if others <= known.keys() else word

    return _WORD.sub(folded, text)
