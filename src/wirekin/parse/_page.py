"""Headlines of a front page, a section page or a related rail, by selectors or by looking.

    decode -> tree -> links outside of furniture -> one story per address -> its card -> score -> title, picture, time

A link is a headline when enough speaks for it: a heading, a title's length, an address that looks like an article's,
a picture, a date, neighbours of the same make. No page of anybody is known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from wirekin import text, urls
from wirekin.model import Entry, Parsed, ParseFailed, ParseResult, Precision, Reason, Selectors
from wirekin.parse import _cards, _dom, _embedded, _entries, _xml
from wirekin.parse._captions import MIN_CAPTION_WORDS, captioned_entries
from wirekin.parse._dom import Element, Page
from wirekin.parse._places import shape_of
from wirekin.parse._regions import Regions
from wirekin.parse._selectors import selected_entries
from wirekin.parse._shapes import address_score, is_social, kind_of_address
from wirekin.parse._trace import Judgement, Trace, path_of

ENOUGH = 4.0  # of the score below: macro F1 is flat from 3 to 6 on the development pages, bench/pages.py, 2026-11
WORDS_OF_HEADLINES = 5.0  # the mean of a list of headlines is more; of menus and topics less
MAX_BESIDE = 4  # elements in one box; a list of links has more
MAX_LINKS = 5_000  # of one page; the busiest of 65 real pages has 900, 2026-11
MAX_CARD_ELEMENTS = 300  # in one card; the fullest of the labelled pages has 28, 2026-11
MAX_CARD_TEXT = 1_500  # characters; the fullest labelled card has 715; a larger one is the article itself

_FEED_TYPES = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)|application/json")
_SECTION_HEAD = re.compile(
    r"\b(?:section|block|widget|module|list|group|box|column|zone)-?(?:head|heading|header|title|name)\b"
)
# What asks for something instead of telling it.
_OFFER = re.compile(
    r"\b(?:in your inbox|newsletters?|subscribe (?:now|to|for|today)|sign up (?:for|to|now)|download (?:the|our) app|"
    r"sign in|log in|cookie|privacy policy|terms (?:of use|and conditions)|подпи(?:шитесь|саться)|рассылк\w+|"
    r"abonnieren|abonnez|suscr[ií]b\w+|iscriviti|abone ol)\b|اشترك|عضویت در خبرنامه|הירשמו",
    re.IGNORECASE,
)
_EMBLEM = re.compile(r"\b(?:logo|icon|avatar|portrait)\b", re.IGNORECASE)  # alt texts that describe, and tell nothing
_HASHES = re.compile(r"[_-]?[0-9a-f]*\d[0-9a-f]*")  # in class names: post-36268, ssrcss-3ab863c3-Promo


@dataclass(slots=True, eq=False)
class Story:
    """All links of a page to one address."""

    url: str
    links: list[Element] = field(default_factory=list)
    card: Element | None = None
    title: str = ""
    score: float = 0.0
    railed: bool = False  # in a list that is called related, latest ...
    paired: bool = False  # a picture's alt text and a caption say the same


def parse(
    body: bytes,
    *,
    url: str,
    charset: str,
    select: Selectors | None,
    lang: str | None,
    now: datetime,  # noqa: ARG001
    trace: Trace | None = None,
) -> ParseResult:
    """Read a page.

    Args:
        body: ASCII-compatible bytes.
        url: where it came from; `<base href>` is resolved against it.
        charset: what Content-Type said.
        select: CSS selectors; they win over the automatic extraction.
        lang: the configured language, which wins over the page's.
        now: unused while relative times ("2 hours ago") are not read.
        trace: where to write down why each link is a headline or is none; nothing is made for it where it is None.

    """
    if too_much := _dom.excess(body):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    page = _dom.read(_dom.decode(body, charset))
    base = base_of(page, url)
    if select is not None:
        try:
            entries = selected_entries(page, base, select)
        except ValueError as error:
            return ParseFailed(Reason.NOT_A_FEED, f"selector: {error}"[:200])
        if trace is not None:
            trace += [Judgement(True, one.link, one.title, f"selector: {select.item}") for one in entries]
    else:
        entries = _found(page, base, url, trace)
    title = next((one.text() for one in page.root.walk() if one.tag == "title"), "")
    return Parsed(
        kind="page",
        entries=entries[: _xml.MAX_ENTRIES],
        title=text.clean(title, _entries.MAX_TITLE_CHARS),
        link=url,
        lang=lang or _entries.primary_lang(page.root.attrs.get("lang")),
        feeds=tuple(dict.fromkeys(_announced(page, base))),
        shape=shape_of(page, entries),
    )


def base_of(page: Page, url: str) -> str:
    """What the page's links are relative to."""
    for one in page.root.walk():
        if one.tag == "base" and one.attrs.get("href"):
            return urls.resolve(url, one.attrs["href"]) or url
    return url


