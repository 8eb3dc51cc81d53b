"""Decoding pages that declare no encoding, two that differ, or one that is wrong."""

from __future__ import annotations

import pytest

from make import NOW
from wirekin.model import FeedKind, Parsed
from wirekin.parse import parse_document
from wirekin.parse.pages._markup import utf8


def titles(body: bytes, header: str = "") -> list[str]:
    content_type = f"text/html; charset={header}" if header else "text/html"
    found = parse_document(body, url="https://a.example/", content_type=content_type, kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed), found
    return [one.title for one in found.entries]


def page(title: str, meta: str = "", lang: str = "") -> str:
    head = (f"<meta charset={meta}>" if meta else "") + "<title>Paper</title>"
    card = f"<article><h2><a href='/2026/11/22/a-story-of-it'>{title}</a></h2></article>"
    return f"<!doctype html><html{f' lang={lang}' if lang else ''}><head>{head}</head><body><main>{card}</main></body></html>"


RUSSIAN = "Шторм закрыл южный порт на неделю"


@pytest.mark.parametrize("header", ["iso-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", RUSSIAN),
        ("iso-8859-5", RUSSIAN),
        ("shift_jis", "嵐で南の港が一週間にわたり閉鎖された"),
        ("euc-kr", "폭풍으로 남부 항구가 일주일 동안 폐쇄"),
        ("windows-1256", "العاصفة تغلق الميناء الجنوبي لمدة أسبوع"),
    ],
)
def test_a_servers_default_of_latin_1_says_nothing_against_the_pages_own_word(
    header: str, encoding: str, title: str
) -> None:
    assert titles(page(title, encoding).encode(encoding), header) == [title]


def test_any_other_header_wins_over_the_pages_own_word() -> None:
    assert titles(page(RUSSIAN, "koi8-r").encode("windows-1251"), "windows-1251") == [RUSSIAN]


def test_utf_8_with_a_broken_character_is_utf_8_whatever_is_declared() -> None:
    body = page(RUSSIAN, "windows-1251").encode().replace(b"<main>", b"<main>\xd0")

    assert titles(body, "iso-8859-1") == [RUSSIAN]


def test_a_page_of_single_bytes_that_declares_utf_16_is_guessed() -> None:
    assert titles(page(RUSSIAN, "utf-16").encode("windows-1251")) == [RUSSIAN]


@pytest.mark.parametrize(
    ("lang", "encoding", "title"),
    [
        ("pl", "windows-1250", "Sztorm zamknął południowy port na cały tydzień, źdźbło ocalało"),
        ("pl-PL", "iso-8859-2", "Sztorm zamknął południowy port na cały tydzień, źdźbło ocalało"),
        ("cs", "windows-1250", "Bouře zavřela jižní přístav na týden, žáci zůstali šťastně doma"),
        ("el", "iso-8859-7", "Η καταιγίδα κλείνει το νότιο λιμάνι για μια εβδομάδα"),
        ("tr", "windows-1254", "Fırtına güney limanını bir haftalığına kapattı"),
        ("he", "windows-1255", "סערה סוגרת את הנמל הדרומי לשבוע"),
        ("ar", "windows-1256", "العاصفة تغلق الميناء الجنوبي لمدة أسبوع"),
        ("lt", "windows-1257", "Audra uždarė pietinį uostą visai savaitei"),
        ("th", "windows-874", "พายุปิดท่าเรือทางใต้เป็นเวลาหนึ่งสัปดาห์"),
        ("zh-TW", "big5", "颱風使南部港口關閉一週影響數千人"),
        ("", "euc-jp", "嵐で南の港が一週間にわたり閉鎖された"),
        ("", "gb18030", "风暴使南部港口关闭一周影响数千人"),
    ],
)
def test_a_page_without_a_declaration_has_the_usual_encoding_of_its_language(
    lang: str, encoding: str, title: str
) -> None:
    codec = {"windows-874": "cp874"}.get(encoding, encoding)

    assert titles(page(title, lang=lang).encode(codec)) == [title]
    assert titles(page(title, "utf-8", lang).encode(codec)) == [title]


@pytest.mark.parametrize("title", ["Sturm über Köln schließt den größten Hafen früh", "Gärten öffnen für Gäste"])
def test_umlauts_of_an_undeclared_page_are_no_chinese_characters(title: str) -> None:
    assert titles(page(title).encode("windows-1252")) == [title]


def test_japanese_in_seven_bits_is_decoded_if_the_page_declares_it() -> None:
    title = "嵐で南の港が一週間にわたり閉鎖された"

    assert titles(page(title, "iso-2022-jp").encode("iso2022_jp")) == [title]
    assert utf8(b"\x1b$") == b"\x1b$"  # an escape alone says nothing


@pytest.mark.parametrize("lang", ["", "en"])
def test_an_apostrophe_of_windows_1252_makes_no_page_korean(lang: str) -> None:
    title = "The president’s plan stalls in the Senate again"
    assert titles(page(title, lang=lang).encode("windows-1252")) == [title]


def test_an_undeclared_koi8_page_may_be_ukrainian() -> None:
    title = "Уряд схвалив зміни до бюджету, їх підтримали депутати"
    assert titles(page(title).encode("koi8-u")) == [title]


@pytest.mark.parametrize(("header", "meta"), [("utf-8", ""), ("", "utf-8"), ("iso-8859-1", "utf-8")])
def test_declared_utf_8_with_few_characters_beyond_ascii_may_be_cut_inside_one(header: str, meta: str) -> None:
    title = "It’s a storm that closes the southern harbour again"
    assert titles(page(title, meta).encode() + "’".encode()[:2], header) == [title]


def test_declared_utf_8_that_is_windows_1252_is_read_as_that() -> None:
    title = "It’s a storm that closes the café again"
    assert titles(page(title, "utf-8").encode("windows-1252"), "utf-8") == [title]
