"""A released file as what differs from another one: two graphs of a network hold its weights once.

    small = made(whole, base)
    joined(small, base) == whole

In the format of zstd (RFC 8878), the other file being its dictionary.
"""

import zstandard


class MismatchError(Exception):
    """A delta and a base that do not belong together."""


LEVEL = 19  # up to half a minute for 20 MB; at 3 hardly anything common is found
MOST = 2**26  # bytes of window that a reader gives


def made(whole: bytes, base: bytes) -> bytes:
    """`whole` without what stands in `base` too."""
    window = min((len(whole) + len(base)).bit_length(), MOST.bit_length() - 1)
    how = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, window_log=max(window, zstandard.WINDOWLOG_MIN), enable_ldm=True
    )
    return zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=how).compress(
        whole
    )


def joined(delta: bytes, base: bytes) -> bytes:
    """The whole file again. Raises MismatchError where these two do not belong together."""
    reader = zstandard.ZstdDecompressor(dict_data=_dictionary(base), max_window_size=MOST)
    try:
        return reader.decompress(delta)
    except zstandard.ZstdError as error:
        raise MismatchError from error


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
