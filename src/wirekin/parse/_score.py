"""How much speaks for a story: title, address, card and neighbours; and the same in words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from wirekin import text, urls
from wirekin.parse import _cards, _dates, _times
from wirekin.parse._captions import MIN_CAPTION_WORDS
from wirekin.parse._dom import HEADING, Element, Menu, Page
from wirekin.parse._leads import among_equals, below_leads
from wirekin.parse._makes import make_of
from wirekin.parse._paid import is_paid
from wirekin.parse._partners import list_around, of_partners
from wirekin.parse._regions import Regions
from wirekin.parse._shapes import (
    address_score,
    is_dated,
    is_forum,
    is_paid_place,
    is_part_of,
    is_share,
    kind_of_address,
    shape_of,
)
from wirekin.parse._stories import Story, as_meant, best_link
from wirekin.parse._trace import Judgement, path_of

RAILED = 2.0  # for standing in a list of related or latest stories
PICTURED_AND_DATED = 2.5  # of a card
ENOUGH = 4.0  # of the score below: macro F1 is flat from 3 to 6 on the development pages, bench/pages.py, 2026-11
WORDS_OF_HEADLINES = 5.0  # the mean of a list of headlines is more; of menus and topics less
WORDS_OF_DATED = 3.5  # the same where every address of the list is an article's: "Canyon fire 'a monster'"
ARTICLES_ADDRESS = 1.0  # of the address alone: dated, numbered or with a slug
MOST_POOR = 0.2  # of a make's addresses may be no article's: a list of articles has a crossword in it
SLUG_ADDRESS = 1.5  # the same: with a slug, or numbered and dated
TOLD = 1.5  # for a make whose titles have as many words as headlines
TOLD_ALIKE = 2.25  # the same where all addresses are articles'
ABROAD = 2.5  # for what an aggregator links to
NO_ARTICLE = -5.0  # of the address alone: a file, or a click that an advert counts
SAME_SHAPE = 2.5  # for an address made like those of at least two certain headlines
CERTAIN = 5.0  # of the score: enough to learn from
SOLD = 4.0  # against what leads to a shop of another host
BANNER = 8.0  # against a picture without a word around it that leads to another host
TOPIC = 2.0  # against a link among tags whose address is no article's
CREDITED = 2.5  # against words that end with who took the picture: its caption
REFUSED = -6.0  # for a card that says it is paid for, and for the page's own title
DIRECTORY = 8  # plain links of one make, fewer than half of which are headlines: none is, of 200 in a footer

_SECTION_HEAD = re.compile(
    r"\b(?:section|block|widget|module|list|group|box|column|zone)-?(?:head|heading|header|title|name)\b"
)
_FIXTURE = re.compile(r"[^-–]{2,25} (?:–|vs?\.?) [^-–]{2,25}", re.IGNORECASE)
# What asks for something instead of telling it.
_OFFER = re.compile(
    r"\b(?:in your inbox|newsletters?|subscribe (?:now|to|for|today)|sign up (?:for|to|now)|download (?:the|our) app|"
    r"^(?:join us\b|about (?:the|us|our)|contact (?:us|the)|send us|submit (?:a|your)|support (?:us|our)|"
    r"advertise with)|"
    r"sign in|log in|cookie|(?:probe|digital|print|monats|jahres)?abos?\b|"
    r"privacy policy|terms (?:of use|and conditions)|подпи(?:шитесь|саться)|рассылк\w+|"
    r"abonnieren|abonnez|suscr[ií]b\w+|iscriviti|abone ol)\b|اشترك|عضویت در خبرنامه|הירשמו",
)
_JOB = re.compile(r"\((?:[mwfhdxi] ?/ ?){1,2}[mwfhdxi]\)", re.IGNORECASE)  # "Ingenieur (m/w/d)", "Ingénieur (H/F)"
_COUNTED = re.compile(r"\(\d{1,4}\)$")  # "Sport and leisure (75)": of a category, and no word of its name
_PERSON = re.compile(r"(?:(?:Prof|Dr)\. )+(?:[A-ZÀ-Þ][^\W\d]*[.-]? ?){1,4}$")  # "Prof. Dr. Ada B. Kern", and no more
_CREDIT = re.compile(  # the end of a picture's caption, such as "| Photo: Reuters"
    r"[|/(\[.–—-]\s*(?:photo(?:graph)?|foto|picture|image|bild|фото|صورة|عکس|צילום|写真|사진|图)(?: by| ?[:：/])"
    r"\s*[^|]{2,40}$",
    re.IGNORECASE,
)
# bigpapershops.example; no workshop, no ideals
_SHOP = re.compile(r"(?<!work)(?:shops?|stores?|(?<!i)deals|coupons?)\.")
_PRICE_NAME = re.compile(r"\b(?:prices?|preis|prix|precio|preco|prezzo|cena|prijs|pris|fiyat|hinta)\b")
_QUOTE_NAME = re.compile(r"\b(?:tickers?|quotes?|stocks?|shares?|markets?|last|change)\b")  # that of a share is news
_PRICE = re.compile(r"[€$£¥₪₽₹₩₺]\s?\d|\d\s?(?:[€£₪₽₹₩₺]|(?:zł|kr|kč|ft|lei|tl|eur|usd|chf|руб|грн)\b)", re.IGNORECASE)
_IN_WORDS = re.compile(r"[^\W\d_]{3}")
_FEW_WORDS = {0: -4.0, 1: -3.0, 2: -1.5, 3: 0.0, 4: 1.0}  # what a title of so few is worth; one of more 2.0


def score(stories: list[Story], url: str, title: str) -> None:
    """Score each story of a page at this address with this <title>."""
    home = urls.host_key(url)
    abroad = {story for story in stories if urls.host_key(story.url) != home}
    telling = [story for story in stories if _words(story.title) > 3 and not _in_sentence(story)]
    aggregator = sum(story in abroad for story in telling) > 0.5 * len(telling)
    for story in stories:
        story.score = _title_score(story) + address_score(story.url) + _card_score(story)
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
    told = _parted(stories)[0]
    for story in of_partners(told, url) if not aggregator else ():
        story.score, story.refused = REFUSED, "in a list of another site's articles"
    _refuse(told, url, title)


def _refuse(told: list[Story], url: str, title: str) -> None:
    """Take out what is none whatever else speaks for it."""
    named = text.fold(title)
    board = is_forum(url) or 2 * sum(is_forum(story.url) for story in told) > len(told)
    for story in told:
        if not story.refused and (refused := _refusal(story, named, url, board=board)):
            story.score, story.refused = REFUSED, refused


def _parted(stories: list[Story]) -> tuple[list[Story], list[Story]]:
    """The stories that are headlines by their scores, and the others."""
    return [one for one in stories if one.score >= ENOUGH], [one for one in stories if one.score < ENOUGH]


def _refusal(story: Story, named: str, url: str, *, board: bool) -> str:
    """Why a story is none that all else speaks for; the page's own title leads to a shop, a print or another host."""
    if is_paid_place(story.url) and not is_paid_place(url):
        return "in a place that others pay for"
    if not board and is_forum(story.url):
        return "what readers write"
    if story.card is not None and not is_dated(story.url) and _is_for_sale(story.card):
        return "a thing that is for sale"
    if is_paid(story.card or best_link(story), best_link(story)):
        return "a card that says it is paid for"
    if _JOB.search(story.title):
        return "a job that is offered"
    if _dates.is_read(story.title) and urls.slug_words(story.url).count(" ") < 2:
        return "a date"  # "/2026/11/22/the-day-in-photos" is more
    own = text.fold(story.title)  # "标题_某网" has no blank before the name of the site
    same = _words(story.title) > 3 and named.startswith(own) and not named[len(own) : len(own) + 1].isalnum()
    return "the page's own title" if same else ""