def _announced(page: Page, base: str) -> Iterable[str]:
    for one in page.root.walk():
        is_feed = one.tag == "link" and "alternate" in one.attrs.get("rel", "").lower().split()
        if is_feed and _FEED_TYPES.search(one.attrs.get("type", "").lower()):
            linked = urls.resolve(base, one.attrs.get("href", ""))
            if linked and "/wp-json/" not in linked and "oembed" not in linked:
                yield linked


# --- by looking -------------------------------------------------------------------------------------------------


def _found(page: Page, base: str, url: str, trace: Trace | None) -> tuple[Entry, ...]:
    regions = Regions(page.root)
    stories = _stories(page, regions, base, url)
    _score(stories, url)
    kept = [story for story in stories if story.score >= ENOUGH and story.title]
    stamped = _embedded.listed(page, base)
    if trace is not None:
        trace += _judgements(page, regions, base, url, stories)
    if len(kept) < 2:
        extra = _embedded.entries(page, base)
        if len(extra) > len(kept):
            if trace is not None:
                trace[:] = [replace(one, accepted=False, reason="the page's data lists more") for one in trace]
                trace += [Judgement(True, one.link, one.title, "listed in the page's data") for one in extra]
            return extra
    entries = [_entry(story, base, stamped) for story in kept]
    captioned = captioned_entries(page, regions, base, {entry.title for entry in entries})
    if trace is not None:
        trace += [Judgement(True, one.link, one.title, "a picture whose caption says its text") for one in captioned]
    return (*entries, *captioned)


def _stories(page: Page, regions: Regions, base: str, url: str) -> list[Story]:
    own = urls.canonicalise(url)
    found: dict[str, Story] = {}
    for link in page.root.walk():
        if link.tag != "a" or not link.attrs.get("href") or len(found) >= MAX_LINKS or regions.out(link):
            continue
        resolved = urls.resolve(base, link.attrs["href"])
        canonical = urls.canonicalise(resolved) if resolved else None
        if resolved is None or canonical is None or canonical == own or is_social(resolved):
            continue
        found.setdefault(canonical, Story(resolved)).links.append(link)
    stories = list(found.values())
    owners = {link.order: story for story in stories for link in story.links}
    for story in stories:
        story.links = _without_asides(story.links)
        story.card = _card(story, owners)
        story.title, story.paired = _title(story)
        story.railed = regions.in_rail(story.card)
    return _once(stories)


def _once(stories: list[Story]) -> list[Story]:
    """One story a title and path: "?itid=most-read_1" is the same article as without."""
    first: dict[tuple[str, str], Story] = {}
    for story in stories:
        first.setdefault((story.url.partition("?")[0].rstrip("/"), text.fold(story.title)), story)
    return list(first.values())


def _without_asides(links: list[Element]) -> list[Element]:
    """Links to the comments or to the rest of an article are no places of its headline, if there are others."""
    plain = [link for link in links if "#" not in link.attrs["href"].strip()]
    return plain or links


def _card(story: Story, owners: dict[int, Story]) -> Element:
    """The largest element around the story's best link that holds no other story's title."""
    card = best = _best_link(story)
    for up in best.ancestors():
        if up.tag in {"body", "html", "main"} or up.size > MAX_CARD_ELEMENTS:
            break
        others = [part for part in up.walk() if part.tag == "a" and owners.get(part.order, story) is not story]
        if any(_cards.is_strong(part) for part in others) or len(up.text()) > MAX_CARD_TEXT:
            break
        card = up
        if up.tag in {"article", "li"} or "hentry" in up.marks:
            break
    return card


