"""Names in certificates are checked although we dial checked addresses, also of hosts in `allow_private` (B1)."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from faults import OK, FaultOrigin
from fetching import Names, fetcher
from wirekin.model import Fetched, FetchFailed, FetchRequest, FetchResult, Reason, feed_id

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"


def openssl(folder: Path, command: str, *more: str) -> None:
    subprocess.run(["openssl", *command.split(), *more], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate authority (ca.pem), a server certificate signed by it, and a self-signed one."""
    folder = tmp_path_factory.mktemp("authority")
    openssl(folder, f"req -x509 {KEY} -keyout ca.key -out ca.pem", "-subj", "/CN=ours")
    openssl(folder, f"req {KEY} -keyout server.key -out server.csr", "-subj", "/CN=right.example")
    (folder / "names").write_text("subjectAltName=DNS:right.example,DNS:*.wild.example")
    openssl(
        folder,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem",
    )
    alone = ["-subj", "/CN=right.example", "-addext", "subjectAltName=DNS:right.example"]
    openssl(folder, f"req -x509 {KEY} -keyout alone.key -out alone.pem", *alone)
    return folder


@pytest.fixture
async def server(
    authority: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[FaultOrigin]:
    """A server with the certificate that the parameter names ("server" or "alone"); our authority is trusted."""
    name = getattr(request, "param", "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / f"{name}.pem", authority / f"{name}.key")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    async with FaultOrigin(tls=context) as origin:
        origin.serve("/", OK + b"Content-Length: 1\r\n\r\nx")
        yield origin


async def ask(server: FaultOrigin, name: str) -> FetchResult:
    """Ask the server under a name that resolves to it, allowed by `allow_private`."""
    netloc = f"{name}:{server.port}"
    request = FetchRequest(feed_id(name), f"https://{netloc}/", allow_private=frozenset({netloc}))
    async with fetcher(resolver=Names({name: ["127.0.0.1"]})) as ours:
        return await ours.fetch(request)


@pytest.mark.parametrize("name", ["right.example", "a.wild.example", "right.example."])
async def test_a_trusted_certificate_with_the_right_name_is_accepted(server: FaultOrigin, name: str) -> None:
    assert isinstance(await ask(server, name), Fetched)


@pytest.mark.parametrize(
    "name", ["wrong.example", "right.example.com", "a.b.wild.example", "wild.example", "127.0.0.1"]
)
async def test_a_certificate_for_another_name_is_refused_although_the_address_is_the_same(
    server: FaultOrigin, name: str
) -> None:
    result = await ask(server, name)

    assert isinstance(result, FetchFailed)
    assert result.reason is Reason.TLS


@pytest.mark.parametrize("server", ["alone"], indirect=True)
async def test_a_self_signed_certificate_is_refused(server: FaultOrigin) -> None:
    result = await ask(server, "right.example")

    assert isinstance(result, FetchFailed)
    assert result.reason is Reason.TLS
