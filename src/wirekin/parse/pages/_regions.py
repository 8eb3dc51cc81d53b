"""Find the parts of a page without headlines: navigation, footers, author boxes, comments, offers, paid places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from wirekin.parse.pages._cards import (
    HEADINGS,
    in_running_text,
    is_titled,
    looks_hidden,
)
from wirekin.parse.pages._dom import HEADING, Element, Index
from wirekin.parse.pages._listing import (
    MOST_LINKS,
    SURE,
    WITH_SLUG,
    lists_articles,
    lists_dated,
    lists_news,
    lists_own,
    ticker_in,
)
from wirekin.parse.pages._paid import is_paid_by_attributes, is_paid_label
from wirekin.parse.pages._rails import heads_rail, names_rail
from wirekin.parse.pages._shapes import address_score, anywhere, leads_to_paid
from wirekin.parse.pages._wording import weight

_CARD_TAGS = frozenset({"article", "li", "section", "main"})
_DROPPED_TAGS = frozenset({"nav", "menu", "dialog", "button", "label", "address", "noscript"})
_DROPPED_ROLES = frozenset({"navigation", "search", "dialog", "contentinfo"})
_PAID = re.compile(
    r"\b(?:sponsor\w*|advert\w*|advertorial|promoted|paid-(?:post|content)|partner(?:s|-content|ship|-news)?|taboola|"
    r"outbrain|mgid|revcontent|zergnet|dfp|adslot|ad-slot|ad-unit|ad-container|adsbygoogle|native-?ad\w*|affiliate\w*|"
    r"brand(?:ed)?-?(?:content|stor(?:y|ies)|studio|voice)|patrocinad[oa]s?|"
    r"commercial|ads?|adv|adbox|banner|reklama?|anzeige|werbung|publicidad|publicite|smi2|relap)\b"
)
_PLACES = frozenset({"ad", "ads", "adv", "adbox", "banner", "commercial"})  # may name a column with news beside an ad
# Layouts with a place for ads, whatever else is in them: "has-ads", "cols-ad".
_BESIDE_AD = re.compile(
    r"\b(?:has|have|with|without|no|cols|columns)-(?:ads?|adv|banners?)$|\bads?-free\b|"
    r"\bcommercial-(?:property|real-estate|courts?|law|vehicles?|aviation|space|banking)\b"
)
_PLACE_OF_TEMPLATE = re.compile(r"advert\d{1,3}")  # Joomla's position for a module of any kind
# Lists made by readers' clicks, whatever else the name says: "most-viewed-content-by-partners".
_READERS = re.compile(r"\bmost-?(?:read|viewed|popular|shared|commented)\b")
_BY_AUTHOR = re.compile(r"(?:^|-)more-(?:from|by)-(?:the-|this-|same-)?authors?$")
# WordPress names an article's subjects in classes: "tag-advertising", "category-marketing-werbung"; but
# "category-sponsored" and "category-werbung".
_SUBJECTS = ("tag-", "category-")
_PAID_SUBJECT = re.compile(
    r"\b(?:sponsored|advertorials?|advertisements?|promoted|paid|native|partner-content|brand(?:ed)?-content|"
    r"patrocinad[oa]s?)\b|^(?:tag-anzeigen?|category-(?:anzeigen?|werbung))$"
)
# Words that name furniture at the start or end of a class name: "nav-menu", "post-tags"; not "section-archive-list".
_EDGE_WORDS = (
    "(?:sub-?)?nav|navi|navbar|navigation|menus?|menu(?:left|right|top|bar|list)|(?:left|right|top|main|side|sub)menu|mega|"
    "breadcrumbs?|crumbs?|footer|masthead|top-?bar|tool-?bar|skip-?links?|"
    "cookies?|consent|gdpr|newsletters?|subscribe|subscription\\w*|sign-?up|paywall|log-?in|sign-?in|share|sharing|"
    "socials?|follow-?us|comments?|disqus|respond|authors?|by-?line|bio|staff|"
    "pagination|paginator|paginierung|pager|paging|page-numbers|"
    "podcasts?|stopka|rodape|pied|fusszeile|foot|ftr|hdr|services|"
    "blogroll|donate|donation|popup|modal|offcanvas|legal|copyright|colophon|footnotes?|references"
)
_LAST_WORDS = (
    "tags|tag-?list|tag-?cloud|topics|chips?|pills?|labels|archives|blog-?archive|blog-?list|profiles?|toc|"
    "table-of-contents"
)
_WHOLE_WORDS = (
    "tag|rss(?!-)|schedule|tv-?guide|topic-?list|weather|stock-?ticker|poll|jobs?|language-?switcher|lang-?switch|search-?form|user-?menu|"
    "author-?(?:box|"
    "bio|info|card|profile)|about-?author|app-?(?:promo|banner)|podcast-?promo|profile-\\w+|sitemap"
)
_FURNITURE = re.compile(
    rf"(?:^|\s)(?:(?:{_EDGE_WORDS}|{_WHOLE_WORDS})(?=$|[\s-])|(?:\S*-)?(?:{_EDGE_WORDS}|{_LAST_WORDS})(?=$|\s|--))"
)
_NEWS_NAME = re.compile(r"\b(?:news|picks|stories|articles|headlines)\b")  # "staff-picks", "legal-news"
# Names of furniture that sites also give to lists of news: "topics" in Japan, "labels" of cards.
_MILD = re.compile(r"\b(?:topics|labels?|tags|archives|services|poll|foot)\b")
_WORN_BY_CARDS = re.compile(r"foot|by-?line")  # "byline-white" styles the author's line of a card
_URGENT = re.compile(r"\b(?:alert|breaking|urgent|live|news|headlines?)\b")
_TALK = re.compile(
    r"^comment\b|\b(?:comments|disqus|respond|footnotes?|references|newsletters?|jobs?)\b"
)  # may link to many articles
_SHARED = re.compile(r"\W*(?:share|sharing|socials?|tool-?bar)\b")
# Such a box holds an offer, or what subscribers read (cards, whole pages); a footer holds tags, or related stories.
_WALL = re.compile(r"\b(?:paywall|subscri\w+|(?:article|content|story|post|entry)-footer)\b")
# Headings of sections that are not the page's own news.
_FOREIGN_HEADING = re.compile(
    r"^(?:from around the web|around the web|from the web|sponsor(?:s|ed)?(?: posts?)?|"
    r"paid content|promoted|partner (?:content|stories|news)|"
    r"from our partners|you may like|comments|\d+ comments?|leave a (?:reply|comment)|popular topics|"
    r"trending topics|topics|"
    r"table of contents|contents|in this article|follow us|share this|(?:menus?|меню|القائمة|منو)(?=\W*$)|"
    r"about the author|author|detail author|socials?|"
    r"(?:podcasts?|подкасты|podcastler|podcast'ler|بودكاست|פודקאסט(?:ים)?|پادکست|ポッドキャスト|"
    r"(?:unsere|nos|le nostre) newsletters?|nuestros boletines|рассылки|bültenler|النشرات البريدية|"
    r"abonnez-vous|suscríbete|abbonati|abone ol(?:un)?|"
    r"partnerangebote)(?=\W*$)|"
    r"newsletters?|(?:white ?papers?|webcasts?|webinars?)(?=\W*$)|"
    r"sign up|subscribe|archives?|categories|tags|blogroll|"
    r"(?:[\w-]+ )?jobs(?: from .{2,30}| of the (?:day|week)| board)?(?=\W*$)|"
    r"(?:\S+ )?(?:classifieds|объявления|oglasi|ogłoszenia|anunțuri|petites annonces|clasificados)(?=\W*$)|"
    r"(?:\S+ ){0,2}\S*forums? (?:posts|threads)|"
    r"(?:\S+ ){0,2}(?:from the|aus dem|du|del|dal|sa|с) (?:forums?|foruma|форума)(?=\W*$)|"
    r"(?:stellen(?:angebote|markt)|offres d['’]emploi|ofertas de empleo|вакансии|vacatures|oferty pracy)(?=\W*$)|"
    r"our (?:team|staff|newsletters|shows|podcasts|columnists|writers|contributors|authors|channels|apps|"
    r"services|brands|partners|sites)|"
    r"meet the .{3,30}|"
    r"новости партн[её]ров|партн[её]рские .{3,20}|новости сми2?|комментарии|теги|рубрики|архив|об авторе|авторы|"
    r"подписка|"
    r"anzeigen?|kommentare|schlagworte|themen|newsletter|über den autor|comentarios|etiquetas|archivo|commentaires|"
    r"تعليقات|الوسوم|إعلانات|نظرات|برچسب‌?ها|תגובות|תגיות|yorumlar|etiketler)\b\s*:?",
    re.IGNORECASE,
)
_OF_FORUM = re.compile(r"\b(?:forum|форум)", re.IGNORECASE)  # or of a congress: "Новости с форума"
_SLOT_LABEL = re.compile(r"\W*(?:advert\w*|anzeige|werbung|publicidad|publicité|реклама)\W*", re.IGNORECASE)
_LIKED = re.compile(r"you may like", re.IGNORECASE)  # heads adverts, or the site's own stories
_LISTED = re.compile(  # may also head the articles of an issue, a newsletter or the opinion desk
    r"(?:table of )?contents|newsletters?|topics|themen|temas|kommentare|commentaires|comentarios|yorumlar|авторы|"
    r"socials?|authors?|(?:[\w-]+ )?jobs|white ?papers?|webinars?|our (?:columnists|writers|authors|contributors)",
    re.IGNORECASE,
)
_HEADING_TAGS = HEADINGS | {"p", "strong", "b", "span", "legend", "div"}
_RAIL_HEIGHT = 4  # ancestors of a card that are checked for a rail
_MAX_HEADING_WORDS = 6
MOST_WORDS = 50  # distinct words for "paid for" that are counted on the whole page; a page has two or three
MIN_TITLES = 2  # headings of articles below the heading of a list
MAX_TABS = 12  # siblings checked for the visible tab
MIN_TAB_LINKS = 2  # in a list behind a tab
MIN_TEXT = 1_500  # characters of an article
MAX_SLOT = 100  # characters in a box that a script fills, such as a note for readers without scripts
MAX_NAME_WORDS = 4  # of a person's name: "Prof. Ada van Kern"
MIN_ALT_WORDS = 4  # of an alt text that is a sentence; "Company logo" has fewer
_NAMES = re.compile(r' (?:class|id|role)="[^"]*"(?= |$)')
MAX_KEPT = 500  # longest attributes, in characters, whose signs are cached
_SECTION_TAGS = frozenset({"section", "div", "aside", "ul", "td", "table"})
_LINE_TAGS = frozenset({"p", "div"})
_BOX_TAGS = frozenset({"div", "section", "ul", "aside"})
_BODY_TAGS = frozenset({"html", "body", "main"})


class Regions:
    """Judges for each element of one page whether its links may be headlines; caches its verdicts."""

    def __init__(self, root: Element) -> None:
        self._judged: dict[int, str] = {}
        self.out_until = -1  # order of the last element of the furniture found so far
        self._common: dict[str, bool] = {}
        self._tickers: set[int] = set()
        self._flat = root.index.flat
        self._links = [one.order for one in root.inside("a") if ' href="' in one.written]
        self._headings: dict[int, tuple[list[int], list[Element]]] = {}  # by box: its headings, and the end of each

    def out(self, one: Element) -> str:
        """Return the kind of furniture around an element ("navigation", "sponsored" ...); "" if there is none."""
        chain = []
        at: Element | None = one
        while at is not None and at.order not in self._judged:
            chain.append(at)
            at = at.parent
        verdict = self._judged[at.order] if at is not None else ""
        for part in reversed(chain):
            if part.order in self._tickers:
                verdict = ""
            elif not verdict and (verdict := self._out_by(part)):
                self.out_until = max(self.out_until, self._end_of(part))
            self._judged[part.order] = verdict
        return verdict

    def where_out(self, one: Element) -> str:
        """Return the same with the element that is furniture, for people to read: "navigation: inside <nav>"."""
        kind = self.out(one)
        culprit = next((up for up in one.ancestors() if up.parent is None or not self._judged[up.parent.order]), one)
        marked = culprit.attrs.get("class") or culprit.attrs.get("id")
        return f"{kind}: inside <{culprit.tag}{f' {marked[:60]}' if marked else ''}>"

    def _end_of(self, out: Element) -> int:
        """Return the order of the last element of the furniture; a header's ends before its ticker, which is news."""
        ticker = ticker_in(out) if out.tag == "header" else None
        if ticker is None:
            return out.end
        self._tickers.add(ticker.order)
        return ticker.order - 1

    def _out_by(self, one: Element) -> str:
        if one.tag in _BODY_TAGS:
            return ""
        signs = _signs_of_link(one.written) if one.tag == "a" else _signs_of_box(one.tag, one.written)
        if signs is None:
            return self._out_by_heading(one)
        if signs.dropped:
            return "navigation"
        if signs.paid or signs.paid_by_attributes:
            # "banner" may also name a banner headline or breaking news.
            is_news = signs.paid == "banner" and (_heads_article(one) or (signs.urgent and lists_articles(one)))
            is_news = is_news or (
                one.counts("h1") > 0 and one.is_longer(MIN_TEXT)
            )  # the page's own: "article-ad-marker"
            is_news = is_news or (signs.paid in _PLACES and _has_slot(one, signs.paid) and lists_articles(one, 0.5))
            return "" if is_news or self._holds_most(one) or self._marks_most(signs.paid) else "sponsored"
        if signs.hidden:
            return "" if self._holds_most(one) or _is_tab(one) else "hidden"
        if one.tag in {"header", "footer"}:
            is_card = any(up.tag in _CARD_TAGS for up in one.ancestors()) or _shows_stories(one)
            is_card = is_card or (_heads_article(one) if one.tag == "header" else _is_rail(one))
            return "" if is_card else one.tag
        if signs.kept:
            return ""
        if signs.furniture and not self._holds_most(one) and not _is_news(signs.furniture, one):
            return "furniture"
        return self._out_by_heading(one)

    def _out_by_heading(self, one: Element) -> str:
        if one.tag not in _SECTION_TAGS or not _is_foreign(one) or self._holds_most(one):
            return ""
        return "under a heading of other things"

    def _holds_most(self, one: Element) -> bool:
        # A wrapper around the whole page, named "menu-open" or "has-footer", is no menu.
        return self._links_in(one) > 0.6 * max(len(self._links), 1)

    def _marks_most(self, word: str) -> bool:
        """True for a word in the names around most links of the page, such as "node--promoted" on every article."""
        if not word:
            return False
        if word not in self._common:
            if len(self._common) >= MOST_WORDS:
                return False
            inside, end = 0, -1
            start = word.partition("-")[0]
            title, loud = start.capitalize(), start.upper()  # possible spellings; marks are in lower case
            named = re.compile(rf"\b{re.escape(word)}\b")
            for one in self._flat:
                written = one.written
                if not (start in written or title in written or loud in written) or one.order <= end:
                    continue  # cannot match, or is inside an element that is counted already
                if one.tag not in _BODY_TAGS and named.search(one.marks):
                    inside, end = inside + self._links_in(one), one.end
            self._common[word] = inside > 0.5 * max(len(self._links), 1)
        return self._common[word]

    def _links_in(self, one: Element) -> int:
        return bisect_right(self._links, one.end) - bisect_left(self._links, one.order)

    def in_rail(self, card: Element, link: Element) -> bool:
        """True for a card in a rail, a list that is called related, latest, read also ...; `link` is its title."""
        for up in (card, *islice(card.ancestors(), _RAIL_HEIGHT)):
            if up.tag not in _BODY_TAGS and names_rail(up.marks):
                return True
            before = self._heading_before(up, link)
            if before is not None and heads_rail(before.text()):
                return True
            if up.tag in _BODY_TAGS:
                return False
        return False

    def _heading_before(self, box: Element, link: Element) -> Element | None:
        """Return the last heading, or short line, among a box's children that ends before the link."""
        if box.order not in self._headings:
            found = [child for child in box.elements() if _is_heading(child)]
            self._headings[box.order] = [child.end for child in found], found
        ends, headings = self._headings[box.order]
        at = bisect_left(ends, link.order)
        return headings[at - 1] if at else None


