"""Faults of the body: another body, extra content around the document, or content that attacks its reader."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from faults._answers import GZIP, first_part, head, length, open_ended, packed, whole
from faults._documents import Document, document
from faults._fault import CUTS, DISTRUSTS, READS, Ask, Fault, Shown, Truth, fails
from faults._wire import Step
from wirekin.model import PollStatus, Reason

MIB = 1024 * 1024
EMPTY = Truth(PollStatus.OK, Shown.NONE, keeps=True)


def instead(body: bytes, *fields: str, kind: str = "application/rss+xml") -> tuple[Step, ...]:
    """200 with another body, and an ETag of that body."""
    etag = f'ETag: "{blake2b(body, digest_size=8).hexdigest()}"'
    return (head(f"Content-Type: {kind}", etag, length(body), "Connection: close", *fields) + body,)


def _html(text: str) -> bytes:
    return f"<!doctype html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>".encode()


def _around(before: bytes, behind: bytes = b"") -> object:
    return lambda ask: whole(ask, before + ask.document.octets() + behind)


def _before_items(document: Document, extra: bytes) -> bytes:
    """The document with `extra` before its first item."""
    start, item, rest = document.octets().partition(b"<item>")
    return start + extra + item + rest


def _entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'.encode() + _rss(b"&l9;")


def _entity_chain() -> bytes:
    links = "".join(f'<!ENTITY e{at} "&e{at + 1};">' for at in range(20_000))
    return f"<?xml version='1.0'?><!DOCTYPE rss [{links}]>".encode() + _rss(b"&e0;")


def _rss(title: bytes) -> bytes:
    return b"<rss version='2.0'><channel><item><title>%b</title></item></channel></rss>" % title


def _external(target: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{target}">]>'.encode() + _rss(b"&x;")


def _cut_behind_a_closing_tag(ask: Ask, extra: bytes) -> Iterable[Step]:
    """The document cut in the middle, with something before the cut that looks like its end."""
    return open_ended(ask, first_part(_before_items(ask.document, extra)))


def _fatal_error(ask: Ask) -> Iterable[Step]:
    return whole(ask, first_part(ask.document.octets()) + b"<br />\n<b>Fatal error</b>: out of memory in feed.php")


def _unclosed(ask: Ask) -> Iterable[Step]:
    return whole(ask, ask.document.octets().replace(b"</rss>", b""))


def _padded(ask: Ask, size: int) -> bytes:
    """The document padded with a comment to `size` octets."""
    missing = size - len(ask.document.octets()) - len(b"<!---->")
    return _before_items(ask.document, b"<!--" + b"x" * missing + b"-->")


def _other(document_: Document) -> Document:
    """The document of another feed, whose items this one never has."""
    return document(document_.number + 500_000, 3, document_.items[-1].at)


def _other_feed(ask: Ask) -> Iterable[Step]:
    return whole(replace(ask, document=_other(ask.document)))


def _json_feed(ask: Ask) -> Iterable[Step]:
    return whole(ask, replace(ask.document, dialect="json").octets())


def _encoded(as_: str, says: str) -> object:
    """The document in one encoding, declared as another."""

    def answer(ask: Ask) -> Iterable[Step]:
        declared = (f'encoding="{name}"'.encode() for name in (as_, says))
        return instead(ask.document.octets(encoding=as_).replace(*declared, 1))

    return answer


NOISE = random.Random(7).randbytes(3 * MIB)

INSTEAD = (
    Fault("empty", "A body of nothing.", instead(b""), fails(Reason.EMPTY)),
    Fault("empty_chunks", "A chunked body of nothing.",
          (head("Transfer-Encoding: chunked", "Connection: close") + b"0\r\n\r\n",), fails(Reason.EMPTY)),
    Fault("white_space", "A body of spaces and line ends.", instead(b" \r\n" * 900), fails(Reason.EMPTY)),
    Fault("error_page", "An HTML page that says sorry, with status 200.", instead(_html("Something went wrong")),
          fails(Reason.NOT_A_FEED)),
    Fault("login_page", "A page to sign in at, with status 200.", instead(_html("Please sign in"), kind="text/html"),
          fails(Reason.NOT_A_FEED)),
    Fault("json_error", "An error as JSON, with status 200.", instead(json.dumps({"error": "quota"}).encode()),
          fails(Reason.NOT_A_FEED)),
    Fault("svg", "An XML document that is no feed.", instead(b"<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>"),
          fails(Reason.NOT_A_FEED)),
    Fault("a_path", "The body is the path of a file, which some parsers open.", instead(b"/etc/passwd"),
          fails(Reason.NOT_A_FEED)),
    Fault("an_address", "The body is an address, which some parsers fetch.", instead(b"http://127.0.0.1/feed.xml"),
          fails(Reason.NOT_A_FEED)),
    Fault("noise", "Ten thousand random octets.", instead(NOISE[:10_000]), fails(Reason.NOT_A_FEED)),
    Fault("no_items", "A sound feed without an item.", instead(_rss(b"").replace(b"<item><title></title></item>", b"")),
          EMPTY),
    Fault("another_feed", "The document of another feed.", _other_feed,
          replace(EMPTY, also=lambda document: _other(document).titles)),
    Fault("json_feed", "The same as a JSON Feed.", _json_feed, READS),
)  # fmt: skip

AROUND = (
    Fault("warning_before", "A warning of the server's own stands before the document.",
          _around(b"<br />\n<b>Warning</b>: mysqli_connect() in <b>/var/www/db.php</b> on line <b>3</b><br />\n"),
          READS),
    Fault("script_behind", "A script stands behind the document.", _around(b"", b"<script>track()</script>"), READS),
    Fault("fatal_error_inside", "The server's own error message ends the document half-way.", _fatal_error, CUTS),
    Fault("root_unclosed", "The root element is never closed.", _unclosed, DISTRUSTS),
    Fault("cut_behind_a_comment", "A comment holds the closing tag, and the document breaks off behind it.",
          lambda ask: _cut_behind_a_closing_tag(ask, b"<!-- until </channel></rss> -->"), CUTS),
    Fault("cut_behind_cdata", "A description holds the closing tag, and the document breaks off behind it.",
          lambda ask: _cut_behind_a_closing_tag(ask, b"<description><![CDATA[</channel></rss>]]></description>"), CUTS),
    Fault("nuls", "NUL octets stand between the items.",
          lambda ask: whole(ask, ask.document.octets().replace(b"<item>", b"\0\0<item>")), READS),
    Fault("controls", "Control characters stand in the titles.",
          lambda ask: whole(ask, ask.document.octets().replace(b"Notice", b"\x0bNotice\x08")), READS),
    Fault("bidi_overrides", "The titles hold marks that turn text round.",
          lambda ask: whole(ask, ask.document.octets().replace(b"Notice", "\u202eNotice\u202c".encode())), READS),
    Fault("stray_ampersands", "Ampersands are not escaped.",
          lambda ask: whole(ask, ask.document.octets().replace(b"&amp;", b"&")), READS),
    Fault("undefined_entities", "HTML's entities are used, which XML does not have.",
          lambda ask: whole(ask, ask.document.octets().replace(b"</title><link>", b"&nbsp;</title><link>")), READS),
    Fault("foreign_doctype", "A DOCTYPE names a DTD on another host.",
          lambda ask: whole(ask, ask.document.octets(
              prolog='<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1/rss.dtd">')), READS),
)  # fmt: skip

ENCODINGS = (
    Fault("says_utf8_is_cp1252", "The declaration says UTF-8, and the bytes are Windows-1252.",
          _encoded("cp1252", "utf-8"), READS),
    Fault("says_ascii_is_utf8", "The declaration says ASCII, and the bytes are UTF-8.", _encoded("utf-8", "us-ascii"),
          READS),
    Fault("says_koi8_is_utf8", "The declaration says KOI8-R, and the bytes are UTF-8.", _encoded("utf-8", "koi8-r"),
          replace(READS, garbles=True)),
    Fault("says_utf16_is_utf8", "The declaration says UTF-16, and the bytes are UTF-8.", _encoded("utf-8", "utf-16"),
          READS),
    Fault("unknown_encoding", "The declaration names an encoding that nobody knows.", _encoded("utf-8", "x-zork"),
          READS),
    Fault("utf16", "The document is in UTF-16, and says so.", _encoded("utf-16", "utf-16"), READS),
    Fault("odd_utf16", "The document is in UTF-16, and an octet is missing.",
          lambda ask: whole(ask, ask.document.octets(encoding="utf-16")[:-3]), fails(Reason.NOT_A_FEED)),
)  # fmt: skip

HOSTILE = (
    Fault("entity_bomb", "Entities of entities unpack to gigabytes.", instead(_entity_bomb()),
          fails(Reason.ENTITIES)),
    Fault("entity_chain", "A chain of 20,000 entities, which ends old parsers.", instead(_entity_chain()),
          fails(Reason.ENTITIES)),
    Fault("external_file", "An entity stands for a file of ours.", instead(_external("file:///etc/passwd")),
          fails(Reason.ENTITIES)),
    Fault("external_address", "An entity stands for an address.", instead(_external("http://127.0.0.1/x")),
          fails(Reason.ENTITIES)),
    Fault("entities_in_utf16", "An entity is declared in UTF-16.",
          instead(_external("file:///etc/passwd").decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
          fails(Reason.ENTITIES)),
    Fault("deep_nesting", "50,000 elements stand inside one another.",
          lambda ask: whole(ask, _before_items(ask.document, b"<a>" * 50_000 + b"</a>" * 50_000)),
          fails(Reason.TOO_LARGE)),
    Fault("huge_attribute", "An attribute of half a megabyte.",
          lambda ask: whole(ask, _before_items(ask.document, b"<a b='" + b"x" * 500_000 + b"'/>")),
          fails(Reason.TOO_LARGE)),
    Fault("ten_mebibytes", "The document has very nearly 10 MiB, most of it a comment.",
          lambda ask: whole(ask, packed(_padded(ask, 10 * MIB - 1)), GZIP), READS),
    Fault("over_ten_mebibytes", "The document has an octet more than 10 MiB.",
          lambda ask: whole(ask, packed(_padded(ask, 10 * MIB + 1)), GZIP), fails(Reason.TOO_LARGE)),
    Fault("over_two_on_the_wire", "More than 2 MiB come over the wire, and nothing announced it.",
          lambda ask: open_ended(ask, NOISE), fails(Reason.TOO_LARGE)),
)  # fmt: skip

FAULTS = INSTEAD + AROUND + ENCODINGS + HOSTILE
