"""Make markup of the content that a page shows only after its scripts have run, or only without scripts.

React's server components are streamed as elements in scripts, ["$", "a", null, {"href": ..., "children": ...}]. A list
that a script builds sometimes has a copy in <noscript>.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from wirekin.parse.pages._dom import Page

MAX_STREAM = 4_000_000  # characters of all chunks together
MAX_ELEMENTS = 20_000  # elements in the output
MAX_DEPTH = 60  # of nested elements, and of rows in rows

_PUSHED = re.compile(r"\s*(?:self|window)\.__next_f\.push\(")
_ROW = re.compile(r"^([0-9a-f]+):(?=[\[{])(.*)$", re.MULTILINE)  # a number and JSON
_REFERENCE = re.compile(r"\$L?([0-9a-f]+)")
_TAG = re.compile(r"[a-z][a-z0-9-]{0,20}")
_NOSCRIPT = re.compile(rb"<(/?)noscript\b", re.IGNORECASE)
_WITHOUT_SCRIPTS = re.compile(rb"<noscript\b(.*?)(?:</noscript|$)", re.IGNORECASE | re.DOTALL)
MIN_LINKS = 3  # of a list in <noscript>; most <noscript> elements hold a tracking pixel
_NAMES = {"className": "class", "href": "href", "src": "src", "alt": "alt", "dateTime": "datetime", "srcSet": "srcset",
          "id": "id", "aria-label": "aria-label", "role": "role", "title": "title"}  # fmt: skip


def markups(page: Page, markup: bytes) -> Iterator[bytes]:
    """Yield other markup of the same page, for a page that shows next to nothing."""
    rows = rows_of(page)
    if rows and (written := _Writer(rows).page()):
        yield written.encode("utf-8", "replace")
    if sum(part.count(b"<a ") for part in _WITHOUT_SCRIPTS.findall(markup)) >= MIN_LINKS:
        yield _NOSCRIPT.sub(rb"<\1div", markup)


def rows_of(page: Page) -> dict[str, object]:
    """Return the rows of the page's stream by their numbers; rows that are not JSON are left out."""
    chunks = (
        _chunk_of(written[pushed.end() :])
        for _, written in page.scripts(("", "text/javascript", "application/javascript"))
        if (pushed := _PUSHED.match(written))
    )
    return {found[1]: loaded(found[2]) for found in _ROW.finditer("".join(chunks)[:MAX_STREAM])}


def _chunk_of(written: str) -> str:
    """Return the chunk that one script adds to the stream: self.__next_f.push([1, "..."])."""
    try:
        chunk = json.JSONDecoder().raw_decode(written)[0]
    except (ValueError, RecursionError):
        return ""
    return chunk[1] if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str) else ""


def loaded(written: str) -> object:
    """Parse JSON; None if it is invalid."""
    try:
        return json.loads(written) if len(written) <= MAX_STREAM else None
    except (ValueError, RecursionError):
        return None


class _Writer:
    """Writes the elements of a stream as HTML: a component becomes a <div>, or a link if it has an address."""

    def __init__(self, rows: dict[str, object]) -> None:
        self._rows = rows
        self._parts: list[str] = []
        self._left = MAX_ELEMENTS
        self._chars = MAX_STREAM  # that may still be written: a row may be referred to 10,000 times
        self._open: set[str] = set()  # rows that are being written, to stop at cycles
        self._done: set[str] = set()

    def page(self) -> str:
        for name, row in self._rows.items():
            if name not in self._done:
                self._row(name, row, 0)
        return f"<body>{''.join(self._parts)}</body>" if self._left < MAX_ELEMENTS else ""

    def _row(self, name: str, row: object, depth: int) -> None:
        self._open.add(name)
        self._done.add(name)
        self._node(row, depth)
        self._open.discard(name)

    def _node(self, node: object, depth: int) -> None:
        if depth > MAX_DEPTH or self._left <= 0 or self._chars <= 0:
            return
        if isinstance(node, str):
            found = _REFERENCE.fullmatch(node)
            if found is None:
                self._chars -= len(node)
                self._parts.append(html.escape(node[1:] if node.startswith("$$") else node))
            elif found[1] in self._rows and found[1] not in self._open:
                self._row(found[1], self._rows[found[1]], depth + 1)
        elif isinstance(node, list) and len(node) > 3 and node[0] == "$" and isinstance(node[3], dict):
            self._element(node[1], node[3], depth)
        elif isinstance(node, list):
            for one in node:
                self._node(one, depth + 1)

    def _element(self, kind: object, props: dict[str, object], depth: int) -> None:
        self._left -= 1
        known = isinstance(kind, str) and _TAG.fullmatch(kind)
        tag = str(kind) if known else "a" if "href" in props else "img" if "src" in props else "div"
        told = "".join(
            f' {name}="{html.escape(value)}"'
            for prop, name in _NAMES.items()
            if isinstance(value := props.get(prop), str) and value
        )
        self._chars -= len(told)
        self._parts.append(f"<{tag}{told}>")
        self._node(props.get("children"), depth + 1)
        if tag != "img":
            self._parts.append(f"</{tag}>")
