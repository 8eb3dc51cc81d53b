"""Find headlines without links: pictures in a row, each with its alt text repeated as its caption."""

from __future__ import annotations

from itertools import islice

from wirekin import urls
from wirekin.model import Entry
from wirekin.parse.pages import _cards, _pictures, _signatures, _wording
from wirekin.parse.pages._dom import Element, Page
from wirekin.parse.pages._regions import Regions

MAX_BOX_ELEMENTS = 50  # in the box of a picture and its caption
MAX_PICTURES = 500  # checked per page
MAX_MORE = 300  # characters of a caption beyond the alt text: a label, an outlet and three words
MIN_CAPTION_WORDS = 4  # fewest words of a caption that is a headline; "Photo: the author" has fewer


def captioned_entries(page: Page, regions: Regions, base: str, known: set[str]) -> list[Entry]:
    """Return an entry for each picture in a row whose alt text is repeated as its caption, whatever it links to.

    If nothing but the picture can be opened, the picture's address is the link. A single captioned picture, or one
    among paragraphs, is an illustration. `known` has the titles that are taken already; new ones are added to it.
    """
    pictures = islice((one for one in page.root.inside("img") if one.alt), MAX_PICTURES)
    boxes = [(picture, box) for picture in pictures if (box := _captioned(picture, regions, known)) is not None]
    entries: list[Entry] = []
    for at, (picture, box) in enumerate(boxes):
        if not any(_in_a_row(box, other) for _, other in boxes[max(at - 1, 0) : at + 2] if other is not box):
            continue
        alt = _cards.bare(picture.alt)
        image = _pictures.picture_of(picture, base)
        link = _link_around(picture, base)
        if image is None or alt in known:
            continue
        taken = {entry.link for entry in entries}
        known.add(alt)
        entries.append(
            Entry(
                link=image.url if link is None or link in taken else link,
                title=alt,
                guid=alt,
                image=image,
                source=_signatures.signed_by(alt, [picture.alt]),
            )
        )
    return entries


def _link_around(picture: Element, base: str) -> str | None:
    """Return the address that a picture links to; None if it links to nothing or to its own page."""
    link = next((up for up in picture.ancestors() if up.tag == "a"), None)
    resolved = urls.resolve(base, link.attrs.get("href", "")) if link is not None else None
    return resolved if resolved and urls.canonicalise(resolved) != urls.canonicalise(base) else None


def _captioned(picture: Element, regions: Regions, known: set[str]) -> Element | None:
    """Return the box whose text repeats a picture's alt text, whole or cut short ("cut short…"), and little else."""
    written = picture.alt
    if _wording.weight(written) < MIN_CAPTION_WORDS:
        return None
    alt = _cards.bare(written)
    if _wording.weight(alt) < MIN_CAPTION_WORDS or alt in known:
        return None
    box = _box_of(picture, alt)
    return box if box is not None and not regions.out(picture) else None


def _box_of(picture: Element, alt: str) -> Element | None:
    box: Element | None = picture
    while box is not None and box.size < MAX_BOX_ELEMENTS and box.is_silent:
        following = _next(box)
        if following is not None and following.tag in {"p", "div", "span", "figcaption"} and _says(following, alt):
            return following
        box = box.parent
    return box if box is not None and box.size < MAX_BOX_ELEMENTS and _says(box, alt) else None


def _says(box: Element, alt: str) -> bool:
    if box.is_longer(len(alt) + MAX_MORE):
        return False
    said = _cards.full_of(_cards.bare(box.text()), [alt]).casefold()
    rest = said.removeprefix(alt.casefold())
    return rest != said and _wording.weight(rest) < MIN_CAPTION_WORDS  # "Source: example.com" may follow


def _next(one: Element) -> Element | None:
    following = one.next
    for _ in range(MAX_BOX_ELEMENTS):
        if following is None or not following.is_silent:
            return following
        following = following.next
    return None


def _in_a_row(one: Element, other: Element) -> bool:
    """True if at most two words stand between two boxes that share a parent or grandparent."""
    for up, upper in ((one, other), (one.parent, other.parent)):
        if up is None or upper is None or up.parent is None or up.parent is not upper.parent:
            continue
        first, last = sorted((up.order, upper.order))
        between = [part for part in up.parent.children if isinstance(part, Element) and first < part.order < last]
        return _wording.weight(" ".join(part.text() for part in between if part not in (up, upper))) < 3
    return False
