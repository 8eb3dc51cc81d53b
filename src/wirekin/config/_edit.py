"""Changing feeds.yml as a person would: a few lines go in or out, every other byte stays.

text -> nodes (for their places) -> the text with lines spliced -> read again and checked -> a new file in one rename.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Generator, Iterable
from collections.abc import Mapping as AnyMapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from wirekin.config._build import ADDRESSES, NAME_CHARS, sameness
from wirekin.config._nodes import Mapping, Node, Scalar, Sequence
from wirekin.config._read import parse_config, read_text
from wirekin.errors import BadRequest, UnknownId
from wirekin.model import FeedKind

_PLAIN = re.compile(r"[A-Za-z][\w./?=&%+~;-]*(:[\w./?=&%+~;-]+)*( [\w.()/-]+)*")
_DASH = re.compile(r"^ *-(?=\s)", re.MULTILINE)
# words that this or an older YAML reads as something else than text
_RESERVED = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"])


def add_feed(path: Path, url: str, *, kind: FeedKind = FeedKind.FEED, name: str = "") -> None:
    """Append a feed to feeds.yml.

    Raises: ConfigError where the file is wrong, before or after; it is then left as it was.
    """
    with _alone(path):
        _append(path, [_said(url, kind, name)])


def import_feeds(path: Path, feeds: Iterable[tuple[str, str, FeedKind]]) -> int:
    """Append feeds (name, url, kind), as from OPML, but for those without a URL or in the file; return how many.

    Raises: ConfigError as `add_feed`.
    """
    new: list[dict[str, str]] = []
    with _alone(path):
        known = {sameness(feed.url) for feed in parse_config(read_text(path), path).feeds}
        for name, url, kind in feeds:
            if url and sameness(url) not in known:
                known.add(sameness(url))
                new.append(_said(url, kind, name))
        if new:
            _append(path, new)
    return len(new)


def remove_feed(path: Path, url: str) -> None:
    """Take the feed with this URL out of feeds.yml.

    Raises: UnknownId where there is none; ConfigError as `add_feed`.
    """
    with _alone(path):
        text = read_text(path)
        at = next((at for at, feed in enumerate(parse_config(text, path).feeds) if feed.url == url), None)
        key, feeds = _feeds(text)
        if at is None or key is None or not isinstance(feeds, Sequence):
            raise UnknownId(f"there is no feed '{url}' in {path}: `wirekin feeds list` shows them")
        _write(path, _without(text, key, feeds, at))


def _said(url: str, kind: FeedKind, name: str) -> dict[str, str]:
    """The keys of a new feed; one without a name is called after its host."""
    key = next(word for word, of in ADDRESSES.items() if of is kind)
    return {key: url, "name": _cut(name)} if name.strip() else {key: url}


def _cut(name: str) -> str:
    """A name as long as feeds.yml allows: strangers' titles may be longer."""
    return name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 1].rstrip() + "…"


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Lock out other edits between the read and the write, so that none is lost.

    The folder is locked, because each edit replaces the file. A missing folder is reported by the read that follows; a
    file system without locks is edited without one.
    """
    with ExitStack() as held:
        with suppress(OSError):
            folder = os.open(path.resolve().parent, os.O_RDONLY | os.O_CLOEXEC)
            held.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield


# --- splicing ------------------------------------------------------------------------------------------------------


def _append(path: Path, feeds: list[dict[str, str]]) -> None:
    text = read_text(path)
    parse_config(text, path)
    key, section = _feeds(text)
    if isinstance(section, Sequence) and section.items:
        if section.place.flow:
            end = _end(section.items[-1])
            return _write(path, text[:end] + "".join(f", {_flow(feed)}" for feed in feeds) + text[end:])
        line, dash = _dash(text, section.items[-1])
        return _write(path, _after_line(text, _end(section.items[-1]), _block(feeds, " " * (dash - line))))
    if key is None:
        ending = "" if text.endswith("\n") or not text else "\n"
        return _write(path, f"{text}{ending}\nfeeds:\n{_block(feeds, '  ')}")
    if isinstance(section, Sequence) or (isinstance(section, Scalar) and section.text):  # feeds: []
        text = text[: section.place.start].rstrip(" ") + text[section.place.end :]
    return _write(path, _after_line(text, key.place.end, _block(feeds, "  ")))


def _without(text: str, key: Scalar, feeds: Sequence, at: int) -> str:
    item = feeds.items[at]
    if feeds.place.flow:
        if len(feeds.items) == 1:
            return text[: feeds.place.start] + "[]" + text[feeds.place.end :]
        if at == 0:
            return text[: item.place.start] + text[feeds.items[1].place.start :]
        return text[: _end(feeds.items[at - 1])] + text[_end(item) :]
    start, _ = _dash(text, item)
    end = _line_end(text, _end(item))
    if len(feeds.items) > 1:
        return text[:start] + text[end:]
    at_key = key.place.end + 1
    return text[:at_key] + " []" + text[at_key:start] + text[end:]


def _feeds(text: str) -> tuple[Scalar, Node] | tuple[None, None]:
    """The key `feeds` and what stands behind it, with their places."""
    from wirekin.config._yaml import read

    root = read(text)
    pairs = root.pairs if isinstance(root, Mapping) else ()
    return next((pair for pair in pairs if pair[0].text == "feeds"), (None, None))


def _end(node: Node) -> int:
    """The index after the last character that belongs to a node (ruamel ends a block at what follows it)."""
    if node.place.flow or isinstance(node, Scalar):
        return node.place.end
    if isinstance(node, Sequence):
        return max((_end(item) for item in node.items), default=node.place.end)
    return max(_end(key) if isinstance(value, Scalar) and not value.text else _end(value) for key, value in node.pairs)


def _line_end(text: str, index: int) -> int:
    if text[index - 1 : index] == "\n":  # a block scalar ends after its line
        return index
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _after_line(text: str, index: int, lines: str) -> str:
    end = _line_end(text, index)
    before = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
    return before + lines + text[end:]


def _dash(text: str, item: Node) -> tuple[int, int]:
    """Where the line of an item's dash begins, and the dash; it may stand on a line of its own."""
    *_, found = _DASH.finditer(text, 0, item.place.start)
    return found.start(), found.end() - 1