def _is_for_sale(card: Element) -> bool:
    """True for a card with a price that is a product by its markup, or calls it a price."""
    parts = [part for part in card.walk() if part.written]
    product = any("schema.org/Product" in part.written for part in parts)
    named = [] if product else [part for part in parts if _names_price(part.marks)]
    return (product and card.shows(_PRICE)) or any(_PRICE.search(part.text()) for part in named)


@lru_cache(maxsize=4096)
def _names_price(marks: str) -> bool:
    return bool(_PRICE_NAME.search(marks)) and not _QUOTE_NAME.search(marks)


def _spells_title(story: Story) -> bool:
    """True for the three words of a title of five or more at the site's root, which look like a section's name."""
    if _words(story.title) < 5:
        return False
    words = _words_at_root(story.url)
    return len(words) == 3 and set(words) <= set(_cards.IN_SLUG.findall(text.fold(story.title)))


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
    """True for a title that the end of its address spells, in three words or more: "Bajkovita sela Evrope"."""
    words = _cards.IN_SLUG.findall(unquote(urlsplit(story.url).path).rstrip("/").rpartition("/")[2].lower())
    return len(words) > 2 and set(words) == set(_cards.IN_SLUG.findall(text.fold(story.title)))


def _abroad_score(story: Story) -> float:
    """For what an aggregator links to: a short address is a section at home, and as good as any elsewhere."""
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
    score -= 3.0 if words < 4 and _cards.in_enumeration(link) else 0.0
    score -= 4.0 if _cards.is_half_sentence(link) else 0.0
    return score - (4.0 if _in_sentence(story) else 0)


