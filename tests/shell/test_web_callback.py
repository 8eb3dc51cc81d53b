"""/websub/{token}: what hubs may ask and push, and what all others get."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.requests import ClientDisconnect, Request

import make
import polls
from fakes import Clock
from hub import Reply, call, signed
from make import NOW
from serving import serving_backend
from wirekin.model import Hub, HubAnswer, SubscriptionState
from wirekin.store import Store, Subscriptions, open_store
from wirekin.web import _callback
from wirekin.web._context import Answer
from wirekin.web._endpoints import posted
from wirekin.web._readers import Overloaded
from wirekin.websub import MAX_PUSH_BYTES, draw_token, is_signed, lease_of

FEED = make.feed()
TOPIC = "https://example.com/rss.xml"
BODY = b"<rss/>"


@dataclass
class Site:
    """A web with one feed, for which a subscription was requested from its hub."""

    base: str
    store: Store
    face: Subscriptions
    clock: Clock
    callback: str
    token: str
    secret: str

    def verify(self, **params: str) -> Reply:
        plain = {"mode": "subscribe", "topic": TOPIC, "challenge": "4 2", "lease_seconds": "864000", **params}
        return call("GET", f"{self.callback}?{urlencode({f'hub.{name}': value for name, value in plain.items()})}")

    def push(self, body: bytes = BODY, signature: str | None = None, **headers: str) -> Reply:
        given = signed(self.secret, body) if signature is None else signature
        return call("POST", self.callback, body, **({"X-Hub-Signature": given} if given else {}), **headers)

    def secure(self, *, yes: bool) -> None:
        self.face.record_answers([HubAnswer(self.token, True, False, yes, NOW + timedelta(hours=1))], NOW)

    @property
    def state(self) -> SubscriptionState | None:
        found = self.face.subscription(self.token)
        return found.state if found else None

    @property
    def next_poll_at(self) -> datetime:
        return self.store.feed_states()[FEED.id].next_poll_at

    @property
    def bodies(self) -> list[bytes]:
        return [push.body for push in self.face.pushes(100)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    backend, clock = open_store(str(tmp_path / "w.db")), Clock()
    with closing(backend.store()) as store, closing(backend.subscriptions()) as face:
        store.sync_feeds([FEED], NOW)
        outcome = polls.outcome(FEED, next_poll_at=make.at(6))
        store.record_polls([replace(outcome, announced=(Hub("https://hub.example/", TOPIC),))], NOW)
        with serving_backend(backend, clock=clock) as base:
            (request,) = face.claim_requests(NOW, base=base, limit=1, draw=draw_token)
            yield Site(base, store, face, clock, request.callback, request.token, request.secret)


@pytest.fixture
def active(site: Site) -> Site:
    site.secure(yes=True)
    assert site.verify().status == 200
    return site


# --- the hub asks ----------------------------------------------------------------------------------------------


def test_the_challenge_is_returned_as_plain_text_that_no_browser_runs(site: Site) -> None:
    reply = site.verify(challenge="<script>alert(1)</script>")

    assert (reply.status, reply.body) == (200, b"<script>alert(1)</script>")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"
    assert site.state is SubscriptionState.ACTIVE


@pytest.mark.parametrize(
    "params",
    [
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
        {"topic": "https://example.com/rss.xml?"},
        {"topic": ""},
        {"challenge": ""},
        {"challenge": "x" * 1_025},
        {"challenge": "line\nbreak"},
        {"challenge": "ünicode"},
    ],
)
def test_a_verification_of_what_was_not_requested_is_404(site: Site, params: dict[str, str]) -> None:
    reply = site.verify(**params)

    assert reply.status == 404
    assert params.get("challenge", "4 2").encode() not in reply.body or not params.get("challenge", "4 2")
    assert site.state is SubscriptionState.ASKED


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "..%2F..%2Fetc", "A" * 5_000])
def test_an_unknown_token_is_404(site: Site, token: str) -> None:
    answers = [call(method, f"{site.base}/websub/{token}", BODY).status for method in ("GET", "POST")]

    assert answers in ([404, 404], [404, 405])  # without a token it is the path of a page


@pytest.mark.parametrize("token", ["x", "A" * 42, "A" * 44, "A" * 42 + "."])
def test_a_malformed_token_is_404_without_a_query(site: Site, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_callback.Desk, "call", None, raising=False)

    assert call("GET", f"{site.base}/websub/{token}", BODY).status == 404


def test_the_reason_of_a_denial_is_stored_shortened_and_without_control_characters(site: Site) -> None:
    reply = site.verify(mode="denied", reason="not\x1b[2J you " + "!" * 1_000)

    found = site.face.subscription(site.token)
    assert found is not None
    assert (reply.status, reply.body) == (200, b"")
    assert found.state is SubscriptionState.DENIED
    assert found.detail == ("not[2J you " + "!" * 1_000)[:200]


def test_a_denial_of_another_topic_is_404(site: Site) -> None:
    assert site.verify(mode="denied", topic="https://else.example/").status == 404
    assert site.state is SubscriptionState.ASKED


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("864000", timedelta(days=10)),
        ("0", timedelta(hours=1)),
        ("9" * 400, timedelta(days=30)),
        ("-1", timedelta(days=10)),
        ("soon", timedelta(days=10)),
        ("٣", timedelta(days=10)),
        ("", timedelta(days=10)),
    ],
)
def test_the_lease_is_that_of_the_hub_within_our_limits(site: Site, said: str, held: timedelta) -> None:
    site.verify(lease_seconds=said)

    found = site.face.subscription(site.token)
    assert found is not None
    assert found.lease_until == NOW + held == NOW + lease_of(said)


# --- the hub pushes --------------------------------------------------------------------------------------------


def test_a_signed_push_is_stored_before_it_is_acknowledged(active: Site) -> None:
    reply = active.push(**{"Content-Type": "application/rss+xml"})

    (push,) = active.face.pushes(10)
    assert (reply.status, reply.body) == (202, b"")
    assert (push.body, push.content_type, push.feed) == (BODY, "application/rss+xml", FEED)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_every_registered_signature_algorithm_is_accepted(active: Site, method: str) -> None:
    signature = method + signed(active.secret, BODY, method.lower())[len(method) :]

    active.push(signature=signature)

    assert active.bodies == [BODY]


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signed("another secret", BODY),
        "md5=" + "0" * 32,
        "sha256",
        "=",
        "none=",
        "sha256=\u00fc",
    ],
)
def test_a_push_with_a_wrong_signature_is_acknowledged_like_a_right_one_but_discarded(
    active: Site, signature: str
) -> None:
    active.clock.move(timedelta(hours=1))
    planned = active.next_poll_at

    assert active.push(signature=signature).status == 202
    assert (active.next_poll_at, active.bodies) == (planned, [])  # not even a hint
    assert active.push().status == 202
    assert active.bodies == [BODY]


def test_a_push_with_the_signature_of_other_bytes_is_discarded(active: Site) -> None:
    active.push(BODY + b" ", signature=signed(active.secret, BODY))

    assert active.bodies == []


def test_a_signature_with_an_empty_secret_is_never_valid() -> None:
    assert not is_signed(signed("", BODY), "", BODY)


def test_an_unsigned_push_from_a_hub_without_tls_only_makes_the_feed_due(site: Site) -> None:
    site.secure(yes=False)
    site.verify()
    site.clock.move(timedelta(hours=1))

    forged, planned = site.push(signature="sha256=" + "0" * 64), site.next_poll_at
    unsigned, due_at = site.push(signature=""), site.next_poll_at

    assert (forged.status, unsigned.status) == (202, 202)
    assert (planned, due_at) == (make.at(6), make.at(1))
    assert site.bodies == []


def test_a_push_before_the_confirmation_or_after_unsubscribing_is_refused(site: Site, tmp_path: Path) -> None:
    before = site.push().status
    site.verify()
    with closing(open_store(str(tmp_path / "w.db")).store()) as store:
        store.sync_feeds([], NOW)
    site.face.claim_requests(NOW, base=site.base, limit=1, draw=draw_token)

    assert (before, site.push().status) == (404, 410)
    assert site.bodies == []


@pytest.mark.parametrize("announced", [True, False])
def test_a_push_over_the_cap_is_refused_with_or_without_a_content_length(active: Site, announced: bool) -> None:
    parts = urlsplit(active.callback)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    chunks = (b"x" * 65_536 for _ in range(MAX_PUSH_BYTES // 65_536 + 1))
    with closing(connection):
        if announced:
            connection.putrequest("POST", parts.path)
            connection.putheader("Content-Length", str(MAX_PUSH_BYTES + 1))
            connection.endheaders()
        else:
            connection.request(
                "POST", parts.path, chunks, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
            )
        status = connection.getresponse().status

    assert status == 413
    assert active.bodies == []


def test_a_push_of_exactly_the_cap_is_accepted(active: Site) -> None:
    assert active.push(b"x" * MAX_PUSH_BYTES).status == 202
    assert len(active.bodies) == 1


def test_a_body_that_never_arrives_is_408(active: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_callback, "BODY_SECONDS", 0.05)

    answer = head_only(active)

    assert b" 408 " in answer.split(b"\r\n")[0]


async def test_at_most_two_simultaneous_pushes_per_token_and_eight_in_all_are_accepted(tmp_path: Path) -> None:
    desk, held = _callback.Desk(open_store(str(tmp_path / "w.db"))), ExitStack()
    with held:
        for token in ("a", "a", "b", "b", "c", "c"):
            held.enter_context(desk.place(token))
        with pytest.raises(Overloaded), desk.place("a"):
            pass
        held.enter_context(desk.place("d"))
        held.enter_context(desk.place("e"))
        with pytest.raises(Overloaded), desk.place("f"):
            pass
    with desk.place("a"), desk.place("a"):
        pass
    await desk.close()


def test_a_push_beyond_the_limit_of_simultaneous_ones_is_503_with_retry_after(
    active: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_callback, "AT_ONCE", 0)

    reply = active.push()

    assert (reply.status, reply.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_other_methods_are_refused(active: Site, method: str) -> None:
    reply = call(method, active.callback)

    assert (reply.status, reply.headers["allow"]) == (405, "GET, POST")
    assert active.state is SubscriptionState.ACTIVE


async def test_a_client_that_disconnects_during_its_body_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def hung_up(request: Request) -> Answer:
        raise ClientDisconnect

    request = Request({"type": "http", "method": "POST", "path": "/websub/x", "headers": []})

    assert (await posted("/websub/{token}", hung_up)(request)).status_code == 400
    assert caplog.records == []


def test_an_exception_during_a_push_is_500_and_logs_neither_token_nor_secret(
    active: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("by a test")

    monkeypatch.setattr(_callback, "is_signed", broken)

    reply = active.push()

    ours = [record for record in caplog.records if record.name.startswith("wirekin")]
    told = "".join(logging.Formatter().format(record) for record in ours)
    assert reply.status == 500
    assert "A request broke: /websub/{token}" in told
    assert active.token not in told
    assert active.secret not in told


def head_only(site: Site) -> bytes:
    """Push without ever sending the body; returns the beginning of the answer."""
    parts = urlsplit(site.callback)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
        connection.sendall(f"POST {parts.path} HTTP/1.1\r\nHost: us\r\nContent-Length: 9\r\n\r\n".encode())
        return connection.recv(4_096)
