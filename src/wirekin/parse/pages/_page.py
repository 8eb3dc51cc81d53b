"""Extract the headlines of a front page, a section page or a related rail, by CSS selectors or automatically.

    decode (_markup) -> tree (_dom) -> links outside of furniture (_regions) -> one story per address, with its card and
    title (_stories) -> score (_score) -> picture (_pictures), time (_times), publisher (_signatures)

Furniture is everything around the news: navigation, footers, offers, adverts. A link is a headline if enough evidence
adds up: a heading, a title's length, an address that looks like an article's, a picture, a date, neighbours of the same
make (`_makes`). There are no rules for single sites. A page with hardly a headline is read again from its data
(_embedded) or from what its scripts would show (_hidden). Captions of pictures (_captions) add headlines without links.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice

from wirekin import text, urls
from wirekin.model import Entry, Image, Parsed, ParseFailed, ParseResult, Reason, Selectors
from wirekin.parse import _dates, _entries, _xml
from wirekin.parse.pages import _dom, _embedded, _hidden, _markup, _pictures, _signatures
from wirekin.parse.pages._captions import captioned_entries
from wirekin.parse.pages._dom import Page
from wirekin.parse.pages._painted import with_painted
from wirekin.parse.pages._places import shape_of
from wirekin.parse.pages._regions import Regions
from wirekin.parse.pages._score import ENOUGH, judgements, score
from wirekin.parse.pages._selectors import selected_entries
from wirekin.parse.pages._stories import Cards, Story, stories_of, texts_of
from wirekin.parse.pages._times import Times
from wirekin.parse.pages._trace import Judgement, Trace

FEW = 2  # headlines; a page with fewer is read again as a browser with scripts, or without them, would show it
MAX_SHELL_CHARS = 1_000  # of text on a page that a script fills: a made-up one has 11, the shortest real article 1,440
# Captioned pictures per linked headline, from which on those without a link are headlines too; below, they are a
# gallery. The labelled pages with such captions have no other headlines.
MOST_ILLUSTRATED = 0.5
MOST_PICTURES = 12  # candidates per story: a card may show a logo, a button and a badge before its own picture
_XML_TYPES = frozenset({"application/xml", "text/xml"})  # older types of feeds
_FEED_TYPES = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)|application/json")


def parse(
    body: bytes,
    *,
    url: str,
    charset: str,
    select: Selectors | None,
    lang: str | None,
    now: datetime | None,
    trace: Trace | None = None,
) -> ParseResult:
    """Parse a page.

    Args:
        body: ASCII-compatible bytes.
        url: the page's address after redirects; `<base href>` is resolved against it.
        charset: the charset of Content-Type.
        select: CSS selectors; they override the automatic extraction.
        lang: the configured language; it overrides the page's own.
        now: the instant that "2 hours ago" counts from; None leaves relative times out.
        trace: a list to fill with the judgement of each link; None for no trace, at no cost.

    Returns:
        Parsed, possibly without entries, or ParseFailed: TOO_LARGE, or NOT_A_FEED for an invalid selector.

    """
    if too_much := _markup.excess(body):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    markup = _markup.utf8(body, charset)
    with _dom.opened(markup, whole=select is not None, traced=trace is not None) as page:
        found = _parsed(page, url, select, lang, now, trace)
        if isinstance(found, ParseFailed) or select is not None or len(found.entries) >= FEW or not _is_shell(page):
            return found
        others = list(_hidden.markups(page, markup))
    for other in others:
        found = _or_fuller(found, other, url, lang, now, trace)
    return found


def _or_fuller(
    found: Parsed, markup: bytes, url: str, lang: str | None, now: datetime | None, trace: Trace | None
) -> Parsed:
    """Return what was found, or what other markup of the page gives if that is a longer list."""
    told: Trace | None = None if trace is None else []
    with _dom.opened(markup, whole=False, traced=trace is not None) as page:
        again = _parsed(page, url, None, lang, now, told)
    if isinstance(again, ParseFailed) or len(again.entries) <= max(len(found.entries), 1):
        return found
    if trace is not None:
        trace[:] = told or []
    return replace(found, entries=again.entries, shape=again.shape)


def _parsed(
    page: Page, url: str, select: Selectors | None, lang: str | None, now: datetime | None, trace: Trace | None
) -> ParseResult:
    base = base_of(page, url)
    spoken = lang or _entries.primary_lang(page.root.attrs.get("lang"))
    times = Times(now, spoken, page)
    title = next((one.text() for one in page.root.inside("title")), "")
    if select is not None:
        try:
            entries = selected_entries(page, base, select, times, trace)
        except ValueError as error:
            return ParseFailed(Reason.NOT_A_FEED, f"selector: {error}"[:200])
    else:
        entries = _found(page, base, url, times, title, trace)
    return Parsed(
        kind="page",
        entries=entries[: _xml.MAX_ENTRIES],
        title=text.clean(title, _entries.MAX_TITLE_CHARS),
        link=url,
        lang=spoken,
        feeds=tuple(dict.fromkeys(_announced(page, base))),
        sitemaps=tuple(dict.fromkeys(_sitemaps(page, base))),
        shape=shape_of(page, entries),
    )


def _is_shell(page: Page) -> bool:
    """True for a page with hardly any text: its content is in its scripts. An article's scripts list other articles."""
    return not any(body.is_longer(MAX_SHELL_CHARS) for body in page.root.inside("body"))


