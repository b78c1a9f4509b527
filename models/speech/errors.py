"""How many words are wrong: what was written against what was said, word by word.

Only what is heard counts: no capitals, no punctuation, hyphens as spaces, numbers in digits. That
is nearly Whisper's own normaliser, which also takes British spelling for American.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SMALL = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
NUMBERS = {word: i for i, word in enumerate(_SMALL)}
NUMBERS |= {word: 10 * i for i, word in enumerate(_TENS, 2)}
_ODD = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
ORDINALS = _ODD | {
    (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"): value
    for word, value in NUMBERS.items()
    if value not in {*_ODD.values()}
}
_ENDS = {1: "st", 2: "nd", 3: "rd"}
_SAME = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "ok": "okay"}
_NOT_SPOKEN = re.compile(r"[^\w' ]+|_|(?<!\w)'|'(?!\w)")


@dataclass(frozen=True)
class Step:
    """One place of two texts beside each other: "" where one has no word."""

    said: str
    written: str

    @property
    def right(self) -> bool:
        """Whether both are the same word."""
        return self.said == self.written


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    plain = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    # Dashes and all else that is not spoken stand between words.
    found = _NOT_SPOKEN.sub(" ", plain).split()
    return [*_in_digits([_SAME.get(word, word) for word in found])]


def _in_digits(found: Sequence[str]) -> Iterator[str]:
    """Runs of number words become digits: "fourteen sixty two" 1462, "fifteenth" 15th."""
    held: list[int] = []
    for word in [*found, ""]:
        value, last = NUMBERS.get(word), ORDINALS.get(word)
        number = value if value is not None else last
        if number is not None and (held or last is None or number > 3):
            if held and held[-1] % 100 >= 20 and held[-1] % 10 == 0 and 0 < number < 10:
                held[-1] += number
            else:
                held.append(number)
            if last is not None and value is None:
                yield f"{_digits(held)}{_ending(held[-1])}"
                held = []
        elif word in ("hundred", "thousand") and held:
            held[-1] *= 100 if word == "hundred" else 1000
        else:
            if held:
                yield _digits(held)
            held = []
            if word:
                yield word


def _digits(held: list[int]) -> str:
    return "".join(str(number) for number in held)


def _ending(number: int) -> str:
    return "th" if 10 < number % 100 < 14 else _ENDS.get(number % 10, "th")


def aligned(said: Sequence[str], written: Sequence[str]) -> list[Step]:
    """Both beside each other with the fewest wrong, missing and added words (Levenshtein)."""
    costs = [[*range(len(written) + 1)]]
    for i, one in enumerate(said, 1):
        row = [i]
        for j, other in enumerate(written, 1):
            row.append(min(costs[-1][j] + 1, row[-1] + 1, costs[-1][j - 1] + (one != other)))
        costs.append(row)
    i, j, found = len(said), len(written), []
    while i or j:
        change = i and j and costs[i][j] == costs[i - 1][j - 1] + (said[i - 1] != written[j - 1])
        if change:
            i, j = i - 1, j - 1
            found.append(Step(said[i], written[j]))
        elif i and costs[i][j] == costs[i - 1][j] + 1:
            i -= 1
            found.append(Step(said[i], ""))
        else:
            j -= 1
            found.append(Step("", written[j]))
    return found[::-1]


def wrong(said: str, written: str) -> tuple[int, int]:
    """How many words are wrong, missing or added, and how many were said."""
    steps = aligned(words(said), words(written))
    return sum(not step.right for step in steps), sum(bool(step.said) for step in steps)
