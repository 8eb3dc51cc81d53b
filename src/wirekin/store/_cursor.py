"""Where a list goes on: the sort key of its last row, in text that callers need not understand.

Lists are continued by key, not by offset, so that what arrives meanwhile neither repeats nor hides a row.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Any

from wirekin.errors import BadRequest

Key = tuple[Any, ...]  # int, float or str, as the order says

_LONGEST = 200  # characters; ours have at most 110
_INT64 = 1 << 63


def cursor_of(of: str, key: Key) -> str:
    """The cursor after the row with this sort key, in the list of that name."""
    return base64.urlsafe_b64encode(json.dumps([of, *key]).encode()).decode().rstrip("=")


def key_after(cursor: str | None, of: str, *types: type) -> Key | None:
    """The sort key in a cursor of the list of this name; None where there is no cursor.

    Raises: BadRequest for anything that `cursor_of` did not make.
    """
    if cursor is None:
        return None
    try:
        made, *key = _decoded(cursor)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        made, key = "", []
    sound = made == of and len(key) == len(types) and all(map(_is_sound, key, types))
    if not sound:
        raise BadRequest(
            "this cursor does not belong to this list: use `next` of the page before and ask for the same, or use none"
        )
    return tuple(key)


def _decoded(cursor: str) -> list[Any]:
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise ValueError("not a cursor of ours")
    made = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    return made if isinstance(made, list) else []


def _is_sound(value: object, wanted: type) -> bool:
    match value:
        case bool():
            return False
        case int():
            return wanted is int and -_INT64 <= value < _INT64
        case float():
            return wanted is float and math.isfinite(value)
        case _:
            return isinstance(value, wanted)