def _best_link(story: Story) -> Element:
    def worth(link: Element) -> tuple[bool, int]:
        words = link.text()
        heading = any(one.tag in _cards.HEADINGS for one in (*link.walk(), *islice(link.ancestors(), 3)))
        return heading and not _cards.is_generic(words), 0 if _cards.is_generic(words) else min(len(words), 60)

    return max(story.links, key=worth)


def _title(story: Story) -> tuple[str, bool]:
    """The story's title, and whether a picture and a caption agree on it."""
    card = story.card or story.links[0]
    best = _best_link(story)
    heading = next((up for up in best.ancestors() if up.tag in _cards.HEADINGS), None)
    own = _cards.title_of(heading if heading is not None and _is_alone(heading, story) else best)
    if (not own or _cards.is_generic(own)) and card is not best:
        inside = next((part for part in card.walk() if part.tag in _cards.HEADINGS), None)
        own = _cards.title_of(inside) if inside is not None else ""
    pictures = [part for link in (card, *story.links) for part in link.walk() if part.tag == "img"]
    alts = [alt for alt in (part.attrs.get("alt", "") for part in pictures) if not _EMBLEM.search(alt)]
    names = [part.attrs.get("title", "") for link in story.links for part in link.walk()]
    if not own or _cards.is_generic(own):
        captions = [part.text() for part in card.walk() if part.tag in {"figcaption", "p"}]
        own = next((_cards.bare(one) for one in (*captions, *alts, *names) if _cards.weight(one) > 2), "")
    own = _cards.full_of(own, [*alts, *names])
    paired = any(_cards.bare(alt).casefold() == own.casefold() for alt in alts if alt)
    return own, paired


def _is_alone(heading: Element, story: Story) -> bool:
    links = [part for part in heading.walk() if part.tag == "a"]
    return all(link in story.links for link in links)


# --- the score --------------------------------------------------------------------------------------------------


def _score(stories: list[Story], url: str) -> None:
    home = urls.host_key(url)
    abroad = [story for story in stories if urls.host_key(story.url) != home]
    telling = [story for story in stories if _cards.weight(story.title) > 3]
    aggregator = sum(story in abroad for story in telling) > 0.5 * len(telling)
    for story in stories:
        story.score = _title_score(story) + address_score(story.url) + _card_score(story)
        if story in abroad and not aggregator and not story.paired:
            story.score -= 2.5
    _by_neighbours(stories)


def _title_score(story: Story) -> float:
    words = _cards.weight(story.title)
    if not story.title or _cards.is_generic(story.title):
        return -6.0
    score = {0: -4.0, 1: -3.0, 2: -1.5, 3: 0.0, 4: 1.0}.get(words, 2.0)
    link = _best_link(story)
    near = [link, *islice(link.ancestors(), 2)]
    if any(one.tag in _cards.HEADINGS for one in (*near, *link.walk())):
        score += -1.5 if any(_SECTION_HEAD.search(one.marks) for one in near) else 2.5
    elif any(_cards.is_titled(one) for one in (*near, *link.walk())):
        score += 1.5
    score -= 3.0 if _OFFER.search(story.title) else 0.0
    return score - (1.5 if words > 35 else 0) - (4.0 if _cards.in_running_text(link) else 0)


def _card_score(story: Story) -> float:
    card = story.card
    if card is None:
        return 0.0
    pictured = any(part.tag in {"img", "picture", "amp-img"} for part in card.walk())
    timed = any(part.tag == "time" or _cards.is_dated(part) for part in card.walk())
    made = card.tag == "article" or "hentry" in card.marks
    return (
        1.0 * pictured
        + 1.5 * timed
        + 1.5 * made
        + 1.5 * story.railed
        + 3.0 * (story.paired and _cards.weight(story.title) >= MIN_CAPTION_WORDS)
    )


def _make(story: Story) -> str:
    """What a link looks like: its tag and class and those of what is around it, numbers and hashes left out.

    Of a few links side by side the place counts too: "Title (site.example)" is a headline and a link to its site.
    """
    link = _best_link(story)
    beside = [one for one in link.parent.children[:20] if isinstance(one, Element)] if link.parent else []
    place = beside.index(link) if link in beside and len(beside) <= MAX_BESIDE else ""
    parts = [link, *islice(link.ancestors(), 3)]
    return f"{place}:" + ">".join(f"{one.tag}.{_HASHES.sub('', one.marks)[:40]}" for one in parts)


