"""The addresses that we may dial, and 60 ways to ask for a private host (requirements B1 to B3)."""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import random
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetching import Names, fetcher
from origin import Origin
from wirekin.fetch._failure import Failure
from wirekin.fetch._guard import ForbiddenAddress, guarded_socket, judge_url, may_dial
from wirekin.fetch._resolver import SockInfo
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
def test_a_private_special_or_malformed_address_may_not_be_dialled(address: str) -> None:
    assert not may_dial(address)


@pytest.mark.parametrize("address", [*PUBLIC_V4, *PUBLIC_V6])
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert may_dial(address)


PREFIXES = [0, 0xFFFF << 32, 0x0064FF9B << 96, 0x0064FF9B0001 << 80, 0x2001 << 112]


@given(st.sampled_from(PREFIXES), st.sampled_from(PRIVATE_V4))
def test_no_ipv6_prefix_hides_a_private_ipv4_address(prefix: int, address: str) -> None:
    assert not may_dial(str(ipaddress.IPv6Address(prefix | int(ipaddress.IPv4Address(address)))))


# The IANA special-purpose registries of 2026-11 (RFC 6890), as binary prefixes: copied from their tables, to check the
# rule independently. Multicast, and in IPv6 all that is not global unicast, are closed too.
SPECIAL_V4 = """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"""
SPECIAL_V6 = """2001:0000/23 2001:0db8/32 2002/16 3fff/20"""


def bits_of_v4(dotted: str) -> str:
    return "".join(f"{int(part):08b}" for part in dotted.split("."))


CLOSED_V4 = [bits_of_v4(net.split("/")[0])[: int(net.split("/")[1])] for net in SPECIAL_V4.split()]
CLOSED_V6 = [
    "".join(f"{int(part, 16):016b}" for part in (net.split("/")[0]).split(":")).ljust(32, "0")[: int(net.split("/")[1])]
    for net in SPECIAL_V6.split()
]


def is_public(bits: str) -> bool:
    """The oracle of the rule, on the bits of an address."""
    if len(bits) == 32:
        return not any(map(bits.startswith, CLOSED_V4))
    inner = is_public(bits[96:])
    if bits[:96] in {"0" * 80 + "1" * 16, f"{0x0064FF9B:032b}" + "0" * 64}:  # v4-mapped, well-known NAT64
        return inner
    isatap = bits[64:70] + bits[72:96] == "000000" + f"{0x005EFE:024b}"
    return bits.startswith("001") and not any(map(bits.startswith, CLOSED_V6)) and (inner or not isatap)


EMBEDDINGS = {  # ways to embed an IPv4 address in an IPv6 one: (prefix, shift of the address, mask of random bits)
    "v4-mapped": (0xFFFF << 32, 0, 0),
    "v4-compatible": (0, 0, 0),
    "v4-translated": (0xFFFF << 48, 0, 0),
    "NAT64": (0x0064FF9B << 96, 0, 0),
    "NAT64 of a site": (0x0064FF9B0001 << 80, 0, ((1 << 48) - 1) << 32),
    "6to4": (0x2002 << 112, 80, (1 << 80) - 1),
    "Teredo, its server": (0x20010000 << 96, 64, (1 << 64) - 1),
    "Teredo, its client": (0x20010000 << 96, 0, ((1 << 64) - 1) << 32),
    "ISATAP": (0x2A00 << 112 | 0x00005EFE << 32, 0, ((1 << 48) - 1) << 64 | 0x0300 << 48),
    "ISATAP of a site": (0xFD00 << 112 | 0x00005EFE << 32, 0, ((1 << 48) - 1) << 64),
}
EMBEDDED = 50_000 // len(EMBEDDINGS)  # per kind; all of them take two seconds


@pytest.mark.parametrize("kind", EMBEDDINGS)
def test_an_ipv6_address_that_embeds_an_ipv4_address_is_judged_as_by_the_oracle(kind: str) -> None:
    prefix, shift, noise = EMBEDDINGS[kind]
    drawn = random.Random(6052)
    closed = [ipaddress.IPv4Network(network) for network in SPECIAL_V4.split()]
    for turn in range(EMBEDDED):
        inner = drawn.getrandbits(32)
        if turn % 2:  # half of the addresses are in the registry
            network = drawn.choice(closed)
            inner = int(network[drawn.randrange(network.num_addresses)])
        number = prefix | inner << shift | drawn.getrandbits(128) & noise
        address = ipaddress.IPv6Address(number)

        assert may_dial(str(address)) == is_public(f"{number:0128b}"), address
        assert may_dial(str(ipaddress.IPv4Address(inner))) == is_public(f"{inner:032b}")
        assert not may_dial(str(address)) or address.ipv4_mapped or address.is_global  # the standard library's opinion


