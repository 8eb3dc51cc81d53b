"""Score each story of a page as a headline, and explain the score in words.

    title + address + card -> mean of its make -> shapes, makes, topics, lists -> _leads -> ENOUGH? -> _refusals

The make of a link is a signature that the links of one list share (_makes); its shape is the address's pattern.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from wirekin import text, urls
from wirekin.parse.pages import _cards, _times, _wording
from wirekin.parse.pages._captions import MIN_CAPTION_WORDS
from wirekin.parse.pages._dom import HEADING, Element, Menu, Page
from wirekin.parse.pages._leads import among_equals, below_leads
from wirekin.parse.pages._lines import in_enumeration
from wirekin.parse.pages._links import as_meant, is_tag
from wirekin.parse.pages._makes import make_of
from wirekin.parse.pages._partners import list_around
from wirekin.parse.pages._refusals import refuse
from wirekin.parse.pages._regions import Regions
from wirekin.parse.pages._shapes import (
    OFFERED,
    address_score,
    is_dated,
    is_part_of,
    is_picture,
    is_share,
    kind_of_address,
    sells,
    shape_of,
    tells_of_offers,
)
from wirekin.parse.pages._stories import Story, best_link
from wirekin.parse.pages._trace import Judgement, path_of

RAILED = 2.0  # bonus for a place in a rail, a list of related or latest stories
PICTURED_AND_DATED = 2.5  # score of a card with a picture and a date
# Least score of a headline: macro F1 is flat from 3 to 6 on the development pages (bench/pages.py, 2026-11).
ENOUGH = 4.0
WORDS_OF_HEADLINES = 5.0  # least mean of words per title in a list of headlines; menus and topics have fewer
WORDS_OF_DATED = 3.5  # the same if nearly all addresses of the list are articles': "Canyon fire 'a monster'"
ARTICLES_ADDRESS = 1.0  # least `address_score` of an article's address: dated, numbered or with a slug
MOST_POOR = 0.2  # share of addresses in a list of articles that may be no article's, such as a crossword
SLUG_ADDRESS = 1.5  # `address_score` of an address with a slug, or numbered and dated
TOLD = 1.5  # bonus for a make whose titles have as many words as headlines
TOLD_ALIKE = 2.25  # the same if all addresses are articles'
ABROAD = 2.5  # bonus for a link from an aggregator to another site
NO_ARTICLE = -5.0  # `address_score` of a file, or of an advert's click counter
SAME_SHAPE = 2.5  # bonus for an address of the same shape as those of at least two certain headlines
CERTAIN = 5.0  # score of a headline that is certain enough to learn from
SOLD = 4.0  # penalty for a link to a shop on another host
BANNER = 8.0  # penalty for a picture without any text that links to another host
TOPIC = 2.0  # penalty for a link among tags whose address is no article's
CREDITED = 2.5  # penalty for a title that ends with a picture credit: it is a caption
# With so many links of one make, fewer than half of them headlines, its plain links are a directory: 200 in a footer.
DIRECTORY = 8

_SECTION_HEAD = re.compile(
    r"\b(?:section|block|widget|module|list|group|box|column|zone)-?(?:head|heading|header|title|name)\b"
)
_FIXTURE = re.compile(r"[^-–]{2,25} (?:–|vs?\.?) [^-–]{2,25}", re.IGNORECASE)
# Titles that ask the reader to do something instead of reporting news.
_OFFER = re.compile(
    r"\b(?:in your inbox|newsletters?|subscribe (?:now|to|for|today)|sign up (?:for|to|now)|download (?:the|our) app|"
    r"^(?:join us\b|about (?:the|us|our)|contact (?:us|the)|send us|submit (?:a|your)|support (?:us|our)|"
    r"advertise with)|"
    r"sign in|log in|cookie|(?:probe|digital|print|monats|jahres)?abos?\b|"
    r"privacy policy|terms (?:of use|and conditions)|подпи(?:шитесь|саться)|рассылк\w+|"
    r"abonnieren|abonnez|suscr[ií]b\w+|iscriviti|abone ol)\b|اشترك|عضویت در خبرنامه|הירשמו",
)
_COUNTED = re.compile(r"\(\d{1,4}\)$")  # the count after a category's name: "Sport and leisure (75)"
_PERSON = re.compile(r"(?:(?:Prof|Dr)\. )+(?:[A-ZÀ-Þ][^\W\d]*[.-]? ?){1,4}$")  # "Prof. Dr. Ada B. Kern", and no more
_CREDIT = re.compile(  # the end of a picture's caption, such as "| Photo: Reuters"
    r"[|/(\[.–—-]\s*(?:photo(?:graph)?|foto|picture|image|bild|фото|صورة|عکس|צילום|写真|사진|图)(?: by| ?[:：/])"
    r"\s*[^|]{2,40}$",
    re.IGNORECASE,
)
# Shops' hosts, such as bigpapershops.example; but neither workshop nor ideals.
_SHOP = re.compile(r"(?<!work)(?:shops?|stores?|(?<!i)deals|coupons?)\.")
_IN_WORDS = re.compile(r"[^\W\d_]{3}")
_FEW_WORDS = {0: -4.0, 1: -3.0, 2: -1.5, 3: 0.0, 4: 1.0}  # score of a title by its number of words; 2.0 for more


def score(stories: list[Story], url: str, title: str) -> None:
    """Score each story of a page at this address with this <title>."""
    home = urls.host_key(url)
    abroad = {story for story in stories if urls.host_key(story.url) != home}
    telling = [story for story in stories if _words(story.title) > 3 and not _in_sentence(story)]
    aggregator = sum(story in abroad for story in telling) > 0.5 * len(telling)
    selling = tells_of_offers(url)
    for story in stories:
        story.score = _title_score(story) + address_score(story.url) + _card_score(story)
        if selling and sells(story.url):
            story.score += OFFERED  # its own links are what the page is read for
        if _spells_title(story) or _is_shown_short(story):
            story.score += 2.0
        if story in abroad and not aggregator and not story.paired:
            story.score -= 2.5
        if story in abroad and aggregator and urlsplit(story.url).path.strip("/"):
            story.score += _abroad_score(story)
        if story in abroad and aggregator and _is_told_home(story):
            story.score += (1.0 if _is_named(best_link(story)) else 0.0) - address_score(story.url)
        if story in abroad and not aggregator and _SHOP.search(urls.hostname(story.url)):
            story.score -= SOLD
        if story in abroad and not aggregator and story.card is not None and story.card.is_silent:
            story.score -= BANNER
    _by_neighbours(stories)
    _by_shapes(stories)
    _by_brothers(stories)
    _by_topics(stories)
    _by_lists(stories)
    for found in (below_leads, among_equals):
        for story in found(*_parted(stories)):
            story.score = ENOUGH
    refuse(_parted(stories)[0], url, title, aggregator=aggregator)


def _parted(stories: list[Story]) -> tuple[list[Story], list[Story]]:
    """Split the stories into those that are headlines by their scores and the others."""
    return [one for one in stories if one.score >= ENOUGH], [one for one in stories if one.score < ENOUGH]


def _spells_title(story: Story) -> bool:
    """True if the address has three words at the root, as a section has, and all are in a title of five or more."""
    if _words(story.title) < 5:
        return False
    words = _words_at_root(story.url)
    return len(words) == 3 and set(words) <= set(_wording.IN_SLUG.findall(text.fold(story.title)))


def _is_shown_short(story: Story) -> bool:
    """True for a title of two or three words below its own picture, on a dated address: "Ice drift on the Volga"."""
    if not 1 < _words(story.title) < 4 or story.card is None or not is_dated(story.url):
        return False
    return story.card.counts("img") == 1 and any(link.counts("img") and not link.text() for link in story.links)


@lru_cache(maxsize=4096)
def _words_at_root(url: str) -> tuple[str, ...]:
    words = urlsplit(url).path.strip("/").partition(".")[0].lower().split("-")
    return () if "/" in words[-1] else tuple(words[:4])


def _is_spelled(story: Story) -> bool:
    """True if the last segment of the address has the same words as the title, at least three."""
    words = _wording.IN_SLUG.findall(unquote(urlsplit(story.url).path).rstrip("/").rpartition("/")[2].lower())
    return len(words) > 2 and set(words) == set(_wording.IN_SLUG.findall(text.fold(story.title)))


def _abroad_score(story: Story) -> float:
    """Score an aggregator's link to another site, where a short address is no section and counts as any other."""
    if kind_of_address(story.url) != "section" or not _IN_WORDS.search(urlsplit(story.url).path):
        return ABROAD
    address = address_score(story.url)
    if address <= NO_ARTICLE:
        return 0.0
    return ABROAD + max(-address, 0.0) + (1.0 if _words(story.title) > 3 else 0.0)


