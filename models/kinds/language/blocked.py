"""Words that are never suggested or written: slurs and the coarsest words, in small letters.

    holds("F\u00fcck!")              # whether a person reads one of them there

Our own list, kept short: it guards what the keyboard offers, it does not judge what a visitor
types. Written in ROT13, so that nobody has to read it who only reads the code.
"""

import codecs
import re
import unicodedata
from collections.abc import Collection

from models.decode import texts

_ROT13 = """
nffubyr nffubyrf onfgneq onfgneqf ovgpu ovgpurf ovgpul puvax puvaxf pbpx pbpxfhpxre pbba pbbaf phag
phagf qvpxurnq qvxr qlxr qlxrf snt snttbg snttbgf sntf shpx shpxrq shpxre shpxref shpxva shpxvat
shpxf tbbx tbbxf wnc wncf xvxr xvxrf zbgureshpxre zbgureshpxref zbgureshpxvat anmv anmvf artebrf
artreb avttn avttnf avttre avttref cnxv cnxvf cbea cbeab cevpx chffl encr encrq encvfg enturnq
ergneq ergneqrq ergneqf fuvg fuvggl fuvgf fyhg fyhgf fcvp fcvpf fcnfgvp gvgf genaal genaavrf gjng
jrgonpx jrgonpxf juber juberf
"""
BLOCKED = frozenset(codecs.decode(_ROT13, "rot13").split())
# What each of them begins with, itself too.
BEGINNINGS = frozenset(word[:end] for word in BLOCKED for end in range(1, len(word) + 1))
RUN = re.compile(r"[^\W\d_]+")  # letters that are read as one word


def folded(text: str) -> str:
    """`text` as it is read, in small letters without accents; its spaces stay."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", texts.read(text, lines=True).text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).lower()


def holds(text: str, words: Collection[str] = BLOCKED) -> bool:
    """Whether a person reads one of the words in `text`, by itself or before an apostrophe."""
    read = folded(text)
    return read.strip() in words or any(run in words for run in RUN.findall(read))
