"""Faults of the items: a well-formed document with odd items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from faults._answers import whole
from faults._bodies import instead
from faults._documents import Document, Item
from faults._fault import READS, Ask, Fault, Says
from faults._wire import Step

Change = Callable[[Item, int, Ask], Item]


def with_items(change: Change) -> Says:
    """The document with each item replaced by `change`, given its place and the request."""

    def answer(ask: Ask) -> Iterable[Step]:
        items = (change(item, place, ask) for place, item in enumerate(ask.document.items))
        return whole(ask, ask.document.octets(tuple(items)))

    return answer


def _twice(ask: Ask) -> Iterable[Step]:
    return whole(ask, ask.document.octets(ask.document.items * 2))


def _twice_with_new_guids(ask: Ask) -> Iterable[Step]:
    again = tuple(replace(item, guid=item.guid + "#copy") for item in ask.document.items)
    return whole(ask, ask.document.octets(ask.document.items + again))


def _backwards(ask: Ask) -> Iterable[Step]:
    return whole(ask, ask.document.octets(ask.document.items[::-1]))


def _without(tag: str) -> Says:
    """The document without this element in every item, with an ETag of its own."""

    def answer(ask: Ask) -> Iterable[Step]:
        start, *items = ask.document.octets().decode().split("<item>")
        cut = (item[: item.index(f"<{tag}")] + item[item.index(f"</{tag}>") + len(tag) + 3 :] for item in items)
        return instead("<item>".join((start, *cut)).encode())

    return answer


def _summaries(document: Document) -> frozenset[str]:
    return frozenset(item.summary for item in document.items)


FAULTS = (
    Fault("items_twice", "Every item stands there twice.", _twice, READS),
    Fault("items_twice_new_guids", "Every item stands there twice, the second time with another guid.",
          _twice_with_new_guids, READS),
    Fault("items_backwards", "The oldest item comes first.", _backwards, READS),
    Fault("guid_churn", "Every answer gives every item a new guid.",
          with_items(lambda item, place, ask: replace(item, guid=f"urn:{ask.number}:{place}")), READS),
    Fault("guids_by_place", "The guids count the places, and move to other items.",
          with_items(lambda item, place, ask: replace(item, guid=str(place + 1))), READS),
    Fault("one_guid_for_all", "All items have one guid.",
          with_items(lambda item, place, ask: replace(item, guid="urn:item")), READS),
    Fault("no_guids", "The items have no guid.", with_items(lambda item, place, ask: replace(item, guid="")), READS),
    Fault("no_links", "The items have no link.", _without("link"), READS),
    Fault("javascript_links", "The links are scripts.",
          with_items(lambda item, place, ask: replace(item, link="javascript:alert(1)")), READS),
    Fault("file_links", "The links lead to files.",
          with_items(lambda item, place, ask: replace(item, link="file:///etc/passwd")), READS),
    Fault("relative_links", "The links are relative to the site.",
          with_items(lambda item, place, ask: replace(item, link="/" + item.link.split("/", 3)[3])), READS),
    Fault("tracked_links", "The links carry marks of who reads, new ones each time.",
          with_items(lambda item, place, ask: replace(item, link=f"{item.link}?utm_source=rss&utm_id={ask.number}")), READS),
    Fault("links_of_an_accelerator", "The links lead over http, www and a slash too many.",
          with_items(lambda item, place, ask: replace(item, link=item.link.replace("https://", "http://www.") + "/")), READS),
    Fault("no_titles", "The items have no title: their first words stand for one until it heals.", _without("title"),
          replace(READS, also=_summaries, garbles=True)),
    Fault("markup_in_titles", "The titles are full of markup.",
          lambda ask: whole(ask, ask.document.octets().replace(b"Notice", b"&lt;b&gt;&lt;i&gt;Notice&lt;/i&gt;&lt;/b&gt;")
                            .replace(b"[CDATA[&lt;b&gt;&lt;i&gt;Notice&lt;/i&gt;&lt;/b&gt;", b"[CDATA[<b><i>Notice</i></b>")),
          READS),
    Fault("future_dates", "Everything happens in the year 2999.",
          with_items(lambda item, place, ask: replace(item, at=item.at.replace(year=2999, day=1))), READS),
    Fault("ancient_dates", "Everything happened in the year 1.",
          with_items(lambda item, place, ask: replace(item, at=datetime(1, 1, 1, tzinfo=item.at.tzinfo))), READS),
    Fault("impossible_dates", "The dates are of no calendar.",
          lambda ask: whole(ask, ask.document.octets().replace(b" GMT</pubDate>", b" on Pancake Day</pubDate>")), READS),
)  # fmt: skip