class _Signs(NamedTuple):
    """The signs of furniture in an element's tag and attributes."""

    dropped: bool = False  # nothing in it is a headline
    paid: str = ""  # the word in its names that says "paid for"
    paid_by_attributes: bool = False
    urgent: bool = False
    hidden: bool = False
    kept: bool = False  # an article or a heading, whatever its names
    furniture: str = ""  # the word in its names that says "furniture"


_NO_SIGNS = _Signs()


def _signs_of_link(written: str) -> _Signs | None:
    return (_link_signs if len(written) <= MAX_KEPT else _link_signs.__wrapped__)(written)


@lru_cache(maxsize=8192)  # no two links have equal attributes, but the page's next poll has the same links again
def _link_signs(written: str) -> _Signs | None:
    signs = _signs_of_box("a", "".join(_NAMES.findall(written)))  # without the attributes that it does not read
    if is_paid_by_attributes(Element("a", written, None, Index())):
        return (signs or _NO_SIGNS)._replace(paid_by_attributes=True)
    return signs


def _signs_of_box(tag: str, written: str) -> _Signs | None:
    """Return the signs of an element with these attributes; None if there are none."""
    return (_box_signs if len(written) <= MAX_KEPT else _box_signs.__wrapped__)(tag, written)


@lru_cache(maxsize=8192)  # a page has about a hundred different boxes, and its next poll has the same
def _box_signs(tag: str, written: str) -> _Signs | None:
    one = Element(tag, written, None, Index())
    if tag in _DROPPED_TAGS or one.attrs.get("role") in _DROPPED_ROLES:
        return _Signs(dropped=True)
    told = [_signs_of_name(name) for name in one.marks.split()]
    titled = tag == "a" and is_titled(one)  # "post-title newsletter": the title of a newsletter's issue
    signs = _Signs(
        paid=next((paid for paid, _, _ in told if paid), ""),
        paid_by_attributes=is_paid_by_attributes(one),
        urgent=any(urgent for _, _, urgent in told),
        hidden=tag in _BOX_TAGS and looks_hidden(one),
        kept=tag == "article" or "hentry" in one.marks or tag in HEADINGS,
        furniture=next((furniture for _, furniture, _ in told if furniture and not titled), ""),
    )
    return signs if tag in {"header", "footer"} or signs._replace(urgent=False) != _NO_SIGNS else None