@lru_cache(maxsize=4096)  # a title stays on its page for many polls
def _worth_of_words(title: str) -> float:
    """What a title says for itself and against."""
    words = _words(title)
    score = _FEW_WORDS.get(words, 2.0)
    score += 1.0 if words > 2 and title.endswith(("...", "…")) else 0.0  # a menu is not cut short
    score -= 3.0 if _OFFER.search(title.lower()) else 0.0
    score -= 6.0 if _PERSON.match(title) else 0.0
    score -= CREDITED if _CREDIT.search(title) else 0.0
    return score - (1.5 if words > 35 else 0)


def _worth_of_place(story: Story, link: Element, words: int) -> float:
    """What speaks for a title of so many words by what is around it and in it: a heading, a name, a strong type."""
    parent, inside = link.parent, link.counts(HEADING)
    near = [link, *islice(link.ancestors(), 2)]
    score = 0.0
    if 0 < words < 3 and (inside or (parent and parent.tag in _cards.HEADINGS)) and address_score(story.url) >= 1.5:
        score = -0.5 - _FEW_WORDS[words]  # "Brine", on a dated address and in a heading of its own
    headed = inside or story.headed or any(one.tag in _cards.HEADINGS or _cards.is_large(one) for one in near)
    if headed or _holds_large(link):
        told = _card_score(story) >= PICTURED_AND_DATED  # then it heads no section: "elementor-widget-heading"
        return score + (-1.5 if not told and any(_names_section(one.marks) for one in near) else 2.5)
    if any(map(_cards.is_titled, near)) or (link.size and any(map(_cards.is_titled, link.walk()))):
        return score + 1.5 + 1.0 * (1 < words < 4 and _has_kicker(link, words))
    return score + (1.0 if parent is not None and parent.tag in {"b", "strong"} else 0.0)


def _holds_large(link: Element) -> bool:
    return link.size > 0 and any(map(_cards.is_large, (*link.inside("font"), *link.inside("big"))))


@lru_cache(maxsize=4096)
def _names_section(marks: str) -> bool:
    return bool(_SECTION_HEAD.search(marks))


@lru_cache(maxsize=4096)  # a story is asked several times
def _words(title: str) -> int:
    """How many words a title has, without a count behind them."""
    return _cards.weight(title) - bool(title.endswith(")") and _COUNTED.search(title))


def _has_kicker(link: Element, words: int) -> bool:
    """True for a link that says more than its title, which is called one: "New asylum law" above "A matter of days"."""
    return _cards.weight(link.text()) > words + 1 and any(map(_cards.is_titled, link.walk()))


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
    """True for a card with a date, or, around what may be an article's address, with a time of day."""
    card = story.card
    if card is None:
        return False
    # "14:32 The Waves - A summer by the sea", "18:30 Ajax v PSV": what a station plays, and who meets whom.
    planned = " - " in story.title or _FIXTURE.fullmatch(story.title)
    return _times.tells_date(card) or (address_score(story.url) > 0 and not planned and _times.shows_hour(card))


