"""Files that we serve as they are: read once, checked for freshness by ETag."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files

from wirekin.errors import UnknownId
from wirekin.web._context import Answer, Ask

_TYPES = {
    "ages.js": "text/javascript; charset=utf-8",
    "builder.js": "text/javascript; charset=utf-8",
    "embed.css": "text/css; charset=utf-8",
    "height.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "widget.js": "text/javascript; charset=utf-8",
    "wirekin.css": "text/css; charset=utf-8",
}


@cache
def static_file(name: str) -> Answer:
    """The file as an answer.

    Raises: UnknownId.
    """
    if name not in _TYPES:
        raise UnknownId("There is no such file.")
    body = (files("wirekin.web") / "static" / name).read_bytes()
    return Answer(body, _TYPES[name], packed=gzip.compress(body, 9, mtime=0))


def static(ask: Ask) -> Answer:
    """/static/{name}."""
    return static_file(ask.parts["name"])


def widget(_ask: Ask) -> Answer:
    """/widget.js."""
    return static_file("widget.js")
