"""`settings.admin_tokens` of feeds.yml."""

from __future__ import annotations

import re

from wirekin.config._check import Problems, nearest
from wirekin.config._nodes import Mapping, Node
from wirekin.tokens import AdminToken, Scope

TOKEN = ("name", "scopes", "hash")

_HASH = re.compile(r"[0-9a-f]{64}")


def read_tokens(problems: Problems, node: Node | None) -> tuple[AdminToken, ...]:
    """The tokens, each name and each hash once."""
    found, owners = list[AdminToken](), set[str]()
    for path, item in problems.items(node, "settings.admin_tokens", "a list of {name, scopes, hash}"):
        token = _token(problems, item, path)
        if token is None:
            continue
        if owners & {token.name.casefold(), token.hash}:
            problems.at(item, path, "its name or its hash is another token's already")
        owners |= {token.name.casefold(), token.hash}
        found.append(token)
    return tuple(found)


def _token(problems: Problems, node: Node, path: str) -> AdminToken | None:
    found = problems.mapping(node, path, TOKEN, "{name, scopes, hash}")
    name = problems.string(found.get("name"), f"{path}.name", most=120)
    scopes = _scopes(problems, found.get("scopes"), f"{path}.scopes")
    digest = _digest(problems, found.get("hash"), f"{path}.hash")
    missing = [key for key in TOKEN if found.get(key) is None]
    if missing and isinstance(node, Mapping):
        problems.at(node, path, f"a token needs {' and '.join(missing)}: `wirekin token new NAME` writes it")
    return AdminToken(name, scopes, digest) if name and scopes and digest else None


def _scopes(problems: Problems, node: Node | None, path: str) -> frozenset[Scope]:
    found, known = set[Scope](), set(Scope)
    for here, item in problems.items(node, path, f"a list of {' and '.join(Scope)}"):
        text = problems.string(item, here, "a scope")
        if text is not None and text not in known:
            problems.at(item, here, f"expected {' or '.join(Scope)}{nearest(text, known)}")
        elif text is not None:
            found.add(Scope(text))
    if node is not None and not found:
        problems.at(node, path, "a token without a scope is good for nothing")
    return frozenset(found)


def _digest(problems: Problems, node: Node | None, path: str) -> str | None:
    # It may be the token itself: do not print it.
    complaint = "expected the 64 hexadecimal digits that `wirekin token new` printed, in quotes"
    return problems.matching(_HASH, node, path, "64 hexadecimal digits", complaint)