def _title_score(story: Story) -> float:
    if not story.title or story.is_button:
        return -6.0
    link, words = best_link(story), _words(story.title)
    score = _worth_of_words(story.title) + _worth_of_place(story, link, words)
    score -= 3.0 if words < 4 and in_enumeration(link) else 0.0
    score -= 4.0 if _cards.is_half_sentence(link) else 0.0
    return score - (4.0 if _in_sentence(story) else 0)


@lru_cache(maxsize=4096)  # a title stays on its page for many polls
def _worth_of_words(title: str) -> float:
    """Score a title by its words alone."""
    words = _words(title)
    score = _FEW_WORDS.get(words, 2.0)
    score += 1.0 if words > 2 and title.endswith(("...", "…")) else 0.0  # menu items are not truncated
    score -= 3.0 if _OFFER.search(title.lower()) else 0.0
    score -= 6.0 if _PERSON.match(title) else 0.0
    score -= CREDITED if _CREDIT.search(title) else 0.0
    return score - (1.5 if words > 35 else 0)


def _worth_of_place(story: Story, link: Element, words: int) -> float:
    """Score a title of so many words by the elements around it and in it: headings, class names, bold type."""
    parent, inside = link.parent, link.counts(HEADING)
    near = [link, *islice(link.ancestors(), 2)]
    score = 0.0
    if 0 < words < 3 and (inside or (parent and parent.tag in _cards.HEADINGS)) and address_score(story.url) >= 1.5:
        score = -0.5 - _FEW_WORDS[words]  # "Brine", on a dated address and in a heading of its own
    headed = inside or story.headed or any(one.tag in _cards.HEADINGS or _cards.is_large(one) for one in near)
    if headed or _holds_large(link):
        told = _card_score(story) >= PICTURED_AND_DATED  # such a card is no section's head: "elementor-widget-heading"
        return score + (-1.5 if not told and any(_names_section(one.marks) for one in near) else 2.5)
    if any(map(_cards.is_titled, near)) or (link.size and any(map(_cards.is_titled, link.walk()))):
        return score + 1.5 + 1.0 * (1 < words < 4 and _has_kicker(link, words))
    return score + (1.0 if parent is not None and parent.tag in {"b", "strong"} else 0.0)


