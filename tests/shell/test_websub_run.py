"""WebSub as an operator sees it: a publisher, a hub over TLS, and real processes, killed at the worst moment."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import Folder, rss
from hub import CERTIFICATE, Hub
from origin import Origin
from running import free_port, get, running, until

HOME = "http://herald.example"
ONE, TWO, THREE = (
    (f"{title} in the strait", f"{HOME}/{n}", "") for n, title in enumerate(("Ship seized", "Crew held", "Port shut"))
)

pytestmark = pytest.mark.slow


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as serving:
        yield serving


@pytest.fixture
def origin(hub: Hub) -> Iterator[Origin]:
    with Origin("127.0.0.76") as serving:
        links = {"Link": f'<{hub.url}>; rel="hub", </herald>; rel="self"'}
        serving.serve("/herald", rss("Herald", HOME, ONE), headers=links, etag='"1"')
        yield serving


class Place(Folder):
    """A folder with one feed that has a hub, and a port that the hub can reach."""

    def __init__(self, path: Path, origin: Origin, hub: Hub) -> None:
        super().__init__(path)
        self.origin, self.hub, self.port = origin, hub, free_port()
        self.poll()

    def poll(self, *feeds: str) -> None:
        """Write a feeds.yml with these feeds, or with the one feed where none is named."""
        opened = f"['{self.origin.netloc}', '{self.hub.netloc}']"
        settings = f"{{unmatched: keep, public_url: 'http://127.0.0.1:{self.port}', allow_private: {opened}}}"
        listed = feeds or (self.origin.url("/herald"),)
        self.write(f"settings: {settings}\nfeeds:\n" + "".join(f"  - url: {url}\n" for url in listed))

    @property
    def titles(self) -> list[str]:
        return sorted(item["title"] for item in self.run("headlines", "--json").json["items"])

    @property
    def push(self) -> dict[str, str] | None:
        (feed,) = self.run("feeds", "list", "--json").json["items"]
        found: dict[str, str] | None = feed["push"]
        return found


@pytest.fixture
def place(tmp_path: Path, origin: Origin, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return Place(tmp_path, origin, hub)


def test_a_pushed_entry_is_a_headline_without_a_poll_and_a_forged_one_is_not(
    place: Place, origin: Origin, hub: Hub
) -> None:
    with running(place, "run", "--port", str(place.port)) as process:
        until(lambda: hub.held)
        forged = hub.push(rss("Herald", HOME, THREE), signature="sha256=" + "0" * 64)
        pushed = hub.push(rss("Herald", HOME, TWO))
        until(lambda: TWO[0].encode() in get(place.port, "/v1/headlines")[1])
        titles, push = place.titles, place.push
        (feed,) = json.loads(get(place.port, "/v1/feeds")[1])["items"]
        metrics = get(place.port, "/metrics")[1].decode()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)

    assert (forged, pushed) == ([202], [202])
    assert titles == sorted([ONE[0], TWO[0]])
    assert origin.paths == ["/herald"]
    assert push is not None
    assert (push["hub"], push["state"]) == (hub.url, "active")
    assert feed["push"] == push
    assert [
        f'wirekin_pushes_total{{outcome="{what}"}} 1.0' in metrics for what in ("received", "forged", "recorded")
    ] == [True] * 3
    assert process.returncode == 0
    assert "push read" in log
    (callback,) = hub.held
    assert callback.rpartition("/")[2] not in log, "the token is in no log"
    assert hub.forms[0]["hub.secret"] not in log


def test_a_feed_that_leaves_feeds_yml_is_unsubscribed(place: Place, origin: Origin, hub: Hub) -> None:
    with running(place, "run", "--port", str(place.port)):
        until(lambda: hub.held)
        place.poll(origin.url("/elsewhere"))
        until(lambda: "unsubscribe" in hub.modes)
        until(lambda: not hub.held)


def test_what_was_acknowledged_outlives_the_kill_of_the_web_and_of_the_daemon(
    place: Place, origin: Origin, hub: Hub
) -> None:
    with running(place, "serve", "--port", str(place.port)) as web:
        until(lambda: get(place.port, "/healthz")[0] == 200)
        with running(place, "daemon") as daemon:
            until(lambda: hub.held)
            daemon.kill()
        acknowledged = hub.push(rss("Herald", HOME, TWO))
        web.kill()

    with running(place, "daemon"):
        until(lambda: TWO[0] in place.titles)

    assert acknowledged == [202]
    assert origin.paths == ["/herald"]


def test_websub_is_off_without_a_public_url(place: Place, hub: Hub) -> None:
    place.write(place.config.read_text().replace(f"public_url: 'http://127.0.0.1:{place.port}', ", ""))
    with running(place, "run", "--port", str(place.port)):
        until(lambda: ONE[0].encode() in get(place.port, "/v1/headlines")[1])
        time.sleep(0.5)

        assert place.push is None
    assert hub.forms == []