@lru_cache(maxsize=8192)
def _signs_of_name(name: str) -> tuple[str, str, bool]:
    """Return the words in a name that say "paid for" and "furniture", and whether the name says breaking news."""
    paid = _PAID.search(name)
    if paid and (
        _BESIDE_AD.search(name)
        or _PLACE_OF_TEMPLATE.fullmatch(name)
        or _READERS.search(name)
        or (name.startswith(_SUBJECTS) and not _PAID_SUBJECT.search(name))
    ):
        paid = None
    furniture = None if "author" in name and _BY_AUTHOR.search(name) else _FURNITURE.search(name)
    word = (name if _NEWS_NAME.search(name) else furniture[0]) if furniture else ""
    return paid[0] if paid else "", word, bool(_URGENT.search(name))


def _is_news(name: str, one: Element) -> bool:
    """True if an element that is named like furniture shows news: a list of it, or a paywall before any article."""
    if _WALL.search(name):
        return lists_articles(one, share=0, least=SURE)  # "/read-all-our-stories/" is an offer
    if _TALK.search(name):
        return "job" in name and lists_own(one)
    if _MILD.search(name):
        return lists_articles(one)
    if _SHARED.match(name) and one.is_longer(MIN_TEXT):
        return True  # around the text of an article: "share-zone"
    if _NEWS_NAME.search(name) and lists_articles(one):
        return True
    if (
        lists_news(one)
        or (_WORN_BY_CARDS.search(name) and _heads_article(one))
        or ("author" in name and _shows_column(one))
    ):
        return True
    if one.counts(HEADING) > 1 and lists_articles(one, least=SURE):
        return True
    heading = next(iter(one.inside(HEADING, 1)), None)  # "Most read" in a "top-nav"
    return heading is not None and heads_rail(heading.text()) and lists_articles(one, least=WITH_SLUG)


