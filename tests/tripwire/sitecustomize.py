"""Python imports this in every child of a test, because conftest.py puts this folder on PYTHONPATH."""

from __future__ import annotations

import os
from pathlib import Path

import loopback

_notes = os.environ.get("LOOPBACK_NOTES")


def _note(tried: str) -> None:
    if _notes:
        with Path(_notes).open("a", encoding="utf-8") as file:
            file.write(f"{tried} in a child\n")


loopback.watch(_note)
