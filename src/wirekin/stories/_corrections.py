"""The word of a person: must-links bring stories together, cannot-links keep headlines apart; replayed every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wirekin.model import HeadlineId, StoryId
from wirekin.stories._similarity import Document
from wirekin.stories._window import Window

__all__ = ["Corrections"]


class Corrections:
    """Must-links and cannot-links over headlines; a cannot-link is stronger than a must-link."""

    def __init__(
        self,
        must: Iterable[tuple[HeadlineId, HeadlineId]] = (),
        cannot: Iterable[tuple[HeadlineId, HeadlineId]] = (),
    ) -> None:
        self._must = tuple(must)
        self._apart: dict[HeadlineId, set[HeadlineId]] = defaultdict(set)
        for a, b in cannot:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def allow(self, window: Window, key: HeadlineId, story: StoryId) -> bool:
        """Whether a headline may stand in a story."""
        apart = self._apart.get(key)
        return not apart or not any(member.id in apart for member in window.members(story))

    def replay(self, window: Window) -> list[Document]:
        """Merge and split what the links ask for; returns the documents that moved."""
        moved: dict[HeadlineId, Document] = {}
        for a, b in self._must:
            for document in _merge(window, a, b, self._apart):
                moved[document.id] = document
        for key in sorted(self._apart):
            here = window.get(key)
            if here is not None:
                for document in _split(window, here.story, self._apart):
                    moved[document.id] = document
        return list(moved.values())


def _merge(window: Window, a: HeadlineId, b: HeadlineId, apart: dict[HeadlineId, set[HeadlineId]]) -> list[Document]:
    left, right = window.get(a), window.get(b)
    if left is None or right is None or left.story == right.story:
        return []
    older, younger = sorted((left.story, right.story), key=lambda story: (_opened(window, story), story))
    keep, move = window.members(older), window.members(younger)
    if any(other.id in apart.get(document.id, ()) for document in move for other in keep):
        return []
    for document in move:
        window.move(document, older)
    return list(move)


def _opened(window: Window, story: StoryId) -> tuple[bool, str]:
    first = min(window.members(story), key=lambda document: document.order)
    # A story whose opener has left the window is older than one whose opener is still in it.
    return str(first.id) == str(story), first.happened_at.isoformat()


def _split(window: Window, story: StoryId, apart: dict[HeadlineId, set[HeadlineId]]) -> list[Document]:
    """Take each headline in order into the first part where nobody is kept apart from it; copies follow their root."""
    parts: list[list[Document]] = []
    for document in sorted(window.members(story), key=lambda d: (d.order, d.root is not None)):
        against = apart.get(document.id, set())
        fitting = (part for part in parts if not any(other.id in against for other in part))
        part = next(fitting, None)
        if document.root is not None:
            with_root = next((p for p in parts if any(other.id == document.root for other in p)), None)
            part = with_root if with_root and not any(o.id in against for o in with_root) else part
        if part is None:
            parts.append([document])
        else:
            part.append(document)
    moved = []
    for part in parts[1:]:
        for document in part:
            window.move(document, StoryId(part[0].id))
            moved.append(document)
    return moved
