"""The colour glyphs of Noto Color Emoji as training pictures: which, of what kind, how split.

Skin tones and flags are left out: they repeat a few hundred glyphs a few thousand times. What is
held out is held out by base glyph: a woman and a man with one and the same tool are drawn alike,
so where one trains, the other must not count as new.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from fontTools.ttLib import TTFont
from PIL import Image

from training import sources

UInt8 = npt.NDArray[np.uint8]
Int64 = npt.NDArray[np.int64]
Sequence = tuple[int, ...]  # code points

SIDE = 64
SPLIT_SEED = 20231100
HELD_OUT = 0.1  # of the base glyphs
# Unicode's subgroups, joined until a kind is drawn in one way and has a score of glyphs or more:
# a generator that is told "Smileys & Emotion" has to choose between faces, hearts and a bomb.
KINDS = {
    "Faces": """face-smiling, face-affection, face-tongue, face-hand, face-neutral-skeptical,
        face-sleepy, face-unwell, face-hat, face-glasses, face-concerned, face-negative,
        face-costume""",
    "Hearts": "heart",
    "Hands": """hand-fingers-open, hand-fingers-partial, hand-single-finger, hand-fingers-closed,
        hands, hand-prop, body-parts""",
    "People": "person, person-gesture, person-role, person-fantasy",
    "People doing things": "person-activity, person-sport, person-resting",
    "Families": "family, person-symbol",
    "Mammals": "animal-mammal, cat-face, monkey-face",
    "Birds": "animal-bird",
    "Fish and small animals": "animal-amphibian, animal-reptile, animal-marine, animal-bug",
    "Plants": "plant-flower, plant-other, food-fruit, food-vegetable",
    "Dishes": "food-prepared, food-asian, food-marine, food-sweet",
    "Drinks": "drink, dishware",
    "Vehicles": "transport-ground, transport-water, transport-air",
    "Places": "place-map, place-geographic, place-building, place-religious, place-other, hotel",
    "Clocks": "time",
    "Weather and sky": "sky & weather",
    "Clothes": "clothing",
    "Sport": "sport, award-medal",
    "Games and music": "event, game, arts & crafts, musical-instrument, music",
    "Devices": "phone, computer, light & video, sound, science, medical",
    "Papers": "book-paper, money, mail, writing, office",
    "Tools": "tool, household, lock, other-object",
    "Arrows": "arrow",
    "Shapes": "geometric",
    "Signs": """emotion, transport-sign, warning, religion, zodiac, av-symbol, gender, math,
        punctuation, currency, other-symbol, keycap, alphanum""",
}
GROUPS = tuple(KINDS)
KIND_OF = {part.strip(): kind for kind, parts in KINDS.items() for part in parts.split(",")}
TONES = frozenset(range(0x1F3FB, 0x1F400))
JOINERS = frozenset({0x200D, 0xFE0F, 0x2640, 0x2642})  # and the signs of women and men
PERSON = 0x1F9D1
PEOPLE = frozenset({0x1F468, 0x1F469, PERSON})


@dataclass(frozen=True)
class Glyphs:
    """`pictures` uint8 [n, 64, 64, 3] on white, `labels` int64 [n] by `GROUPS`, and the rows."""

    pictures: UInt8
    labels: Int64
    train: Int64
    held_out: Int64


def sequences(font: TTFont) -> dict[str, Sequence]:
    """Glyph name -> the code points that it stands for, by the font's own ligatures.

    For text that runs to the left the font has many ligatures in the opposite order too.
    """
    found: dict[str, Sequence] = {name: (point,) for point, name in font.getBestCmap().items()}
    for table in _tables(font):
        for first, ligatures in getattr(table, "ligatures", {}).items():
            for ligature in ligatures:
                parts = [first, *ligature.Component]
                if all(part in found for part in parts):
                    points = tuple(point for part in parts for point in found[part])
                    found.setdefault(ligature.LigGlyph, points)
    return found


def _tables(font: TTFont) -> Iterator[Any]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            yield getattr(table, "ExtSubTable", table)


def kinds(text: str) -> dict[Sequence, str]:
    """Code points without joiners -> the kind, from emoji-test.txt; flags have none."""
    kind, found = None, {}
    for line in text.splitlines():
        if line.startswith("# subgroup: "):
            kind = KIND_OF.get(line.removeprefix("# subgroup: "))
        elif kind and line and not line.startswith("#"):
            points = tuple(int(point, 16) for point in line.split(";")[0].split())
            found[plain(points)] = kind
    return found


def plain(points: Sequence) -> Sequence:
    """Without the sign that asks for colour, which some spellings have and some have not."""
    return tuple(point for point in points if point != 0xFE0F)


def base(points: Sequence) -> Sequence:
    """What glyphs share that are drawn alike: no gender, no joiners."""
    kept = (PERSON if point in PEOPLE else point for point in points)
    return tuple(point for point in kept if point not in JOINERS)


def chosen(names: Mapping[str, Sequence], groups: Mapping[Sequence, str]) -> dict[str, Sequence]:
    """Glyph name -> code points as Unicode orders them, of those that are to be used."""
    found = {}
    for name, points in sorted(names.items(), key=lambda item: item[1]):
        for ordered in (plain(points), plain(points[::-1])):
            if ordered in groups and not TONES.intersection(points):
                found[name] = ordered
                break
    return found


def split(bases: list[Sequence], labels: Int64) -> tuple[Int64, Int64]:
    """Rows to train on and rows to hold out, of each kind; all of one base on the same side."""
    rng = np.random.default_rng(SPLIT_SEED)
    kind_of = dict(zip(reversed(bases), reversed(labels), strict=True))  # by a base's first glyph
    out: set[Sequence] = set()
    for kind in np.unique(labels):
        every = sorted(base for base, own in kind_of.items() if own == kind)
        out |= {every[i] for i in rng.permutation(len(every))[: round(HELD_OUT * len(every))]}
    held = np.array([one in out for one in bases])
    return np.flatnonzero(~held), np.flatnonzero(held)


def square(data: bytes, side: int = SIDE) -> UInt8:
    """A glyph's PNG on white, as uint8 [side, side, 3]."""
    glyph = Image.open(io.BytesIO(data)).convert("RGBA")
    widest = max(glyph.size)
    paper = Image.new("RGBA", (widest, widest), "white")
    paper.alpha_composite(glyph, ((widest - glyph.width) // 2, (widest - glyph.height) // 2))
    small = paper.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(small)


def load() -> Glyphs:
    """All glyphs that are used, from the font's bitmaps."""
    path = sources.package_file("noto-color-emoji", "NotoColorEmoji.ttf")
    listed = sources.package_file("unicode-data", "emoji-test.txt").read_text(encoding="utf-8")
    with TTFont(path) as font:
        bitmaps, names, groups = font["CBDT"].strikeData[0], sequences(font), kinds(listed)
        used = chosen({name: names[name] for name in bitmaps if name in names}, groups)
        pictures = np.stack([square(bitmaps[name].imageData) for name in used])
    labels = np.array([GROUPS.index(groups[points]) for points in used.values()], np.int64)
    train, held_out = split([base(points) for points in used.values()], labels)
    return Glyphs(pictures, labels, train, held_out)
