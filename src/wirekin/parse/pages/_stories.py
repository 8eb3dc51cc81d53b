"""Group a page's links into stories: all links to one address, the card around them, and their title.

    links outside of furniture -> one Story per address -> its best link -> the card around that (the largest element
    with no other story's title) -> the title in it, without labels that many titles end with -> one per title and path

A story is one article as this page shows it, and no story of `wirekin.stories`, which joins articles on one event.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from wirekin import text
from wirekin.parse.pages import _cards, _lines, _times, _wording
from wirekin.parse.pages._dom import HEADING, Element, Page
from wirekin.parse.pages._links import is_tag, place_of
from wirekin.parse.pages._regions import Regions
from wirekin.parse.pages._shapes import address_score, is_comment, shape_of
from wirekin.parse.pages._translations import is_translation, languages_of_translations

MAX_LINKS = 2_000  # addresses per page; the busiest of 65 real pages has 900 links (2026-11)
MAX_CARD_ELEMENTS = 300  # per card; the fullest card of the labelled pages has 28 (2026-11)
MAX_SECTION_WORDS = 3  # of a section's name
MAX_LINE = 160  # characters of a line with date and author
MAX_CARD_TEXT = 1_500  # characters; the fullest labelled card has 715, a larger one is the article itself
ARTICLES = 1.0  # least `address_score` of an article's address: dated, numbered or with a slug
NOBODYS = -4.0  # `address_score` of a home page, a file or a person: of 316 links none was a headline (2026-11)
MAX_WORN_WORDS = 5  # "Read the whole press release"
MAX_TAIL_WORDS = 3  # of a label after a title
FEWEST_OF_TITLE = 3  # words of a bold title among other links to its article; a bold kicker has fewer
MAX_OF_DAY = 40  # stories below the date of a day
MIN_SUMMARY_WORDS = 15  # of a link that is the summary below a shorter title; a title of 20 words has no such link

_CALLED = frozenset({"span", "div", "p", "strong"})  # elements other than headings that may hold a title
_NO_CARDS = frozenset({"body", "html", "main"})
_CARD_TAGS = frozenset({"article", "li"})
_STRESS = frozenset({"em", "i", "b", "strong", "mark", "u"})  # mark up words of the title, such as search terms
_GOES_ON = re.compile(r"\b(?:read-?more|more-?link|link-?more|btn-?more|more-?btn|continue-?reading)\b")
_FIGURES = re.compile(r"\d+")
_BOLD = frozenset({"b", "strong", "dt"})
_CUT = ("...", "…")
_DASHES = "—–-•·|»›→*+ "
_EMBLEM = re.compile(r"\b(?:logo|icon|avatar|portrait)\b|\w_\w")  # alt texts that describe the picture, not the story


@dataclass(slots=True, eq=False)
class Story:
    """All links of a page to one address."""

    url: str
    links: list[Element] = field(default_factory=list)
    card: Element | None = None
    title: str = ""
    score: float = 0.0
    headed: bool = False  # its title is a heading of its card, and its link says "Read more"
    railed: bool = False  # it is in a rail (a list that is called related, latest ...)
    best: Element | None = None  # cache of `best_link`
    make: str = ""  # cache of `_makes.make_of`
    of_card: float | None = None  # cache of the card's part of the score
    in_sentence: bool | None = None  # cache of whether its best link is inside a sentence
    refused: str = ""  # why it is no headline, whatever its score
    worn: frozenset[str] = frozenset()  # link texts of the page that lead to several articles: "Llegir més"
    paired: bool = False  # a picture's alt text equals its title

    @property
    def is_button(self) -> bool:
        """True if the title is the text of a button that names no article: "Read more"."""
        return _wording.is_button(self.title, self.url)


def stories_of(page: Page, regions: Regions, base: str, url: str) -> tuple[list[Story], Cards]:
    """Return the stories of a page in the order of their first links, and their cards."""
    found: dict[str, Story] = {}
    others = languages_of_translations(page)
    for link in page.root.inside("a"):
        if link.order <= regions.out_until or len(found) >= MAX_LINKS:
            continue  # inside the furniture that an earlier link was found in, or over the cap
        if not (href := link.href) or regions.out(link):
            continue
        if others and is_translation(link, others):
            continue
        place = place_of(base, href, url)
        if place is None or is_tag(link, place[0]):
            continue
        if (story := found.get(place[1])) is None:
            story = found[place[1]] = Story(place[0])
        story.links.append(link)
    stories = list(found.values())
    worn = _worn(stories)
    cards = Cards(page, stories, worn)
    for story in stories:
        story.links, story.worn = _without_asides(story.links), worn
        if address_score(story.url) <= NOBODYS:  # never a headline, so its card is not needed
            story.title, story.of_card = _cards.bare(best_link(story).text()), 0.0
            continue
        story.card = cards.around(best_link(story), story)
        story.title, story.paired = _title(story)
        story.railed = regions.in_rail(story.card, best_link(story))
    _take_off_tails(stories)
    return _once(stories), cards


def _take_off_tails(stories: list[Story]) -> None:
    """Remove a label after the title that at least three links share as their last element: "Original", "NEW"."""
    tails = {id(story): _tail(best_link(story)) for story in stories if story.title}
    times = Counter(tails.values())
    for story in stories:
        tail = tails.get(id(story), "")
        if tail and times[tail] > 2 and _wording.weight(rest := story.title.removesuffix(tail).rstrip(_DASHES)) > 2:
            story.title = rest


def _tail(link: Element) -> str:
    """Return the text of a link's last element, if it has few words and follows bare text; else ""."""
    if not link.size or not link.has_words or not _may_be_tail(link.last):
        return ""
    shown = [one for one in link.children if (not one.is_silent if isinstance(one, Element) else one.strip())]
    last = shown[-1] if len(shown) > 1 else ""
    if isinstance(last, str) or not isinstance(shown[-2], str):
        return ""
    words = _cards.unlabelled(last)
    return words if _wording.weight(words) <= MAX_TAIL_WORDS else ""


