"""What the system is told about memory."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from wirekin._heap import large_pages

ENABLED = Path("/sys/kernel/mm/transparent_hugepage/enabled")
NOW = (6, 1)  # Linux that makes them when it is asked to, not by and by
MB = 1024  # kB


def in_large_pages() -> int:
    """Kilobytes of this process."""
    said = dict(line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    return int(said["AnonHugePages"].split()[0])


def made_at_once() -> bool:
    """Whether this system makes large pages for whom asks for them."""
    if not ENABLED.exists() or "[never]" in ENABLED.read_text():
        return False
    return tuple(map(int, platform.release().split(".")[:2])) >= NOW


@pytest.mark.skipif(not made_at_once(), reason="this system makes no large pages at once")
def test_what_python_holds_lies_in_large_pages_and_is_as_it_was() -> None:
    held = [str(number) for number in range(600_000)]  # 34 MB
    before = in_large_pages()
    large_pages()

    assert in_large_pages() - before > 16 * MB
    assert held == [str(number) for number in range(600_000)]