def _holds_large(link: Element) -> bool:
    return link.size > 0 and any(map(_cards.is_large, (*link.inside("font"), *link.inside("big"))))


@lru_cache(maxsize=4096)
def _names_section(marks: str) -> bool:
    return bool(_SECTION_HEAD.search(marks))


@lru_cache(maxsize=4096)  # called several times per story
def _words(title: str) -> int:
    """Return the number of words of a title, without a count after them."""
    return _wording.weight(title) - bool(title.endswith(")") and _COUNTED.search(title))


def _has_kicker(link: Element, words: int) -> bool:
    """True for a link with a kicker before an element called a title: "New asylum law" above "A matter of days"."""
    return _wording.weight(link.text()) > words + 1 and any(map(_cards.is_titled, link.walk()))


def _in_sentence(story: Story) -> bool:
    if story.in_sentence is None:
        story.in_sentence = _cards.in_running_text(best_link(story))
    return story.in_sentence


def _card_score(story: Story) -> float:
    if story.of_card is None:
        story.of_card = _worth_of_card(story)
    return story.of_card


def _worth_of_card(story: Story) -> float:
    card = story.card
    if card is None:
        return 0.0
    pictured = any(map(card.counts, ("img", "picture", "amp-img")))
    timed = _is_timed(story)
    made = card.tag == "article" or "hentry" in card.marks
    return (
        1.0 * pictured
        + 1.5 * timed
        + 1.5 * made
        + 1.5 * (pictured and timed and made)
        + RAILED * story.railed
        + 3.0 * (story.paired and address_score(story.url) >= 0 and _words(story.title) >= MIN_CAPTION_WORDS)
    )


