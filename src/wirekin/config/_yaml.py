"""YAML as located nodes: what stands in the file, and where.

bytes -> text -> ruamel's events (YAML 1.2: `no` is a word, requirement fact 14) -> nodes with line and column.
Anchors and aliases are refused: term lists are shared by name, and nothing can then expand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

MOST_BYTES = 1 << 20  # of feeds.yml: 5,000 feeds with names take 0.6 MB (2026-11)
DEEPEST = 12  # levels; the file of docs/configuration.md has 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: line and column from 1, character indexes from 0."""

    line: int
    column: int
    start: int
    end: int
    flow: bool = False  # written in [] or {}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `plain` is false where it was quoted or a block."""

    place: Place
    text: str
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing, or YAML's null, was written."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; duplicate keys are still in it."""

    place: Place
    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """The value of a key, None where it is missing or null."""
        for name, value in self.pairs:
            if name.text == key:
                return None if isinstance(value, Scalar) and value.empty else value
        return None


Node = Scalar | Sequence | Mapping


class YamlError(Exception):
    """The text is not YAML, or not YAML as we read it."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def decode(raw: bytes) -> str:
    """The text of a file.

    Raises: YamlError where it is too large, not UTF-8 or holds control characters.
    """
    if len(raw) > MOST_BYTES:
        raise YamlError(f"the file has {len(raw):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise YamlError("the file is not UTF-8: save it as UTF-8", line, column) from None
    return text.replace("\r\n", "\n")


def read(text: str) -> Node | None:
    """The one document of a text; None where it is empty.

    Raises: YamlError at the first place that is not YAML as we read it.
    """
    events = _events(text)
    node: Node | None = None
    for event in events:
        if isinstance(event, DocumentStartEvent):
            if node is not None:
                raise _at(event, "a second document: take '---' out")
            node = _node(next(events), events, 0)
    return None if isinstance(node, Scalar) and node.empty else node


def _events(text: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.problem, error.context) if part)
        if mark is None:
            raise YamlError(f"not YAML: {message}") from None
        if _tab_before(text, mark.index):
            message = "a tab where YAML wants spaces"
        elif text[mark.index : mark.index + 1] in {"@", "`", "%"}:
            message = f"text that begins with {text[mark.index]} needs quotation marks"
        raise YamlError(f"not YAML: {message}", mark.line + 1, mark.column + 1) from None
    except (YAMLError, ValueError) as error:
        raise YamlError(f"not YAML: {str(error).splitlines()[0]}") from None


def _tab_before(text: str, index: int) -> bool:
    line_start = text.rfind("\n", 0, index) + 1
    return "\t" in text[line_start : index + 1]


def _at(event: Event, message: str) -> YamlError:
    return YamlError(message, event.start_mark.line + 1, event.start_mark.column + 1)


def _node(event: Event, events: Iterator[Event], depth: int) -> Node:
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
        raise _at(
            event, "anchors (&) and aliases (*) are not used here: share terms by name, under 'terms:'; quote a *"
        )
    if getattr(event, "tag", None) and getattr(event, "tag", None) != "!":
        raise _at(event, "tags (!) are not used here: quote the text")
    if depth > DEEPEST:
        raise _at(event, "nested too deeply")
    if isinstance(event, ScalarEvent):
        return Scalar(_place(event, event), event.value, event.style in {None, ""})
    if isinstance(event, SequenceStartEvent):
        return _sequence(event, events, depth)
    if isinstance(event, MappingStartEvent):
        return _mapping(event, events, depth)
    raise _at(event, "not YAML")  # pragma: no cover - the parser sends nothing else here


def _sequence(start: SequenceStartEvent, events: Iterator[Event], depth: int) -> Sequence:
    items: list[Node] = []
    for event in events:
        if isinstance(event, SequenceEndEvent):
            return Sequence(_place(start, event), tuple(items))
        items.append(_node(event, events, depth + 1))
    raise _at(start, "not YAML: a list without an end")  # pragma: no cover - the parser says so before


def _mapping(start: MappingStartEvent, events: Iterator[Event], depth: int) -> Mapping:
    pairs: list[tuple[Scalar, Node]] = []
    for event in events:
        if isinstance(event, MappingEndEvent):
            return Mapping(_place(start, event), tuple(pairs))
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar):
            raise _at(event, "a key is a word")
        value = _node(next(events), events, depth + 1)
        if isinstance(value, Scalar) and value.plain and not value.text:
            value = Scalar(key.place, "")  # ruamel puts nothing where the next thing begins
        pairs.append((key, value))
    raise _at(start, "not YAML: a mapping without an end")  # pragma: no cover - the parser says so before


def _place(first: Event, last: Event) -> Place:
    start, end = first.start_mark, last.end_mark
    flow = bool(getattr(first, "flow_style", False))
    return Place(start.line + 1, start.column + 1, start.index, end.index, flow)