def _is_tab(one: Element) -> bool:
    """True for a hidden list of articles beside a visible one of the same kind: it is shown when its tab is clicked."""
    beside = _shown_beside(one, lambda other: other.previous), _shown_beside(one, lambda other: other.next)
    return any(other is not None and _are_alike(one, other) for other in beside)


def _shown_beside(one: Element, step: Callable[[Element], Element | None]) -> Element | None:
    """Return the first visible sibling with the same tag, a few steps before or after."""
    other = step(one)
    for _ in range(MAX_TABS):
        if other is None or (other.tag == one.tag and not looks_hidden(other)):
            return other
        other = step(other)
    return None


def _are_alike(one: Element, other: Element) -> bool:
    """True for two lists of articles; cards of one article each must have the same class ("Show more")."""
    least = 1 if one.named != "" and one.named == other.named else MIN_TAB_LINKS
    return all(box.counts("a") >= least and lists_articles(box) for box in (one, other))


def _heads_article(one: Element) -> bool:
    """True for a box with a heading whose links are mostly articles."""
    return one.counts(HEADING) > 0 and lists_articles(one)


def _shows_column(one: Element) -> bool:
    """True for a columnist's box: a name, and below it a link to a certain article that is not inside a sentence."""
    links = [link for link in one.inside("a", MOST_LINKS) if link.href and link.text()]
    told = (link for link in links[1:] if weight(link.text()) > 2 and not in_running_text(link))
    named = bool(links) and weight(links[0].text()) <= MAX_NAME_WORDS
    return named and any(address_score(anywhere(link.href)) > SURE for link in told)


