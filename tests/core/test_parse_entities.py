"""XML that declares entities is refused before any parser sees it, in every encoding (requirement C6).

The oracles are expat and libxml2: they read each document that our gate passes, and report every entity that they find
declared.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import encodings
import gzip
import os
import pkgutil
import random
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

import feedparser
import pytest
from feedparser.encodings import convert_to_utf8
from lxml import etree

from wirekin.model import Parsed, ParseFailed, Reason
from wirekin.parse import _xml, parse_at_once, parse_document, parse_opml

PROLOGS = 200_000 if os.environ.get("WIREKIN_PROOF") else 5_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DECLARED = '<!DOCTYPE %s [<!ENTITY a "expanded">]>'
DOCUMENTS = {
    "rss": DECLARED % "rss"
    + "<rss><channel><item><title>&a;</title><link>http://a.example/</link></item></channel></rss>",
    "feed": DECLARED % "feed" + '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&a;</title></entry></feed>',
    "urlset": DECLARED % "urlset" + "<urlset><url><loc>http://a.example/ship-seized-in-the-strait</loc></url></urlset>",
    "opml": DECLARED % "opml" + '<opml><body><outline xmlUrl="http://a.example/&a;"/></body></opml>',
}


class Watch:
    """Intercepts the calls of both parsers, and collects the documents in which they would find declared entities."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[bytes] = []
        self._feedparser, self._lxml = feedparser.parse, etree.fromstring
        monkeypatch.setattr(feedparser, "parse", self._seen_by_expat)
        monkeypatch.setattr(etree, "fromstring", self._seen_by_libxml2)

    def _seen_by_expat(self, stream, response_headers=None, **more):  # type: ignore[no-untyped-def]
        body = convert_to_utf8(response_headers or {}, stream.getvalue(), {})
        parser = expat.ParserCreate()
        parser.EntityDeclHandler = parser.AttlistDeclHandler = lambda *_: self.found.append(body)
        with contextlib.suppress(expat.ExpatError):
            parser.Parse(body, True)
        return self._feedparser(stream, response_headers=response_headers, **more)

    def _seen_by_libxml2(self, body, parser=None):  # type: ignore[no-untyped-def]
        tree = None
        with contextlib.suppress(etree.XMLSyntaxError):
            tree = self._lxml(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
        declared = tree.getroottree().docinfo.internalDTD if tree is not None else None
        self.found += [body] if declared is not None and list(declared.iterentities()) else []
        return self._lxml(body, parser)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def outcome(body: bytes, content_type: str = "") -> Reason | None:
    """Read a body as OPML and as a feed; returns why the feed was refused."""
    parse_opml(body)
    result = parse_document(body, url="https://example.com/feed", content_type=content_type, now=NOW)
    assert isinstance(result, Parsed | ParseFailed)
    assert "expanded" not in repr(result)
    return result.reason if isinstance(result, ParseFailed) else None


def codecs_for_text() -> list[str]:
    """The names of all of Python's text encodings."""
    names = {module.name for module in pkgutil.iter_modules(encodings.__path__)} - {
        "aliases",
        "mbcs",
        "oem",
        "idna",
        "punycode",
    }
    return sorted(name for name in names if _is_encoding(name))


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding and isinstance("<".encode(name), bytes)
    except (LookupError, UnicodeError):
        return False


ENCODINGS = codecs_for_text()


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_hides_an_entity_declaration(encoding: str, kind: str, watch: Watch) -> None:
    assert len(ENCODINGS) > 90
    document = DOCUMENTS[kind]
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    shapes = [
        (declaration + document).encode(encoding),
        document.encode(encoding),
        declaration.encode() + document.encode(encoding),
    ]
    for body in shapes:
        for content_type in ("", f"text/xml; charset={encoding}", "text/xml; charset=utf-7"):
            outcome(body, content_type)
            outcome(gzip.compress(body), content_type)
    reason = outcome(document.encode(encoding), f"text/xml; charset={encoding}")

    assert watch.found == []
    assert reason in {Reason.ENTITIES, Reason.NOT_A_FEED}


BYTE_ORDER_MARKS = {
    "UTF-8": codecs.BOM_UTF8, "UTF-16-LE": codecs.BOM_UTF16_LE, "UTF-16-BE": codecs.BOM_UTF16_BE,
    "UTF-32-LE": codecs.BOM_UTF32_LE, "UTF-32-BE": codecs.BOM_UTF32_BE,
}  # fmt: skip


@pytest.mark.parametrize("declared", ["", "utf-8", "utf-16", "windows-1252", "utf-7", "cp037", "x-zork"])
@pytest.mark.parametrize("encoding", BYTE_ORDER_MARKS)
def test_a_byte_order_mark_overrides_every_declared_encoding(encoding: str, declared: str, watch: Watch) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    for marked in (BYTE_ORDER_MARKS[encoding], b""):
        body = marked + (declaration + DOCUMENTS["rss"]).encode(encoding)

        assert outcome(body, f"text/xml; charset={declared or 'utf-8'}") in {Reason.ENTITIES, Reason.NOT_A_FEED}
    assert watch.found == []


def hidden(document: str, instead: str) -> bytes:
    """The document with `instead` for each "<!"."""
    return document.replace("<!", instead).encode("latin-1")


UTF_7, JAVA, RIGHT_TO_LEFT = "+ADwAIQ-", "\\u003c!", "\xbc\xa1"
TWICE = UTF_7.replace("+", "+-")
DISGUISES = {
    "a name with a space": ('<?xml version="1.0" encoding="utf 7"?>', UTF_7, ""),
    "a name with a slash": ('<?xml version="1.0" encoding="utf/7"?>', UTF_7, ""),
    "a name in another instruction": ('<?x encoding="utf-7"?>', UTF_7, ""),
    "a name in the version": ("<?xml version=\"1.0 encoding='utf-8'\" encoding=\"utf-7\"?>", UTF_7, ""),
    "a name far away": ('<?xml version="1.0"' + " " * 300 + 'encoding="utf-7"?>', UTF_7, ""),
    "a name behind a bracket": ('<?xml version="1.0" x=">" encoding="utf-7"?>', UTF_7, ""),
    "a name in lines": ('<?xml version="1.0"\n\nencoding="utf-7"\n?>', UTF_7, ""),
    "a mark and a name": ('\xef\xbb\xbf<?xml version="1.0" encoding="utf-7"?>', UTF_7, ""),
    "a name that only libiconv knows": ('<?xml version="1.0" encoding="JAVA"?>', JAVA, ""),
    "another name that only libiconv knows": ('<?xml version="1.0" encoding="C99"?>', JAVA, ""),
    "an encoding with a second angle bracket": ('<?xml version="1.0" encoding="mac-arabic"?>', RIGHT_TO_LEFT, ""),
    "another encoding with a second angle bracket": ("", RIGHT_TO_LEFT, "text/xml; charset=macfarsi"),
    "a header": ("", UTF_7, "text/xml; charset=utf-7"),
    "a header, encoded twice": ("", TWICE, "text/xml; charset=utf-7"),
    "a false name and a header": ('<?xml version="1.0" encoding="utf-16"?>', UTF_7, "text/xml; charset=utf-7"),
    "an unknown name and a header": ('<?xml version="1.0" encoding="x"?>', UTF_7, "text/xml; charset=utf-7"),
    "no name and a header": ('<?xml version="1.0"?>', UTF_7, "application/xml; charset=UTF7"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("name", DISGUISES)
def test_no_disguise_of_the_encoding_hides_an_entity_declaration(name: str, kind: str, watch: Watch) -> None:
    instruction, spelling, content_type = DISGUISES[name]
    outcome(instruction.encode("latin-1") + hidden(DOCUMENTS[kind], spelling), content_type)

    assert watch.found == []


@pytest.mark.parametrize("before", ["", "<!-- <x -->", "<?x <y ?>", "\n<!--<rss>-->", "<!-- <x --><?y <z?>"])
@pytest.mark.parametrize("declared", ['<!ENTITY a "b">', "<!ATTLIST item a CDATA 'b'>"])
def test_the_fast_path_declines_documents_with_declarations(before: str, declared: str, watch: Watch) -> None:
    document = DOCUMENTS["rss"].replace('<!ENTITY a "expanded">', declared)

    assert parse_at_once((before + document).encode(), url="http://a.example/") is None
    assert watch.found == []


def test_an_entity_declaration_outside_a_doctype_is_refused() -> None:
    assert outcome(b'<!ENTITY a "expanded"><rss><channel/></rss>') is Reason.ENTITIES


def test_an_entity_declaration_in_ebcdic_is_found_before_an_ascii_root(watch: Watch) -> None:
    body = ("<?xml version='1.0' encoding='cp037'?>" + DOCUMENTS["rss"]).encode("cp037") + b"<rss></rss>"

    assert outcome(body) is Reason.ENTITIES
    assert watch.found == []


def test_an_escape_sequence_of_an_unknown_encoding_hides_no_declaration(watch: Watch) -> None:
    document = DOCUMENTS["urlset"].replace("<!ENT", "<!E\x1b$)ANT").encode()
    outcome(b'<?xml version="1.0" encoding="ISO-2022-CN"?>' + document)

    assert watch.found == []


def test_an_encoding_name_left_on_the_first_line_by_a_cut_is_ignored(watch: Watch) -> None:
    # feedparser uses the last `encoding=` of the first line: after a cut, that is another one
    items = '<item><title>encoding="utf-7" ?></title></item><item><title>encoding="utf-8" ?></title>'
    rss = hidden("<!DOCTYPE x [<!ENTITY a 'expanded'>]><rss><channel>", UTF_7).decode() + items
    outcome(b'<?xml version="1.0" encoding="utf-8"?>' + rss.encode())

    assert watch.found == []


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if _xml._is_ascii_safe(name)])
def test_in_an_ascii_safe_encoding_only_ascii_bytes_decode_to_markup(encoding: str) -> None:
    for first in range(0x80, 0x100):
        for second in b"<!E>\x80\xa1\xbc\xff":
            raw = bytes([first, second])
            try:
                decoded = raw.decode(encoding)
            except UnicodeError:
                continue
            assert decoded.count("<") + decoded.count("!") + decoded.count("E") <= sum(byte in b"<!E" for byte in raw)


# --- prologs ----------------------------------------------------------------------------------------------------

PIECES = [
    "<!DOCTYPE rss [", '<!DOCTYPE x SYSTEM "a>b" [', "<!DOCTYPE x PUBLIC '>' \"[\" [", "<!doctype rss [", "]>", ">", "[",
    '<!ENTITY a "expanded">', "<!ENTITY a 'expanded' >", '<!ENTITY % p "x">', "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
    "<!-- <rss> -->", "<!-- ]> -->", "<!-->", "-->", "<!--", "<?pi ?>", "<?pi <rss> ?>", "<?", "?>", "<!ELEMENT rss ANY>",
    "<!ATTLIST rss a CDATA '>'>", "<!ATTLIST rss a CDATA ']>'>", '"', "'", "<rss>", "<rss ", "<x>", "<a:rss>", "<html>",
    " ", "\n", "junk", "%p;", "&a;", "<![CDATA[", "]]>", "<!NOTATION n SYSTEM ''>", '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="utf-8"?>', "<!ENTITY", "<urlset>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
]  # fmt: skip
ENDINGS = ["<rss><channel><item><title>&a;</title></item></channel></rss>", "<urlset><url><loc>&a;</loc></url></urlset>",
           "<feed><entry><title>&a;</title></entry></feed>", "<opml><body/></opml>"]  # fmt: skip


def prologs(count: int) -> Iterator[str]:
    """Documents with random prologs, most of them with a declaration that a parser would find."""
    drawn = random.Random(20261122)
    for _ in range(count):
        pieces = drawn.choices(PIECES, k=drawn.randint(1, 7))
        if drawn.random() < 0.5:
            at = drawn.randrange(len(pieces) + 1)
            pieces[at:at] = [
                "<!DOCTYPE rss [",
                *drawn.choices(PIECES, k=drawn.randint(0, 2)),
                '<!ENTITY a "expanded">',
                "]>",
            ]
        yield "".join(pieces) + drawn.choice(ENDINGS)


def test_a_malformed_processing_instruction_hides_no_declaration(watch: Watch) -> None:
    broken = b'<?<!-- <rss> --><!DOCTYPE rss [<!ENTITY a "expanded">]><?pi ?><opml><body/></opml>'

    assert outcome(broken) is Reason.ENTITIES
    assert watch.found == []


@pytest.mark.slow
@pytest.mark.proof
def test_no_random_prolog_hides_an_entity_declaration(watch: Watch) -> None:
    refused = sum(outcome(document.encode()) is Reason.ENTITIES for document in prologs(PROLOGS))

    assert watch.found == []
    assert refused > PROLOGS // 4


# --- nothing external -------------------------------------------------------------------------------------------

_opened: list[str] = []


def _note(event: str, args: tuple[object, ...]) -> None:
    if event in {"open", "socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen"}:
        _opened.append(f"{event} {args[0]!r}")


sys.addaudithook(_note)  # sees the files that Python opens; for those of libxml2, see WatchedFile


class WatchedFile:
    """A file whose openings the kernel reports (inotify(7))."""

    OPENED = 0x20  # IN_OPEN

    def __init__(self, path: Path) -> None:
        path.write_text("expanded")
        libc = ctypes.CDLL(None, use_errno=True)
        self.path = path
        self._queue = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self._queue, os.fsencode(path), self.OPENED) > 0

    @property
    def opened(self) -> bool:
        """Whether it was opened since the last call."""
        try:
            return bool(os.read(self._queue, 4096))
        except BlockingIOError:
            return False