def _is_timed(story: Story) -> bool:
    """True for a card with a date, or, if its address may be an article's, with a time of day."""
    card = story.card
    if card is None:
        return False
    # A station's programme and a fixture have times, too: "14:32 The Waves - A summer by the sea", "18:30 Ajax v PSV".
    planned = " - " in story.title or _FIXTURE.fullmatch(story.title)
    return _times.tells_date(card) or (address_score(story.url) > 0 and not planned and _times.shows_hour(card))


def _by_shapes(stories: list[Story]) -> None:
    """Raise stories with a title's length whose address has the shape of at least two certain headlines."""
    shapes = {id(story): shape_of(story.url) for story in stories}
    certain = Counter(shapes[id(story)] for story in stories if story.score >= CERTAIN)
    for story in stories:
        shape = shapes[id(story)]
        if not shape or certain[shape] < 2 or not 0 <= story.score < CERTAIN:
            continue
        if _words(story.title) < (3 if story.railed else 4):
            continue
        if not _in_sentence(story):
            story.score += SAME_SHAPE


def _by_neighbours(stories: list[Story]) -> None:
    """Pull each score towards its make's mean, and add a bonus: all links of one make are headlines, or none is."""
    makes = {id(story): make_of(story) for story in stories}
    counts = Counter(makes.values())
    sums: Counter[str] = Counter()
    words: Counter[str] = Counter()
    few = Counter(makes[id(story)] for story in stories if address_score(story.url) < ARTICLES_ADDRESS)
    poor = {make for make, times in few.items() if times > MOST_POOR * counts[make]}
    alike = _alike(stories, makes)
    for story in stories:
        words[makes[id(story)]] += _words(story.title)
        sums[makes[id(story)]] += story.score  # type: ignore[assignment]  # a Counter adds floats as well
    for story in stories:
        make = makes[id(story)]
        if counts[make] >= 3:
            told = words[make] / counts[make] >= (WORDS_OF_HEADLINES if make in poor else WORDS_OF_DATED)
            more = (TOLD_ALIKE if make in alike else TOLD) if told else 0.5
            story.score = 0.6 * story.score + 0.4 * sums[make] / counts[make] + more


def _alike(stories: list[Story], makes: dict[int, str]) -> set[str]:
    """Return the makes of at least four links whose addresses are all articles': of one numbered shape, or slugs."""
    addresses = defaultdict(list)
    for story in stories:
        addresses[makes[id(story)]].append(story.url)
    return {make for make, known in addresses.items() if len(known) > 3 and _are_articles(known)}


def _are_articles(addresses: list[str]) -> bool:
    least = min(map(address_score, addresses))
    shapes = {shape_of(one) for one in addresses} if ARTICLES_ADDRESS <= least < SLUG_ADDRESS else set()
    return least >= SLUG_ADDRESS or (len(shapes) == 1 and shapes != {""})


