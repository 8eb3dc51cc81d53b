"""Render values of `model` as HTML: pages, the embed document and the fragment. jinja2 escapes all output.

Templates see only the views made here: words, safe links and instants, never a raw link of a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from wirekin.model import (
    EarlierTitle,
    FeedReport,
    Headline,
    HeadlineId,
    Health,
    Image,
    Member,
    Page,
    Precision,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedReason,
    Story,
    StoryDetail,
    StoryRef,
    TopicCount,
    TopicSlug,
)
from wirekin.render._json import move_note, page_note, stamp
from wirekin.render._lanes import first_two, lags_of, lanes_of
from wirekin.render._links import safe_link, story_url, topic_url
from wirekin.render._shares import shares_of
from wirekin.render._times import clock_time, day, moment
from wirekin.render._words import ENGLISH, RIGHT_TO_LEFT, Words, languages, words_in

_LIVE = frozenset({"front.html", "topic.html", "story.html"})  # pages whose script checks for new headlines
_AILING = (
    Health.DEAD,
    Health.GONE,
    Health.FAILING,
    Health.CHANGED,
    Health.EMPTY,
    Health.STALE,
    Health.NEW,
    Health.OK,
)
_LANGUAGES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "it": "Italiano",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}


Names = Mapping[TopicSlug, str]
NAMELESS: Names = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Site:
    """The values that every page shows around its content."""

    base_url: str  # "" makes our own links relative
    topics: Names  # slug -> name, in the order of feeds.yml
    changed_at: datetime
    version: str
    path: str = "/"  # of this page, for its canonical link
    query: str = ""  # the text in the search field

    @property
    def root(self) -> str:
        """The path at which a reverse proxy serves us: "" or "/news"."""
        return urlsplit(self.base_url).path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the front page."""

    slug: TopicSlug | None  # None: everything, if no topics are configured
    name: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A headline, with the headlines that have the same title folded beneath it."""

    headline: Headline
    same: tuple[Headline, ...] = ()
    score: float = 1.0
    shares: tuple[str, ...] = ()  # its words that other headlines of the story have, too
    same_day: bool = False  # the same day as the row before
    earlier: tuple[EarlierTitle, ...] = ()


@dataclass(frozen=True, slots=True)
class _StoryView:
    story: Story
    lead: _Row
    rows: tuple[_Row, ...]
    image: Image | None

    @property
    def folded(self) -> int:
        """The number of headlines that are folded beneath others."""
        return sum(len(row.same) for row in (self.lead, *self.rows))


def front_page(
    site: Site, sections: Sequence[Section], top: Story | None = None, newest: Sequence[Headline] = ()
) -> str:
    """`/`: the leading story of all, the newest headlines, then a section per topic with its leading stories."""
    views = [(section, [_story_view(story) for story in section.stories]) for section in sections]
    return _render("front.html", site=site, sections=views, top=_story_view(top) if top else None, newest=newest)


def topics_page(site: Site, topics: Sequence[tuple[TopicCount, Sequence[Story]]], days: int) -> str:
    """/topics: each topic with its counts of the last `days` days and its leading stories."""
    views = [(count, [_story_view(story) for story in stories]) for count, stories in topics]
    return _render("topics.html", site=site, topics=views, days=days)


def topic_page(site: Site, slug: TopicSlug, page: Page[Story], *, following: str = "") -> str:
    """/topics/{slug}: its stories, leading first; `following` is the address of the next part."""
    views = [_story_view(story) for story in page.items]
    name = site.topics.get(slug, slug)
    return _render("topic.html", site=site, slug=slug, name=name, stories=views, following=following)


def story_page(site: Site, detail: StoryDetail, related: Sequence[RelatedItem] = ()) -> str:
    """/stories/{id}: its headlines in the order of time, with copies folded beneath their original."""
    rows = _timeline(detail.members)
    image = _picture((detail.story.lead, *(member.headline for member in detail.members)))
    return _render(
        "story.html",
        site=site,
        story=detail.story,
        rows=rows,
        image=image,
        lags=lags_of(detail.members),
        lanes=lanes_of(detail.members),
        told=first_two(detail.members),
        related=related,
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the form of /search: their values as sent, and the values on offer."""

    asked: Mapping[str, str] = field(default_factory=dict)  # topic, publisher, lang, from, until; empty ones left out
    publishers: Sequence[str] = ()
    langs: Sequence[str] = ()