def _may_be_tail(last: Element) -> bool:
    return last.tag not in _STRESS and bool(last.marks)


def _once(stories: list[Story]) -> list[Story]:
    """Keep one story per title and path: "?itid=most-read_1" is the same article as without, but not "#comment-41"."""
    first: dict[tuple[str, str], Story] = {}
    for story in sorted(stories, key=leads_to_comments):
        first.setdefault((story.url.partition("?")[0].rstrip("/"), text.fold(story.title)), story)
    kept = set(first.values())
    return [story for story in stories if story in kept]


def leads_to_comments(story: Story) -> bool:
    """True for a story whose links all lead into what readers write."""
    return all(is_comment(link.href) for link in story.links)


def _worn(stories: list[Story]) -> frozenset[str]:
    """Return the short texts of links to at least three articles: "Read more" in any language.

    If a link's class calls it "read more", a single one is enough.
    """
    said = Counter(words for story in stories for words in {link.text() for link in story.links})
    said.update({link.text(): 3 for story in stories for link in story.links if _goes_on(link)})
    return frozenset(words for words, times in said.items() if times > 2 and _wording.weight(words) <= MAX_WORN_WORDS)


def _goes_on(link: Element) -> bool:
    """True for a link whose class or id says "read more"."""
    return "more" in link.written and bool(_GOES_ON.search(link.marks))


def _without_asides(links: list[Element]) -> list[Element]:
    """Drop links with a fragment (to the comments, to the rest of the article), if there are others."""
    return [link for link in links if "#" not in link.href] or links if len(links) > 1 else links


