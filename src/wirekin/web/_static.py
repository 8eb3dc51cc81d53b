"""Static files: read once, revalidated by ETag."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from importlib.resources import files

from wirekin.errors import UnknownId
from wirekin.model import TopicSlug
from wirekin.render import word_table
from wirekin.web._context import Answer, Ask

_COMMENT = re.compile(r"(?:^|(?<=[;{,])) *// .*$")
_SHEET = re.compile(r"(?<=const CSS = `)[^`]*")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*"|`[^`]*`)')
_LOOSE = re.compile(r" *([=?:&|<>,;{}()\[\]*!]+) *")  # not + and -, which a blank may keep apart, and not /
_ROOM = re.compile(r"\s*;?\s*([{};,>]|(?<=[\w-]):)\s+")
_TYPES = {
    "ages.js": "text/javascript; charset=utf-8",
    "builder.js": "text/javascript; charset=utf-8",
    "embed.css": "text/css; charset=utf-8",
    "height.js": "text/javascript; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "widget.js": "text/javascript; charset=utf-8",
    "wirekin.css": "text/css; charset=utf-8",
}


@cache
def static_file(name: str) -> Answer:
    """Return a file as an answer.

    Raises: UnknownId.
    """
    if name not in _TYPES:
        raise UnknownId("There is no such file.")
    return _packed((files("wirekin.web") / "static" / name).read_bytes(), name)


@lru_cache(maxsize=4)  # for the topics of feeds.yml now and before a reload
def widget_script(topics: tuple[tuple[TopicSlug, str], ...] = ()) -> Answer:
    """Return the widget's script with its table of words and the names of these topics in place."""
    script = small_script(static_file("widget.js").body.decode().replace('"WORDS"', _json(word_table())))
    return _packed(script.replace('"TOPICS"', _json(topics)).encode("utf-8", "replace"), "widget.js")


def _packed(body: bytes, name: str) -> Answer:
    return Answer(body, _TYPES[name], packed=gzip.compress(body, 9, mtime=0))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def small_script(text: str) -> str:
    """Remove comments and white space from a script of ours. It is no general minifier: it relies on our style.

    Comments are on their own lines or after a character that ends a statement; the style sheet is between backticks.
    """
    lines = (_COMMENT.sub("", line).strip() for line in text.splitlines())
    script = "\n".join(line for line in lines if line)
    script = _SHEET.sub(lambda sheet: _ROOM.sub(r"\1", sheet[0]), script)
    return "".join(part if part[:1] in '"`' else _LOOSE.sub(r"\1", part) for part in _QUOTED.split(script) if part)


def static(ask: Ask) -> Answer:
    """/static/{name}."""
    return widget(ask) if ask.parts["name"] == "widget.js" else static_file(ask.parts["name"])


def icon(_: Ask) -> Answer:
    """/favicon.ico: what a browser asks for beside JSON and feeds, which can name no icon."""
    return static_file("icon.svg")


def widget(ask: Ask) -> Answer:
    """/widget.js."""
    return widget_script(tuple(ask.context.topics.items()))