def base_of(page: Page, url: str) -> str:
    """Return the base address of the page's links: `<base href>`, or the page's address."""
    for one in page.root.inside("base"):
        if one.attrs.get("href"):
            return urls.resolve(url, one.attrs["href"]) or url
    return url


def _announced(page: Page, base: str) -> Iterable[str]:
    for one in page.root.inside("link"):
        written = one.written.lower()
        if "alternate" not in written and "feed" not in written:
            continue
        kinds, media = one.attrs.get("rel", "").lower().split(), one.attrs.get("type", "").lower()
        is_feed = "alternate" in kinds and bool(_FEED_TYPES.search(media))
        is_xml = "alternate" in kinds and media in _XML_TYPES and not one.has("hreflang")
        if is_feed or is_xml or "feed" in kinds:
            linked = urls.resolve(base, one.attrs.get("href", ""))
            if linked and "/wp-json/" not in linked and "oembed" not in linked:
                yield linked


def _sitemaps(page: Page, base: str) -> Iterator[str]:
    for one in page.root.inside("link"):
        if "sitemap" in one.written.lower() and "sitemap" in one.attrs.get("rel", "").lower().split():
            yield from filter(None, [urls.resolve(base, one.attrs.get("href", ""))])


# --- automatic extraction ---------------------------------------------------------------------------------------


def _found(page: Page, base: str, url: str, times: Times, title: str, trace: Trace | None) -> tuple[Entry, ...]:
    regions = Regions(page.root)
    stories, cards = stories_of(page, regions, base, url)
    score(stories, url, title)
    kept = [story for story in stories if story.score >= ENOUGH and story.title]
    if trace is not None:
        trace += judgements(page, regions, base, url, stories)
    if len(kept) < FEW:
        extra = _embedded.entries(page, base, stated=_is_shell(page))
        if len(extra) > max(len(kept), 1):  # a single one describes the page itself
            if trace is not None:
                trace[:] = [replace(one, accepted=False, reason="the page's data lists more") for one in trace]
                trace += [Judgement(True, one.link, one.title, "listed in the page's data") for one in extra]
            return extra
    pictures = [_images_of(story, cards, base) for story in kept]
    entries = [
        _entry(story, cards, base, times, next(shown, None)) for story, shown in zip(kept, pictures, strict=True)
    ]
    if any(one.published_at is None for one in entries):
        entries = _stamped(entries, _embedded.listed(page, base))
    entries = _without_one_for_all(entries, pictures, page, base)
    entries = with_painted(entries, map(cards.of, kept), page, base)
    captioned = captioned_entries(page, regions, base, {entry.title for entry in entries})
    judged = [*(entry.link for entry in entries), *(story.url for story in stories if story.refused)]
    links = set(map(urls.canonicalise, judged)) if captioned else set()
    captioned = [one for one in captioned if urls.canonicalise(one.link) not in links]  # told already, or refused
    if len(captioned) < MOST_ILLUSTRATED * len(entries):  # beside many headlines pictures without links are a gallery
        captioned = [one for one in captioned if one.image is None or one.link != one.image.url]
    if trace is not None:
        trace += [Judgement(True, one.link, one.title, "a picture whose caption says its text") for one in captioned]
    return (*entries, *captioned)


