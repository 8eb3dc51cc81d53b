"""Recognise links to an article's translations, which are no headlines of its page."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from wirekin.parse.pages._cards import HEADINGS
from wirekin.parse.pages._dom import HEADING, Element, Page

MOST_OF_ONE_LANGUAGE = 2  # links to one translation of the page; more are not translations of the page itself


def languages_of_translations(page: Page) -> set[str]:
    """Return the languages of an article's translations: those that one or two links each state by hreflang.

    If many links state a language, or the page's own, the software writes hreflang on every headline, as Drupal does,
    and the template may declare the wrong language for the page.
    """
    spoken = _language(page.root.attrs.get("lang", ""))
    links = (link for link in page.root.inside("a") if ' hreflang="' in link.written)
    told = Counter(_language(link.attrs.get("hreflang", "")) for link in links)
    if not spoken or told[spoken] > MOST_OF_ONE_LANGUAGE:
        return set()
    return {one for one, count in told.items() if count <= MOST_OF_ONE_LANGUAGE} - {"", "x-", spoken}


def _language(tag: str) -> str:
    return tag[:2].lower()


def is_translation(link: Element, others: set[str]) -> bool:
    """True for a link without a heading to the page in another language."""
    if not link.has("hreflang") or _language(link.attrs.get("hreflang", "")) not in others:
        return False
    return not is_headed(link)


def is_headed(link: Element) -> bool:
    """True for a link that holds a heading, or stands in one."""
    return link.counts(HEADING) > 0 or any(up.tag in HEADINGS for up in islice(link.ancestors(), 2))
