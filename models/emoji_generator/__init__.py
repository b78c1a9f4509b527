"""Emoji that never were, from chance and one of 25 kinds: 64 x 64 pixels in colour.

    model = catalog.load("emoji_generator")
    made = make(model, draw(model, seed=7, n=16), one_hot(model, [3] * 16))

Whatever can be asked of it is what can be asked of every generator: see models/making.py.
"""

from models.making import draw, make, odds, one_hot, paints

__all__ = ["draw", "make", "odds", "one_hot", "paints"]
