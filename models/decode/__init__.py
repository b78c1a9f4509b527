"""Bytes of strangers -> checked arrays: pictures, tables, texts.

picture = decode.picture(data)
table = tables.read(data)
"""

from models.decode.pictures import ACCEPTED, ENDINGS, MAX_BYTES, Picture, Pixels, picture

__all__ = ["ACCEPTED", "ENDINGS", "MAX_BYTES", "Picture", "Pixels", "picture"]
