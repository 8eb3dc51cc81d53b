"""Check links before they appear in an answer, hide secrets in addresses, and make the URLs of our own pages."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from wirekin.model import FeedReport, StoryId, TopicSlug

MAX_LINK = 2048  # characters; requirement C9

# After a host without user name, no character that could end an attribute, change the text direction, or be invisible.
_HIDING = r"\s\\\"<>`\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
_SAFE = re.compile(
    rf"https?://(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::[1-9][0-9]{{0,4}})?(?:[/?#][^{_HIDING}]*)?", re.IGNORECASE
)


def safe_link(url: str) -> str:
    """Return the URL if it is http or https, without user name or anything that could end an attribute, else "" (C9).

    Links are checked when they are digested; this is a second, independent check on output.
    """
    return url if len(url) <= MAX_LINK and _SAFE.fullmatch(url) else ""


# A query's value is taken for a secret because of its name, of the address in it, or because it is long, unbroken and
# mixed like a generated key. Keys have 32 letters and more; a YouTube channel has 24; its playlists have 34, but are
# public. Mixed means many changes between letters and digits or from lower to upper case: a slug has one or two
# ("g20-summit-2026"), 32 hex digits have some 14.
_USER = re.compile(r"(?<=://)[^/?#]*@")
_PAIR = re.compile(r"(?<=[?&;#])(?:(?P<name>[^=&;#]*)=)?(?P<value>[^&;#]+)")
_SECRET_NAME = re.compile(
    r"(?:key|token|secret|pass|passwd|password|pwd|auth|sig|signature|hmac|jwt|session|sid|e?mail)$",
    re.IGNORECASE,
)
_PUBLIC_NAME = re.compile(r"(?:channel|playlist)_id")
_UNBROKEN = re.compile(r"(?=.*\d)(?:[\w.~-]|%2[BF]){32,}(?:=|%3D){0,2}", re.ASCII | re.IGNORECASE)
_CHANGE = re.compile(r"(?=[A-Za-z][0-9]|[0-9][A-Za-z]|[a-z][A-Z])")
LEAST_CHANGES = 4
HIDDEN = "***"


def public_address(url: str) -> str:
    """Make a feed's address public: remove the user name, and replace secrets in the query by HIDDEN."""
    return _PAIR.sub(_hidden, _USER.sub("", url))


def _hidden(pair: re.Match[str]) -> str:
    within = unquote(pair["value"])  # may be an address: the `?url=` of a service that makes feeds
    if _is_secret(pair) or _USER.search(within) or any(map(_is_secret, _PAIR.finditer(within))):
        return HIDDEN if pair["name"] is None else f"{pair['name']}={HIDDEN}"
    return pair[0]


def _is_secret(pair: re.Match[str]) -> bool:
    name, value = pair["name"] or "", pair["value"]
    if _SECRET_NAME.search(name):
        return True
    mixed = _UNBROKEN.fullmatch(value) and len(_CHANGE.findall(unquote(value))) >= LEAST_CHANGES
    return bool(mixed) and not _PUBLIC_NAME.fullmatch(name)


def _maybe_public(url: str | None) -> str | None:
    return public_address(url) if url else url


def public_report(report: FeedReport) -> FeedReport:
    """Make a report of a feed public: hide the secrets in all its addresses."""
    state, push = report.state, report.push
    return replace(
        report,
        feed=replace(report.feed, url=public_address(report.feed.url)),
        state=replace(state, moved_to=_maybe_public(state.moved_to), address=_maybe_public(state.address)),
        push=replace(push, hub=public_address(push.hub)) if push else None,
    )


def story_url(base_url: str, story: StoryId) -> str:
    """Return the URL of a story's page."""
    return f"{base_url}/stories/{story}"


def topic_url(base_url: str, topic: TopicSlug) -> str:
    """Return the URL of a topic's page."""
    return f"{base_url}/topics/{topic}"
