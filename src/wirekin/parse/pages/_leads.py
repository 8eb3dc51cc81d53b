"""Find stories that are headlines because of their neighbours: in a list below a lead, or in a list of headlines."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice

from wirekin.parse.pages import _cards, _wording
from wirekin.parse.pages._dom import HEADING, Element
from wirekin.parse.pages._shapes import address_score, shape_of
from wirekin.parse.pages._stories import ARTICLES, MAX_CARD_ELEMENTS, MAX_CARD_TEXT, Story, best_link
from wirekin.parse.pages._translations import is_headed

MAX_ITEM_HEIGHT = 3  # ancestors of a link that may be its list item
MAX_LEAD_HEADINGS = 2  # in a lead's box: its own, and one of the list
MIN_ITEM_WORDS = 4


def below_leads(known: Iterable[Story], doubted: Iterable[Story]) -> list[Story]:
    """Return the doubted stories that are list items below a known headline, with a title and an article's address."""
    items = [story for story in doubted if _item_of(best_link(story)) is not None and _may_follow(story)]
    if not items:
        return []
    leads = [best_link(story) for story in known]
    leads = [link for link in leads if _item_of(link) is None]
    articles = {id(_article_around(link)) for link in leads}
    headed = sorted(link.order for link in leads if is_headed(link))
    return [story for story in items if _follows(best_link(story), articles, headed)]


def among_equals(known: Iterable[Story], doubted: list[Story]) -> list[Story]:
    """Return the doubted stories of lists with more headlines than doubted ones, whose addresses all have one shape."""
    shapes = defaultdict(list)
    for story in known:
        shapes[_list_of(best_link(story))].append(shape_of(story.url))
    lists = [_list_of(best_link(story)) for story in doubted]
    others = Counter(lists)
    return [
        story
        for story, at in zip(doubted, lists, strict=True)
        if at >= 0 and len(shapes[at]) > others[at] and _is_equal(story, set(shapes[at]))
    ]


def _is_equal(story: Story, shapes: set[str]) -> bool:
    """True for a title of at least two words at an address of the one shape in `shapes`."""
    told = _wording.weight(story.title) > 1 and not story.is_button and not _cards.in_running_text(best_link(story))
    return told and shapes == {shape_of(story.url)} != {""} and address_score(story.url) >= ARTICLES


def _list_of(link: Element) -> int:
    """Return the order of the list around a link; -1 if there is none."""
    listed = _list_around(link)
    return -1 if listed is None else listed.order


def _list_around(link: Element) -> Element | None:
    near = islice(link.ancestors(), MAX_ITEM_HEIGHT + 1)
    return next((up for up in near if up.tag in {"ul", "ol"}), None)


def _follows(link: Element, articles: set[int], headed: list[int]) -> bool:
    article = _article_around(link)
    if article is not None and id(article) in articles:
        return True
    listed = _list_around(link)
    box = listed.parent if listed is not None else None
    if listed is None or box is None or not _is_card(box) or not 0 < box.counts(HEADING) <= MAX_LEAD_HEADINGS:
        return False
    return bisect_left(headed, listed.order) > bisect_left(headed, box.order)  # the headline stands above the list


def _may_follow(story: Story) -> bool:
    told = _wording.weight(story.title) >= MIN_ITEM_WORDS and not story.is_button
    return told and not _cards.in_running_text(best_link(story)) and address_score(story.url) >= ARTICLES


def _article_around(link: Element) -> Element | None:
    """Return the <article> around a link if it is a card and not a whole text."""
    one = next((up for up in link.ancestors() if up.tag == "article"), None)
    return one if one is not None and _is_card(one) else None


def _is_card(one: Element) -> bool:
    return one.size <= MAX_CARD_ELEMENTS and not one.is_longer(MAX_CARD_TEXT)


def _item_of(link: Element) -> Element | None:
    return next((up for up in islice(link.ancestors(), MAX_ITEM_HEIGHT) if up.tag == "li"), None)
