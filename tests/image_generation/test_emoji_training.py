"""Which glyphs train and which are held out, on a few sequences that stand for the font's."""

import io

import numpy as np
from PIL import Image

from training.emoji_generator import data as emoji

LISTED = """# group: People & Body
# subgroup: person-role
1F469 200D 1F4BB ; fully-qualified # woman technologist
1F468 200D 1F4BB ; fully-qualified # man technologist
# subgroup: hand-fingers-open
1F44B            ; fully-qualified # waving hand
1F44B 1F3FB      ; fully-qualified # waving hand: light skin tone
# group: Smileys & Emotion
# subgroup: heart
2764 FE0F        ; fully-qualified # red heart
# group: Flags
# subgroup: country-flag
1F1E9 1F1EA      ; fully-qualified # flag: Germany
"""
WOMAN, MAN = (0x1F469, 0x200D, 0x1F4BB), (0x1F468, 0x200D, 0x1F4BB)


def test_skin_tones_flags_and_what_is_no_emoji_are_left_out() -> None:
    names = {
        "wave": (0x1F44B,),
        "light": (0x1F44B, 0x1F3FB),
        "flag": (0x1F1E9, 0x1F1EA),
        "heart": (0x2764,),
        "backwards": WOMAN[::-1],
        "digit": (0x37,),
    }
    found = emoji.chosen(names, emoji.kinds(LISTED))
    assert found == {"wave": (0x1F44B,), "heart": (0x2764,), "backwards": WOMAN}


def test_a_woman_and_a_man_with_one_tool_stand_on_one_side() -> None:
    assert emoji.base(WOMAN) == emoji.base(MAN) != emoji.base((0x1F44B,))
    bases = [(i // 3,) for i in range(300)]
    labels = np.arange(300) // 30 % 5
    train, held_out = emoji.split(bases, labels)
    assert len(train) + len(held_out) == 300
    assert np.bincount(labels[held_out]).tolist() == [6] * 5
    assert not {bases[i] for i in train} & {bases[i] for i in held_out}


def test_each_subgroup_is_of_one_kind() -> None:
    parts = [part.strip() for parts in emoji.KINDS.values() for part in parts.split(",")]
    assert len(parts) == len(set(parts)) == len(emoji.KIND_OF)
    assert set(emoji.kinds(LISTED).values()) == {"People", "Hands", "Hearts"}


def test_a_glyph_stands_in_the_middle_of_white() -> None:
    wide = Image.new("RGBA", (136, 128))
    wide.paste((255, 0, 0, 255), (38, 34, 98, 94))
    data = io.BytesIO()
    wide.save(data, "PNG")
    picture = emoji.square(data.getvalue())
    assert (picture.shape, picture.dtype) == ((64, 64, 3), np.uint8)
    assert (picture[32, 32] == (255, 0, 0)).all()
    assert (picture[[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all()