def _is_told_home(story: Story) -> bool:
    """True for a headline that links to a home page: "Show HN: A spreadsheet that compiles to SQL"."""
    return not urlsplit(story.url).path.strip("/") and _words(story.title) > 4


def _by_topics(stories: list[Story]) -> None:
    """Lower links without an article's address if half of their make are tags or persons: "/where/nigeria"."""
    named = [story for story in stories if address_score(story.url) < 0 and _names_topic(story.url)]
    makes = {id(story): make_of(story).partition(":")[2] for story in stories} if named else {}
    counts, topics = Counter(makes.values()), Counter(makes[id(story)] for story in named)
    for story in stories if named else ():
        make = makes[id(story)]
        if topics[make] * 2 >= counts[make] and address_score(story.url) < ARTICLES_ADDRESS:
            story.score -= TOPIC


@lru_cache(maxsize=4096)
def _names_topic(url: str) -> bool:
    return kind_of_address(url) in {"tag or archive", "person"}


def _by_brothers(stories: list[Story]) -> None:
    """Accept stories whose make is mostly headlines: "Mud" among essays, another site's story among a site's own."""
    makes = {id(story): make_of(story).partition(":")[2] for story in stories}
    counts = Counter(makes.values())
    told = Counter(makes[id(story)] for story in stories if story.score >= ENOUGH)
    shapes: dict[str, set[str]] = defaultdict(set)
    folders: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        shapes[makes[id(story)]].add(shape_of(story.url))
        folders[makes[id(story)]].add(story.url.rpartition("/")[0])
    lists = _alike(stories, makes)
    for story in stories:
        make = makes[id(story)]
        words = _words(story.title)
        most = told[make] * 3 >= counts[make] * 2
        pair = counts[make] == 2 and len(folders[make]) == 1 and address_score(story.url) >= ARTICLES_ADDRESS
        pair = pair and not story.title[:1].islower()  # as in a sentence
        if story.score >= ENOUGH or not (counts[make] > 2 or pair) or not (most or told[make] * 2 >= counts[make]):
            continue
        # Half of the make is enough if its numbered addresses share one shape, or the address spells the title, or
        # both are articles of one folder: two columns, "Why are we silent" and "The budget is a gamble".
        alike = words > 2 and (pair or (len(shapes[make]) == 1 and shapes[make] != {""}) or _is_spelled(story))
        if not (most or alike):
            continue
        if not story.title or story.is_button or _in_sentence(story):
            continue
        if address_score(story.url) < 0 and not (words > 2 and _is_spelled(story) and _is_named(best_link(story))):
            continue
        dated = address_score(story.url) >= ARTICLES_ADDRESS and _is_timed(story)  # "16:40 Snowstorm"
        enough = words > (2 if alike else 3) or (make in lists and words > 1) or dated
        if enough or _card_score(story) >= PICTURED_AND_DATED or _is_named(best_link(story)):
            story.score = ENOUGH


def _by_lists(stories: list[Story]) -> None:
    """Reject plain links if most links of their make are no headlines, unless most of their own list are."""
    makes = {id(story): make_of(story).partition(":")[2] for story in stories}
    told = [story for story in stories if story.score >= ENOUGH]
    of_make, told_of_make = Counter(makes.values()), Counter(makes[id(story)] for story in told)
    few = {make for make, many in of_make.items() if many >= DIRECTORY and told_of_make[make] * 2 < many}
    doubted = [story for story in told if makes[id(story)] in few and _is_plain(story)]
    if not doubted:
        return
    of_list = Counter(list_around(best_link(story)) for story in stories)
    told_of_list = Counter(list_around(best_link(story)) for story in told)
    for story in doubted:
        around = list_around(best_link(story))
        if told_of_list[around] * 3 < of_list[around] * 2:
            story.score = ENOUGH - 1.0


