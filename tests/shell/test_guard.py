"""Whom we may dial: the address rule, and 60 ways to ask for a private host (requirements B1 to B3)."""

from __future__ import annotations

import contextlib
import ipaddress
import random
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetching import Names, fetcher
from origin import Origin
from wirekin.fetch._failure import Failure
from wirekin.fetch._guard import ForbiddenAddress, guarded_socket, judge_url, may_dial
from wirekin.model import Fetched, FetchFailed, FetchRequest, Reason, feed_id

PRIVATE_V4 = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
PUBLIC_V4 = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
]
PRIVATE_V6 = [
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "2002:101:101::", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%lo", "fec0::1", "ff02::1", "2a00::5efe:7f00:1", "2a00::200:5efe:a00:1",
]  # fmt: skip
PUBLIC_V6 = ["2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::808:808", "2620:4f:8000::1"]


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6, "", "localhost", "127.1", "1.1.1.1.1"])
def test_an_address_that_is_nobodys_public_own_may_not_be_dialled(address: str) -> None:
    assert not may_dial(address)


@pytest.mark.parametrize("address", [*PUBLIC_V4, *PUBLIC_V6])
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert may_dial(address)


PREFIXES = [0, 0xFFFF << 32, 0x0064FF9B << 96, 0x0064FF9B0001 << 80, 0x2001 << 112]


@given(st.sampled_from(PREFIXES), st.sampled_from(PRIVATE_V4))
def test_no_prefix_hides_a_private_ipv4_address(prefix: int, address: str) -> None:
    assert not may_dial(str(ipaddress.IPv6Address(prefix | int(ipaddress.IPv4Address(address)))))


def test_embedded_addresses_are_as_private_as_the_address_itself() -> None:
    rng = random.Random(6052)
    for _ in range(5_000):
        inner = ipaddress.IPv4Address(rng.getrandbits(32))
        for prefix in (0xFFFF << 32, 0x0064FF9B << 96):
            assert may_dial(str(ipaddress.IPv6Address(prefix | int(inner)))) == may_dial(str(inner))
        if not inner.is_global:
            assert not may_dial(str(inner))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "//example.com/",
        "http://user@example.com/", "http://user:secret@example.com/", "http://:@example.com/", "http://example.com:22/",
        "http://example.com:6379/", "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/",
        "http:///path", "http://", "", "http://example.com/" + "a" * 2048, "http://[::1/", "http://exa mple.com:25/",
    ],
)  # fmt: skip
def test_a_url_that_is_not_for_the_web_is_a_bad_url(url: str) -> None:
    with pytest.raises(Failure) as failure:
        judge_url(url)

    assert failure.value.reason is Reason.BAD_URL


def test_a_target_knows_its_port_and_whether_its_own_feed_opened_it() -> None:
    plain = judge_url("https://Example.com/a?b#c")
    opened = judge_url("http://[::1]:9000/", frozenset({"[::1]:9000"}))

    assert (plain.url, plain.host, plain.port, plain.opened) == ("https://Example.com/a?b", "example.com", 443, False)
    assert (opened.host, opened.port, opened.opened) == ("::1", 9000, True)


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("93.184.216.34", 22)])
def test_the_socket_for_a_private_address_or_an_unlisted_port_is_never_made(address: tuple[str, int]) -> None:
    with pytest.raises(ForbiddenAddress):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))


SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.000.000.001", "127.0.0.1.", "127.127.127.127", "0.0.0.0", "0", "0x0", "localhost", "LOCALHOST", "localhost.",
    "%6cocalhost", "127%2e0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]",
    "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[ff02::1]", "[2001:0:7f00:1::]", "10.0.0.1", "10.1", "0xa000001",
    "192.168.0.1", "192.168.1", "172.16.0.1", "169.254.169.254", "0xa9fea9fe", "2852039166", "100.64.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "192.88.99.1", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]", "loop.example", "rebind.example", "both.example", "nat64.example", "mapped.example",
    "meta.example", "xn--fiqs8s.example",
]  # fmt: skip
TABLE = {
    "loop.example": ["127.0.0.1"],
    "rebind.example": ["10.0.0.1", "127.0.0.1"],
    "both.example": ["::1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "meta.example": ["169.254.169.254"],
    "xn--fiqs8s.example": ["192.168.0.1"],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
}


class Sloppy(Names):
    """A resolver that reads an address as the C library does, so that every odd spelling leads somewhere."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list:  # type: ignore[type-arg]  # aiohttp's
        with contextlib.suppress(OSError):
            self.table.setdefault(host, [socket.inet_ntoa(socket.inet_aton(host))])
        return await super().resolve(host, port, family)


def names() -> Sloppy:
    return Sloppy({name: list(addresses) for name, addresses in TABLE.items()})


REFUSED = {Reason.FORBIDDEN_ADDRESS, Reason.BAD_URL, Reason.DNS}


@pytest.mark.parametrize("port", [80, 8080])
async def test_no_spelling_of_a_private_host_is_reached(port: int, tripwire: list[str]) -> None:
    assert len(SPELLINGS) == 60
    async with fetcher(resolver=names()) as ours:
        for host in SPELLINGS:
            url = f"http://{host}:{port}/"
            result = await ours.fetch(FetchRequest(feed_id(url), url))

            assert isinstance(result, FetchFailed), host
            assert result.reason in REFUSED, (host, result)
    assert tripwire == []  # nothing else was dialled either


async def test_a_redirect_reaches_no_private_host_either() -> None:
    async with Origin() as origin, fetcher(resolver=names()) as ours:
        for host in SPELLINGS:
            origin.serve("/", status=302, headers=[("Location", f"http://{host}:8080/".encode().decode("latin-1"))])
            url = origin.url()
            result = await ours.fetch(FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc})))

            assert isinstance(result, FetchFailed), host
            assert result.reason in REFUSED | {Reason.REDIRECTS}, (host, result)
        assert set(origin.paths) == {"/"}
        assert len(origin.requests) == len(SPELLINGS)


async def test_a_name_that_changes_its_mind_never_leads_inside(tripwire: list[str]) -> None:
    turns = Names({"flip.example": ["93.184.216.34", "127.0.0.1", "93.184.216.34", "10.0.0.1"]})
    url = "http://flip.example:8080/"
    for _ in range(4):
        async with fetcher(resolver=turns) as ours:  # a new one: each keeps a name's addresses for ten seconds
            assert isinstance(await ours.fetch(FetchRequest(feed_id(url), url)), FetchFailed)

    assert turns.asked == ["flip.example"] * 4
    assert {dialled.split("'")[1] for dialled in tripwire} == {"93.184.216.34"}
    tripwire.clear()


async def test_allow_private_opens_that_host_and_port_and_nothing_else() -> None:
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher() as ours:
        url = origin.serve("/", b"x")
        other = origin.url("/", host="127.0.0.2")
        leave = frozenset({origin.netloc})

        assert isinstance(await ours.fetch(FetchRequest(feed_id(url), url, allow_private=leave)), Fetched)
        assert isinstance(await ours.fetch(FetchRequest(feed_id(other), other, allow_private=leave)), FetchFailed)
        assert len(origin.requests) == 1


async def test_a_feed_without_leave_does_not_ride_on_a_connection_that_another_opened() -> None:
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"x")
        opened = FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc}))
        assert isinstance(await ours.fetch(opened), Fetched)

        ours._client._opened, kept = ours._client._public, ours._client._opened  # even with the port let through
        result = await ours.fetch(opened)
        ours._client._opened = kept

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.FORBIDDEN_ADDRESS
        assert len(origin.requests) == 1


async def test_a_public_address_may_not_lead_to_a_private_one_that_the_feed_could_have_named() -> None:
    from wirekin.fetch._client import Answer
    from wirekin.fetch._trail import Trail

    leave = frozenset({"127.0.0.1:9000"})
    trail = Trail(FetchRequest(feed_id("x"), "http://example.com/", allow_private=leave), max_hops=5)
    inside = Answer(302, {"location": "http://127.0.0.1:9000/"}, None)
    with pytest.raises(Failure) as failure:
        trail.follow(inside)

    assert failure.value.reason is Reason.BAD_URL


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Origin() as origin, Origin() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        async with fetcher() as ours:
            url = origin.serve("/", b"x")
            result = await ours.fetch(FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc})))

        assert isinstance(result, Fetched)
        assert proxy.requests == []