class Cards:
    """Find the card of each story, and the other places where its picture and time may stand."""

    def __init__(self, page: Page, stories: list[Story], worn: Container[str]) -> None:
        self._flat = page.root.index.flat
        self._worn = worn
        self._owners = {link.order: story for story in stories for link in story.links}
        self._orders = sorted(self._owners)
        self._strong: dict[int, bool] = {}

    def around(self, link: Element, story: Story) -> Element:
        """Return the largest element around one of the story's links that has no other story's title."""
        card, headings, orders = link, link.counts(HEADING), self._orders
        shape = shape_of(story.url)
        first = bisect_left(orders, link.order)  # the card's links are orders[first:last]
        last, shared = first + 1, False  # shared: the card has a link of another story
        for up in link.ancestors():
            if up.tag in _NO_CARDS or up.end - up.order > MAX_CARD_ELEMENTS:
                break
            begin, end = bisect_left(orders, up.order, 0, first), bisect_right(orders, up.end, last)
            if end - begin > last - first:
                others = self._others(orders[begin:first] + orders[last:end], story)
                if any(map(self._is_strong, others)) or (shape and any(self._is_equal(one, shape) for one in others)):
                    break
                first, last, shared = begin, end, shared or bool(others)
            if up.is_longer(MAX_CARD_TEXT):
                break
            within = up.counts(HEADING)
            if shared and (self._is_one_of_many(card, story) or within > headings > 0):
                break  # `up` holds further cards, whose links are short or say only "Read more"
            card, headings = up, within
            if up.tag in _CARD_TAGS or "hentry" in up.marks:
                break
        return card

    def _others(self, orders: list[int], story: Story) -> list[int]:
        return [order for order in orders if self._owners[order] is not story]

    def of(self, story: Story) -> Iterator[Element]:
        """Yield the elements that may have its picture and time: its cards, and what belongs to them beside.

        That is what an empty link covers, the other half of a <dt> and <dd>, date lines before and after, and the
        pictures of the <article> that it leads.
        """
        card = story.card or story.links[0]
        apart = (link for link in story.links if link is not card and not card.holds(link))
        for one in chain((card,), (self.around(link, story) for link in apart)):
            yield one
            if one.next is not None and one.tag == "a" and not one.text():
                yield one.next
            yield from self._term_of(one)
        yield from self._definitions(card, story)
        if (before := _before(card)) is not None:
            yield before
        if card.counts(HEADING) and card.next is not None and not self._is_above(card.previous, story):
            yield from [card.next] if self._is_date_line(card.next, story) else []
        yield from self._pictures_of_lead(story, card)

    def _term_of(self, card: Element) -> Iterator[Element]:
        """Yield the <dt> before a <dd>, or a date above several: <dt>14 March</dt><dd>Title</dd><dd>Title</dd>."""
        below = next((one for one in (card, card.parent) if one is not None and one.tag == "dd"), None)
        before = term = below.previous if below is not None else None
        for _ in range(MAX_OF_DAY):
            if term is None or term.tag != "dd":
                break
            term = term.previous
        if term is not None and term.tag == "dt" and (term is before or _is_day(term)):
            yield term

    def _definitions(self, card: Element, story: Story) -> Iterator[Element]:
        """Yield the <dd> after a title in a <dt>, up to the next story: <dt>Title</dt><dd>Summary</dd><dd>Date</dd>."""
        term = next((one for one in (card, card.parent) if one is not None and one.tag == "dt"), None)
        below = term.next if term is not None else None
        while below is not None and below.tag == "dd" and not self._tells_others(below, story):
            yield below
            below = below.next

    def _tells_others(self, one: Element, story: Story) -> bool:
        within = self._orders[bisect_left(self._orders, one.order) : bisect_right(self._orders, one.end)]
        return any(self._owners[order] is not story and self._is_strong(order) for order in within)

    def _is_date_line(self, one: Element, story: Story) -> bool:
        """True for a line between a heading and the whole text of its article: "20 November 2026, Jo Reed"."""
        line = next(one.elements(), one) if one.is_longer(MAX_LINE) else one  # the line may share a box with the text
        if line.is_longer(MAX_LINE) or line.counts(HEADING) or self._tells_others(one, story):
            return False
        return _times.tells_date(line)

    def _is_above(self, one: Element | None, story: Story) -> bool:
        """True for a date line before a card: then the line after the card belongs to the next card."""
        return one is not None and one.text() != "" and self._is_date_line(one, story)

    def _pictures_of_lead(self, story: Story, card: Element) -> Iterator[Element]:
        """Yield the pictures of an <article> that lists further stories below its only heading, up to the first."""
        around = next((up for up in islice(card.ancestors(), 3) if up.tag == "article"), None)
        if around is None or not card.counts(HEADING) or around.counts(HEADING) > card.counts(HEADING):
            return
        within = self._orders[bisect_left(self._orders, around.order) : bisect_right(self._orders, around.end)]
        end = next((order for order in within if self._owners[order] is not story), around.end)
        yield from (one for one in around.inside("img") if one.order < end)

    def _is_strong(self, order: int) -> bool:
        if order not in self._strong:
            link = self._flat[order]
            self._strong[order] = _cards.is_strong(link) and not self._is_service(link, self._owners[order].url)
        return self._strong[order]

    def _is_service(self, link: Element, url: str) -> bool:
        """True for a link that many cards have, such as "Share on the network of your choice"."""
        words = link.text()
        return words != "" and words in self._worn and address_score(url) < 0

    def _is_equal(self, order: int, shape: str) -> bool:
        """True for a link with a title's words to another article whose numbered address has the same shape."""
        if shape_of(self._owners[order].url) != shape:
            return False
        return _wording.weight(self._flat[order].text()) >= FEWEST_OF_TITLE

    def _is_one_of_many(self, card: Element, story: Story) -> bool:
        """True where an element of the same tag and class, but for a number, stands beside it, with another story."""
        kind = _kind_of(card)
        for one in (card.previous, card.next) if card.marks else ():
            if one and one.tag == card.tag and _kind_of(one) == kind and one.size <= MAX_CARD_ELEMENTS:
                owners = (self._owners.get(part.order) for part in one.inside("a"))
                if any(owner is not None and owner is not story for owner in owners):
                    return True
        return False