def search_page(
    site: Site,
    page: Page[Headline],
    filters: Filters = Filters(),
    stories: Mapping[HeadlineId, StoryRef] = MappingProxyType({}),
    *,
    following: str = "",
) -> str:
    """/search: headlines by match, or newest first if there are only filters; `site.query` has the words.

    `stories` maps headlines to their stories.
    """
    rows = [_earliest_leads(row) for row in _fold_same(page.items)]
    langs = sorted({*_LANGUAGES, *filters.langs, *filter(None, [filters.asked.get("lang")])})
    return _render(
        "search.html", site=site, rows=rows, filters=filters, stories=stories, langs=langs, following=following
    )


def by_health(reports: Iterable[FeedReport]) -> tuple[FeedReport, ...]:
    """Sort feeds by health, the worst first, then by name."""
    return tuple(sorted(reports, key=lambda one: (_AILING.index(one.health), _counted(one.feed.name))))


def feeds_page(
    site: Site,
    reports: Sequence[FeedReport],
    shown: Sequence[FeedReport] | None = None,
    *,
    configured: int = 0,
    following: str = "",
) -> str:
    """/feeds: each feed by what it delivers, or only those that are `shown`, below the totals of all `reports`.

    `configured` is the number of feeds in feeds.yml, for the time before any of them is in the store.
    """
    daily = [sum(day) for day in zip(*(report.recent for report in reports if report.recent), strict=True)]
    counts = {health.value: sum(report.health is health for report in reports) for health in reversed(_AILING)}
    ends = (site.changed_at - timedelta(days=max(0, len(daily) - 1)), site.changed_at)
    rows = by_health(reports) if shown is None else shown
    around = {"counts": counts, "daily": daily, "ends": ends, "configured": configured, "following": following}
    return _render("feeds.html", site=site, reports=rows, **around)


def embed_page(
    site: Site, answer: RelatedAnswer, heading: str = "", theme: str = "auto", *, images: bool = True, lang: str = "en"
) -> str:
    """/embed/related: the footer as a document of its own, for an iframe. `theme` is auto, light or dark.

    Its words are in the language `lang`, and so is the default heading.
    """
    return _render(
        "embed.html", site=site, level="h1", theme=theme, **_footer(answer, heading, images, lang, site.topics)
    )


def builder_page(
    site: Site, asked: Mapping[str, str], example: str, frame: str, height: int, ways: Sequence[object]
) -> str:
    """/embed: a form, the preview of its result (at the URL `frame`), and the code of each of `ways` (Snippet).

    `example` is the headline that is shown if no article was named.
    """
    shown = {"asked": asked, "example": example, "frame": frame, "height": height, "ways": ways}
    return _render("builder.html", site=site, langs=languages(), **shown)


def api_page(site: Site, document: Mapping[str, object]) -> str:
    """/docs: an OpenAPI document as a page for people."""
    return _render("api.html", site=site, document=document)


def related_html(
    answer: RelatedAnswer, heading: str = "", *, images: bool = True, lang: str = "en", topics: Names = NAMELESS
) -> str:
    """Render the footer as an HTML fragment, for server-side includes and `wirekin related --html`; "" if empty."""
    shown = _footer(answer, heading, images, lang, topics)
    return _render("related.html", level="h2", **shown) if answer.items else ""


def _footer(answer: RelatedAnswer, heading: str, images: bool, lang: str, topics: Names) -> dict[str, object]:
    words = words_in(lang)
    heading = heading or words.related
    return {"items": answer.items, "heading": heading, "images": images, "words": words, "topics": topics}


def error_page(site: Site, status: int, title: str, detail: str) -> str:
    """Render an error for people."""
    return _render("error.html", site=site, status=status, title=title, detail=detail)


