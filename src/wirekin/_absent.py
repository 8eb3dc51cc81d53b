"""Importing a package without the optional modules that it loads only because they are installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Make modules impossible to import, for all threads, within the context; loaded ones stay as they are."""
    hidden: dict[str, None] = dict.fromkeys(name for name in names if name not in sys.modules)
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None makes their import fail
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
