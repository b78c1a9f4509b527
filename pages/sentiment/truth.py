"""What a visitor's own labels say of reviews, and how many of the network's verdicts agree.

    meaning = understood("stars", ["5", "1", "3"])     # {"5": "liked", "1": "disliked", "3": None}

Words, 0 and 1, stars of five or ten; what can be meant in two ways is asked for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.draw.text_marks import shortened
from pages.parts.draw.words import plain

NAMES = ("sentiment", "label", "truth", "target", "polarity", "class", "rating", "stars", "score")
NONE = "none"
MOST = 24  # different values in a column of labels
SHOWN = 40  # characters of a value or a column's name
NAMED = 12  # rows left out that are named one by one, or stretches of them
LIKED = frozenset(
    {"positive", "pos", "p", "+", "good", "great", "liked", "like", "loved", "love", "praise"}
    | {"favourable", "favorable", "yes", "y", "true", "t", "recommended", "fresh", "thumbs up"}
)
DISLIKED = frozenset(
    {"negative", "neg", "n", "-", "bad", "awful", "disliked", "dislike", "hated", "hate", "pan"}
    | {"unfavourable", "unfavorable", "no", "false", "f", "not recommended", "rotten"}
    | {"thumbs down", "not liked", "did not like it"}
)
NEITHER = frozenset({"neutral", "mixed", "unsure", "neither", "undecided", "average", "okay", "ok"})
# Of these the column's name says what is true of the rows: "negative" = yes is no praise.
TRUE_OR_NOT = frozenset({"yes", "y", "true", "t", "no", "n", "false", "f", "1", "0"})
_AGAINST = re.compile(r"neg|dislike|hate|bad|unfav|complain", re.IGNORECASE)
_STARS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/\s*(5|10)|(?:out\s+)?of\s+(5|10)|stars?|\u2605)?\.?")

Meaning = Mapping[str, str | None]  # of each value: liked, disliked, or None for neither


@dataclass(frozen=True)
class Truth:
    """A column of labels and what each of its values means. cells: one for each row."""

    column: str
    cells: list[str]
    meaning: Meaning

    def of(self, row: int) -> str:
        """`liked`, `disliked`, or nothing where the label says neither."""
        return self.meaning.get(_key(self.cells[row])) or ""


def labels(name: str, cells: Iterable[str]) -> list[str] | None:
    """The different values of a column that may hold labels; None where it holds something else."""
    found: dict[str, None] = {}
    for cell in cells:
        if key := _key(cell):
            found[key] = None
        if len(found) > MOST or len(cell) > SHOWN:
            return None
    return [*found] if len(found) > 1 or (found and _rank(name) < len(NAMES)) else None


def guessed(columns: Mapping[str, list[str]]) -> str:
    """The column that is called like one of labels, or holds their words alone; else NONE."""
    named = [name for name in columns if _rank(name) < len(NAMES)]
    if named:
        return min(named, key=_rank)
    said = LIKED | DISLIKED | NEITHER
    worded = (name for name, values in columns.items() if said.issuperset(values))
    return next((name for name in worded if not TRUE_OR_NOT.issuperset(columns[name])), NONE)


def understood(name: str, values: Sequence[str]) -> Meaning | None:
    """What each different value of a column means; None where that has to be asked for.

    Values are as `labels` gives them. 1 to 5 and 1 to 10 are stars, the middle one or two neither.
    """
    turned = bool(_AGAINST.search(name)) and TRUE_OR_NOT.issuperset(values)
    good, bad = ("disliked", "liked") if turned else ("liked", "disliked")
    if (LIKED | DISLIKED | NEITHER).issuperset(values):
        return {one: good if one in LIKED else bad if one in DISLIKED else None for one in values}
    found = [_STARS.fullmatch(one) for one in values]
    signed = {"-1": bad, "0": None, "1": good, "+1": good}
    if signed.keys() >= set(values) and "-1" in values:
        return {one: signed[one] for one in values}
    if {"0", "1"} >= set(values):
        return {one: good if one == "1" else bad for one in values}
    if not all(found) or turned:
        return None
    numbers = {match[0]: float(match[1].replace(",", ".")) for match in found if match}
    tops = {int(match[2] or match[3] or 0) for match in found if match} - {0}
    top = _top(numbers.values(), tops)
    if top is None:
        return None
    low, high = (2.5, 3.5) if top == 5 else (4.5, 6.5)
    return {
        one: "liked" if number > high else "disliked" if number < low else None
        for one, number in numbers.items()
    }


def _top(numbers: Iterable[float], tops: set[int]) -> int | None:
    """How many stars there can be, 5 or 10; None where the numbers leave that open."""
    given = sorted(numbers)
    if len(tops) > 1 or given[0] < 0:
        return None
    if tops:
        top = tops.pop()
        return top if given[-1] <= top else None
    if given[0] < 0.5:  # 0 to 4 may be classes
        return None
    return 5 if 3 < given[-1] <= 5 else 10 if 5 < given[-1] <= 10 else None


def chosen(
    page: str, columns: Mapping[str, list[str]], cells: Mapping[str, list[str]]
) -> Truth | None:
    """The column of labels that the visitor has, what its values mean; None without one.

    columns: the different values of each that may hold labels; cells: all of them.
    """
    if not columns:
        return None
    names = [NONE, *columns]
    place = names.index(guessed(columns))
    name = st.selectbox(
        "Column with the truth, to count the hits", names, place, key=f"{page}_truth"
    )
    if name not in columns:
        return None
    values = columns[name]
    meaning = understood(name, values)
    if meaning is None:
        meaning = _asked(page, name, values)
    if meaning is None:
        return None
    _told(name, meaning)
    return Truth(name, cells[name], meaning)


def _asked(page: str, name: str, values: list[str]) -> Meaning | None:
    """What the visitor says that the values mean."""
    st.caption("These labels could be meant in more than one way: say which is which.")
    places = st.columns(2)
    with places[0]:
        good = st.multiselect("These mean that it was liked", values, key=f"{page}_good_{name}")
    rest = [one for one in values if one not in good]
    with places[1]:
        bad = st.multiselect("These mean that it was not", rest, key=f"{page}_bad_{name}")
    if not good or not bad:
        return None
    return {one: "liked" if one in good else "disliked" if one in bad else None for one in values}


def _told(name: str, meaning: Meaning) -> None:
    """How the labels were read, in one line."""

    def those(side: str | None) -> str:
        found = [plain(shortened(one, SHOWN)) for one, means in meaning.items() if means == side]
        return ", ".join(found)

    parts = [f"liked: {those('liked') or 'none'}", f"disliked: {those('disliked') or 'none'}"]
    if those(None):
        parts.append(f"neither, and not counted: {those(None)}")
    st.caption(f"The truth is read from *{plain(shortened(name, SHOWN))}*. {'; '.join(parts)}.")


def counted(truth: Truth, says: Mapping[int, str], numbers: Sequence[int]) -> None:
    """How many verdicts agree, drawn. says: of each answered row liked, disliked or unsure."""
    right = wrong = open_ = 0
    for row, said in says.items():
        meant = truth.of(row)
        right += bool(meant) and said == meant
        open_ += bool(meant) and said == "unsure"
        wrong += bool(meant) and said not in (meant, "unsure")
    n = right + wrong + open_
    if not n:
        st.caption("None of the rows that were answered has a label that says liked or disliked.")
        return
    st.markdown(f"**Against the truth**, {n:,} rows.")
    shares = hundred([right, wrong, open_])
    titles = ("as the label says", "against it", "not decided")
    for place, title, share, count in zip(
        st.columns(3), titles, shares, (right, wrong, open_), strict=True
    ):
        place.metric(title, f"{share}%", border=True, help=f"{count:,} reviews")
    if right + wrong:
        st.caption(
            f"Of the {right + wrong:,} that it decides, {right / (right + wrong):.1%} are as the "
            "label says."
        )
    unknown = [numbers[row] for row in says if not _key(truth.cells[row])]
    if unknown:
        st.caption(f"Not counted, since they have no label: {rows(unknown)}.")


def hundred(counts: Sequence[int]) -> list[int]:
    """Whole per cents that add up to 100: the largest remainders are rounded up; zeros of none."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    shares = [100 * count // total for count in counts]
    rest = sorted(range(len(counts)), key=lambda i: (-(100 * counts[i] % total), i))
    for i in rest[: 100 - sum(shares)]:
        shares[i] += 1
    return shares


def rows(numbers: Sequence[int]) -> str:
    """Row numbers in words: "row 3", "rows 3 to 5 and 9"; of many the first, and how many more."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    shown, rest = stretches[:NAMED], stretches[NAMED:]
    said: list[str] = []
    for a, b in shown:
        said += [f"{a:,} to {b:,}"] if b > a + 1 else [f"{number:,}" for number in range(a, b + 1)]
    if rest:
        more = sum(b - a + 1 for a, b in rest)
        return f"rows {', '.join(said)} and {more:,} more"
    whole = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"row{'s' * (len(numbers) > 1)} {whole}"


def _key(cell: str) -> str:
    """A label without what does not count: capitals, spaces, a final point, quotation marks."""
    low = " ".join(cell.split()).strip("\"'").casefold()
    return re.sub(r"(?<=\d)[.,]0*$|(?<=\D)\.$", "", low)


def _rank(name: str) -> int:
    """How much a column's name sounds like labels: 0 most."""
    low = re.sub(r"[^a-z]+", " ", name.casefold()).split()
    return next((i for i, one in enumerate(NAMES) if one in low or f"{one}s" in low), len(NAMES))
