"""Which addresses may leave in an answer, and where our own things are found."""

from __future__ import annotations

import re

from wirekin.model import StoryId, TopicSlug

MAX_LINK = 2048  # characters; requirement C9

# A host without user name, then nothing that could end an attribute, turn the direction of what is shown, or hide.
_HIDING = r"\s\\\"<>`\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
_SAFE = re.compile(
    rf"https?://(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::[1-9][0-9]{{0,4}})?(?:[/?#][^{_HIDING}]*)?", re.IGNORECASE
)


def safe_link(url: str) -> str:
    """The URL if it is http or https, without user name or anything that could end an attribute, else "" (C9).

    Links are judged when they come in; this is the second, independent judge on the way out.
    """
    return url if len(url) <= MAX_LINK and _SAFE.fullmatch(url) else ""


def story_url(base_url: str, story: StoryId) -> str:
    """The page of a story."""
    return f"{base_url}/stories/{story}"


def topic_url(base_url: str, topic: TopicSlug) -> str:
    """The page of a topic."""
    return f"{base_url}/topics/{topic}"
