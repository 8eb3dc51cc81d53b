"""`python -m faults`: list the faults, or serve them on loopback for any poller.

python -m faults --list
python -m faults serve [--host 127.20.0.1] [--port 0] [--faults silent,gzip_bomb] [--feeds 20] [--write feeds.yml]

Run it from the checkout with PYTHONPATH=src:tests. It serves loopback only, because some answers do harm.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from faults import CATALOGUE, FAMILIES, FIRST_HOST, Fault, FeedOrigin, ServedFeed

NEW_ITEMS_EVERY = 60.0  # seconds between new items of a feed


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m faults", description="An origin that goes wrong on purpose.")
    parser.add_argument("--list", action="store_true", help="name every fault with its ground truth, and end")
    serve = parser.add_subparsers(dest="command").add_parser("serve", help="serve faults and healthy feeds")
    serve.add_argument("--host", type=_loopback, default=FIRST_HOST, help="the first address; each feed has two")
    serve.add_argument("--port", type=int, default=0, help="one for all; a free one unless given")
    serve.add_argument("--faults", type=_named, default=list(CATALOGUE.values()), help="names, with commas between")
    serve.add_argument("--feeds", type=int, default=20, help="healthy feeds beside them")
    serve.add_argument("--write", type=Path, help="a feeds.yml for wirekin that polls all of them")
    given = parser.parse_args(words)
    if given.list:
        _say(_listed())
        return 0
    if given.command is None:
        parser.print_help()
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.host, given.port, given.faults, given.feeds, given.write))
    return 0


def _loopback(host: str) -> str:
    address = ipaddress.ip_address(host)
    if address.version != 4 or not address.is_loopback:
        raise argparse.ArgumentTypeError(f"{host} is not in 127.0.0.0/8")
    return host


def _named(names: str) -> list[Fault]:
    unknown = [name for name in names.split(",") if name not in CATALOGUE]
    if unknown:
        raise argparse.ArgumentTypeError(f"no fault is called {', '.join(unknown)}: --list names them")
    return [CATALOGUE[name] for name in names.split(",")]


def _listed() -> Iterable[str]:
    for family, faults in FAMILIES.items():
        yield f"\n{family}"
        for fault in faults:
            yield f"  {fault.name:28} {fault.wrong}"
            yield f"  {'':28} -> {fault.truth}"
    yield f"\n{len(CATALOGUE)} faults"


async def _serve(host: str, port: int, faults: list[Fault], healthy: int, write: Path | None) -> None:
    async with FeedOrigin(host, port, keep_heads=False) as origin:
        for fault in [*faults, *[None] * healthy]:
            await origin.inject(await origin.add(datetime.now(UTC)), fault)
        _say(_table(origin.feeds))
        if write:
            await asyncio.to_thread(write.write_text, _feeds_yml(origin.feeds), encoding="utf-8")
            _say([f"\n{write} polls all of them: wirekin refresh --config {write}"])
        _say([f"\n{len(faults)} faults and {healthy} healthy feeds are served; Ctrl-C ends it"])
        while True:
            await asyncio.sleep(NEW_ITEMS_EVERY)
            for feed in origin.feeds:
                feed.add_items(1, datetime.now(UTC))


def _table(feeds: list[ServedFeed]) -> Iterable[str]:
    for feed in feeds:
        yield f"{feed.url:40} {feed.fault.name if feed.fault else 'healthy'}"
        if feed.fault:
            yield f"{'':40} {feed.fault.wrong}"
            yield f"{'':40} -> {feed.fault.truth}"


def _feeds_yml(feeds: list[ServedFeed]) -> str:
    listed = "".join(
        f"  - url: {feed.url}\n    name: {feed.number} {feed.fault.name if feed.fault else 'healthy'}\n"
        f"    allow_private: [{', '.join(repr(netloc) for netloc in sorted(feed.netlocs))}]\n"
        for feed in feeds
    )
    return f"settings: {{unmatched: keep}}\nfeeds:\n{listed}"


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
