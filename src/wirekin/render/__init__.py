"""Values -> JSON, HTML, feeds, OPML: the one renderer, used by the web and the command line.

Pure functions of their arguments: no clock, no store, no request. What it knows: field names (`_shapes`), pages
(`_html`, templates/), feed formats (`_feeds`), and which links may leave (`_links`).
"""

from wirekin.render._elsewhere import (
    Snippet,
    embed_address,
    frame_html,
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
    embed_page,
    error_page,
    feeds_page,
    front_page,
    related_html,
    search_page,
    story_page,
    topic_page,
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
from wirekin.render._links import safe_link, story_url, topic_url
from wirekin.render._shapes import shape_schemas
from wirekin.render._shares import shares_of
from wirekin.render._words import languages, word_table, words_in

__all__ = [
    "FeedDocument",
    "Filters",
    "Json",
    "Section",
    "Site",
    "Snippet",
    "api_page",
    "atom",
    "builder_page",
    "dump",
    "embed_address",
    "embed_page",
    "error_page",
    "exact_stamp",
    "export_row",
    "extract_json",
    "feeds_json",
    "feeds_page",
    "frame_html",
    "frame_room",
    "front_page",
    "headlines_json",
    "jetpack_json",
    "json_feed",
    "json_ld",
    "lags_of",
    "languages",
    "move_note",
    "oembed_json",
    "oembed_xml",
    "opml",
    "page_note",
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
    "story_url",
    "topic_feed",
    "topic_page",
    "topic_url",
    "topics_json",
    "why_json",
    "word_table",
    "words_in",
]