def _block(feeds: Iterable[AnyMapping[str, str]], indent: str) -> str:
    lines = []
    for feed in feeds:
        pairs = [f"{key}: {_scalar(value)}" for key, value in feed.items()]
        lines.append(f"{indent}- " + f"\n{indent}  ".join(pairs) + "\n")
    return "".join(lines)


def _flow(feed: AnyMapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in feed.items()) + "}"


def _scalar(value: str) -> str:
    """A text as YAML: plain where that is safe, else in double quotes (JSON's are YAML's)."""
    plain = _PLAIN.fullmatch(value) and value.casefold() not in _RESERVED and len(value) < 200
    return value if plain else json.dumps(value, ensure_ascii=False)


# --- writing -------------------------------------------------------------------------------------------------------


def _write(path: Path, text: str) -> None:
    parse_config(text, path)  # never a file that the next start refuses
    before = path.read_bytes() if path.exists() else b""
    text = text.replace("\n", "\r\n") if b"\r\n" in before else text
    replace_file(path, "\ufeff" + text if before.startswith(b"\xef\xbb\xbf") else text)


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all: a temporary file beside it, synced, then renamed over it.

    Raises: OSError that names `path`, which is as it was. BadRequest for a device or a pipe.
    """
    if path.exists() and not path.is_file():  # root may rename a file over /dev/null
        raise BadRequest(f"{path} is no ordinary file: name another one")
    target = Path(os.path.realpath(path))  # a symbolic link stays one, and takes the place of a circle of links
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if target.exists():  # keep its owner and mode, whoever edits it
                before = target.stat()
                with suppress(PermissionError):
                    os.fchown(descriptor, before.st_uid, before.st_gid)
                os.fchmod(descriptor, before.st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):  # on a read-only disk there is no such file, and this fails as well
            beside.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
