"""A person's merge, split or pin as the correction to be stored; for the command line and for HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from wirekin import urls
from wirekin.errors import BadRequest, UnknownId
from wirekin.model import Headline, HeadlineId, StoryDetail, StoryId
from wirekin.store import Correction, Reader


def merging(reader: Reader, first: str, second: str) -> Correction:
    """The correction that both stories tell one event.

    Raises: UnknownId; BadRequest where they are one story already.
    """
    one, other = story_named(reader, first), story_named(reader, second)
    if one.story.id == other.story.id:
        raise BadRequest("these are one story already")
    return Correction(_speaker(one), _speaker(other), must=True)


def splitting(reader: Reader, headline: str) -> Correction:
    """The correction that the headline does not tell its story's event.

    Raises: UnknownId; BadRequest where it is alone in its story.
    """
    found, home = grouped(reader, headline)
    return Correction(_opener(reader, found, home), found.id, must=False)


def pinning(reader: Reader, headline: str) -> Correction:
    """The correction that the headline does tell its story's event.

    Raises: UnknownId; BadRequest where it is alone in its story.
    """
    found, home = grouped(reader, headline)
    return Correction(_opener(reader, found, home), found.id, must=True)


def grouped(reader: Reader, key: str) -> tuple[Headline, StoryId]:
    """The headline with that id, and the id of its story.

    Raises: UnknownId.
    """
    headline = reader.headline(HeadlineId(key))
    home = reader.story_of(headline.id) if headline else None
    if headline is None or home is None:
        raise UnknownId(f"no grouped headline has the id {key!r}: `wirekin headlines --json` shows ids")
    return headline, home


def story_named(reader: Reader, key: str) -> StoryDetail:
    """The story with that id, following a merge.

    Raises: UnknownId.
    """
    found = reader.story(StoryId(key))
    if isinstance(found, str):
        found = reader.story(found)
    if not isinstance(found, StoryDetail):
        raise UnknownId(f"no story has the id {key!r}: `wirekin stories` shows ids")
    return found


def story_about(reader: Reader, key: str) -> StoryDetail:
    """The story with that id, or else the story of the headline with that id or address.

    Raises: UnknownId.
    """
    if reader.story(StoryId(key)) is None:
        url = urls.canonicalise(key)
        headline = reader.headline(url=url) if url else reader.headline(HeadlineId(key))
        key = (reader.story_of(headline.id) if headline else None) or key
    return story_named(reader, key)


def _opener(reader: Reader, headline: Headline, home: StoryId) -> HeadlineId:
    """Another headline that speaks for the story: the one that opened it, unless that is the one asked about."""
    others = [m.headline.id for m in story_named(reader, home).members if m.headline.id != headline.id]
    if not others:
        raise BadRequest("that headline is the only one of its story")
    return _named_or_first(home, others)


def _named_or_first(story: StoryId, ids: Sequence[HeadlineId]) -> HeadlineId:
    """The headline that a story is named after, or the first where a regrouping moved that one out of it."""
    named = HeadlineId(story)
    return named if named in ids else ids[0]


def _speaker(told: StoryDetail) -> HeadlineId:
    return _named_or_first(told.story.id, [member.headline.id for member in told.members])