def _kind_of(one: Element) -> str:
    """The names of an element without their numbers: "bar-0" and "bar-1" are of one kind."""
    return _FIGURES.sub("", one.marks)


def _is_day(term: Element) -> bool:
    """True for a date without a link or more words: it heads the stories of a day. "Votes of 3 May" tells of votes."""
    if term.counts("a") or term.is_longer(_times.MAX_CHARS):
        return False
    return _times.is_bare(_lines.without_weekday(term.text()))


def _before(link: Element) -> Element | None:
    """Return the date before a link in a box of many, if the box begins with one: <small>date</small> <a>title</a>."""
    first = next(link.parent.elements(), None) if link.tag == "a" and link.parent is not None else None
    before = link.previous if first is not None and _times.shows_date(first) else None
    return before if before is not None and _times.shows_date(before) else None


def best_link(story: Story) -> Element:
    """Return the most informative of a story's links: in a heading, or with the longest text."""
    if story.best is None:
        story.best = _best_of(story.links, story.worn)
    return story.best


def _best_of(links: list[Element], worn: Container[str]) -> Element:
    first = next((words for link in links if _wording.weight(words := link.text()) > 1), "")
    first_weight = _wording.weight(first)

    def worth(link: Element) -> tuple[bool, bool, bool, bool, int]:
        words = link.text()
        if not words or words in worn or _wording.is_button(words, link.href):
            return False, False, False, False, 0
        heading = link.counts(HEADING) or any(one.tag in _cards.HEADINGS for one in islice(link.ancestors(), 3))
        near = (link, link.parent) if link.parent is not None else (link,)
        titled = any(map(_cards.is_titled, near)) or (_wording.weight(words) >= FEWEST_OF_TITLE and _is_bold(link))
        told = not any(map(_cards.is_summary, near))
        told = told and not (first_weight < MIN_SUMMARY_WORDS <= _wording.weight(words))  # a sentence after the title
        begun = first_weight >= FEWEST_OF_TITLE and words.endswith(_CUT) and not first.endswith(_CUT)
        told = told and not begun  # the beginning of the text, after its title
        return bool(heading), not _cards.in_running_text(link), told, titled, min(len(words), 60)

    return links[0] if len(links) == 1 else max(links, key=worth)


def _is_bold(link: Element) -> bool:
    """True for a link that is bold as a whole, or the term (<dt>) above a text."""
    if link.parent is not None and link.parent.tag in _BOLD:
        return True
    return any(one.tag in _BOLD and one.text() == link.text() for one in islice(link.walk(), 4))


def _title(story: Story) -> tuple[str, bool]:
    """Return the story's title, and whether a picture's alt text equals it."""
    card = story.card or story.links[0]
    best = best_link(story)
    heading = next((up for up in best.ancestors() if up.tag in _cards.HEADINGS), None)
    own = _cards.title_of(heading if heading is not None and _is_alone(heading, story) else best)
    if own != (words := best.text()) and (own.strip(_DASHES) == words or _is_dated(own, words)):
        own = words  # without the dash before the link, or the date after it
    if heading is not None and _goes_to_section(best, own, story.url):
        return best.text(), False
    worn = own in story.worn and card.counts(HEADING) > 0
    if (not own or worn or _wording.is_button(own, story.url)) and card is not best:
        inside = next(chain(card.inside(HEADING), _called_titles(card)), None)
        own = _cards.title_of(inside) if inside is not None else ""
        story.headed = inside is not None and inside.tag in _cards.HEADINGS
    if not own and _lies_over(story, card):
        own = _cards.title_of(card)
    alts = list(_alts(card, story.links))
    names = list(_names(card, story.links))
    if not own or _wording.is_button(own, story.url) or _times.is_clock(own):  # "2:10" is the length of a film
        captions = [part.text() for part in card.walk() if part.tag in {"figcaption", "p"}]
        own = next((_cards.bare(one) for one in (*captions, *_told(alts), *names) if _wording.weight(one) > 2), "")
    own = _named_part(best, names) or _cards.full_of(own, chain(_told(alts), names))
    folded = own.casefold()
    alike = (alt for alt in alts if len(alt) >= len(own) and folded[:8] in alt.casefold())
    return own, any(_cards.bare(alt).casefold() == folded for alt in _told(alike))


