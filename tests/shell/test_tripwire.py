"""The tripwire: nothing leaves loopback from a test, its threads, its commands or its workers (requirement B4)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import poison
from commands import Folder
from make import NOW
from tripwire.loopback import Tripwire
from wirekin.workers import Parsers

ELSEWHERE = ("93.184.216.34", 80)


@pytest.mark.parametrize("name", ["example.com", b"example.com"])
def test_a_name_lookup_is_refused(name: str | bytes, tripwire: Tripwire) -> None:
    with pytest.raises(OSError, match=r"example\.com"):
        socket.getaddrinfo(name, 80)

    assert [tried.partition(" ")[0] for tried in tripwire] == ["socket.getaddrinfo"]
    tripwire.clear()


async def test_a_connection_is_refused_in_a_thread_too(tripwire: Tripwire) -> None:
    with contextlib.suppress(OSError):
        await asyncio.to_thread(socket.create_connection, ELSEWHERE)

    assert tripwire == [f"socket.connect {ELSEWHERE!r}"]
    tripwire.clear()


def test_a_connection_of_a_child_process_is_refused_and_reported_even_if_it_hides_it(tripwire: Tripwire) -> None:
    code = f"import socket, contextlib\nwith contextlib.suppress(OSError): socket.create_connection({ELSEWHERE!r})"
    subprocess.run([sys.executable, "-c", code], check=True)

    assert tripwire.look() == [f"socket.connect {ELSEWHERE!r} in a child"]
    tripwire.clear()


def test_a_connection_of_a_command_is_refused_and_reported(tmp_path: Path, tripwire: Tripwire) -> None:
    folder = Folder(tmp_path)
    folder.write("feeds: [{url: 'http://93.184.216.34/rss.xml'}]")
    folder.run("refresh")

    assert {tried.partition(" in")[0] for tried in tripwire.look()} == {f"socket.connect {ELSEWHERE!r}"}
    tripwire.clear()


async def test_a_connection_of_a_parser_worker_is_refused_and_reported(tripwire: Tripwire) -> None:
    async with Parsers(1, read=poison.read) as pool:
        await pool.parse(b"dial", url="https://example.com/", now=NOW)

    assert tripwire.look() == [f"socket.connect {ELSEWHERE!r} in a child"]
    tripwire.clear()
