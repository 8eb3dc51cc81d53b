"""The nodes of feeds.yml: what stands in the file, and where; and the text that they are read from."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(slots=True)  # none of the nodes is frozen: making a frozen one takes four times as long
class Scalar:
    """A text; `plain` is false where it was quoted or a block."""

    place: Place
    text: str
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing, or YAML's null, was written."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(slots=True)
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
        raise YamlError(f"the file has more than {MOST_BYTES:,} bytes, which is all that is read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise YamlError("the file is not UTF-8: save it as UTF-8", line, column) from None
    return text.replace("\r\n", "\n")
