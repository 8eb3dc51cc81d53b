"""Tokens for writes over HTTP: who holds one, and what it allows. Only their hashes are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest


class Scope(StrEnum):
    """What a token allows."""

    REFRESH = "refresh"  # make feeds due
    STORIES = "stories"  # merge, split, pin and unpin


@dataclass(frozen=True, slots=True)
class AdminToken:
    """One token of `admin_tokens` in feeds.yml."""

    name: str  # what the log calls its holder
    scopes: frozenset[Scope]
    hash: str  # `hash_of` the token


def hash_of(token: str) -> str:
    """SHA-256 as 64 hexadecimal digits.

    A token is 256 random bits, so nobody guesses one: a slow, salted hash, as passwords need, would gain nothing.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def holder_of(token: str, known: Iterable[AdminToken]) -> AdminToken | None:
    """The holder of a token, or None; takes as long for a wrong token as for a right one."""
    given = hash_of(token)
    found = [one for one in known if compare_digest(one.hash, given)]
    return found[0] if found else None
