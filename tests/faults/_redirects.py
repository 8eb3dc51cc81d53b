"""Faults of redirection (RFC 9110 section 15.4)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from faults._answers import head, status, whole
from faults._fault import READS, Ask, Fault, fails
from faults._wire import Step
from wirekin.model import Reason

LOGIN = b"<!doctype html><html><head><title>Sign in</title></head><body><form><input name=user></form></body></html>"


def redirect_to(to: str, line: str = "302 Found") -> tuple[Step, ...]:
    """A redirect to `to`."""
    return (head(f"Location: {to}", "Content-Length: 0", "Connection: close", status=line),)


def _hop(ask: Ask, to: str, line: str = "302 Found") -> Iterable[Step]:
    """Redirect the feed to `to`; answer every other path and host with the document."""
    return whole(ask) if ask.path or ask.at_twin else redirect_to(to, line)


def _inside(ask: Ask, port: str = "") -> str:
    """An address that `allow_private` does not cover: the twin's host at another port."""
    return f"http://{urlsplit(ask.twin).hostname}{port}/server-status"


def _loop(ask: Ask) -> Iterable[Step]:
    return redirect_to(ask.url if ask.path else f"{ask.url}/1")


def _chain(ask: Ask) -> Iterable[Step]:
    return redirect_to(f"{ask.url}/{int(ask.path.strip('/') or 0) + 1}")


def _four_hops(ask: Ask) -> Iterable[Step]:
    hops = int(ask.path.strip("/") or 0)
    return whole(ask) if hops == 4 else redirect_to(f"{ask.url}/{hops + 1}", "307 Temporary Redirect")


def _login(ask: Ask) -> Iterable[Step]:
    return whole(ask, LOGIN) if ask.path else redirect_to(f"{ask.url}/login")


FAULTS = (
    Fault("redirect_loop", "Two addresses lead to each other.", _loop, fails(Reason.REDIRECTS)),
    Fault("redirect_to_itself", "The address leads to itself.", lambda ask: redirect_to(ask.url), fails(Reason.REDIRECTS)),
    Fault("redirect_chain", "Each address leads to another, without end.", _chain, fails(Reason.REDIRECTS)),
    Fault("redirect_nowhere", "A redirect without a Location.", status("302 Found"), fails(Reason.UNEXPECTED_STATUS)),
    Fault("redirect_to_nothing", "A redirect to a page that is not there.",
          lambda ask: status("404 Not Found") if ask.path else redirect_to(f"{ask.url}/missing"), fails(Reason.NOT_FOUND)),
    Fault("redirect_inside", "A redirect to an address inside the house.", lambda ask: redirect_to(_inside(ask)),
          fails(Reason.FORBIDDEN_ADDRESS)),
    Fault("redirect_to_a_strange_port", "A redirect to a port that is no web server's.",
          lambda ask: redirect_to(_inside(ask, ":6379")), fails(Reason.BAD_URL)),
    Fault("redirect_to_a_file", "A redirect to a file of ours.", redirect_to("file:///etc/passwd"), fails(Reason.REDIRECTS)),
    Fault("redirect_to_login", "A redirect to a page to sign in at.", _login, fails(Reason.NOT_A_FEED)),
    Fault("redirect_relative", "A redirect to a path of the same host.",
          lambda ask: _hop(ask, urlsplit(ask.url).path + "/1"), READS),
    Fault("redirect_four_times", "Four temporary redirects, one after the other, and then the document.", _four_hops,
          READS),
    Fault("redirect_to_another_host", "A temporary redirect to another host, with the same validators there.",
          lambda ask: _hop(ask, ask.twin), READS),
    Fault("redirect_for_good", "A permanent redirect to another host, which it takes back later.",
          lambda ask: _hop(ask, ask.twin, "301 Moved Permanently"), READS),
)  # fmt: skip
