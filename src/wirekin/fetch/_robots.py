"""What robots.txt lets us read (RFC 9309): asked for pages and discovered links, not for feeds that the user names.

status and octets -> Rules, kept per origin for a day.
Crawl-delay is in no standard (RFC 9309 leaves it out) but in many files: it is obeyed between the pages of one origin.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from datetime import datetime, timedelta

from protego import Protego

ROBOTS_TOKEN = "wirekin"  # our product token (RFC 9309 2.2.1)  # noqa: S105  # not a secret
KEPT_FOR = timedelta(hours=24)  # RFC 9309 2.4: not to be used for longer
REFUSAL_KEPT_FOR = timedelta(hours=1)  # a server in trouble is asked again sooner; until then no page is read
PARSED_BYTES = 500 * 1024  # RFC 9309 2.5: at least 500 KiB are to be read, and no more need be
LONGEST_DELAY = timedelta(seconds=10)  # of a Crawl-delay: with the 30 s of a fetch it fits into a host's lease of 60 s
# As lenient as Protego: the colon may be missing. "wirekin/0.1.0", copied from the publisher's log, means us too,
# although only the token should be there.
_AGENT = re.compile(r"\s*user(?:-|\s*)agent(?=[\s:])\s*:?\s*([^/#]*)", re.IGNORECASE)
MAX_ORIGINS = 2_000  # rules kept in memory; a page feed asks one or two origins


class Rules:
    """What one origin's robots.txt says to us."""

    def __init__(self, parsed: Protego | None, *, default: bool, kept_for: timedelta, why: str = "") -> None:
        self._parsed = parsed
        self._default = default
        self.kept_for = kept_for
        self.why = why or "robots.txt asks us not to read this"
        asked = timedelta(seconds=min(parsed.crawl_delay(ROBOTS_TOKEN) or 0, 86_400) if parsed else 0)
        self.delay = min(asked, LONGEST_DELAY)
        self._free_at = 0.0  # time of the loop

    def allow(self, url: str) -> bool:
        """Whether we may read the URL."""
        return self._default if self._parsed is None else bool(self._parsed.can_fetch(url, ROBOTS_TOKEN))

    async def take_turn(self) -> None:
        """Return when the delay since this origin's last page is over; the next caller waits for this one's delay."""
        now = asyncio.get_running_loop().time()
        turn = max(self._free_at, now)
        self._free_at = turn + self.delay.total_seconds()
        if turn > now:
            await asyncio.sleep(turn - now)


def rules_of(status: int, octets: bytes) -> Rules:
    """RFC 9309 2.3.1: a file is obeyed, a 4xx means that there is none, and with a 5xx nothing may be read."""
    if status in {200, 203}:
        text = _whole_lines(octets).decode("utf-8-sig", "replace")  # some begin with a BOM
        return Rules(Protego.parse("\n".join(map(_renamed, text.splitlines()))), default=True, kept_for=KEPT_FOR)
    if 500 <= status <= 599:
        return Rules(None, default=False, kept_for=REFUSAL_KEPT_FOR, why=f"robots.txt answered {status}")
    return Rules(None, default=True, kept_for=KEPT_FOR)


def _renamed(line: str) -> str:
    """A line of robots.txt, with one name for all agents that are not us.

    Protego copies each rule of a group for each of its agents: 2,000 agents with 4,000 rules, 86 KB, took 14 s and
    700 MB of the process that polls (2026-11).
    """
    agent = _AGENT.match(line)
    name = agent[1].strip().lower() if agent else ""
    if not name:
        return line
    plain = name.replace("*", "") or "*"
    return f"User-agent: {plain if plain == '*' or ROBOTS_TOKEN.startswith(plain) else 'another'}"


def _whole_lines(octets: bytes) -> bytes:
    """The beginning that counts, without a line cut in two: half a path is another rule."""
    if len(octets) < PARSED_BYTES:
        return octets
    beginning = octets[:PARSED_BYTES]
    return beginning[: max(beginning.rfind(b"\n"), beginning.rfind(b"\r")) + 1]


class RobotsCache:
    """The rules of the origins asked last, each until it expires."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, tuple[datetime, Rules]] = OrderedDict()

    def get(self, origin: str, now: datetime) -> Rules | None:
        """The rules that are still good, or None."""
        until, rules = self._rules.get(origin, (now, None))
        return rules if now < until else None

    def put(self, origin: str, rules: Rules, now: datetime) -> None:
        """Keep the rules, and forget the oldest where there are too many."""
        self._rules[origin] = (now + rules.kept_for, rules)
        self._rules.move_to_end(origin)
        while len(self._rules) > MAX_ORIGINS:
            self._rules.popitem(last=False)
