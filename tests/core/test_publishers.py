"""The publisher of a headline: configured domains and names, and the name given to an unknown host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin import _domains
from wirekin.model import Publisher, Source
from wirekin.publishers import Directory, PublisherSpec, domain_named

BBC = Publisher("BBC News", "bbc.co.uk")
REUTERS = Publisher("Reuters", "reuters.com", wire=True)
HAARETZ = Publisher("הארץ", "haaretz.co.il")
DIRECTORY = Directory(
    [
        PublisherSpec("BBC News", ("bbc.co.uk", "https://www.bbci.co.uk/", "*.bbc.com")),
        PublisherSpec("Reuters", ("reuters.com",), wire=True),
        PublisherSpec("הארץ", ("haaretz.co.il",)),
        PublisherSpec("The Example Sun", ("sun.example.com",)),
        PublisherSpec("Sample One", ("127.0.0.1:8001",)),
    ]
)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.bbc.co.uk/news/1", BBC),
        ("http://feeds.bbci.co.uk/rss.xml", BBC),
        ("https://BBC.com:443/a", BBC),
        ("https://haaretz.co.il./a", HAARETZ),
        ("https://sun.example.com/a", Publisher("The Example Sun", "sun.example.com")),
        ("https://moon.example.com/a", Publisher("example.com", "example.com")),
        ("https://notbbc.co.uk/a", Publisher("notbbc.co.uk", "notbbc.co.uk")),
        ("https://www.dailycaller.com/2026/1", Publisher("dailycaller.com", "dailycaller.com")),
        ("https://one.github.io/a", Publisher("one.github.io", "one.github.io")),
        ("http://127.0.0.1:8001/a", Publisher("Sample One", "127.0.0.1:8001")),
        ("http://127.0.0.1:8002/a", Publisher("127.0.0.1", "127.0.0.1")),
        ("http://пример.рф/а", Publisher("пример.рф", "xn--e1afmkfd.xn--p1ai")),
        ("not a url", Publisher("", "")),
        ("http://[broken/", Publisher("", "")),
    ],
)
def test_a_link_belongs_to_the_publisher_with_the_most_specific_domain(url: str, publisher: Publisher) -> None:
    assert DIRECTORY.of_url(url) == publisher


@pytest.mark.parametrize(
    "shown",
    ["пример.рф", "münchen.de", "bücher-24.example", "日本語ニュース.jp", "newsニュース.jp", "한국.kr", "ایران.ایران",
     "הארץ.ישראל", "कखग.भारत", "аррӏе.рф", "тест.com", "example.com", "việtnam.vn", "gdańsk.pl", "νέα.gr",
     "क़ीं.भारत", "ที่นี่.th", "一番news.jp", "ニュースx.jp", "լուրեր.հայ"],
)  # fmt: skip
def test_an_unconfigured_publisher_is_named_by_its_decoded_domain(shown: str) -> None:
    domain = shown.encode("idna").decode()

    assert DIRECTORY.of_url(f"http://{domain}/a") == Publisher(shown, domain)
    assert DIRECTORY.of_source(Source("", f"http://{domain}/a")) == Publisher(shown, domain)


@pytest.mark.parametrize(
    "domain",
    ["xn--80ak6aa92e.com", "xn--paypl-7ve.com", "xn--ypal-9nd08d.com", "xn--n3h.net", "xn--strae-oqa.de", "xn--a.com"],
    ids=["Cyrillic as Latin", "Latin and Cyrillic", "Latin and Greek", "a symbol", "of IDNA 2008", "invalid"],
)
def test_a_domain_that_could_be_mistaken_for_another_stays_in_punycode(domain: str) -> None:
    assert DIRECTORY.of_url(f"http://{domain}/a").name == domain


@pytest.mark.parametrize(
    "label",
    ["ɡoogle", "ɑpple", "paypaǀ", "paypaı", "ᴀᴘᴘʟᴇ",  # other letters of Latin script
     "bbc\u115f", "bbc\u1160", "\u1780\u17b5",  # invisible
     "οικο", "ցօօց", "ყოძ", "וסט", "ዐዘሀ", "พบนร", "ဝဂ", "ഠഠ",  # letters that look like Latin ones
     "ᗷᗷᑕ", "ᏴᏴᏟ", "ᚱᚢᚾ",  # scripts that nobody writes domains in
     "\u0337\u0338", "\u0e49ก", "ก" + 2 * "\u0e49", "क\u093c\u0940\u0902\u0901",  # marks alone, and heaps of them
     "bbc一news", "bbcノnews", "bbc丶com", "bbcㅡnews", "ー"],  # strokes that look like signs
    ids=ascii,
)  # fmt: skip
def test_a_label_of_lookalike_or_invisible_letters_stays_in_punycode(label: str) -> None:
    domain = f"xn--{label.encode('punycode').decode()}.com"

    assert DIRECTORY.of_url(f"http://{domain}/a").name == domain


def test_a_lookalike_label_stays_in_punycode_though_its_top_level_domain_is_decoded() -> None:
    assert _domains.readable("xn--80ak6aa92e.xn--fiqs8s") == "xn--80ak6aa92e.中国"


def test_a_label_longer_than_the_dns_limit_is_not_decoded() -> None:
    """The work of decoding grows with the square of the length."""
    assert _domains._spelt("xn--" + 59 * "a") != "xn--" + 59 * "a"
    assert _domains._spelt("xn--" + 60 * "a") == "xn--" + 60 * "a"


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("bbc news", BBC),
        ("The BBC News", BBC),
        ("REUTERS.", REUTERS),
        ("example sun", Publisher("The Example Sun", "sun.example.com")),
        ("הארץ", HAARETZ),
        ("BBC", None),
        ("The", None),
        ("", None),
    ],
)
def test_a_publishers_name_is_matched_without_case_and_article(name: str, publisher: Publisher | None) -> None:
    assert DIRECTORY.of_name(name) == publisher


@pytest.mark.parametrize(
    ("source", "publisher"),
    [
        (Source("Reuters"), REUTERS),
        (Source("BBC Sport", "https://www.bbc.com/sport"), BBC),
        (Source("The Moon", "https://www.moon.example/rss"), Publisher("The Moon", "moon.example")),
        (Source("", "https://www.moon.example/rss"), Publisher("moon.example", "moon.example")),
        (Source("The Moon"), Publisher("The Moon", "")),
        (Source(" ", "not a url"), None),
    ],
)
def test_the_source_of_an_entry_is_matched_by_address_and_then_by_name(
    source: Source, publisher: Publisher | None
) -> None:
    assert DIRECTORY.of_source(source) == publisher


HOUSES = Directory(
    [
        PublisherSpec("Morning Mirror", ("mirror.example",), family="Quay House"),
        PublisherSpec("Evening Mirror", ("evening.example",), family="Quay House"),
        PublisherSpec("Reuters", ("reuters.com",), wire=True),
        PublisherSpec("Associated Press", ("apnews.com",), wire=True),
        PublisherSpec("RIA Novosti", ("ria.ru",), wire=True, family="Rossiya Segodnya"),
    ]
)


@pytest.mark.parametrize(
    ("url", "wire", "voice"),
    [
        ("https://mirror.example/1", None, "Quay House"),
        ("https://evening.example/1", None, "Quay House"),
        ("https://mirror.example/1", "Reuters", "Reuters"),
        ("https://www.reuters.com/1", "Reuters", "Reuters"),
        ("https://moon.example/1", "AP", "Associated Press"),
        ("https://apnews.com/1", None, "Associated Press"),
        ("https://moon.example/1", "РИА Новости", "Rossiya Segodnya"),
        ("https://moon.example/1", "Harbour Wire", "Harbour Wire"),
        ("https://moon.example/1", None, "moon.example"),
    ],
)
def test_the_voice_is_the_credited_wire_else_the_family_else_the_publisher(
    url: str, wire: str | None, voice: str
) -> None:
    assert HOUSES.voice(HOUSES.of_url(url), wire) == voice


def test_names_are_in_file_order_and_wires_are_listed() -> None:
    assert DIRECTORY.names == ("BBC News", "Reuters", "הארץ", "The Example Sun", "Sample One")
    assert DIRECTORY.wires == ("Reuters",)


def test_the_first_publisher_to_claim_a_domain_keeps_it() -> None:
    directory = Directory(
        [PublisherSpec("One", ("example.com",)), PublisherSpec("Two", ("example.com", "example.org"))]
    )

    assert directory.of_url("https://example.com/").name == "One"
    assert directory.of_url("https://example.org/") == Publisher("Two", "example.com")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_as_name_or_address_raises_nothing(name: str, url: str) -> None:
    assert DIRECTORY.of_url(url) == DIRECTORY.of_url(url)
    assert DIRECTORY.of_name(name) is None or name.strip()
    DIRECTORY.of_source(Source(name, url))


@pytest.mark.parametrize(
    ("name", "domain"),
    [("пример.рф", "xn--e1afmkfd.xn--p1ai"), ("example.com", "example.com"), ("пример", ""), ("Пример.рф", ""),
     ("Südd. Zeitung", ""), ("аррӏе.com", ""), ("ä" * 70 + ".de", ""), ("ü..de", ""), ("BBC News", ""), ("\ud800.de", "")],
    ids=ascii,
)  # fmt: skip
def test_a_name_is_taken_for_a_domain_only_where_that_domain_decodes_to_it(name: str, domain: str) -> None:
    assert domain_named(name) == domain
