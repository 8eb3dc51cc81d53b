"""Read attributes as lexbor serialises them, each after a blank: one value, all of them, or the words of the names.

Text that looks like an attribute may be part of another's value, as in data-x=" class=" : a real attribute is followed
by a blank or the end.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_KEPT = 120  # longest serialised attributes that are cached; those of pictures are longer, and used only once
MAX_NAMED = 1_000  # characters of a class and id that are read; real ones have up to 537 (2026-11)

CLASS = re.compile(r' class="([^"]*)"(?= |$)')
HREF = re.compile(r' href="([^"]*)"(?= |$)')
ALT = re.compile(r' alt="([^"]*)"(?= |$)')
_ID = re.compile(r' id="([^"]*)"(?= |$)')
_ATTRIBUTE = re.compile(r'(=?[^ =]+)="([^"]*)"')
# Names that tell who sees an element or what it contains, not what it is: "show-if-partner",
# "td-with-ajax-pagination", "has-footer".
_BESIDE_NAMES = re.compile(r"\b(?:(?:show|hide|visible|hidden)-(?:if|in|for|on)|with|without|has|no)[-_]\S+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def value(attribute: re.Pattern[str], written: str) -> str:
    """Return the value of one attribute (CLASS, HREF, ALT); "" if it is missing."""
    found = attribute.search(written)
    return (unescaped(found[1]) if "&" in found[1] else found[1]) if found else ""


@lru_cache(maxsize=4096)
def marks_of(written: str) -> str:
    """Return class and id as one string of words in lower case, camelCase split; "" if there are none."""
    found = CLASS.search(written)
    named = found[1] if found else ""
    if ' id="' in written and (found := _ID.search(written)):
        named = f"{named} {found[1]}".strip()
    return _words_of(named[:MAX_NAMED]) if named else ""


@lru_cache(maxsize=4096)  # the cards of a page repeat the same attributes, and so does its next poll
def attributes_of(written: str) -> dict[str, str]:
    """Return all attributes by name; one without a value has "". The result is cached and must not be changed."""
    found = dict(_ATTRIBUTE.findall(written))
    return {name: unescaped(value) for name, value in found.items()} if "&" in written else found


def unescaped(text: str) -> str:
    """Undo lexbor's escaping of a text or value; it escapes these five characters and no others."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&nbsp;", "\xa0")
    return text.replace("&amp;", "&")


@lru_cache(maxsize=4096)  # a page has about a hundred class names, each many times
def _words_of(named: str) -> str:
    named = _BESIDE_NAMES.sub("", unescaped(named))
    if "[" in named:  # Tailwind's styles: "text-[--kicker-color]"
        named = " ".join(name for name in named.split() if "[" not in name)
    return _CAMEL.sub("-", named).replace("_", "-").lower()
