"""Memory tuning: one malloc arena for all threads, large bodies mmapped, free memory returned, few cycle collections.

glibc gives each thread an arena of its own and keeps freed memory in it. Documents of all lengths come and go on three
threads: after 15 turns of faults 20 MB of 65 were in use (tests/shell/test_faults_proof.py, 2026-11). Other C libraries
lack these functions; there the allocator is left alone.
"""

from __future__ import annotations

import contextlib
import gc

# From <malloc.h>. A threshold that is set stays fixed; else glibc raises it to the longest block freed, up to 32 MiB.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_APART_BYTES = 256 * 1024  # blocks from this size on are mmapped, and unmapped when freed; a news feed has 50 KB
# Free memory kept at the heap's top until `give_back`. With _APART_BYTES each body took six new pages from the kernel,
# with this two; a turn of unchanged feeds spends 0.082 ms a feed in the kernel, not 0.098 (five pairs, 2026-11-30).
_SPARE_BYTES = 4 * 1024 * 1024

# Threshold of the collector's youngest generation: net new objects until it runs. Polls under way hold more than
# Python's default of 700: it ran 80 times in 1,000 polls, a tenth of a turn of 304s, and freed three objects a poll
# (2026-11).
_YOUNG = 10_000


# The same while a command starts: modules and feeds.yml make 200,000 objects that stay. With 10,000 a start took 0.53 s
# of CPU, with 100,000 0.47, with this 0.42 (medians of six, `wirekin refresh` of one unchanged feed, 2026-11-30).
_LOADED = 200_000


def look_hardly() -> None:
    """Make cycle collections very rare while a command starts; a long-lived one calls `look_seldom` afterwards."""
    gc.set_threshold(_LOADED, *gc.get_threshold()[1:])


def look_seldom() -> None:
    """Make cycle collections rarer than by default, for a process that polls or answers for a long time."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def one_heap() -> None:
    """Let all threads share one arena; for a process that polls, before its first thread.

    They hardly contend for it: the GIL lets one thread at a time allocate, SQLite's own allocations aside.
    """
    for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _APART_BYTES), (_TRIM_THRESHOLD, _SPARE_BYTES)):
        _call("mallopt", option, value)


def give_back() -> None:
    """Return freed memory to the system; it takes 1 ms, so call it after a turn, not after a document."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    import ctypes  # only a process that polls tunes the allocator

    with contextlib.suppress(AttributeError, OSError):
        getattr(ctypes.CDLL(None), name)(*numbers)