def _has_slot(one: Element, word: str) -> bool:
    """True for a column with an empty box of the same name, an ad slot that a script fills: the rest may be news."""
    named = re.compile(rf"\b{word}\b")
    boxes = (part for part in one.walk() if part is not one and part.tag in _BOX_TAGS and named.search(part.marks))
    return any(not box.counts("a") and not box.text() for box in islice(boxes, MOST_WORDS))


def _is_foreign(one: Element) -> bool:
    """True for a section under a heading such as "From around the web"."""
    first = one.first
    while first is not None and first.tag == "a":
        first = first.next
    for _ in range(2):
        if first is not None and (first.tag == "header" or (first.tag == "div" and first.size > 1)):
            first = first.first
    if first is None or first.tag not in _HEADING_TAGS or (first.tag == "div" and first.size > 1):
        return False
    words = first.text()
    if first.parent is not one and _SLOT_LABEL.fullmatch(words) and _is_empty_box(first.next):
        return False  # it heads only an empty slot: the "Advertisement" of a banner at the top of all columns
    if words.count(" ") >= _MAX_HEADING_WORDS:
        return False
    if first.tag in HEADINGS and any(leads_to_paid(link.href) for link in first.inside("a")):
        return True
    if _LIKED.match(words) and lists_own(one):
        return False
    if _LISTED.match(words) and one.counts(HEADING) > MIN_TITLES and lists_articles(one, 0.4):
        return False
    if _OF_FORUM.search(words) and lists_dated(one):
        return False
    return _heads_others(words) and not (_goes_on(words) and _leads_to_article(first))