def _story_view(story: Story) -> _StoryView:
    rows = _fold_same((story.lead, *story.others))
    return _StoryView(story, rows[0], tuple(rows[1:]), _picture((story.lead, *story.others)))


def _picture(headlines: Iterable[Headline]) -> Image | None:
    # The lead's own picture, else the first of another report of the event.
    images = (headline.image for headline in headlines)
    return next((image for image in images if image and safe_link(image.url)), None)


def _fold_same(headlines: Sequence[Headline]) -> list[_Row]:
    rows: dict[str, list[Headline]] = {}
    for headline in headlines:
        rows.setdefault(headline.title.casefold(), []).append(headline)
    return [_Row(first, tuple(same)) for first, *same in rows.values()]


def _earliest_leads(row: _Row) -> _Row:
    first, *same = sorted((row.headline, *row.same), key=lambda headline: headline.happened_at)
    return _Row(first, tuple(same))


def _timeline(members: Sequence[Member]) -> list[_Row]:
    copies: dict[HeadlineId, list[Headline]] = {}
    known = {member.headline.id for member in members}
    for member in members:
        if member.copy_of in known and member.copy_of is not None:
            copies.setdefault(member.copy_of, []).append(member.headline)
    own = [member for member in members if member.copy_of not in known]
    shares = shares_of(members)
    days = [moment(member.headline.happened_at, day_only=True) for member in own]
    same_days = [day == before for day, before in zip(days, ["", *days], strict=False)]
    return [
        _Row(
            one.headline,
            tuple(copies.get(one.headline.id, ())),
            one.score,
            shares.get(one.headline.id, ()),
            same_day,
            one.earlier,
        )
        for one, same_day in zip(own, same_days, strict=True)
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("wirekin.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clock_time=clock_time,
        count=_count,
        day=day,
        direction=_direction,
        href=safe_link,
        kind=_kind,
        language=_language,
        moment=moment,
    )
    environment.filters.update(stamp=stamp, why=why)
    environment.globals.update(
        Precision=Precision,
        heights=_heights,
        move_note=move_note,
        page_note=page_note,
        story_url=story_url,
        topic_url=topic_url,
    )
    return environment


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(live=template in _LIVE, **values)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _direction(lang: str | None) -> str:
    # A known language decides, because "auto" would set a Persian headline that begins with a Latin name left to right.
    return "rtl" if _primary(lang or "") in RIGHT_TO_LEFT else "auto"


def why(reason: RelatedReason, words: Words = ENGLISH, topics: Names = NAMELESS) -> str:
    """Return the reason for an item in words, as the widget (web/static/widget.js) does: a test compares the two.

    `topics` has the topics' names; a topic without a name is shown by its slug.
    """
    match reason.kind:
        case RelatedKind.SAME_STORY:
            return words.same_story
        case RelatedKind.SAME_TOPIC if reason.topics:
            slug = reason.topics[0]
            return f"{words.same_topic}: {topics.get(slug) or slug.replace('-', ' ')}"
        case RelatedKind.LATEST:
            return words.latest
        case _:
            return f"{words.shares}: {', '.join(reason.terms[:3])}" if reason.terms else ""


def _counted(name: str) -> list[tuple[bool, int, str]]:
    """Return a natural sort key, with "Channel 9" before "Channel 10"."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(at % 2 == 0, int(part) if at % 2 else 0, part) for at, part in enumerate(parts) if part]


def _kind(schema: Mapping[str, Any]) -> str:
    """Describe the type of a JSON schema in a few words: "a list of string", "string or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    return f"a list of {_kind(schema['items'])}" if schema.get("type") == "array" else str(schema.get("type", "any"))


def _primary(lang: str) -> str:
    return lang.partition("-")[0].lower()


def _language(lang: str) -> str:
    return _LANGUAGES.get(_primary(lang), lang)


def _heights(counts: Sequence[int], height: int) -> list[int]:
    """Return the heights of a bar chart's bars, at least one unit for a count above 0."""
    highest = max(counts, default=0)
    return [max(1, round(height * count / highest)) if count else 0 for count in counts]
