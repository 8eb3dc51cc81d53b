"""Headlines of invented reports, and helpers to group them."""

from __future__ import annotations

from collections.abc import Iterable

import make
from wirekin.model import Assignment, Headline, HeadlineId
from wirekin.stories import Window, assign

SUMMARY = "Loading was suspended at two berths, traders said on Monday."


def said(title: str, path: str = "", **more: object) -> Headline:
    """A headline whose URL comes from its title unless a path is given."""
    return make.headline(title, f"https://example.com/{path or title.replace(' ', '-')}", **more)


def stories_of(assignments: Iterable[Assignment]) -> dict[str, str]:
    return {assignment.headline_id: assignment.story_id for assignment in assignments}


def group(*headlines: Headline, **links: object) -> dict[HeadlineId, Assignment]:
    return {a.headline_id: a for a in assign(Window(), headlines, **links)}  # type: ignore[arg-type]
