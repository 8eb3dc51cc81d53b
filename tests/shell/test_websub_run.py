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


class HubFolder(Folder):
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
def hub_folder(tmp_path: Path, origin: Origin, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> HubFolder:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return HubFolder(tmp_path, origin, hub)


def test_a_pushed_entry_is_a_headline_without_a_poll_and_a_forged_one_is_not(
    hub_folder: HubFolder, origin: Origin, hub: Hub
) -> None:
    with running(hub_folder, "run", "--port", str(hub_folder.port)) as process:
        until(lambda: hub.held)
        forged = hub.push(rss("Herald", HOME, THREE), signature="sha256=" + "0" * 64)
        pushed = hub.push(rss("Herald", HOME, TWO))
        until(lambda: TWO[0].encode() in get(hub_folder.port, "/v1/headlines")[1])
        titles, push = hub_folder.titles, hub_folder.push
        (feed,) = json.loads(get(hub_folder.port, "/v1/feeds")[1])["items"]
        metrics = get(hub_folder.port, "/metrics")[1].decode()
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


def test_a_feed_removed_from_feeds_yml_is_unsubscribed(hub_folder: HubFolder, origin: Origin, hub: Hub) -> None:
    with running(hub_folder, "run", "--port", str(hub_folder.port)):
        until(lambda: hub.held)
        hub_folder.poll(origin.url("/elsewhere"))
        until(lambda: "unsubscribe" in hub.modes)
        until(lambda: not hub.held)


def test_an_acknowledged_push_survives_a_kill_of_the_web_and_of_the_daemon(
    hub_folder: HubFolder, origin: Origin, hub: Hub
) -> None:
    with running(hub_folder, "serve", "--port", str(hub_folder.port)) as web:
        until(lambda: get(hub_folder.port, "/healthz")[0] == 200)
        with running(hub_folder, "daemon") as daemon:
            until(lambda: hub.held)
            daemon.kill()
        acknowledged = hub.push(rss("Herald", HOME, TWO))
        web.kill()

    with running(hub_folder, "daemon"):
        until(lambda: TWO[0] in hub_folder.titles)

    assert acknowledged == [202]
    assert origin.paths == ["/herald"]


def test_websub_is_off_without_a_public_url(hub_folder: HubFolder, hub: Hub) -> None:
    hub_folder.write(hub_folder.config.read_text().replace(f"public_url: 'http://127.0.0.1:{hub_folder.port}', ", ""))
    with running(hub_folder, "run", "--port", str(hub_folder.port)):
        until(lambda: ONE[0].encode() in get(hub_folder.port, "/v1/headlines")[1])
        time.sleep(0.5)

        assert hub_folder.push is None
    assert hub.forms == []