def _is_plain(story: Story) -> bool:
    """True for a link that has only its words: no heading, no class of a title, no picture, no date."""
    link = best_link(story)
    above = any(one.tag in _cards.HEADINGS for one in islice(link.ancestors(), 3))
    shown = _card_score(story) - RAILED * story.railed >= 1.0
    return not (above or shown or link.counts(HEADING) or _is_named(link))


def _is_named(link: Element) -> bool:
    """True for a link that is called a title, or whose parent is a title, or is alone in a child of a title."""
    above = link.parent
    if above is not None and above.size == link.size + 1 and above.parent is not None:
        above = above.parent if not _is_title(above) else above
    return _cards.is_titled(link) or (above is not None and _is_title(above))


def _is_title(one: Element) -> bool:
    return one.tag in _cards.HEADINGS or _cards.is_titled(one)


def judgements(page: Page, regions: Regions, base: str, url: str, stories: list[Story]) -> Iterator[Judgement]:
    """Yield the judgement of every link of the page, in page order; a story's is at its first link."""
    owners = {link.order: story for story in stories for link in story.links}
    told = set[int]()
    menus = deque(page.menus)
    for link in page.root.inside("a"):
        while menus and menus[0].order <= link.order:
            yield from _in_menu(menus.popleft(), base)
        if "href" not in link.attrs:
            continue
        story = owners.get(link.order)
        if story is None:
            yield _refused(link, regions, base, url, known=stories)
        elif id(story) not in told:
            told.add(id(story))
            accepted = story.score >= ENOUGH and bool(story.title)
            yield Judgement(accepted, story.url, story.title, reasons_for(story), path_of(story.card or link))

    for menu in menus:
        yield from _in_menu(menu, base)


def _in_menu(menu: Menu, base: str) -> Iterator[Judgement]:
    marked = menu.attrs.get("class") or menu.attrs.get("id")
    reason = f"navigation: inside <{menu.tag}{f' {marked[:60]}' if marked else ''}>"
    for href, words in menu.links:
        path = f"{path_of(menu.parent)} > {menu.tag}"
        yield Judgement(False, urls.resolve(base, href) or href[:200], text.clean(words, 300), reason, path)


def _refused(link: Element, regions: Regions, base: str, url: str, known: list[Story]) -> Judgement:
    resolved = urls.resolve(base, as_meant(link.attrs["href"]))
    if regions.out(link):
        reason = regions.where_out(link)
    elif resolved is None:
        reason = "no address to open"
    elif is_part_of(resolved, url):
        reason = "the page itself, or what it lies under"
    elif is_share(resolved, url):
        reason = "a network or a share button"
    elif is_picture(resolved):
        reason = "a picture's file"
    elif is_tag(link, resolved):
        reason = "a tag or an author, by its rel"
    else:
        again = any(urls.canonicalise(story.url) == urls.canonicalise(resolved) for story in known)
        reason = "repeats the headline above" if again else "repeats another link's title and address"
    return Judgement(False, resolved or link.attrs["href"][:200], text.clean(link.text(), 300), reason, path_of(link))


def reasons_for(story: Story) -> str:
    """Return the signs for and against a story in words, with its score."""
    words, address = _words(story.title), address_score(story.url)
    signs = [
        (not story.title, "no title"),
        (story.is_button, "a link to go on reading"),
        (_title_score(story) >= 4, "a heading"),
        (words > 4, f"a title of {words} words"),
        (0 < words < 4, f"only {words} words"),
        (bool(_OFFER.search(story.title.lower())), "an offer"),
        (bool(story.refused), story.refused),
        (_in_sentence(story), "inside a sentence"),
        (address >= 1, "an article's address"),
        (address <= -2, f"address of a {'service' if sells(story.url) else kind_of_address(story.url)}"),
        (story.railed, "in a list of related or latest stories"),
        (story.paired, "picture and caption agree"),
        (_card_score(story) >= PICTURED_AND_DATED, "a card with picture or date"),
    ]
    return f"{', '.join(words for sign, words in signs if sign) or 'nothing speaks for it'} ({story.score:.1f})"
