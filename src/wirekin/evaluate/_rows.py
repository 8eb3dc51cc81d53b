"""JSONL rows: the kind of a file, by its keys, and the headlines that its rows stand for.

labelled headlines: title, story | queries: relevant | pairs: a, b and overall or y | topic cases: text, topics
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from wirekin.model import (
    Assignment,
    CanonicalUrl,
    Headline,
    HeadlineId,
    Publisher,
    Semantic,
    StoryId,
    TopicSlug,
    headline_id,
)
from wirekin.stories import Regrouping, Window, assign_in_order
from wirekin.text import clean, guess_lang, split_outlet, split_wire
from wirekin.topics import TopicRules
from wirekin.urls import canonicalise, clean_link, host_key

Row = Mapping[str, object]

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # until a row gives a time: only differences matter to grouping


class FileKind(StrEnum):
    """What a file of rows can be measured as."""

    HEADLINES = "headlines"
    QUERIES = "queries"
    PAIRS = "pairs"
    TOPIC_CASES = "topic_cases"


@dataclass(frozen=True, slots=True)
class Sample:
    """A row read as a headline, with the labels that it carries."""

    key: str  # the row's id, or its place in the file
    headline: Headline  # its id is unique to the row
    document: str  # equal for rows of one URL
    story: str | None = None
    copy_of: str | None = None
    topics: frozenset[TopicSlug] | None = None
    place: int = 0  # of the row, from 1


def kind_of(rows: Sequence[Row]) -> FileKind | None:
    """What a file is, by the keys of its first row; None for an empty or foreign one."""
    keys = set(rows[0]) if rows else set()
    if "relevant" in keys:
        return FileKind.QUERIES
    if {"a", "b"} <= keys and keys & {"overall", "y"}:
        return FileKind.PAIRS
    if "title" in keys:
        return FileKind.HEADLINES
    return FileKind.TOPIC_CASES if {"text", "topics"} <= keys else None


def read_rows(lines: Iterable[str]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of a JSONL text, and a complaint with the line number for each line that is none."""
    rows: list[Row] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: not JSON: {error.msg}")
            continue
        except (ValueError, RecursionError):  # whose messages are for Python programmers
            problems.append(f"line {number}: not JSON that can be read: nested too deeply, or a number too long")
            continue
        if isinstance(row, dict):
            rows.append({**row, "line": number})
        else:
            problems.append(f"line {number}: a row must be an object, as in {{'title': ..., 'url': ...}}")
    return tuple(rows), tuple(problems)


def samples(rows: Sequence[Row]) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The rows as headlines, made as a poll makes them, in file order; and complaints about rows without a title."""
    found: list[Sample] = []
    problems: list[str] = []
    at = UNDATED
    given = {text_of(row, "id") for row in rows}
    for place, row in enumerate(rows, 1):
        title = text_of(row, "title")
        if not clean(title):
            problems.append(f"line {row.get('line', place)}: a headline needs a 'title'")
            continue
        at = _time(row) or at
        number = str(place) if str(place) not in given else f"row-{place}"  # the name of a row without an id
        found.append(_sample(row, text_of(row, "id") or number, place, at))
    return tuple(found), tuple(problems)


def text_of(row: Row, key: str) -> str:
    """The string at a key; "" where there is none (numbers are written out: ids come as both)."""
    value = row.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _sample(row: Row, key: str, place: int, at: datetime) -> Sample:
    url = text_of(row, "url")
    canonical = canonicalise(url) if url else None
    names = tuple(text_of(row, name) for name in ("outlet", "source", "publisher"))
    title, summary, wire = split_wire(clean(text_of(row, "title")), clean(text_of(row, "summary")))
    title, _ = split_outlet(title, filter(None, names))
    named = text_of(row, "publisher") or text_of(row, "source")
    domain = host_key(url) if url else ""
    topics = row.get("topics")
    return Sample(
        key=key,
        document=canonical or f"row {place}",
        story=text_of(row, "story") or None,
        copy_of=text_of(row, "copy_of") or None,
        topics=frozenset(TopicSlug(str(slug)) for slug in topics) if isinstance(topics, list) else None,
        place=place,
        headline=Headline(
            id=headline_id(CanonicalUrl(f"{canonical or ''}#{place:09}")),
            url=clean_link(url) if url else "",
            link=url,
            canonical_url=canonical,
            title=title,
            summary=summary,
            publisher=Publisher(name=named or domain, domain=named or domain),
            first_seen_at=at,
            published_at=at,
            lang=text_of(row, "lang") or guess_lang(f"{title} {summary}"),
            wire=wire,
        ),
    )


def _time(row: Row) -> datetime | None:
    try:
        at = datetime.fromisoformat(text_of(row, "published_at"))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: the year 1 or 9999 in a zone that puts it outside
        return None


def group_rows(rows: Sequence[Row], topics: TopicRules | None = None) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Rows {"id", "story", "copy_of", "topics"} for plain headlines, in file order, and complaints.

    Every row with a title has an answer. Of two rows with one URL the later is a copy of the earlier. A story has the
    id of its first headline in the file, and where an earlier row has that id too, "row-" and its number.
    """
    found, problems = samples(rows)
    groups = group_samples(found)
    keys = _names(found)
    answers: list[Row] = []
    for sample in found:
        headline = sample.headline
        story, root = groups[headline.id]
        matches = topics.match(headline.title, headline.summary, headline.lang) if topics else ()
        answers.append(
            {
                "id": sample.key,
                "story": keys[story],
                "copy_of": keys[root] if root else None,
                "topics": [match.slug for match in matches],
            }
        )
    return tuple(answers), problems


def _names(found: Sequence[Sample]) -> dict[HeadlineId, str]:
    """What stories and copies call each headline: its id, or its row where an earlier row has that id too.

    No two are called alike: where "row-3" is an id of the file, the third row is called "row-3'".
    """
    ids = {sample.key for sample in found}
    names: dict[HeadlineId, str] = {}
    named: set[str] = set()
    for sample in found:
        name = sample.key
        if name in named:
            name = f"row-{sample.place}"
            while name in ids:
                name += "'"
        named.add(name)
        names[sample.headline.id] = name
    return names


def group_samples(
    found: Sequence[Sample], *, semantic: Semantic = False, online: bool = False
) -> dict[HeadlineId, tuple[HeadlineId, HeadlineId | None]]:
    """For each sample's headline: the first headline of its story, and the one that it copies or None.

    With `online` headlines are only joined one by one as they come; else they are regrouped once at the end.
    """
    first: dict[str, Sample] = {}
    fresh: list[Headline] = []
    later: list[tuple[HeadlineId, HeadlineId]] = []
    for sample in found:
        known = first.setdefault(sample.document, sample)
        if known is sample:
            fresh.append(sample.headline)
        else:
            later.append((sample.headline.id, known.headline.id))
    window = Window(semantic=semantic)
    stories = {a.headline_id: a for a in assign_in_order(window, fresh)}
    stories |= {} if online else {a.headline_id: a for a in _regrouped(window)}
    opened: dict[StoryId, HeadlineId] = {}
    groups = {
        headline.id: (opened.setdefault(stories[headline.id].story_id, headline.id), stories[headline.id].copy_of)
        for headline in fresh
    }
    for again, known_id in later:
        story, root = groups[known_id]
        groups[again] = story, root or known_id
    return groups


def _regrouped(window: Window) -> tuple[Assignment, ...]:
    regrouping = Regrouping(window)
    while regrouping.step(len(window)):
        pass
    return regrouping.moves()