def _is_dated(title: str, words: str) -> bool:
    """True if nothing but a date follows the link's words in the title: "Momentum shifts (July 18, 2013)"."""
    return words != "" and title.startswith(words) and _times.is_date(title[len(words) :].strip(" ()[],;|/-–—·•"))


def _told(alts: Iterable[str]) -> Iterator[str]:
    """Drop the alt texts of logos, icons and portraits."""
    return (alt for alt in alts if not _EMBLEM.search(alt.lower()))


def _goes_to_section(link: Element, title: str, url: str) -> bool:
    """True for "All events" in a heading with one to three words more, and for "Culture" in "The latest on Culture".

    Such a heading is a section's and no title. If the link leads to an article, it is a "Read more" after the title, or
    stands behind a long kicker: "Interview with the mayor: A matter of days".
    """
    words = link.text()
    said = _wording.weight(words)
    more = _wording.weight(title) - said if words and len(words) < len(title) else 0
    if _wording.is_button(words, url):
        return 0 < more <= MAX_SECTION_WORDS and address_score(url) < ARTICLES
    return more > said and address_score(url) < 0


def _lies_over(story: Story, card: Element) -> bool:
    """True for an empty link to an article that covers a card without any other link."""
    if address_score(story.url) < ARTICLES or not all(one.is_silent for one in story.links):
        return False
    return card.size > 1 and card.counts("a") == sum(map(card.holds, story.links))


def _alts(card: Element, links: list[Element]) -> Iterator[str]:
    """Yield the alt texts of the pictures in the card and in the links outside of it."""
    for around in (card, *(link for link in links if not card.holds(link))):
        for part in around.inside("img"):
            if alt := part.alt:
                yield alt


def _names(card: Element, links: list[Element]) -> Iterator[str]:
    """Yield the names of links: `aria-label`, `aria-labelledby`, and the `title` of the link and of its parts."""
    for link in links:
        if " aria-label" in link.written:
            yield link.attrs.get("aria-label", "")
            if link.has("aria-labelledby"):
                yield _label_of(link, card)
    parts = ((part, link) for link in links for part in link.walk() if ' title="' in part.written)
    own = (part for part, link in parts if part is link or not _is_beside_heading(part, link))
    yield from (part.attrs.get("title", "") for part in own)


def _is_beside_heading(part: Element, link: Element) -> bool:
    """True for a part of a link beside the heading in it, such as a badge with a `title` of its own."""
    headings = link.inside(HEADING, 1)
    return any(not (one is part or one.holds(part) or part.holds(one)) for one in headings)


def _called_titles(card: Element) -> Iterator[Element]:
    """Yield the elements of a card that are called a title and have text but no link: the link beside them is empty."""
    called = (part for part in card.walk() if part.tag in _CALLED and _cards.is_titled(part) and not part.counts("a"))
    return (part for part in called if part.text() and part.parent is not None and part.parent.tag != "a")


def _label_of(link: Element, card: Element) -> str:
    """Return the text of the first element that `aria-labelledby` names, if it is near the link."""
    name = link.attrs.get("aria-labelledby", "").partition(" ")[0]
    around = (card, *islice(card.ancestors(), 2)) if name else ()
    parts = (one for up in around if up.size <= MAX_CARD_ELEMENTS for one in up.walk() if one.has("id"))
    return next((one.text() for one in parts if one.attrs.get("id") == name), "")


def _named_part(link: Element, names: list[str]) -> str:
    """Return the part of a link that its `title` or `aria-label` repeats: that part alone is the title."""
    wanted = {name.strip() for name in names if _wording.weight(name) > 2}
    parts = (part.text() for part in link.walk() if part is not link) if wanted else ()
    return next((_cards.bare(words) for words in parts if words in wanted), "")


def _is_alone(heading: Element, story: Story) -> bool:
    return all(link in story.links for link in heading.inside("a"))


def texts_of(story: Story) -> Iterator[str]:
    """Yield the text of a story's links and the alt texts of the pictures in them."""
    for link in story.links:
        yield link.text()
        yield from (one.alt for one in link.inside("img"))
