"""Every feed of the shared corpus, served from a loopback host of its own and polled by `wirekin refresh`.

`make test` polls a seeded sample; WIREKIN_PROOF=1 (`make proof`) polls all of it.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from commands import Folder
from wirekin.model import Reason

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SAMPLE = 250  # feeds in `make test`, seeded; all 2,619 take about two minutes
HOSTS_PER_BLOCK = 250

pytestmark = [
    pytest.mark.slow,
    pytest.mark.proof,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the checkout (../shared/corpus)"),
]


def documents() -> list[Path]:
    """The corpus' feeds, or a seeded sample with every news feed in it."""
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["path"].startswith("feeds/")]
    if not os.environ.get("WIREKIN_PROOF"):
        news = [row for row in rows if row["class"] != "conformance"]
        others = [row for row in rows if row["class"] == "conformance"]
        rows = news + random.Random(2026).sample(others, SAMPLE - len(news))
    return [CORPUS / row["path"] for row in rows]


class CorpusServer:
    """Serves the documents by number, as their publishers would; `tail` is appended to each."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self.tail = b""
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        opened = asyncio.start_server(self._answer, "0.0.0.0", 0, backlog=512)
        server = asyncio.run_coroutine_threadsafe(opened, self._loop).result()
        self.port = server.sockets[0].getsockname()[1]
        self._server = server
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                number = int(head.split(b" ", 2)[1].strip(b"/"))
                body = self._paths[number].read_bytes() + self.tail
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def url(self, number: int) -> tuple[str, str]:
        """The address of a document, and its host with the port."""
        host = f"127.3.{number // HOSTS_PER_BLOCK}.{number % HOSTS_PER_BLOCK + 1}:{self.port}"
        return f"http://{host}/{number}", host


@pytest.fixture(scope="module")
def corpus() -> Iterator[CorpusServer]:
    with CorpusServer(documents()) as serving:
        yield serving


def test_every_feed_succeeds_or_fails_with_a_reason_and_a_second_poll_adds_nothing(
    corpus: CorpusServer, tmp_path: Path
) -> None:
    folder = Folder(tmp_path)
    listed = [corpus.url(number) for number in range(len(corpus._paths))]
    feeds = [{"url": url, "allow_private": [host]} for url, host in listed]
    folder.write(json.dumps({"settings": {"unmatched": "keep"}, "feeds": feeds}))  # JSON is YAML

    first = folder.run("refresh", "--json").json
    corpus.tail = b"\n"  # other bytes, same content: every feed is parsed and digested again
    second = folder.run("refresh", "--force", "--json").json
    health = folder.run("feeds", "list", "--json").json["items"]

    assert first["polled"] == len(feeds)
    assert {failure["reason"] for failure in first["failures"]} <= {reason.value for reason in Reason}
    assert not [f for f in first["failures"] if f["reason"] in {"parse_crashed", "parse_timeout", "timeout", "connect"}]
    assert first["headlines_new"] > len(feeds)
    assert (second["headlines_new"], second["failed"]) == (0, first["failed"])
    assert len(health) == len(feeds)
    assert folder.run("db", "check", "--json").json["sound"]