# --- entries ----------------------------------------------------------------------------------------------------


def _entry(story: Story, cards: Cards, base: str, times: Times, image: Image | None) -> Entry:
    card = story.card or story.links[0]
    stamps = (times.of(one, story.title) for one in cards.of(story))
    stamp = next((one for one in stamps if one.at is not None), _dates.NO_DATE)
    return Entry(
        link=story.url,
        title=story.title,
        published_at=stamp.at,
        precision=stamp.precision,
        offset=stamp.offset,
        image=image,
        source=_signatures.publisher_of(card, base, story.url) or _signatures.signed_by(story.title, texts_of(story)),
    )


def _stamped(entries: list[Entry], known: dict[str, Entry]) -> list[Entry]:
    """Add the times of the page's JSON-LD to entries whose cards show none."""
    if not known:
        return entries
    said = [known.get(urls.canonicalise(one.link) or "") if one.published_at is None else None for one in entries]
    return [
        replace(one, published_at=other.published_at, precision=other.precision, offset=other.offset) if other else one
        for one, other in zip(entries, said, strict=True)
    ]


def _images_of(story: Story, cards: Cards, base: str) -> Iterator[Image]:
    """Yield the first pictures of a story's places, lazily, because most stories show their first one."""
    found = (_pictures.images_of(one, base) for one in chain(cards.of(story), story.links))
    return islice(chain.from_iterable(found), MOST_PICTURES)


def _without_one_for_all(entries: list[Entry], pictures: list[Iterator[Image]], page: Page, base: str) -> list[Entry]:
    """Replace pictures that are the site's own, because several entries share them, by the next one of each card.

    Shared means: by four entries, by three that are a third of the entries with a picture, or by two if the picture is
    a button, in links to four addresses. Each card's iterator goes on from its last picture: starting again for each
    shared picture took 16 s for a page of 1 MB.
    """
    passed: set[str] = set()
    shown = Counter(entry.image.url for entry in entries if entry.image)
    buttons = _buttons(page, base) if max(shown.values(), default=0) > 1 else set()
    while shared := _shared(entries, buttons):
        passed |= shared
        entries = [
            replace(one, image=next((image for image in shown if image.url not in passed), None))
            if one.image and one.image.url in shared
            else one
            for one, shown in zip(entries, pictures, strict=True)
        ]
    return entries


def _shared(entries: list[Entry], buttons: set[str]) -> set[str]:
    shown = Counter(entry.image.url for entry in entries if entry.image)
    return {
        url
        for url, count in shown.items()
        if count > 3 or (count == 3 and count * 3 >= shown.total()) or (count > 1 and url in buttons)
    }


def _buttons(page: Page, base: str) -> set[str]:
    """Return the addresses of pictures in links to four addresses or more."""
    links = defaultdict(set)
    for one in page.root.inside("img"):
        around = next((up for up in islice(one.ancestors(), 2) if up.tag == "a"), None)
        if around is not None:
            links[one.attrs.get("src", "")].add(around.href.partition("#")[0])
    often = (src for src, addresses in links.items() if src and len(addresses) > 3)
    return {url for src in often if (url := urls.resolve(base, src))}
