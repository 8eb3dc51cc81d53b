"""The handlers of pages, feeds and embeds: what people and feed readers get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from wirekin.errors import UnknownId
from wirekin.model import Headline, Page, Question, RelatedItem, RelatedQuery, Story, TopicSlug
from wirekin.related import related_to
from wirekin.render import (
    FeedDocument,
    Filters,
    Section,
    Site,
    atom,
    by_health,
    dump,
    embed_page,
    feeds_page,
    front_page,
    json_feed,
    opml,
    public_address,
    related_feed,
    related_html,
    rss,
    search_page,
    story_feed,
    story_page,
    topic_feed,
    topic_page,
    topic_url,
    topics_page,
)
from wirekin.store import Reader
from wirekin.thumbnails import LEAD
from wirekin.web._api import BY_TOKEN, TOPIC_SPAN, answer_of, counts_of, in_order, next_address, reports_of, story_of
from wirekin.web._context import Answer, Ask
from wirekin.web._images import in_headline, in_story
from wirekin.web._params import FILTERS, days_of, lang_of, limit_of, look_of, part_of, topic_of, words_of

HTML = "text/html; charset=utf-8"

FRONT_SPAN = timedelta(days=3)  # greatest age of a story on the front page; older ones are on the topic's page, 2026-11
SECTION_STORIES = 6  # a column that fits three screens of a laptop, 2026-11
PAGE_STORIES = 20
LED_STORIES = 3  # per topic, on /topics
NEWEST = 6  # headlines, in two rows of three beneath the leading story, 2026-11
MOST_OFFERED = 200  # publishers suggested in the search form: 6 kB, 2026-11
RELATED_BESIDE = 6  # on a story's page; the footer's default limit

_FEED_TYPES = {
    "json": "application/feed+json",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}


def front(reader: Reader, ask: Ask) -> Answer:
    """`/`."""
    sections, top = _sections(reader, ask)
    told = [story for section in sections for story in section.stories] + ([top] if top else [])
    return _live(front_page(site_of(reader, ask), sections, top, _newest(reader, told)))


def topics(reader: Reader, ask: Ask) -> Answer:
    """/topics."""
    since = reader.changed_at() - min(TOPIC_SPAN, ask.context.keep)
    led = [
        (count, reader.stories(Question(topic=count.slug, since=since, limit=LED_STORIES)).items)
        for count in counts_of(reader, ask, since)
    ]
    return _html(topics_page(site_of(reader, ask), led, min(TOPIC_SPAN, ask.context.keep).days))


def topic(reader: Reader, ask: Ask) -> Answer:
    """/topics/{slug}."""
    slug = _topic_in_path(ask)
    question = Question(topic=slug, limit=limit_of(ask.params, PAGE_STORIES), cursor=ask.params.get("cursor") or None)
    page = reader.stories(question)
    site = site_of(reader, ask)
    page = replace(page, items=tuple(in_story(story, ask) for story in page.items))
    return _live(topic_page(site, slug, page, following=next_address(ask, page.next, base=site.root)))


def story(reader: Reader, ask: Ask) -> Answer:
    """/stories/{id}."""
    detail = story_of(reader, ask, "/stories/{}")
    beside = _beside(reader, ask, detail.story)
    members = tuple(replace(one, headline=in_headline(one.headline, ask, LEAD)) for one in detail.members)
    shown = replace(detail, story=in_story(detail.story, ask), members=members)
    return _live(story_page(site_of(reader, ask), shown, beside))


def search(reader: Reader, ask: Ask) -> Answer:
    """/search: by words, by filters, or both; an empty field of the form counts as not given."""
    given = {name: value for name, value in ask.params.items() if value}
    asked = {name: value for name in FILTERS if (value := words_of(given, name, 200))}
    query, (first, last) = words_of(ask.params, "q", 200), days_of(asked)
    question = Question(
        topic=topic_of(asked, ask.context),
        publisher=asked.get("publisher", ""),
        lang=lang_of(asked, ""),
        search=query,
        since=first,
        until=last,
        limit=limit_of(given, 30),
        cursor=given.get("cursor"),
    )
    page: Page[Headline] = reader.headlines(question) if query or asked else Page(())
    site = site_of(reader, ask, query)
    following = next_address(ask, page.next, base=site.root)
    told = reader.stories_of(headline.id for headline in page.items)
    return _html(search_page(site, page, _filters(reader, asked), told, following=following))


def _filters(reader: Reader, asked: Mapping[str, str]) -> Filters:
    feeds = reader.configured()
    publishers = sorted({feed.publisher.name for feed in feeds if feed.publisher}, key=str.casefold)
    langs = {feed.lang.partition("-")[0].lower() for feed in feeds if feed.lang}
    return Filters(asked, publishers[:MOST_OFFERED], tuple(langs))


def feeds(reader: Reader, ask: Ask) -> Answer:
    """/feeds."""
    reports, site = reports_of(reader, ask), site_of(reader, ask)
    page = part_of(by_health(reports), ask, lambda report: report.feed.id)
    following = next_address(ask, page.next, base=site.root)
    shown = feeds_page(site, reports, page.items, configured=len(ask.context.feeds), following=following)
    return replace(_html(shown), headers=BY_TOKEN)


def fragment(reader: Reader, ask: Ask) -> Answer:
    """/fragment/related: HTML for server-side includes."""
    look = look_of(ask.params)
    answer, topics = answer_of(reader, ask), ask.context.topics
    return _html(related_html(answer, look.heading, images=look.images, lang=look.lang, topics=topics))


def embed(reader: Reader, ask: Ask) -> Answer:
    """/embed/related: a document for an iframe."""
    look = look_of(ask.params)
    answer = answer_of(reader, ask)
    page = embed_page(site_of(reader, ask), answer, look.heading, look.theme, images=look.images, lang=look.lang)
    return Answer(page.encode("utf-8", "replace"), HTML, framed=True)


def topic_as_feed(reader: Reader, ask: Ask) -> Answer:
    """/topics/{slug}.json, .atom and .rss."""
    slug = _topic_in_path(ask)
    stories = reader.stories(Question(topic=slug, limit=50)).items
    home, name = topic_url(ask.base_url, slug), ask.context.topics[slug]
    document = topic_feed(name, home, stories, base_url=ask.base_url, changed_at=reader.changed_at())
    return _feed(document, ask)


def story_as_feed(reader: Reader, ask: Ask) -> Answer:
    """/stories/{id}.json, .atom and .rss."""
    detail = story_of(reader, ask, "/stories/{}." + _suffix(ask))
    return _feed(story_feed(detail, base_url=ask.base_url), ask)


def related_as_feed(reader: Reader, ask: Ask) -> Answer:
    """/related.json, .atom and .rss."""
    return _feed(related_feed(answer_of(reader, ask), base_url=ask.base_url, query=urlencode(ask.params)), ask)


def feeds_as_opml(reader: Reader, ask: Ask) -> Answer:
    """/feeds.opml: a client without a token gets only the feeds whose address has nothing to hide."""
    feeds = in_order(reader.configured(), ask)
    shown = (feed for feed in feeds if ask.trusted or public_address(feed.url) == feed.url)
    return Answer(opml(shown), "text/x-opml; charset=utf-8", headers=BY_TOKEN)


def site_of(reader: Reader, ask: Ask, query: str = "") -> Site:
    """Return what every page shows around its content."""
    return bare_site(ask, reader.changed_at(), query)


def bare_site(ask: Ask, changed_at: datetime, query: str = "") -> Site:
    """Return the same without asking a reader, for error pages."""
    context = ask.context
    return Site(ask.base_url, context.topics, changed_at, context.version, ask.path, query)


def _sections(reader: Reader, ask: Ask) -> tuple[list[Section], Story | None]:
    """Return the sections and, with several topics, the story that leads them all."""
    since = reader.changed_at() - FRONT_SPAN
    if not ask.context.topics:
        stories = reader.stories(Question(since=since, limit=PAGE_STORIES)).items
        return [Section(None, "Leading stories", tuple(in_story(story, ask) for story in stories))], None
    leading = reader.stories(Question(since=since, limit=1)).items if len(ask.context.topics) > 1 else ()
    sections: list[Section] = []
    told = {story.id for story in leading}
    for slug, name in ask.context.topics.items():
        # Twice as many as shown, because a story of two topics is shown only in the first of them.
        stories = reader.stories(Question(topic=slug, since=since, limit=2 * SECTION_STORIES)).items
        fresh = tuple(in_story(story, ask) for story in stories if story.id not in told)[:SECTION_STORIES]
        told.update(story.id for story in fresh)
        sections.append(Section(slug, name, fresh))
    return sections, in_story(leading[0], ask) if leading else None


def _newest(reader: Reader, told: Iterable[Story]) -> list[Headline]:
    """Return the newest headlines of a day that are not on the page yet, nor under another publisher's name.

    One per publisher, against floods.
    """
    shown = [headline for story in told for headline in (story.lead, *story.others)]
    seen: set[str] = {mark for headline in shown for mark in (headline.id, headline.title.casefold())}
    found: list[Headline] = []
    for headline in reader.headlines(Question(since=reader.changed_at() - timedelta(days=1), limit=50)).items:
        marks = {headline.id, headline.publisher.name, headline.title.casefold()}
        if not marks & seen:
            seen |= marks
            found.append(headline)
    return found[:NEWEST]


def _beside(reader: Reader, ask: Ask, of: Story) -> list[RelatedItem]:
    query = RelatedQuery(url=of.lead.url, title=of.lead.title, limit=RELATED_BESIDE + 1)
    answer = related_to(reader, query, rules=ask.context.rules, keep=ask.context.keep)
    return [item for item in answer.items if item.story.id != of.id][:RELATED_BESIDE]


def _topic_in_path(ask: Ask) -> TopicSlug:
    slug = TopicSlug(ask.parts["slug"])
    if slug not in ask.context.topics:
        raise UnknownId("There is no such topic.")
    return slug


def _suffix(ask: Ask) -> str:
    return urlsplit(ask.path).path.rsplit(".", 1)[-1]


def _feed(document: FeedDocument, ask: Ask) -> Answer:
    suffix = _suffix(ask)
    write = {"atom": atom, "rss": rss}.get(suffix)
    body = write(document) if write else dump(json_feed(document))
    return Answer(body, _FEED_TYPES[suffix])


def _live(page: str) -> Answer:
    """Make the answer of a page whose script fetches it again while it is read."""
    return replace(_html(page), policy="connect-src 'self'; ")


def _html(page: str) -> Answer:
    return Answer(page.encode("utf-8", "replace"), HTML)
