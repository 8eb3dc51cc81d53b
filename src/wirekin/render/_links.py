"""Which addresses may leave in an answer, and where our own things are found."""

from __future__ import annotations

import re

from wirekin.model import StoryId, TopicSlug

_SAFE = re.compile(r"https?://[^\s\\\"<>`\x00-\x20\x7f]{1,2040}", re.IGNORECASE)


def safe_link(url: str) -> str:
    """The URL if it is http or https without anything that could end an attribute, else "" (requirement C9).

    Links are judged when they come in; this is the second, independent judge on the way out.
    """
    return url if _SAFE.fullmatch(url) else ""


def story_url(base_url: str, story: StoryId) -> str:
    """The page of a story."""
    return f"{base_url}/stories/{story}"


def topic_url(base_url: str, topic: TopicSlug) -> str:
    """The page of a topic."""
    return f"{base_url}/topics/{topic}"