def _by_neighbours(stories: list[Story]) -> None:
    """Links of one make are all headlines or none: each leans to the mean of its kind."""
    makes = {id(story): _make(story) for story in stories}
    counts = Counter(makes.values())
    sums: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for story in stories:
        words[makes[id(story)]] += _cards.weight(story.title)
        sums[makes[id(story)]] += story.score  # type: ignore[assignment]  # a Counter adds floats as well
    for story in stories:
        make = makes[id(story)]
        if counts[make] >= 3:
            told = words[make] / counts[make] >= WORDS_OF_HEADLINES
            story.score = 0.6 * story.score + 0.4 * sums[make] / counts[make] + (1.5 if told else 0.5)


# --- the trace ---------------------------------------------------------------------------------------------------


def _judgements(page: Page, regions: Regions, base: str, url: str, stories: list[Story]) -> Iterator[Judgement]:
    """What was decided about every link of the page, in page order; a story is told of at its first link."""
    owners = {link.order: story for story in stories for link in story.links}
    own, told = urls.canonicalise(url), set[int]()
    for link in page.root.walk():
        if link.tag != "a" or "href" not in link.attrs:
            continue
        story = owners.get(link.order)
        if story is None:
            yield _refused(link, regions, base, own, known=stories)
        elif id(story) not in told:
            told.add(id(story))
            accepted = story.score >= ENOUGH and bool(story.title)
            yield Judgement(accepted, story.url, story.title, reasons_for(story), path_of(story.card or link))


def _refused(link: Element, regions: Regions, base: str, own: str | None, known: list[Story]) -> Judgement:
    resolved = urls.resolve(base, link.attrs["href"])
    if regions.out(link):
        reason = regions.where_out(link)
    elif resolved is None:
        reason = "no address to open"
    elif urls.canonicalise(resolved) == own:
        reason = "the page itself"
    elif is_social(resolved):
        reason = "a network or a share button"
    else:
        again = any(urls.canonicalise(story.url) == urls.canonicalise(resolved) for story in known)
        reason = "repeats the headline above" if again else "repeats another link's title and address"
    return Judgement(False, resolved or link.attrs["href"][:200], text.clean(link.text(), 300), reason, path_of(link))


def reasons_for(story: Story) -> str:
    """What speaks for a story and against it, in words, with the score that they came to."""
    words, address = _cards.weight(story.title), address_score(story.url)
    link = _best_link(story)
    signs = [
        (not story.title, "no title"),
        (bool(story.title) and _cards.is_generic(story.title), "a link to go on reading"),
        (_title_score(story) >= 4, "a heading"),
        (words > 4, f"a title of {words} words"),
        (0 < words < 4, f"only {words} words"),
        (bool(_OFFER.search(story.title)), "an offer"),
        (_cards.in_running_text(link), "inside a sentence"),
        (address >= 1, "an article's address"),
        (address <= -2, f"address of a {kind_of_address(story.url)}"),
        (story.railed, "in a list of related or latest stories"),
        (story.paired, "picture and caption agree"),
        (_card_score(story) >= 2.5, "a card with picture or date"),
    ]
    return f"{', '.join(words for sign, words in signs if sign) or 'nothing speaks for it'} ({story.score:.1f})"


# --- entries ----------------------------------------------------------------------------------------------------


def _texts_of(story: Story) -> Iterator[str]:
    """The words of a story's links and the alt texts of the pictures in them."""
    for link in story.links:
        yield link.text()
        yield from (one.attrs.get("alt", "") for one in link.walk() if one.tag == "img")


def _entry(story: Story, base: str, stamped: dict[str, Entry]) -> Entry:
    card = story.card or story.links[0]
    stamp = _cards.time_of(card)
    known = stamped.get(urls.canonicalise(story.url) or "")
    image = next((made for made in (_cards.image_of(one, base) for one in (card, *story.links)) if made), None)
    if stamp.at is None and known is not None:
        at, precision = known.published_at, known.precision
    else:
        at, precision = stamp.at, stamp.precision if stamp.at else Precision.INSTANT
    return Entry(
        link=story.url,
        title=story.title,
        published_at=at,
        precision=precision,
        image=image,
        source=_cards.publisher_of(card, base) or _cards.signed_by(story.title, _texts_of(story)),
    )
