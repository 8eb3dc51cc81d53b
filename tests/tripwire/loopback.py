"""An audit hook that lets nothing leave loopback (requirement B4): in pytest itself, and in every Python it starts.

It sees each connect, send and name look-up of its process, in any thread and from any library, refuses those that
would leave the machine, and has them noted, so that the test fails even where the code under test swallowed the
refusal. Standard library only: it is imported by children before anything else.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain"})


class LeftLoopbackError(OSError):
    """A test tried to reach another machine: to the code under test, a network that is not there."""


class Tripwire(list[str]):
    """What tried to leave loopback; a test of the wire empties it."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes  # a file in which children write what they tried, a line each

    def look(self) -> Tripwire:
        """Take in what children noted since the last look."""
        if self._notes.stat().st_size:
            self.extend(self._notes.read_text(encoding="utf-8").splitlines())
            self._notes.write_text("", encoding="utf-8")
        return self


def watch(note: Callable[[str], None]) -> None:
    """From now on, for the life of this process: refuse what would leave loopback, and tell `note` what it was."""

    def look(event: str, args: tuple[Any, ...]) -> None:
        tried = _leaving(event, args)
        if tried:
            note(tried)
            raise LeftLoopbackError(tried)

    sys.addaudithook(look)


def _leaving(event: str, args: tuple[Any, ...]) -> str:
    """What would leave the machine, in words; "" where nothing does."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        if not isinstance(address, tuple) or _is_loopback(address[0]):
            return ""  # a UNIX socket, or loopback
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        address = args[0]
        if _is_loopback(address) or _is_literal(address):
            return ""  # reading a literal asks nobody; dialling it comes later
    else:
        return ""
    return f"{event} {address!r}"


def _is_loopback(host: object) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if text is None:
        return True
    try:
        address = ipaddress.ip_address(str(text).partition("%")[0])
    except ValueError:
        return str(text).lower() in _LOCAL_NAMES
    return address.is_loopback or address.is_unspecified


def _is_literal(host: object) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ":" in text or bool(socket.inet_aton(text))  # "0x7f000001" and "127.1" are addresses too
    except OSError:
        return False