def test_the_boundaries_of_every_registered_network_are_exact() -> None:
    for network in map(ipaddress.IPv4Network, SPECIAL_V4.split()):
        first, last = int(network[0]), int(network[-1])
        for number in {max(first - 1, 0), first, last, min(last + 1, 2**32 - 1)}:
            assert may_dial(str(ipaddress.IPv4Address(number))) == is_public(f"{number:032b}")
    for bits in [*CLOSED_V6, "001"]:
        first, last = int(bits.ljust(128, "0"), 2), int(bits.ljust(128, "1"), 2)
        for number in (first - 1, first, last, last + 1):
            assert may_dial(str(ipaddress.IPv6Address(number))) == is_public(f"{number:0128b}")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "//example.com/",
        "http://user@example.com/", "http://user:secret@example.com/", "http://:@example.com/", "http://example.com:22/",
        "http://example.com:6379/", "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/",
        "http:///path", "http://", "", "http://example.com/" + "a" * 2048, "http://[::1/", "http://exa mple.com:25/",
    ],
)  # fmt: skip
def test_a_url_with_a_wrong_scheme_credentials_port_or_host_is_a_bad_url(url: str) -> None:
    with pytest.raises(Failure) as failure:
        judge_url(url)

    assert failure.value.reason is Reason.BAD_URL


@pytest.mark.parametrize(
    ("url", "said"), [("ftp://a.example/", "not an http(s) URL"), ("http://a.example:22/", "port 22 is")]
)
def test_a_bad_url_says_why(url: str, said: str) -> None:
    with pytest.raises(Failure) as failure:
        judge_url(url)

    assert failure.value.detail.startswith(said)


def test_a_target_has_its_port_and_whether_allow_private_names_it() -> None:
    plain = judge_url("https://Example.com/a?b#c")
    opened = judge_url("http://[::1]:9000/", frozenset({"[::1]:9000"}))

    assert (plain.url, plain.host, plain.port, plain.opened) == ("https://Example.com/a?b", "example.com", 443, False)
    assert (opened.host, opened.port, opened.opened) == ("::1", 9000, True)


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("93.184.216.34", 22)])
def test_the_socket_for_a_private_address_or_an_unlisted_port_is_never_created(address: tuple[str, int]) -> None:
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


class LenientNames(Names):
    """A resolver that parses addresses as the C library does, so that every odd spelling resolves."""

    async def resolve(self, host: str, port: int) -> list[SockInfo]:
        with contextlib.suppress(OSError):
            self.table.setdefault(host, [socket.inet_ntoa(socket.inet_aton(host))])
        return await super().resolve(host, port)


def names() -> LenientNames:
    return LenientNames({name: list(addresses) for name, addresses in TABLE.items()})


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


async def test_no_redirect_reaches_a_private_host_in_any_spelling() -> None:
    async with Origin() as origin, fetcher(resolver=names()) as ours:
        for host in SPELLINGS:
            origin.serve("/", status=302, headers=[("Location", f"http://{host}:8080/".encode().decode("latin-1"))])
            url = origin.url()
            result = await ours.fetch(FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc})))

            assert isinstance(result, FetchFailed), host
            assert result.reason in REFUSED | {Reason.REDIRECTS}, (host, result)
        assert set(origin.paths) == {"/"}
        assert len(origin.requests) == len(SPELLINGS)


@pytest.mark.parametrize("turns", list(itertools.permutations(["93.184.216.34", "127.0.0.1", "10.0.0.1", "::1"], 3)))
async def test_a_name_whose_address_changes_never_leads_to_a_private_host(
    turns: tuple[str, ...], tripwire: list[str]
) -> None:
    flipping = Names({"flip.example": list(turns)})
    url = "http://flip.example:8080/"
    for _ in range(4):
        async with fetcher(resolver=flipping) as ours:
            assert isinstance(await ours.fetch(FetchRequest(feed_id(url), url)), FetchFailed)

    assert flipping.asked == ["flip.example"] * 4
    assert {dialled.split("'")[1] for dialled in tripwire} <= {"93.184.216.34"}
    tripwire.clear()