@pytest.mark.parametrize(
    "scheme", ["file://{}", "{}", "file:{}", "http://127.0.0.1:{port}{}", "ftp://127.0.0.1:{port}{}"]
)
def test_no_external_reference_is_ever_opened(scheme: str, tmp_path: Path) -> None:
    watched = WatchedFile(tmp_path / "canary")
    watched.path.read_text()
    assert watched.opened
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        outside = scheme.format(watched.path, port=listener.getsockname()[1])
        for early in (b"<rss/>", b"<rss><b></rss>", b"<urlset/>"):  # triggers late imports of each reader
            outcome(early)
        _opened.clear()
        for body in [*with_references_to(outside), outside.encode()]:
            outcome(body)

        assert _opened == []
        assert not watched.opened
        with pytest.raises(BlockingIOError):
            listener.accept()


def with_references_to(outside: str) -> Iterator[bytes]:
    """Documents with every kind of XML reference to `outside`."""
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{outside}" parse="text"/>'
    sheet = f'<?xml-stylesheet type="text/xsl" href="{outside}"?>'
    for root in ("rss", "feed", "urlset", "opml", "foo"):
        for doctype in (
            f'SYSTEM "{outside}"',
            f'PUBLIC "x" "{outside}"',
            f'[<!ENTITY % p SYSTEM "{outside}"> %p;]',
            "[%p;]",
        ):
            for attribute in ("", f'xml:base="{outside}"', f'xsi:schemaLocation="a {outside}"'):
                document = f"<!DOCTYPE {root} {doctype}>{sheet}<{root} {attribute}>{include}<url/><item/></{root}>"
                yield document.encode()
                yield b"<!-- <a> -->" + document.encode()  # to feedparser the prolog ends at the first tag
