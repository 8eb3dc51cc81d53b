"""Importing a package without what it loads only because that happens to be installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """While this lasts these modules cannot be imported, by any thread; what is loaded already stays as it is."""
    hidden: dict[str, None] = dict.fromkeys(name for name in names if name not in sys.modules)
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None is how the import system is told so
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
