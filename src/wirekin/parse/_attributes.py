"""What lexbor writes of an element's attributes, a blank before each, read: one, all of them, what its names say.

What looks like an attribute may stand in another's value, as in data-x=" class=" : a real one ends before a blank.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_KEPT = 120  # characters of attributes that are remembered from page to page: pictures' are longer, and of one use
MAX_NAMED = 1_000  # characters of a class and id that are read; real ones have up to 537, 2026-11

CLASS = re.compile(r' class="([^"]*)"(?= |$)')
HREF = re.compile(r' href="([^"]*)"(?= |$)')
ALT = re.compile(r' alt="([^"]*)"(?= |$)')
_ID = re.compile(r' id="([^"]*)"(?= |$)')
_ATTRIBUTE = re.compile(r'(=?[^ =]+)="([^"]*)"')
# To whom it is shown and what it has, not what it is: "show-if-partner", "td-with-ajax-pagination", "has-footer".
_BESIDE_NAMES = re.compile(r"\b(?:(?:show|hide|visible|hidden)-(?:if|in|for|on)|with|without|has|no)[-_]\S+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def value(attribute: re.Pattern[str], written: str) -> str:
    """The value of one attribute (CLASS, HREF, ALT); "" where it is not there."""
    found = attribute.search(written)
    return (unescaped(found[1]) if "&" in found[1] else found[1]) if found else ""


@lru_cache(maxsize=4096)
def marks_of(written: str) -> str:
    """Class and id as one string of words, camelCase split; "" for none."""
    found = CLASS.search(written)
    named = found[1] if found else ""
    if ' id="' in written and (found := _ID.search(written)):
        named = f"{named} {found[1]}".strip()
    return _words_of(named[:MAX_NAMED]) if named else ""


@lru_cache(maxsize=4096)  # the cards of a page, and of its next poll, are of one make
def attributes_of(written: str) -> dict[str, str]:
    """All attributes by name; one without a value has an empty one."""
    found = dict(_ATTRIBUTE.findall(written))  # one dictionary for all elements of a make: nobody changes it
    return {name: unescaped(value) for name, value in found.items()} if "&" in written else found


def unescaped(text: str) -> str:
    """A text or value as it was before lexbor wrote it: it escapes these five and no others."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&nbsp;", "\xa0")
    return text.replace("&amp;", "&")


@lru_cache(maxsize=4096)  # a page names a hundred classes, each many times
def _words_of(named: str) -> str:
    named = _BESIDE_NAMES.sub("", unescaped(named))
    if "[" in named:  # how it looks, as Tailwind writes it: "text-[--kicker-color]"
        named = " ".join(name for name in named.split() if "[" not in name)
    return _CAMEL.sub("-", named).replace("_", "-").lower()
