"""Values -> JSON, HTML, feeds, OPML: the only renderer, used by the web and the command line.

Pure functions of their arguments: no clock, no store, no request. The package has the field names (`_shapes`), the
pages (`_html`, templates/), the feed formats (`_feeds`), and the rules for links in answers (`_links`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wirekin.render._elsewhere import (
        embed_address,
        frame_room,
        jetpack_json,
        json_ld,
        oembed_json,
        oembed_xml,
        snippets,
    )
    from wirekin.render._extract import extract_json, select_json, select_lines, why_json
    from wirekin.render._feeds import FeedDocument, atom, json_feed, opml, related_feed, rss, story_feed, topic_feed
    from wirekin.render._html import (
        Filters,
        Section,
        Site,
        api_page,
        builder_page,
        by_health,
        embed_page,
        error_page,
        feeds_page,
        front_page,
        related_html,
        search_page,
        story_page,
        topic_page,
        topics_page,
    )
    from wirekin.render._json import (
        Json,
        dump,
        exact_stamp,
        export_row,
        feeds_json,
        headlines_json,
        move_note,
        page_note,
        related_json,
        stamp,
        stories_json,
        story_json,
        topics_json,
    )
    from wirekin.render._lanes import lags_of
    from wirekin.render._links import public_address, public_report, safe_link, topic_url
    from wirekin.render._shapes import shape_schemas
    from wirekin.render._shares import shares_of
    from wirekin.render._words import languages, word_table, words_in

__all__ = [
    "FeedDocument",
    "Filters",
    "Json",
    "Section",
    "Site",
    "api_page",
    "atom",
    "builder_page",
    "by_health",
    "dump",
    "embed_address",
    "embed_page",
    "error_page",
    "exact_stamp",
    "export_row",
    "extract_json",
    "feeds_json",
    "feeds_page",
    "frame_room",
    "front_page",
    "headlines_json",
    "jetpack_json",
    "json_feed",
    "json_ld",
    "lags_of",
    "languages",
    "load",
    "move_note",
    "oembed_json",
    "oembed_xml",
    "opml",
    "page_note",
    "public_address",
    "public_report",
    "related_feed",
    "related_html",
    "related_json",
    "rss",
    "safe_link",
    "search_page",
    "select_json",
    "select_lines",
    "shape_schemas",
    "shares_of",
    "snippets",
    "stamp",
    "stories_json",
    "story_feed",
    "story_json",
    "story_page",
    "topic_feed",
    "topic_page",
    "topic_url",
    "topics_json",
    "topics_page",
    "why_json",
    "word_table",
    "words_in",
]

# Each is imported when a name is first looked up, the lightest first: a list on the command line needs no templates,
# and a table no JSON.
_MODULES = ("_links", "_words", "_lanes", "_shares", "_json", "_shapes", "_extract", "_feeds", "_html", "_elsewhere")


def load() -> None:
    """Import all modules: for the web, whose first requests come at once, on several threads."""
    for module in _MODULES:
        import_module(f"{__name__}.{module}")


def __getattr__(name: str) -> Any:
    """Import a name of `__all__` from its module, and store it here, so that it is looked up only once."""
    for module in _MODULES if name in __all__ else ():
        found = getattr(import_module(f"{__name__}.{module}"), name, None)
        if found is not None:
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
