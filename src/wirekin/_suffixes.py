"""The public suffix list, one for all who ask: it takes 30 ms and 2 MB."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = ["suffixes"]


@cache
def suffixes() -> PublicSuffixList:
    """The list, loaded when somebody first asks."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
