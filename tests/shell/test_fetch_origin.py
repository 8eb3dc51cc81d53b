"""The origin and the tripwire, which every shell test relies on."""

from __future__ import annotations

import contextlib
import http.client
import socket

import pytest

from origin import Answer, Origin


def get(origin: Origin, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(origin.hosts[0], origin.port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_an_origin_serves_its_routes_and_records_its_requests() -> None:
    with Origin() as origin:
        origin.serve("/a", b"hello", etag='"1"')

        assert get(origin, "/a", Accept="text/x") == (200, b"hello")
        assert get(origin, "/a", **{"If-None-Match": '"1"'}) == (304, b"")
        assert get(origin, "/b")[0] == 404
        assert origin.paths == ["/a", "/a", "/b"]
        assert origin.requests[0].header("Accept") == "text/x"


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_an_origin_frames_a_body_in_every_way(framing: str) -> None:
    with Origin() as origin:
        origin.serve("/a", b"hello", framing=framing)

        assert get(origin, "/a") == (200, b"hello")


def test_an_origin_answers_in_turn_and_on_several_addresses() -> None:
    with Origin("127.0.0.1", "127.0.0.9") as origin:
        origin.serve_each("/a", [Answer(b"one"), Answer(b"two", status=500)])

        assert [get(origin, "/a") for _ in range(3)] == [(200, b"one"), (500, b"two"), (500, b"two")]
        with socket.create_connection(("127.0.0.9", origin.port), timeout=5):
            pass


def test_the_tripwire_stops_whatever_leaves_loopback(tripwire: list[str]) -> None:
    with pytest.raises(Exception, match=r"192\.0\.2\.1"), socket.socket() as wire:
        wire.connect(("192.0.2.1", 80))
    with pytest.raises(Exception, match=r"example\.com"):
        socket.getaddrinfo("example.com", 80)
    with pytest.raises(Exception, match="sendto"), socket.socket(type=socket.SOCK_DGRAM) as wire:
        wire.sendto(b"x", ("192.0.2.1", 53))

    assert len(tripwire) == 3
    tripwire.clear()
