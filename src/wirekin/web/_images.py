"""/img/: serve publishers' pictures if feeds.yml has `images: proxy`, and link to them in our answers.

The path names a headline in the store and the hash of its picture, never an address. So nobody can make us fetch
anything that is not in a feed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit

from wirekin.errors import UnknownId
from wirekin.images import mark_of
from wirekin.model import Headline, HeadlineId, Image, RelatedAnswer, Story
from wirekin.render import safe_link
from wirekin.thumbnails import CARD, LEAD, MEDIA_TYPE, WIDTHS
from wirekin.web._context import Answer, Ask
from wirekin.web._readers import Readers

PATH = "/img/{id}/{mark}/{width}"
KEPT_FOR = "public, max-age=31536000, immutable"  # a changed picture gets a new address

Pictures = Callable[[str, int], Awaitable[bytes | None]]
"""The type of `images.Images.picture`: (address, width) -> the thumbnail, None if there is none."""


def image(pictures: Pictures | None) -> Callable[[Readers, Ask], Awaitable[Answer]]:
    """The work of /img/."""

    async def work(readers: Readers, ask: Ask) -> Answer:
        widths = {str(width): width for width in WIDTHS}
        if pictures is None or not ask.context.images or ask.parts["width"] not in widths:
            raise UnknownId("There is nothing here.")
        key = HeadlineId(ask.parts["id"])
        found = await readers.run(lambda reader: reader.headline(key))
        url = _address_of(found)
        body = await pictures(url, widths[ask.parts["width"]]) if url and mark_of(url) == ask.parts["mark"] else None
        if body is None:
            raise UnknownId("There is no such picture.")
        return Answer(body, MEDIA_TYPE, headers={"cache-control": KEPT_FOR})

    return work


def in_answer(answer: RelatedAnswer, ask: Ask) -> RelatedAnswer:
    """Replace the pictures' addresses in an answer by ours, if we serve pictures."""
    items = (replace(item, headline=in_headline(item.headline, ask, CARD)) for item in answer.items)
    return replace(answer, items=tuple(items))


def in_story(story: Story, ask: Ask) -> Story:
    """Do the same for a story."""
    others = tuple(in_headline(other, ask, LEAD) for other in story.others)
    return replace(story, lead=in_headline(story.lead, ask, LEAD), others=others)


def in_headline(headline: Headline, ask: Ask, width: int) -> Headline:
    """Do the same for a headline."""
    url = _address_of(headline) if ask.context.images else ""
    if not url or headline.image is None:
        return headline
    address = f"{ask.base_url}/img/{headline.id}/{mark_of(url)}/{width}"
    return replace(headline, image=Image(address, *_size(headline.image, width)))


def confined(answer: Answer, ask: Ask) -> Answer:
    """Let a page load pictures only from us, if we serve pictures."""
    if not ask.context.images or not answer.media_type.startswith("text/html"):
        return answer
    parts = urlsplit(ask.base_url)
    ours = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return replace(answer, pictures="'self'" + ours)


def _address_of(headline: Headline | None) -> str:
    return safe_link(headline.image.url) if headline is not None and headline.image is not None else ""


def _size(of: Image, width: int) -> tuple[int, int]:
    """Return the size of our thumbnail; (0, 0) if the publisher did not state a size."""
    if not (of.width and of.height):
        return 0, 0
    wide = min(width, of.width)
    return wide, max(1, round(wide * of.height / of.width))
