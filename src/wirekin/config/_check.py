"""Checks of one node each: a value, or a complaint that says where and how to mend it. All complaints are collected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit

from wirekin import urls
from wirekin.config._nodes import Mapping, Node, Place, Scalar, Sequence

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(?:\d{1,6}[smhdw]\s*){1,5}")  # as many parts as units: more could overflow a timedelta
_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # not ZWNJ, which Persian words contain
LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
LONGEST = timedelta(days=3660)  # of any duration: ten years
LEAST_KEEP = timedelta(days=1)  # feeds still list younger entries, and a pruned headline does not come back


def duration(text: str) -> timedelta | None:
    """The length of 90s, 30m, 6h, 14d, 2w or 1h30m; None where it is something else."""
    if not _DURATION.fullmatch(text):
        return None
    parts = re.findall(r"(\d+)([smhdw])", text)
    return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())


def nearest(word: str, known: Collection[str]) -> str:
    """' (did you mean ...?)', or nothing where no known word is near, in whatever case."""
    folded = {one.casefold(): one for one in sorted(known)}
    close = get_close_matches(word.casefold(), list(folded), 1, 0.6)
    return f" (did you mean '{folded[close[0]]}'?)" if close else ""


@dataclass(slots=True)
class Problems:
    """Every complaint about one file, in the order of the file."""

    file: str
    found: list[tuple[int, int, str]] = field(default_factory=list)

    def at(self, node: Node, path: str, message: str) -> None:
        """Complain about a node."""
        self.here(node.place.line, node.place.column, path, message)

    def here(self, line: int, column: int, path: str, message: str) -> None:
        """Complain about a place."""
        self.found.append((line, column, f"{path}: {message}" if path else message))

    def lines(self) -> list[str]:
        """``file:line:column: path: message``, top down."""
        return [f"{self.file}:{line}:{column}: {message}" for line, column, message in sorted(set(self.found))]

    # --- shapes -----------------------------------------------------------------------------------------------------

    def mapping(self, node: Node | None, path: str, known: Collection[str] = (), what: str = "a mapping") -> Mapping:
        """A mapping with known keys only (any, where `known` is empty), each once; an empty one after a complaint."""
        if node is None:
            return _NOTHING
        if not isinstance(node, Mapping):
            self.at(node, path, f"expected {what}, found {kind(node)}")
            return _NOTHING
        seen: set[str] = set()
        for key, _ in node.pairs:
            here = f"{path}.{key.text}" if path else key.text
            if key.text in seen:
                self.at(key, here, f"duplicate key '{key.text}'")
            elif known and key.text not in known:
                self.at(key, here, f"unknown key '{key.text}'{nearest(key.text, known)}")
            seen.add(key.text)
        return node

    def items(self, node: Node | None, path: str, what: str = "a list") -> Iterator[tuple[str, Node]]:
        """The items of a list with their paths; none after a complaint."""
        if isinstance(node, Sequence):
            yield from ((f"{path}[{at}]", item) for at, item in enumerate(node.items))
        elif node is not None:
            self.at(node, path, f"expected {what}, found {kind(node)}")

    # --- values: None after a complaint, and where nothing was written -----------------------------------------------

    def string(self, node: Node | None, path: str, what: str = "text", most: int = 500) -> str | None:
        """Text on one line, of at most `most` characters; numbers and booleans are not text unless quoted."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.empty or kind(node) != "text":
            self.at(node, path, f"expected {what}, found {kind(node)}")
        elif not node.text.strip():
            self.at(node, path, f"expected {what}, found nothing")
        elif len(node.text) > most:
            self.at(node, path, f"longer than {most} characters")
        elif _CONTROL.search(node.text.strip()):
            self.at(node, path, "holds a line break or a control character")
        else:
            return node.text.strip()
        return None

    def matching(self, form: re.Pattern[str], node: Node | None, path: str, what: str, complaint: str) -> str | None:
        """Text on one line, all of it in one form."""
        text = self.string(node, path, what)
        if text is not None and node is not None and not form.fullmatch(text):
            self.at(node, path, complaint)
            return None
        return text

    def boolean(self, node: Node | None, path: str, *, default: bool = False, expected: str = "true or false") -> bool:
        """True or false."""
        if node is None:
            return default
        if isinstance(node, Scalar) and node.plain and node.text in {"true", "false"}:
            return node.text == "true"
        self.at(node, path, f"expected {expected}, found {kind(node)}")
        return default

    def number(self, node: Node | None, path: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        if node is None:
            return default
        if isinstance(node, Scalar) and node.plain and re.fullmatch(r"\d{1,9}", node.text):
            if low <= int(node.text) <= high:
                return int(node.text)
            self.at(node, path, f"expected a number from {low} to {high}")
        else:
            self.at(node, path, f"expected a whole number, found {kind(node)}")
        return default

    def length(self, node: Node | None, path: str, default: timedelta, low: timedelta) -> timedelta:
        """A duration of at least `low`."""
        if node is None:
            return default
        found = duration(node.text.strip()) if isinstance(node, Scalar) else None
        if found is None:
            self.at(node, path, f"expected a duration such as 30m, 6h or 14d, found {kind(node)}{_unit_hint(node)}")
        elif found < low:
            self.at(node, path, f"at least {brief(low)}")
        elif found > LONGEST:
            self.at(node, path, f"at most {brief(LONGEST)}")
        else:
            return found
        return default

    def address(self, node: Node | None, path: str) -> str | None:
        """An absolute http or https URL."""
        text = self.string(node, path, "an address", most=2048)
        if text is None or node is None:
            return None
        if urls.resolve(text, text) is None or not urlsplit(text).netloc:
            self.at(node, path, "not an http or https address (with a host, without a user name)")
            return None
        return text

    def host_port(self, node: Node, path: str) -> str | None:
        """host:port."""
        text = self.string(node, path, "host:port")
        found = _HOST_PORT.fullmatch(text) if text else None
        if text and (found is None or not 0 < int(found[2]) < 65536):
            self.at(node, path, "expected host:port, as in 127.0.0.1:8000")
            return None
        return text.lower() if text else None


_NOTHING = Mapping(Place(1, 1, 0, 0), ())


def kind(node: Node) -> str:
    """What a node is, for a complaint."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.empty:
        return "nothing"
    if node.plain and node.text in {"true", "false", "True", "False", "TRUE", "FALSE"}:
        return f"the boolean {node.text}"
    if node.plain and _NUMBER.fullmatch(node.text):
        return f"the number {node.text}"
    return "text"


def _unit_hint(node: Node) -> str:
    bare = isinstance(node, Scalar) and node.text.isdecimal()
    return " (write its unit: s, m, h, d or w)" if bare else ""


def brief(length: timedelta) -> str:
    """A duration as feeds.yml writes it."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
