"""What freed memory costs: one heap for all threads, large bodies apart, the rest given back, cycles seldom looked for.

glibc gives each thread a heap of its own and keeps what becomes free in it. Documents of all lengths come and go on
three threads: after 15 turns of faults 20 MB of 65 were in use (tests/shell/test_faults_proof.py, 2026-11). Other C
libraries have no such functions, and nothing is done.
"""

from __future__ import annotations

import contextlib
import gc

# of <malloc.h>; setting a threshold ends its growth, which follows the longest body ever freed, to 32 MiB
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_APART_BYTES = 256 * 1024  # bodies from this length on are mapped alone, and gone when freed; news feeds have 50 KB
# What may lie free at the heap's end until `give_back`. With as little as above each body took six new pages of the
# kernel, with this two, and a turn of unchanged feeds 0.082 ms in it a feed, not 0.098 (five pairs, 2026-11-30).
_SPARE_BYTES = 4 * 1024 * 1024

# Objects made and not freed until Python looks for cycles among the young. Polls under way hold more than its own 700:
# it looked 80 times in 1,000 polls, which was a tenth of a turn of 304s, and found three objects a poll (2026-11).
_YOUNG = 10_000


# And while a command begins: modules and feeds.yml make 200,000 objects that stay. With 10,000 a start took 0.53 s of
# CPU, with 100,000 0.47, with this 0.42 (medians of six, `wirekin refresh` of one unchanged feed, 2026-11-30).
_LOADED = 200_000


def look_hardly() -> None:
    """Let Python look for garbage in cycles hardly ever, as every command begins; one that stays then looks seldom."""
    gc.set_threshold(_LOADED, *gc.get_threshold()[1:])


def look_seldom() -> None:
    """Let Python look for garbage in cycles less often than it would; for who polls or answers for a long time."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def one_heap() -> None:
    """Let all threads share one heap; for a process that polls, before its first thread.

    Python's lock lets one thread at a time ask for memory, but for what SQLite asks for.
    """
    for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _APART_BYTES), (_TRIM_THRESHOLD, _SPARE_BYTES)):
        _call("mallopt", option, value)


def give_back() -> None:
    """Return freed memory to the system: 1 ms, so after a turn and not after a document."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    import ctypes  # only a process that polls tells the allocator anything

    with contextlib.suppress(AttributeError, OSError):
        getattr(ctypes.CDLL(None), name)(*numbers)