async def test_of_several_addresses_of_one_name_only_the_public_ones_are_dialled(tripwire: list[str]) -> None:
    class Both(Names):
        async def resolve(self, host: str, port: int) -> list[SockInfo]:
            found = [await Names({host: [address]}).resolve(host, port) for address in self.table[host]]
            return [one for answer in found for one in answer]

    mixed = Both({"both.example": ["127.0.0.1", "::1", "93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1"]})
    async with fetcher(resolver=mixed) as ours:
        assert isinstance(await ours.fetch(FetchRequest(feed_id("x"), "http://both.example/")), FetchFailed)

    assert {dialled.split("'")[1] for dialled in tripwire} == {"93.184.216.34"}
    tripwire.clear()


async def test_a_kept_connection_does_not_let_another_feed_reach_the_same_private_host() -> None:
    # A kept connection was checked when it was opened, and a name is checked each time that it is dialled.
    async with Origin() as origin, fetcher(resolver=Names({"flip.example": ["127.0.0.1"]})) as ours:
        netloc = f"flip.example:{origin.port}"
        url = f"http://{netloc}/"
        origin.serve("/", b"x")
        opened = FetchRequest(feed_id(url), url, allow_private=frozenset({netloc}))
        stranger = FetchRequest(feed_id("y"), url.replace(str(origin.port), "8080"))

        assert isinstance(await ours.fetch(opened), Fetched)
        assert isinstance(await ours.fetch(stranger), FetchFailed)
        assert origin.connections == 1


async def test_allow_private_opens_that_host_and_port_and_nothing_else() -> None:
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher() as ours:
        url = origin.serve("/", b"x")
        other = origin.url("/", host="127.0.0.2")
        allowed = frozenset({origin.netloc})

        assert isinstance(await ours.fetch(FetchRequest(feed_id(url), url, allow_private=allowed)), Fetched)
        assert isinstance(await ours.fetch(FetchRequest(feed_id(other), other, allow_private=allowed)), FetchFailed)
        assert len(origin.requests) == 1


async def test_a_feed_without_permission_cannot_reuse_a_private_connection_of_another_feed() -> None:
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"x")
        opened = FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc}))
        assert isinstance(await ours.fetch(opened), Fetched)

        ours._client._opened, kept = ours._client._public, ours._client._opened  # even with the port allowed
        result = await ours.fetch(opened)
        ours._client._opened = kept

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.FORBIDDEN_ADDRESS
        assert len(origin.requests) == 1


async def test_a_public_url_may_not_redirect_to_a_private_one_even_if_allow_private_names_it() -> None:
    from wirekin.fetch._client import Answer
    from wirekin.fetch._trail import Trail

    allowed = frozenset({"127.0.0.1:9000"})
    trail = Trail(FetchRequest(feed_id("x"), "http://example.com/", allow_private=allowed), max_hops=5)
    inside = Answer(302, {"location": "http://127.0.0.1:9000/"}, None)
    with pytest.raises(Failure) as failure:
        trail.follow(inside)

    assert failure.value.reason is Reason.BAD_URL


def test_a_chain_that_left_for_a_public_url_may_not_return_to_a_private_one() -> None:
    from wirekin.fetch._client import Answer
    from wirekin.fetch._trail import Trail

    allowed = frozenset({"127.0.0.1:9000", "127.0.0.1:9001"})
    trail = Trail(FetchRequest(feed_id("x"), "http://127.0.0.1:9000/", allow_private=allowed), max_hops=5)
    trail.follow(Answer(302, {"location": "http://example.com/"}, None))
    with pytest.raises(Failure) as failure:
        trail.follow(Answer(302, {"location": "http://127.0.0.1:9001/"}, None))

    assert failure.value.reason is Reason.BAD_URL


@pytest.mark.parametrize("exempt", [None, "", "*", "127.0.0.1"])
async def test_proxies_and_netrc_of_the_environment_are_ignored(
    exempt: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = tmp_path / "netrc"
    secrets.write_text("machine 127.0.0.1 login me password secret")
    async with Origin() as origin, Origin() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy", "https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.setenv("NETRC", str(secrets))
        if exempt is not None:
            monkeypatch.setenv("NO_PROXY", exempt)
        async with fetcher() as ours:
            url = origin.serve("/", b"x")
            result = await ours.fetch(FetchRequest(feed_id(url), url, allow_private=frozenset({origin.netloc})))

        assert isinstance(result, Fetched)
        assert proxy.connections == 0
        assert origin.requests[0].header("authorization") is None