def _is_empty_box(one: Element | None) -> bool:
    """True for a box with next to nothing in it, which a script fills."""
    return one is not None and one.tag in _BOX_TAGS and not one.is_longer(MAX_SLOT) and one.counts("a") < 2


def _goes_on(words: str) -> bool:
    """True if more words follow those of a foreign heading: "Authors protest in the capital", not "Promoted: ..."."""
    found = _FOREIGN_HEADING.match(words)
    return found is not None and found.end() < len(words) and not found[0].endswith(":")


def _leads_to_article(heading: Element) -> bool:
    """True for a heading that links to an article: a card's title, whatever its first words."""
    return any(address_score(anywhere(link.href)) >= WITH_SLUG for link in heading.inside("a") if link.href)


@lru_cache(maxsize=1024)
def _heads_others(words: str) -> bool:
    return bool(_FOREIGN_HEADING.match(words)) or is_paid_label(words)


def _is_heading(one: Element) -> bool:
    if one.tag not in _LINE_TAGS:
        return one.tag in HEADINGS
    return one.end - one.order < 5 and len(words := one.text()) > 0 and words.count(" ") < _MAX_HEADING_WORDS


def _is_rail(footer: Element) -> bool:
    """True for a footer that is called or headed a rail, and links mostly to articles."""
    heading = next(iter(footer.inside(HEADING, 1)), None)
    told = names_rail(footer.marks) or (heading is not None and heads_rail(heading.text()))
    return told and lists_articles(footer, least=WITH_SLUG)


def _shows_stories(footer: Element) -> bool:
    """True for a footer that is a rail of related stories: at least two pictures with a sentence as alt text."""
    return sum(weight(part.alt) >= MIN_ALT_WORDS for part in footer.inside("img")) > 1
