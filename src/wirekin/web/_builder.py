"""/embed: the page on which a site owner configures a footer and copies the code for it."""

from __future__ import annotations

from wirekin.model import Question
from wirekin.render import builder_page, embed_address, frame_room, snippets, words_in
from wirekin.store import Reader
from wirekin.urls import canonicalise
from wirekin.web._context import Answer, Ask
from wirekin.web._pages import HTML, site_of
from wirekin.web._params import MAX_URL, check_url, limit_of, look_of, topic_of, words_of

YOURS = "https://your.site/this-article"  # placeholder in the code until an address is given

_POLICY = "frame-src 'self'; connect-src 'self'; "  # for the preview, and the script that updates it


def builder(reader: Reader, ask: Ask) -> Answer:
    """/embed."""
    asked = _asked(ask)
    site = site_of(reader, ask)
    leading = () if "url" in asked else reader.stories(Question(limit=1)).items
    example = leading[0].lead.title if leading else ""
    shown = {"title": example or words_in("en").related, **asked} if "url" not in asked else asked
    if leading and canonicalise(leading[0].lead.url):
        shown = {"url": leading[0].lead.url, **shown}
    height = frame_room(int(asked.get("limit", "6")), 600)
    frame = embed_address(site.root, shown)
    page = builder_page(site, asked, example, frame, height, snippets(ask.base_url, {"url": YOURS, **asked}))
    return Answer(page.encode("utf-8", "replace"), HTML, policy=_POLICY)


def _asked(ask: Ask) -> dict[str, str]:
    """Return the form's values that differ from the default; an empty field counts as not given."""
    params = {name: value for name, value in ask.params.items() if value}
    url, look, topic = words_of(params, "url", MAX_URL), look_of(params), topic_of(params, ask.context)
    if url:
        check_url(url)
    limit = limit_of(params, 6)
    said = {
        "url": url,
        "topic": topic or "",
        "limit": str(limit) if limit != 6 else "",
        "heading": look.heading if look.heading != words_in(look.lang).related else "",
        "lang": look.lang if look.lang != "en" else "",
        "theme": look.theme if look.theme != "auto" else "",
        "images": "" if look.images else "no",
    }
    return {name: value for name, value in said.items() if value}
