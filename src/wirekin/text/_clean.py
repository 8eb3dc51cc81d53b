"""Cleaning: untrusted markup or text -> safe plain text of bounded length (requirement C8).

cut -> unescape -> nh3 -> drop controls, bidi overrides, surrogates, NUL -> NFC -> collapse white space -> cap.
"""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

__all__ = ["clean"]

# nh3 is quadratic on nested markup (requirement fact 11: 38 s for 100,000 divs, 2026-11): cut before cleaning.
_MARKUP_PER_CHARACTER = 16  # characters of markup that are read per character of text wanted
_MARKUP_MOSTLY = (2, 4)  # the same for the first two tries, which suffice for 19 of 20 texts of news feeds, 2026-11
_MARKUP_CUT = 100  # characters at the end of such a try that the cut may have spoilt: half an entity, an open tag
_MARKUP_LEAST = 4_000  # characters read at least, or one <img> with a long srcset would use up a short summary's share
ESCAPES = 3  # rounds of unescaping: feeds that escape twice are common; a third costs nothing
_OPENING_TAGS = 200  # a text with more of them is no news text: its tags are dropped by a regex instead

_SAFE = re.compile(r"[\x20-\x25\x27-\x3b\x3d-\x7e]*")  # printable ASCII without & and <
# C0, C1, NUL, surrogates, bidi overrides and isolates, noncharacters. LRM, RLM and ZWNJ are part of honest text.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    "\ud800-\udfff\ufffe\uffff]"
)
# Unicode's Default_Ignorable_Code_Point, white space, and the blank of Braille.
_BLANK = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
_SPACES = ("\n", "\r", "\t", "\xa0")  # nine of ten texts have no other white space besides the space
_GAP = re.compile("   *")  # two spaces or more; written like this, `re` searches for two and does not try every space
_UNSAFE_ASCII = {at: None for at in range(0x80) if _UNSAFE.fullmatch(chr(at))}
_TAG_LIKE = re.compile(r"<[a-zA-Z/!?][^<>]*(?:>|$)")
_TAG_START = re.compile(r"<[a-zA-Z/!?]")
_BREAKS = re.compile(r"<(?=/?(?:p|br|div|li|td|tr|h[1-6]|blockquote|figcaption|pre)\b)", re.IGNORECASE)
# Whole tags of the elements that never move or hide text in HTML's parsing algorithm (not select, textarea or form),
# whole comments, and whole hidden elements. Removing them gives what nh3 gives, in a seventh of its time
# (tests/core/test_text.py compares the two). Only lower case is matched, as nearly all tags are, for speed.
_SPACE = r"[ \t\n\f\r]"  # HTML's
_VALUE = r"(?:\"[^\"<>]*+\"|'[^'<>]*+'|[\w:./#%?=+,;-]++)"
_PARTS = rf"(?:{_SPACE}++(?:[a-zA-Z][\w:.-]*+(?:{_SPACE}*+={_SPACE}*+{_VALUE})?+)?+)*+/?>"
_BREAKING = "p|br|div|li|t[dr]|h[1-6]|blockquote|figcaption|pre"
_FLOWING = (
    "a|b|em|i|img|strong|span|s|u|ul|ol|figure|section|article|small|su[bp]|code|cite|picture|source|hr|html|head|body|"
    "abbr|acronym|address|aside|audio|big|center|del|details|dfn|dl|dt|dd|embed|font|footer|header|ins|kbd|link|main|"
    "mark|meta|nav|q|samp|strike|summary|table|tbody|tfoot|th|thead|time|track|tt|var|video|wbr"
)
_HIDING = rf"!--[^<>&]*-->|script{_PARTS}[^<&]*+</script>|iframe{_PARTS}</iframe>"
_PLAIN = re.compile(rf"<(?:/?(?:({_BREAKING})|{_FLOWING}){_PARTS}|{_HIDING})")
# Text in a table but in none of its cells: HTML's parser moves it before the table.
_ROWS = "tbody|tfoot|thead|tr"
_MISPLACED = re.compile(rf"<(?:table|/?(?:{_ROWS})|/t[dh])\b[^<>]*+>(?!{_SPACE}*+</?(?:table|t[dh]|{_ROWS})\b)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile("&[#a-zA-Z]")
# Where taking a tag out would make an entity of what it separates, or let an escaped tag that never ends reach to the
# end. After a rarer spelling of "<" any tag counts as one that never ends.
_BEFORE_TAG = re.compile(
    r"&(?:[#\w]*<|lt;[a-zA-Z/!?](?:[^<>&]|&(?![lg]t;))*+<|(?:amp;)*+(?:LT;?|lt|#0*+60;?|#[xX]0*+3[cC];?)[a-zA-Z/!?]|(?:amp;)++lt;)"
)


def clean(markup: str, limit: int = 500) -> str:
    """Safe plain text of at most `limit` characters; a longer one ends with "…" after a whole word.

    The result holds no markup as a browser would read it, no control or direction override, and is in NFC. It is "" for
    a text that shows nothing, such as a lone ZWNJ.
    """
    if len(markup) <= limit and _SAFE.fullmatch(markup):
        return " ".join(markup.split()) if "  " in markup else markup.strip()
    for most in _MARKUP_MOSTLY:
        if len(markup) <= limit * most:
            break
        text = _plain(_begun(markup, limit * most))
        if len(text) > limit + _MARKUP_CUT:  # the first `limit` characters are clear of the cut
            return _capped(text, limit)
    return _capped(_plain(markup[: max(_MARKUP_LEAST, limit * _MARKUP_PER_CHARACTER)]), limit)


def _begun(markup: str, size: int) -> str:
    """The beginning of a text, without the tag that the cut went through."""
    begun = markup[:size]
    return begun[: begun.rfind("<")] if begun.rfind("<") > begun.rfind(">") else begun


def _plain(text: str) -> str:
    if "<" in text and not _BEFORE_TAG.search(text):  # before attribute values are unescaped
        text = _without_plain_tags(text)
    for _ in range(ESCAPES):
        if "&" not in text or (unescaped := html.unescape(text)) == text:
            break
        text = unescaped
    if "<" in text:
        text = _without_tags(_without_unsafe(text))
    if not text.isprintable():  # all that is unsafe is in Unicode's "other" categories, which are not printable
        for space in _SPACES:
            text = text.replace(space, " ")
    if not (printable := text.isprintable()):
        text = _without_unsafe(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _BLANK.fullmatch(text):  # as a title it would be a link that nobody sees
            return ""
    if "&" in text and html.unescape(text) != text:
        text = text.replace("&", " ")  # escaped too often to be meant; left in, cleaning the result would change it
    if not printable:
        return " ".join(text.split())
    return (_GAP.sub(" ", text) if "  " in text else text).strip()  # of white space, only the space is printable


def _without_unsafe(text: str) -> str:
    if text.isprintable():
        return text
    # The table takes a tenth of the regex's time, but only on ASCII.
    return text.translate(_UNSAFE_ASCII) if text.isascii() else _UNSAFE.sub("", text)


def _without_plain_tags(text: str) -> str:
    """The text without its tags if all of them are plain; else unchanged."""
    pieces = _PLAIN.split(text)  # text, the name of a tag that breaks lines or None, text ...
    pieces[1::2] = [" " if breaks else "" for breaks in pieces[1::2]]
    bare = "".join(pieces)
    return text if "<" in bare or ("<table" in text and _MISPLACED.search(text)) else bare


def _without_tags(text: str) -> str:
    if "<![CDATA[" in text:  # escaped by mistake: a browser would see a comment
        closed = text.rfind("]]>") + 3  # the regex is quadratic on what is left open: 32 kB take 0.8 s, 2026-11
        text = _CDATA.sub(r"\1", text[:closed]) + text[closed:]
    bare = _without_plain_tags(text)
    if "<" not in bare and not _ENTITY.search(bare):
        return bare
    # Markup may be escaped once too often: &amp;lt;b&amp;gt; is <b> after two rounds. So repeat until nothing changes.
    for _ in range(3):
        if text.count("<") > _OPENING_TAGS:
            text = _TAG_LIKE.sub(" ", text)
        spaced = _BREAKS.sub(" <", text)
        plain = nh3.clean(spaced, tags=set(), attributes={}, strip_comments=True)
        cleaned = _without_unsafe(html.unescape(plain))
        if not _TAG_START.search(cleaned):
            return cleaned
        if cleaned == text:
            break  # "</" at the very end is text to nh3, but would begin a tag if text were appended
        text = cleaned
    return _TAG_LIKE.sub(" ", text).replace("<", "‹")


def _capped(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    if text[limit - 1 : limit] != " " and " " in cut[limit // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:-–—") + "…"
