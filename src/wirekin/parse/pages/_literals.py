"""Read the values that a script writes as JavaScript: names without quotes, and parameters for what is repeated.

    window.__NUXT__=(function(a,b){return {data:[{title:"Storm",date:a,live:b}]}}("2026-11-22",!1))

That is how Nuxt 2 writes its state (the library devalue). Nothing is run: a call gives null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

MAX_STATES = 3  # per script: one that never ends is read to the end of the script
MAX_CHARS = 1_000_000  # of one script; reading it takes 0.5 s a million (2026-12)
MOST_WRITTEN = 4 * MAX_CHARS  # of JSON: a parameter of 100,000 that is named 40,000 times took 7 GB (2026-12)

# Possessive and bounded, and a string without an end is one token: else a script of 1 MB takes minutes (2026-12).
_STATE = re.compile(
    r"__[A-Z][A-Z_]{0,60}__\s*+=\s*+(?:(?:\(\s*+)?function\s*+\((?P<names>[\w$,\s]*+)\)\s*+\{\s*+"
    r"(?:[^{}]{0,9999};)?return\s*+)?(?=\{\s*+[A-Za-z_$])"
)
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|'(?:[^'\\]|\\.)*+(?:'|\\?\Z))|(?P<short>void\s+0|!0|!1)"""
    r"""|(?:(?:new\s+)?(?P<name>[A-Za-z_$][\w$]*)|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))(?P<key>\s*:)?"""
    r"""|(?P<mark>[{}\[\]:,()])""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_KNOWN = {"true": "true", "false": "false", "!0": "true", "!1": "false"}
_OPEN, _CLOSE = ("{", "[", "("), ("}", "]", ")")


def states(script: str) -> Iterator[object]:
    """Yield the states that a script sets as object literals: window.__NUXT__, window.__STATE__."""
    if len(script) > MAX_CHARS:
        return
    for found in islice(_STATE.finditer(script), MAX_STATES):
        names = [name.strip() for name in (found["names"] or "").split(",") if name.strip()]
        called = script.rfind("}(", found.end()) if names else -1
        values = _loaded(_json(f"[{script[called + 2 :]}", {})) if called > 0 else []
        given = dict(zip(names, map(json.dumps, values if isinstance(values, list) else ()), strict=False))
        yield _loaded(_json(script[found.end() :], given))


def _loaded(written: str) -> object:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _json(literal: str, given: Mapping[str, str]) -> str:
    """Return a literal as JSON, up to the bracket that closes its first one; `given` are the values of names."""
    parts: list[str] = []
    room = MOST_WRITTEN
    depth = calls = 0  # open brackets, and open round ones, which hold what is left out
    for token in _TOKEN.finditer(literal):
        mark = token["mark"]
        if mark in ("(", ")"):
            calls += 1 if mark == "(" else -1
            if calls < 0:  # the call that gives the parameters ends: [ "a", "b" )
                return "".join((*parts, "]"))
        elif not calls:
            depth += (mark in _OPEN) - (mark in _CLOSE)
            parts.append(_written(token, given))
            room -= len(parts[-1])
            if room < 0 or (mark and depth <= 0):
                break
    return "".join(parts)


def _written(token: re.Match[str], given: Mapping[str, str]) -> str:
    if token["text"]:
        return json.dumps(_ESCAPED.sub(_unescaped, token["text"][1:-1]))
    if token["key"]:
        return f"{json.dumps(token['name'] or token['number'])}:"
    if name := token["name"] or token["short"]:
        return _KNOWN.get(name) or given.get(name, "null")
    return token["mark"] or json.dumps(float(token["number"]))


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(found[3], found[3])
