"""YAML by libyaml's parser in C, for a file without a mistake: 8 ms where ruamel's, in Python, takes 183 (1,000 feeds).

It knows no columns and explains nothing. Whatever it does not like, or YAML 1.1 and 1.2 may differ in, it leaves to
`_yaml`, which reads as it always did; events are untyped text in both (`no` is a word: requirement fact 14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from wirekin.config._nodes import DEEPEST, Mapping, Node, Place, Scalar, Sequence

# Where libyaml and ruamel were seen to differ, or might: breaks and white space, directives, marks of documents,
# explicit keys, a value right behind a quoted key, a block's header with a comment, lines of nothing but spaces in it.
_UNSURE = re.compile(
    r"[\t\r\x85\u2028\u2029\ufeff]|^%|^(?:---|\.\.\.)|(?<![^\s\[{,])\?(?=\s|$)|[\"'\]}] *:(?!\s)|[|>][-+0-9]*#|^ +$",
    re.MULTILINE,
)
_NOWHERE = Place(1, 1, 0, 0)


class Unsure(Exception):
    """Nothing is said about a text: read it with `_yaml.read`."""


def read_quickly(text: str) -> Node | None:
    """As `_yaml.read` says it, but for the places: all nodes stand at 1:1; None where the text is empty.

    Raises: Unsure.
    """
    parser = getattr(yaml, "CSafeLoader", None)
    if parser is None or _UNSURE.search(text):
        raise Unsure
    try:
        events = _events(parser(text))
        node = _node(next(events), events, 0)
        if next(events, None) is not None:  # never: asking lets the parser read on to the end of the text
            raise Unsure
    except (yaml.YAMLError, ValueError, StopIteration) as error:
        raise Unsure from error
    return None if isinstance(node, Scalar) and node.empty else node


def _events(parser: Any) -> Iterator[Any]:
    """What stands in the one document; Unsure where there are more or none."""
    kinds = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
    if not all(isinstance(parser.get_event(), kind) for kind in kinds):
        raise Unsure
    while not isinstance(event := parser.get_event(), yaml.DocumentEndEvent):
        yield event
    if not isinstance(parser.get_event(), yaml.StreamEndEvent):
        raise Unsure


def _node(event: Any, events: Iterator[Any], depth: int) -> Node:
    if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag or depth > DEEPEST:
        raise Unsure
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(_NOWHERE, event.value, event.style in {None, ""})
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(_NOWHERE, tuple(_items(events, depth)))
    return Mapping(_NOWHERE, tuple(_pairs(events, depth)))


def _items(events: Iterator[Any], depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _node(event, events, depth + 1)


def _pairs(events: Iterator[Any], depth: int) -> Iterator[tuple[Scalar, Node]]:
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar):
            raise Unsure
        yield key, _node(next(events), events, depth + 1)
