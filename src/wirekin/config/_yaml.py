"""YAML as located nodes: what stands in the file, and where.

text -> ruamel's events (YAML 1.2: `no` is a word, requirement fact 14) -> nodes with line and column.
Anchors and aliases are refused: term lists are shared by name, and nothing can then expand.
"""

from __future__ import annotations

from collections.abc import Iterator

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

from wirekin.config._nodes import DEEPEST, Mapping, Node, Place, Scalar, Sequence, YamlError


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
            value = Scalar(key.place, "")  # ruamel places an empty value where the next node begins
        pairs.append((key, value))
    raise _at(start, "not YAML: a mapping without an end")  # pragma: no cover - the parser says so before


def _place(first: Event, last: Event) -> Place:
    start, end = first.start_mark, last.end_mark
    flow = bool(getattr(first, "flow_style", False))
    return Place(start.line + 1, start.column + 1, start.index, end.index, flow)