def _by_shapes(stories: list[Story]) -> None:
    """An address of the make of the page's certain headlines speaks for a title that is one by its length."""
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
    """Links of one make are all headlines or none: each leans to the mean of its kind."""
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
    """The makes of four links or more whose addresses all are articles': of one numbered shape, or all with a slug."""
    addresses = defaultdict(list)
    for story in stories:
        addresses[makes[id(story)]].append(story.url)
    return {make for make, known in addresses.items() if len(known) > 3 and _are_articles(known)}


def _are_articles(addresses: list[str]) -> bool:
    least = min(map(address_score, addresses))
    shapes = {shape_of(one) for one in addresses} if ARTICLES_ADDRESS <= least < SLUG_ADDRESS else set()
    return least >= SLUG_ADDRESS or (len(shapes) == 1 and shapes != {""})


def _is_told_home(story: Story) -> bool:
    """True for another site's home page under a headline's words: "Show HN: A spreadsheet that compiles to SQL"."""
    return not urlsplit(story.url).path.strip("/") and _words(story.title) > 4


def _by_topics(stories: list[Story]) -> None:
    """Where half of one make are tags or persons, what has no article's address is a topic: "/where/nigeria"."""
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
    """What most of its make are, a link is too: "Mud" in a list of essays, and one story of another site among ours."""
    makes = {id(story): make_of(story).partition(":")[2] for story in stories}
    counts = Counter(makes.values())
    told = Counter(makes[id(story)] for story in stories if story.score >= ENOUGH)
    shapes: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        shapes[makes[id(story)]].add(shape_of(story.url))
    lists = _alike(stories, makes)
    for story in stories:
        make = makes[id(story)]
        words = _words(story.title)
        most = told[make] * 3 >= counts[make] * 2
        if story.score >= ENOUGH or counts[make] < 3 or not (most or told[make] * 2 >= counts[make]):
            continue
        # By numbered addresses of one make, or one that spells the title, as well: then half of them are enough.
        alike = words > 2 and ((len(shapes[make]) == 1 and shapes[make] != {""}) or _is_spelled(story))
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
    """Plain links of a make that is mostly none are no headlines, but where most of their own list are."""
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
    """True for a link without a heading, a title by name, a picture and a date: only its words speak for it."""
    link = best_link(story)
    above = any(one.tag in _cards.HEADINGS for one in islice(link.ancestors(), 3))
    shown = _card_score(story) - RAILED * story.railed >= 1.0
    return not (above or shown or link.counts(HEADING) or _is_named(link))


def _is_named(link: Element) -> bool:
    """True for a link that is called a title, or stands right in what is one, or alone in what stands there."""
    above = link.parent
    if above is not None and above.size == link.size + 1 and above.parent is not None:
        above = above.parent if not _is_title(above) else above
    return _cards.is_titled(link) or (above is not None and _is_title(above))


def _is_title(one: Element) -> bool:
    return one.tag in _cards.HEADINGS or _cards.is_titled(one)


def judgements(page: Page, regions: Regions, base: str, url: str, stories: list[Story]) -> Iterator[Judgement]:
    """What was decided about every link of the page, in page order; a story is told of at its first link."""
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
    else:
        again = any(urls.canonicalise(story.url) == urls.canonicalise(resolved) for story in known)
        reason = "repeats the headline above" if again else "repeats another link's title and address"
    return Judgement(False, resolved or link.attrs["href"][:200], text.clean(link.text(), 300), reason, path_of(link))


def reasons_for(story: Story) -> str:
    """What speaks for a story and against it, in words, with the score that they came to."""
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
        (address <= -2, f"address of a {kind_of_address(story.url)}"),
        (story.railed, "in a list of related or latest stories"),
        (story.paired, "picture and caption agree"),
        (_card_score(story) >= PICTURED_AND_DATED, "a card with picture or date"),
    ]
    return f"{', '.join(words for sign, words in signs if sign) or 'nothing speaks for it'} ({story.score:.1f})"
