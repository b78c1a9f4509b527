"""How the C library keeps memory that nothing holds any more: little, and given back.

glibc gives each thread a heap of its own and keeps freed blocks for later. A server whose threads
each decode a photo once would grow with every one of them. Elsewhere nothing is done.
"""

import ctypes
import sys
from functools import lru_cache

# Numbers of malloc.h.
M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8
ARENAS = 1  # with two, as many megabytes more were kept as one large run takes
# Blocks that are asked of the system one by one: large runs took 1.3 times as long with them.
MAPPED = 0
FREE = 96 * 2**20  # at the heap's end, before it is given back


@lru_cache
def _libc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def settle() -> bool:
    """Set the knobs, once and early: threads that run already keep their heaps. True where set."""
    library = _libc()
    if library is None:
        return False
    knobs = {M_ARENA_MAX: ARENAS, M_MMAP_MAX: MAPPED, M_TRIM_THRESHOLD: FREE}
    taken = [library.mallopt(knob, value) for knob, value in knobs.items()]
    return all(taken)


def trim() -> None:
    """Give free pages back now: for after something large was let go of; some milliseconds."""
    if library := _libc():
        library.malloc_trim(0)
