"""The daemon as an operator sees it: it polls, reloads, drains, and only one runs at a time."""

from __future__ import annotations

import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import Folder, rss
from origin import Answer, Origin
from running import PATIENCE, free_port, get, running, until

ONE = ("Tanker seized in Hormuz strait", "http://herald.example/1", "")
TWO = ("Swimming club wins the cup", "http://herald.example/2", "")

pytestmark = pytest.mark.slow


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin("127.0.0.31", "127.0.0.32") as serving:
        serving.serve("/herald", rss("Herald", "http://herald.example", ONE), etag='"h1"')
        serving.serve("/courier", rss("Courier", "http://courier.example", TWO), etag='"c1"')
        yield serving


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Folder:
    made = Folder(tmp_path)
    made.feeds(origin, "/herald")
    return made


def titles(folder: Folder) -> list[str]:
    return sorted(item["title"] for item in folder.run("headlines", "--json").json["items"])


def test_the_daemon_polls_due_feeds_and_exits_0_on_sigterm(folder: Folder, origin: Origin) -> None:
    with running(folder, "daemon") as daemon:
        until(lambda: origin.paths)
        until(lambda: titles(folder))
        daemon.send_signal(signal.SIGTERM)
        _, log = daemon.communicate(timeout=PATIENCE)

    assert daemon.returncode == 0
    assert "feed polled" in log
    assert "daemon stopped" in log
    assert titles(folder) == [ONE[0]]


def test_a_poll_under_way_at_sigterm_is_recorded(folder: Folder, origin: Origin) -> None:
    origin.answer("/herald", lambda _: Answer(rss("Herald", "http://herald.example", ONE), delay=1.0))

    with running(folder, "daemon") as daemon:
        until(lambda: origin.paths)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=PATIENCE)

    assert daemon.returncode == 0
    assert titles(folder) == [ONE[0]]


def test_after_a_kill_no_feed_is_polled_again_before_its_minimum_interval(folder: Folder, origin: Origin) -> None:
    origin.answer("/herald", lambda _: Answer(rss("Herald", "http://herald.example", ONE), delay=5.0))
    with running(folder, "daemon") as daemon:
        until(lambda: origin.paths)
        daemon.kill()

    report = folder.run("refresh", "--json").json

    assert report["polled"] == 0
    assert len(origin.requests) == 1


def test_a_second_daemon_exits_75_and_names_the_pid_of_the_first(folder: Folder, origin: Origin) -> None:
    with running(folder, "daemon") as first:
        until(lambda: origin.paths)
        second = folder.run("daemon")

        assert second.code == 75
        assert str(first.pid) in second.err


def test_sighup_reloads_feeds_yml_and_an_invalid_file_changes_nothing(folder: Folder, origin: Origin) -> None:
    with running(folder, "-v", "daemon") as daemon:
        until(lambda: titles(folder))
        folder.write("feeds: [")
        daemon.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        folder.feeds(origin, "/herald", "/courier")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: "/courier" in origin.paths)
        until(lambda: len(titles(folder)) == 2)
        assert daemon.poll() is None


def test_refresh_works_beside_a_running_daemon(folder: Folder, origin: Origin) -> None:
    with running(folder, "daemon"):
        until(lambda: titles(folder))

        ran = folder.run("refresh", "--force", "--json")

    assert (ran.code, ran.json["not_modified"]) == (0, 1)


def test_run_polls_and_serves_in_one_process(folder: Folder) -> None:
    port = free_port()
    with running(folder, "run", "--port", str(port)) as process:
        until(lambda: get(port, "/readyz")[0] == 200)
        until(lambda: json.loads(get(port, "/v1/headlines")[1])["items"])
        status, page = get(port, "/")
        healthy = folder.run("healthcheck", "--port", str(port))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    assert (status, healthy.code, process.returncode) == (200, 0, 0)
    assert ONE[0].encode() in page


def test_serve_listens_at_every_configured_address(folder: Folder) -> None:
    ports = [free_port(), free_port()]
    folder.write(f"settings: {{listen: [{', '.join(f'127.0.0.1:{port}' for port in ports)}]}}\nfeeds: []\n")

    with running(folder, "serve"):
        for port in ports:
            until(lambda port=port: get(port, "/readyz")[0] == 200)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_with_the_log_format_json_every_line_of_stderr_is_json(folder: Folder, command: str) -> None:
    port = free_port()
    with running(folder, command, "--port", str(port), "--log-format", "json") as process:
        until(lambda: get(port, "/readyz")[0] == 200)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)

    (listening,) = (event for event in map(json.loads, said.splitlines()) if event["event"] == "listening")
    assert listening["address"] == f"http://127.0.0.1:{port}"


def test_serve_creates_a_missing_database_and_answers(folder: Folder) -> None:
    port = free_port()
    with running(folder, "serve", "--port", str(port)) as process:
        until(lambda: get(port, "/readyz")[0] == 200)
        assert json.loads(get(port, "/v1/stories")[1]) == {"items": [], "next": None}
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)

    assert process.returncode == 0


def test_a_port_in_use_is_an_error_that_suggests_the_port_option(folder: Folder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        ran = folder.run("serve", "--port", str(taken.getsockname()[1]))

    assert ran.code == 1
    assert "--port" in ran.err


def test_systemd_is_notified_of_ready_and_stopping(
    folder: Folder, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(folder.path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        with running(folder, "daemon") as daemon:
            said = [listener.recv(200).decode()]
            until(lambda: origin.paths)
            daemon.send_signal(signal.SIGTERM)
            while "STOPPING=1" not in said:
                said.append(listener.recv(200).decode())

    assert said[0] == "READY=1"


def test_the_demo_serves_the_footer_once_and_exits_0(tmp_path: Path) -> None:
    ran = Folder(tmp_path).run("demo", "--once", "--port", str(free_port()))

    assert (ran.code, ran.err.count("Traceback")) == (0, 0)
    assert "Related stories under" in ran.out
    assert re.search(r"^Story +Lead by +Publishers +Languages *$", ran.out, re.MULTILINE)
    assert re.search(r"^The Week in Five Charts.* +Tidewater Post +1 +en *$", ran.out, re.MULTILINE)
