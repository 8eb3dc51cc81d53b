"""Refuse what looks like a headline and is none: adverts, offers, jobs, what readers write, the page's own title."""

from __future__ import annotations

import re
from functools import lru_cache

from wirekin import text, urls
from wirekin.parse import _dates
from wirekin.parse.pages import _wording
from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._paid import is_paid
from wirekin.parse.pages._partners import of_partners
from wirekin.parse.pages._shapes import is_dated, is_forum, is_paid_place
from wirekin.parse.pages._stories import Story, best_link, leads_to_comments

REFUSED = -6.0  # score of a story that is refused

# What may stand between the title and the name of the site: "标题_某网" has no blank. After a colon the title goes on.
_BEFORE_SITE = " _|-–—·•"
_JOB = re.compile(r"\((?:[mwfhdxi] ?/ ?){1,2}[mwfhdxi]\)", re.IGNORECASE)  # "Ingenieur (m/w/d)", "Ingénieur (H/F)"
_PRICE_NAME = re.compile(r"\b(?:prices?|preis|prix|precio|preco|prezzo|cena|prijs|pris|fiyat|hinta)\b")
_QUOTE_NAME = re.compile(r"\b(?:tickers?|quotes?|stocks?|shares?|markets?|last|change)\b")  # a share's price is news
_PRICE = re.compile(r"[€$£¥₪₽₹₩₺]\s?\d|\d\s?(?:[€£₪₽₹₩₺]|(?:zł|kr|kč|ft|lei|tl|eur|usd|chf|руб|грн)\b)", re.IGNORECASE)


def refuse(told: list[Story], url: str, title: str, *, aggregator: bool) -> None:
    """Take out of the headlines what is none, whatever its score. `aggregator`: the page links to other sites."""
    for story in of_partners(told, url) if not aggregator else ():
        story.score, story.refused = REFUSED, "in a list of another site's articles"
    whole = {story.url for story in told}
    for story in told:
        address, _, place = story.url.partition("?")
        if "#" in place and address in whole:  # "/live/flood?page=2#block-77" is an update of "/live/flood"
            story.score, story.refused = REFUSED, "a place on a page that is told already"
    named = text.fold(title)
    board = is_forum(url) or 2 * sum(is_forum(story.url) for story in told) > len(told)
    for story in told:
        # An aggregator reports on other sites' forums as on anything else.
        wanted = board or (aggregator and urls.host_key(story.url) != urls.host_key(url))
        if not story.refused and (refused := _refusal(story, named, url, board=wanted)):
            story.score, story.refused = REFUSED, refused


def _refusal(story: Story, named: str, url: str, *, board: bool) -> str:
    """Return why a story is no headline in spite of its score; "" if it is one.

    A link with the page's own title leads to a shop, a print version or another host.
    """
    if is_paid_place(story.url) and not is_paid_place(url):
        return "in a place that others pay for"
    if not board and (is_forum(story.url) or leads_to_comments(story)):
        return "what readers write"
    if story.card is not None and not is_dated(story.url) and _is_for_sale(story.card):
        return "a thing that is for sale"
    if is_paid(story.card or best_link(story), best_link(story)):
        return "a card that says it is paid for"
    if _JOB.search(story.title) and not story.title.endswith("?"):  # "Was bedeutet (m/w/d)?"
        return "a job that is offered"
    if _dates.is_read(story.title) and urls.slug_words(story.url).count(" ") < 2:
        return "a date"  # "/2026/11/22/the-day-in-photos" is more
    own = text.fold(story.title)
    same = _wording.weight(story.title) > 3 and named.startswith(own) and named[len(own) : len(own) + 1] in _BEFORE_SITE
    return "the page's own title" if same else ""


def _is_for_sale(card: Element) -> bool:
    """True for a card with a price that is marked up as a product, or in an element that is called a price."""
    parts = [part for part in card.walk() if part.written]
    product = any("schema.org/Product" in part.written for part in parts)
    named = [] if product else [part for part in parts if _names_price(part.marks)]
    return (product and card.shows(_PRICE)) or any(_PRICE.search(part.text()) for part in named)


@lru_cache(maxsize=4096)
def _names_price(marks: str) -> bool:
    return bool(_PRICE_NAME.search(marks)) and not _QUOTE_NAME.search(marks)
