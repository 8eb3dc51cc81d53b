"""An audit hook that lets nothing leave loopback (requirement B4), in pytest and in every Python that it starts.

It sees each connect, send and name look-up of its process, in any thread and from any library. It refuses those that
would leave the machine, and notes them, so that the test fails even where the code under test swallows the error.
Standard library only: children import it before anything else.
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
    """A test tried to reach another machine; an OSError, so the code under test sees a network failure."""


class Tripwire(list[str]):
    """The attempts to leave loopback; a test of the tripwire itself empties it."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes  # a file in which children note their attempts, one per line

    def look(self) -> Tripwire:
        """Add what children noted since the last call."""
        if self._notes.stat().st_size:
            self.extend(self._notes.read_text(encoding="utf-8").splitlines())
            self._notes.write_text("", encoding="utf-8")
        return self


def watch(note: Callable[[str], None]) -> None:
    """Refuse what would leave loopback for the rest of this process, and pass each attempt to `note`."""

    def look(event: str, args: tuple[Any, ...]) -> None:
        tried = _leaving(event, args)
        if tried:
            note(tried)
            raise LeftLoopbackError(tried)

    sys.addaudithook(look)


def _leaving(event: str, args: tuple[Any, ...]) -> str:
    """A description of what would leave the machine; "" where nothing does."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        if not isinstance(address, tuple) or _is_loopback(address[0]):
            return ""  # a UNIX socket, or loopback
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        address = args[0]
        if _is_loopback(address) or _is_literal(address):
            return ""  # parsing an IP literal sends nothing; connecting to it is another event
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
