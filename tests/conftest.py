"""For every test: nothing may leave loopback (requirement B4).

An audit hook sees each connect, send and name look-up of this process, in any thread and from any library. It refuses
those that would leave the machine, and the test fails even where the code under test swallowed the refusal.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

_LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain"})
_left: list[str] = []


class LeftLoopbackError(OSError):
    """A test tried to reach another machine: to the code under test, a network that is not there."""


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


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        if not isinstance(address, tuple) or _is_loopback(address[0]):
            return  # a UNIX socket, or loopback
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        address = args[0]
        if _is_loopback(address) or _is_literal(address):
            return  # reading a literal asks nobody; dialling it comes later
    else:
        return
    _left.append(f"{event} {address!r}")
    raise LeftLoopbackError(_left[-1])


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def tripwire() -> Iterator[list[str]]:
    """Fails the test if anything tried to leave loopback; the list is what tried (a test of the wire empties it)."""
    _left.clear()
    yield _left
    if _left:
        pytest.fail(f"the test left loopback: {_left}")


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Writes a figure to the terminal whatever is captured, so that `make proof` shows what was measured."""
    terminal = pytestconfig.pluginmanager.getplugin("terminalreporter")

    def line(text: str) -> None:
        terminal.ensure_newline()
        terminal.write_line(text)

    return line
