"""A person's corrections: must-links merge stories, cannot-links keep headlines apart; replayed at every grouping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from wirekin.model import HeadlineId, StoryId, story_id_apart
from wirekin.stories._similarity import Document
from wirekin.stories._window import Window


class Corrections:
    """Must-links and cannot-links over headlines; a cannot-link is stronger than a must-link."""

    def __init__(
        self,
        must: Iterable[tuple[HeadlineId, HeadlineId]] = (),
        cannot: Iterable[tuple[HeadlineId, HeadlineId]] = (),
    ) -> None:
        self.must = tuple(must)
        self._apart: dict[HeadlineId, set[HeadlineId]] = defaultdict(set)
        self.taken_out: set[HeadlineId] = set()  # the second of each cannot-link, taken out of the first's story
        for a, b in cannot:
            self.taken_out.add(b)
            self._apart[a].add(b)
            self._apart[b].add(a)

    def __contains__(self, key: object) -> bool:
        """Whether a headline has a cannot-link."""
        return key in self._apart

    def allow(self, window: Window, key: HeadlineId, story: StoryId) -> bool:
        """Whether a headline may join a story: no cannot-link separates it from a member."""
        apart = self._apart.get(key)
        return not apart or not any(member.id in apart for member in window.members(story))

    def apart(self, left: Iterable[Document], right: Iterable[Document]) -> bool:
        """Whether a cannot-link separates a headline of one group from one of the other."""
        if not self._apart:
            return False
        there = {document.id for document in right}
        return any(not there.isdisjoint(self._apart.get(document.id, ())) for document in left)

    def replay(self, window: Window) -> list[Document]:
        """Merge and split stories as the links ask; return the documents that moved."""
        moved: dict[HeadlineId, Document] = {}
        for a, b in self.must:
            for document in self._merge(window, a, b):
                moved[document.id] = document
        for key in sorted(self._apart):
            here = window.get(key)
            if here is not None:
                for document in self._split(window, here.story):
                    moved[document.id] = document
        return list(moved.values())

    def _merge(self, window: Window, a: HeadlineId, b: HeadlineId) -> list[Document]:
        left, right = window.get(a), window.get(b)
        if left is None or right is None or left.story == right.story:
            return []
        older, younger = sorted((left.story, right.story), key=lambda story: (window.opened(story), story))
        keep, move = window.members(older), window.members(younger)
        if self.apart(move, keep):
            return []
        for document in move:
            window.move(document, older)
        return list(move)

    def _split(self, window: Window, story: StoryId) -> list[Document]:
        """Split a story: each headline goes to the first part that no cannot-link bars; copies follow their root.

        Headlines that a person took out come last, so that the others stay together even if one of these opened it.
        The opener's part keeps the story's id.
        """
        members = window.members(story)
        here = {document.id for document in members}
        out = {key for key in self.taken_out & here if not here.isdisjoint(self._apart[key])}
        out |= {d.id for d in members if d.root in out and d.root not in self._apart.get(d.id, ())}
        parts: list[list[Document]] = []
        for document in sorted(members, key=lambda d: (d.id in out, d.order, d.root is not None)):
            part = next((part for part in parts if not self.apart([document], part)), None)
            if document.root is not None:
                with_root = next((p for p in parts if any(other.id == document.root for other in p)), None)
                part = with_root if with_root and not self.apart([document], with_root) else part
            if part is None:
                parts.append([document])
            else:
                part.append(document)
        moved = []
        stays = next((part for part in parts if any(StoryId(document.id) == story for document in part)), parts[0])
        for part in (part for part in parts if part is not stays):
            name = fresh_story(part, lambda name: name == story or bool(window.members(name)))
            for document in part:
                window.move(document, name)
                moved.append(document)
        return moved


def fresh_story(headlines: Sequence[Document], taken: Callable[[StoryId], bool]) -> StoryId:
    """A free id for a story of these headlines: that of the first whose id names no story, else one made from it.

    A headline's id may be taken: by a story that it opened and was moved out of since.
    """
    free = (StoryId(document.id) for document in sorted(headlines, key=lambda d: d.order))
    name = next((story for story in free if not taken(story)), None)
    while name is None or taken(name):
        name = story_id_apart(name or headlines[0].id)
    return name
