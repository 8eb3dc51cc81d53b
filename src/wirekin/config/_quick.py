"""YAML by libyaml's parser in C, for a file without a mistake: 8 ms where ruamel's, in Python, takes 183 (1,000 feeds).

It reports no columns and explains nothing. What it rejects, or what YAML 1.1 and 1.2 may read differently, is left to
`_yaml`. Events are untyped text in both (`no` is a word: requirement fact 14).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from wirekin.config._nodes import DEEPEST, Mapping, Node, Place, Scalar, Sequence

# Where libyaml and ruamel were seen to differ, or might: line breaks and white space, directives, document markers,
# explicit keys, a value right after a quoted key, a comment after a block scalar's header, lines of spaces within one.
_UNSURE = re.compile(
    r"[\t\r\x85\u2028\u2029\ufeff]|^%|^(?:---|\.\.\.)|(?<![^\s\[{,])\?(?=\s|$)|[\"'\]}] *:(?!\s)|[|>][-+0-9]*#|^ +$",
    re.MULTILINE,
)
_NOWHERE = Place(1, 1, 0, 0)

Following = Callable[[], Any]
"""libyaml's next event."""


class Unsure(Exception):
    """A text that needs the other parser: read it with `_yaml.read`."""


def read_quickly(text: str) -> Node | None:
    """The nodes that `_yaml.read` gives, but without their places: all stand at 1:1; None where the text is empty.

    Raises: Unsure.
    """
    parser = getattr(yaml, "CSafeLoader", None)
    if parser is None or _UNSURE.search(text):
        raise Unsure
    try:
        following = parser(text).get_event
        _expect(following, yaml.StreamStartEvent, yaml.DocumentStartEvent)
        node = _node(following(), following, 0)
        _expect(following, yaml.DocumentEndEvent, yaml.StreamEndEvent)
    except (yaml.YAMLError, ValueError) as error:
        raise Unsure from error
    return None if isinstance(node, Scalar) and node.empty else node


def _expect(following: Following, *kinds: type[Any]) -> None:
    """Unsure where these events do not follow: there are more documents or none."""
    for kind in kinds:
        if type(following()) is not kind:
            raise Unsure


def _items(following: Following, depth: int) -> Iterator[Node]:
    """The items of a list. Most are plain terms of topics, so a plain scalar takes a short cut."""
    end, scalar = yaml.SequenceEndEvent, yaml.ScalarEvent
    while type(event := following()) is not end:
        if type(event) is scalar and event.anchor is event.tag is None and depth <= DEEPEST:
            yield Scalar(_NOWHERE, event.value, not event.style)
        else:
            yield _node(event, following, depth)


def _node(event: Any, following: Following, depth: int) -> Node:
    kind = type(event)
    if kind is yaml.AliasEvent or event.anchor or event.tag or depth > DEEPEST:
        raise Unsure
    if kind is yaml.ScalarEvent:
        return Scalar(_NOWHERE, event.value, not event.style)
    if kind is yaml.SequenceStartEvent:
        return Sequence(_NOWHERE, tuple(_items(following, depth + 1)))
    pairs = []
    while type(event := following()) is not yaml.MappingEndEvent:
        key = _node(event, following, depth + 1)
        if not isinstance(key, Scalar):
            raise Unsure
        pairs.append((key, _node(following(), following, depth + 1)))
    return Mapping(_NOWHERE, tuple(pairs))
