"""When two URLs are one document, which links are kept, and the host key for the spacing of requests."""

import itertools
from base64 import urlsafe_b64encode
from pathlib import Path

import publicsuffixlist
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wirekin import urls
from wirekin._domains import registrable
from wirekin.urls import MAX_URL, canonicalise, clean_link, host_key, hostname, resolve, slug_words

SHARED = Path(__file__).parents[2] / "../shared"

# Each row is one document with several addresses; the first column is the canonical one.
ONE_DOCUMENT = [
    ("https://example.com/", "http://example.com", "HTTPS://WWW.EXAMPLE.COM:443/", "https://example.com/index.html?#top"),
    ("https://example.com/a", "https://example.com/a/", "https://example.com//a", "http://example.com:80/b/../a#x", " https://example.com/a\n"),
    ("https://example.com/%7Bx%7D/~me", "https://example.com/%7bx%7d/%7Eme", "https://example.com/{x}/%7eme"),
    ("https://example.com/z,74/m.html", "https://example.com/z%2C74/m.html", "https://example.com/./z,74/%6D.html"),
    ("https://example.com/a?b=1&c=2", "https://example.com/a?c=2&b=1", "https://example.com/a?c=2&b=1&utm_source=rss&UTM_Medium=x", "https://example.com/a?b=1&amp;c=2"),
    ("https://example.com/a?q=x%20y", "https://example.com/a?q=x+y", "https://example.com/a?q=x y"),
    ("https://example.com/story", "https://example.com/story?fbclid=IwAR0", "https://example.com/story?intcmp=hp01rr", "https://example.com/story?gad_source=1&gad_campaignid=2&srsltid=x", "https://example.com/story?__s=a&sfmc_id=b&_branch_match_id=c", "https://example.com/story?ref=404media.co", "https://example.com/story?from=rss&source=feed", "https://example.com/story?rss", "https://example.com/story?cmp=defrss"),
    ("https://mirror.example.com/a", "https://mirror.example.com/a.amp", "https://mirror.example.com/a/amp/", "https://amp.mirror.example.com/a?outputType=amp", "https://m.mirror.example.com/a?amp=1"),
    ("https://example.com/news-2404-184627.html", "https://example.com/news-2404-184627.amp.html"),
    ("https://dw.com/en/a-65897191", "https://amp.dw.com/en/a-65897191", "https://www.dw.com/en/a-65897191?maca=en-rss-en-all-1573-rdf"),
    ("https://nytimes.com/2026/a.html", "https://www.nytimes.com/2026/a.html?campaign_id=2&emc=edit&nl=the-morning&regi_id=1&te=1&user_id=9"),
    ("https://en.wikipedia.org/wiki/Feed", "https://en.m.wikipedia.org/wiki/Feed"),
    ("https://example.com/a.do", "https://example.com/a.do;jsessionid=0F3A", "https://example.com/a.do?PHPSESSID=9f&sid=0123456789abcdef0123"),
    ("https://example.com/shop", "https://example.com/(S(abcdefghijklmnopqrstuvwx))/shop/default.aspx"),
    ("https://example.com/?p=446062", "http://www.example.com/index.php?p=446062", "https://example.com?p=446062"),
    ("https://xn--e1afmkfd.xn--p1ai/%D0%B0", "http://пример.рф/а", "https://XN--E1AFMKFD.xn--p1ai/%d0%b0"),
    ("https://127.0.0.1:8001/a", "http://0x7f.1:8001/a", "http://2130706433:8001/a", "http://[::ffff:7f00:1]:8001/a", "http://0177.0.0.1:8001/a"),
    ("https://[2001:db8::1]/a", "http://[2001:0DB8:0:0::1]/a"),
]  # fmt: skip


@pytest.mark.parametrize("row", ONE_DOCUMENT, ids=lambda row: row[0])
def test_addresses_of_one_document_have_one_canonical_url(row: tuple[str, ...]) -> None:
    assert {row[0]} == {canonicalise(url) for url in row}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/a?id=1", "https://example.com/a"),
        ("https://example.com/a-slug-of-four-words?lang=fr", "https://example.com/a-slug-of-four-words?lang=de"),
        ("https://example.com/watch?v=x", "https://example.com/watch?v=y"),
        ("https://example.com/StoryView.py?story=Flag.txt", "https://example.com/StoryView.py?story=Hats.txt"),
        ("https://slashdot.org/article.pl?sid=05/11/19/1534223", "https://slashdot.org/article.pl?sid=05/11/18/156253"),
        ("https://example.com/article.asp?ref=4711", "https://example.com/article.asp?ref=4712"),
        ("https://example.com/viewtopic.php?tid=12", "https://example.com/viewtopic.php?tid=13"),
        ("https://example.com/a?src=iran-closes-the-strait", "https://example.com/a?src=oil-price-at-a-peak"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://one.github.io/a", "https://two.github.io/a"),
        ("https://m.ua/a", "https://ua/a"),
        ("https://example.com/a?x=1%262", "https://example.com/a?x=1&2"),
        ("https://example.com/a?x%3D1=2", "https://example.com/a?x=1=2"),
    ],
)
def test_addresses_of_two_documents_have_two_canonical_urls(one: str, other: str) -> None:
    assert canonicalise(one) != canonicalise(other)


AMP_FORMS = {
    "cache": lambda host, path: f"https://x-com.cdn.ampproject.org/c/s/{host}{path}",
    "viewer": lambda host, path: f"https://x-com.cdn.ampproject.org/v/s/{host}{path}?amp_js_v=0.1&usqp=mq",
    "google": lambda host, path: f"https://www.google.com/amp/s/{host}{path}",
    "bing": lambda host, path: f"https://x-com.bing-amp.com/c/s/{host}{path}",
    "folder": lambda host, path: f"https://{host}{path}/amp/",
    "suffix": lambda host, path: f"https://{host}{path}.amp",
    "face": lambda host, path: f"https://amp.{host}{path}",
}


def test_nested_amp_addresses_are_reduced_to_the_article() -> None:
    for kinds in itertools.product(AMP_FORMS, repeat=3):
        link = "https://example.com/2026/a"
        for kind in kinds:
            host, slash, path = link.removeprefix("https://").partition("/")
            link = AMP_FORMS[kind](host, f"{slash}{path.partition('?')[0].rstrip('/')}")

        assert canonicalise(link) == "https://example.com/2026/a", kinds


def google_news(url: str) -> str:
    packed = b"\x08\x13\x22" + bytes([len(url)]) + url.encode() + b"\xd2\x01\x00"
    return f"https://news.google.com/rss/articles/{urlsafe_b64encode(packed).decode().rstrip('=')}?oc=5"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?q=https://www.example.com/a%3Fid%3D7%26utm_source%3Dx&source=gmail&ust=17",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&h=AT0",
        "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&t=ZGU",
        "https://translate.google.com/translate?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&sl=fa&tl=en",
        "https://t.me/iv?url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&rhash=0",
        "https://vk.com/away.php?to=http%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
        "https://portal.example.net/out?url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
        "https://www.google.com/amp/s/www.example.com/a?id=7",
        "https://example-com.cdn.ampproject.org/c/s/example.com/a?id=7",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fexample.com%252Fa%253Fid%253D7",
        google_news("https://example.com/a?id=7"),
    ],
)
def test_a_redirectors_link_has_the_canonical_url_of_its_target(link: str) -> None:
    assert canonicalise(link) == "https://example.com/a?id=7"


@pytest.mark.parametrize(
    ("link", "identity"),
    [
        ("https://www.google.com/url?q=javascript:alert(1)", "https://google.com/url?q=javascript:alert(1)"),
        ("https://www.google.com/url?q=https://u:p@example.com/", "https://google.com/url?q=https://u:p@example.com/"),
        ("https://example.com/share?url=https://example.org/a", "https://example.com/share?url=https://example.org/a"),
        ("https://img.example.com/_next/image?url=https://example.org/a.jpg", "https://img.example.com/_next/image?url=https://example.org/a.jpg"),
        ("https://www.google.com/maps/example.com/a", "https://google.com/maps/example.com/a"),
        ("https://a.cdn.ampproject.org/", "https://a.cdn.ampproject.org/"),
        ("https://news.google.com/articles/CBMi-not-base64!", "https://news.google.com/articles/CBMi-not-base64!"),
    ],
)  # fmt: skip
def test_a_link_that_only_looks_like_a_redirectors_is_not_decoded(link: str, identity: str) -> None:
    assert canonicalise(link) == identity


def test_a_redirectors_link_may_be_longer_than_others_up_to_a_cap() -> None:
    link = "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa&h="

    assert canonicalise(link + "A" * (8_192 - len(link))) == "https://example.com/a"
    assert canonicalise(link + "A" * 8_192) is None


def test_redirectors_nested_eight_deep_have_no_canonical_url() -> None:
    link = "https://example.com/a"
    for _ in range(8):
        link = f"https://example.net/out?url={link.replace('%', '%25').replace('?', '%3F').replace('&', '%26')}"

    assert canonicalise(link) is None


HOSTILE = [
    "", " ", "a", "//", "//example.com/a", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "ftp://example.com/", "mailto:a@example.com", "feed:https://example.com/", "http:", "http://",
    "https:///a", "http://user@example.com/", "http://u:p@example.com/", "http://example.com@evil.example/", "http://example.com\\@evil.example/",
    "http://exam ple.com/", "http://example.com:99999/", "http://example.com:0/", "http://example.com:x/", "http://[::1/", "http://[zz]/",
    "http://256.1.1.1/", "http://1.2.3.4.5/", "http://1.2.3.4.0/", "http://1_0.1/", "http://127.0.0.08/", "http://[::1/" + "a" * MAX_URL, "http://example.com/\x00a", "\\\\evil.example/", "http://example.com/\x1b[0m", "http://example.com/\ud800",
    "http://example..com/", "http://-/%zz\x7f", "http://" + "a" * 254 + ".com/", "http://" + "a" * 64 + ".com/", "http://" + ("a" * 63 + ".") * 3 + "a" * 63, "http://" + "a." * 130 + "com/", "http://\u2100.example/",
    "https://example.com/" + "a" * MAX_URL, "http://\u0130" * 400, "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:40])
def test_a_hostile_or_invalid_address_is_refused(text: str) -> None:
    assert (canonicalise(text), resolve("", text)) == (None, None)


anything = st.text(max_size=60)
url_like = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http://", "https://", "HTTPS://www.", "http://m.", "//", ""]),
        st.sampled_from(["example.com", "www.amp.example.co.uk", "127.1", "[::1]", "пример.рф", "google.com", "a.cdn.ampproject.org", "news.google.com"]),
        st.sampled_from(["", ":80", ":8080", ":"]),
        st.lists(st.sampled_from(["/", "amp", ".amp", "index.html", "..", ".", "%2e", "%2F", ";jsessionid=1", "ä", "%", "%zz", "url", "out", "c", "s", "x", " ", "\u202e"]), max_size=8).map("".join).map(lambda path: f"/{path}"),
        st.lists(st.sampled_from(["?", "&", "=", "a", "amp;", "url", "q", "u", "utm_a", "ref", "1", "%26", "%3D", "+", "http://", "https%3A%2F%2Fb.example/c", ";", "#"]), max_size=9).map("".join),
    ),
)  # fmt: skip


@given(st.one_of(anything, url_like))
@example("https://example.com/index.html.amp;sid=1/amp")
@example("https://example.com/a.amp.amp/index.html/index.php")
@example("https://example.com/?a%3Db=c")
@example("https://m.google.com/url?q=https://www.example.com/a")
def test_canonicalising_is_idempotent_and_raises_nothing(text: str) -> None:
    once = canonicalise(text)

    assert once is None or (canonicalise(once) == once and len(once) <= MAX_URL and once.isascii())


@given(anything | url_like, anything | url_like)
def test_a_resolved_link_is_safe_to_print_and_resolves_to_itself(base: str, href: str) -> None:
    link = resolve(base, href)

    assert link is None or (
        link.startswith(("http://", "https://"))
        and len(link) <= MAX_URL
        and not set(link) & set('"<>` \t\r\n\x00\u202e')
        and resolve("", link) == link
    )


@given(anything | url_like)
def test_the_clean_link_has_the_canonical_url_of_the_original(text: str) -> None:
    link = clean_link(text)

    assert "#" not in link
    assert clean_link(link) == link
    assert canonicalise(text) is None or canonicalise(link) == canonicalise(text)


@given(anything | url_like)
def test_hosts_and_slugs_of_any_text_raise_nothing(text: str) -> None:
    assert all(isinstance(answer, str) for answer in (host_key(text), hostname(text), slug_words(text)))


@pytest.mark.parametrize(
    ("published", "opened"),
    [
        ("https://Example.com/a/?utm_source=rss&id=5&ref=rss#comments", "https://Example.com/a/?id=5"),
        ("http://example.com:8080/a//b.amp?b=2&a=1", "http://example.com:8080/a//b.amp?b=2&a=1"),
        ("https://example.com/?utm_source=rss", "https://example.com/"),
        ("https://example.com/a?x=%C3%A4+b&fbclid=1", "https://example.com/a?x=%C3%A4+b"),
        ("https://youtu.be/_MPUoiG6w_U?si=-G54W3aPhlvWTiQd", "https://youtu.be/_MPUoiG6w_U"),
        ("https://example.com/a?si=7", "https://example.com/a?si=7"),
    ],
)
def test_the_clean_link_loses_only_tracking_and_fragment(published: str, opened: str) -> None:
    assert clean_link(published) == opened


@pytest.mark.parametrize(
    ("base", "href", "link"),
    [
        ("https://example.com/news/", "a.html", "https://example.com/news/a.html"),
        ("https://example.com/news/", "../a", "https://example.com/a"),
        ("https://example.com/", "//cdn.example.org/x", "https://cdn.example.org/x"),
        ("https://example.com/", "?p=1", "https://example.com/?p=1"),
        ("https://example.com/", '/a b"c<d>', "https://example.com/a%20b%22c%3Cd%3E"),
        ("https://example.com/", "/новости/1", "https://example.com/новости/1"),
        ("https://example.com/", "/a\u202egpj.exe", "https://example.com/a%E2%80%AEgpj.exe"),
        ("https://example.com/", "/a?x=\\", "https://example.com/a?x=%5C"),
        ("", "https://example.com/a\\b", "https://example.com/a/b"),
        ("https://example.com/", "HTTP://example.org/A", "http://example.org/A"),
        ("https://example.com/", "", None),
        ("https://example.com/", "javascript:alert(1)", None),
        ("not a url", "/a", None),
        ("file:///etc/", "passwd", None),
        ("https://example.com/dir/", "www.example.com/a", "https://www.example.com/a"),
        ("https://example.com/dir/", "wwwhat/a", "https://example.com/dir/wwwhat/a"),
    ],
)
def test_a_link_is_resolved_against_its_page(base: str, href: str, link: str | None) -> None:
    assert resolve(base, href) == link


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("www.dailycaller.com", "dailycaller.com"),
        ("rss.example.com:8443", "example.com"),
        ("feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("http://127.0.0.1:8001/a", "127.0.0.1"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("[::1]:80", "::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("localhost:8000", "localhost"),
        ("co.uk", "co.uk"),
        ("ПРИМЕР.рф.", "xn--e1afmkfd.xn--p1ai"),
        ("1.2.3.999", ""),
        ("", ""),
    ],
)
def test_the_host_key_is_the_registrable_domain_or_the_ip_address(text: str, key: str) -> None:
    assert host_key(text) == key


def test_registrable_domains_are_those_of_the_publicsuffixlist_package() -> None:
    rules = publicsuffixlist.PublicSuffixList()
    names = [rule.lstrip("!").replace("*", "anyone") for rule in rules._publicsuffix]
    hosts = [f"{before}{name}" for name in names for before in ("", "a.", "b.a.", "c.b.a.")]
    hosts += ["", ".", "a", "a..b", ".com", "WWW.BBC.Co.UK.", "xn--", "a.xn--zzzzzz999.xn--p1ai", "x." * 300 + "com"]

    assert len(hosts) > 40_000
    assert [registrable(host) for host in hosts] == [rules.privatesuffix(host) for host in hosts]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://example.com/local/man-arrested-in-dui-crash/2020/01/01/740fbc7a-2cbe-11ea-bffe-020c88b3f120_story.html", "man arrested in dui crash"),
        ("https://example.com/world/iran-seizes-tanker-12345678.html", "iran seizes tanker"),
        ("https://example.com/2026/02/18/judge_gives_us_2_weeks/", "judge gives us 2 weeks"),
        ("https://example.com/%D0%B8%D1%80%D0%B0%D0%BD-%D1%81%D0%BD%D0%BE%D0%B2%D0%B0", "иран снова"),
        ("https://example.com/?p=7", ""),
        ("https://example.com/article/1234567", "article"),
        ("not a url", ""),
    ],
)  # fmt: skip
def test_slug_words_are_those_of_the_last_meaningful_segment(url: str, words: str) -> None:
    assert slug_words(url) == words


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sets are not beside this checkout")
def test_every_link_of_real_headlines_has_a_stable_canonical_url() -> None:
    import json

    rows = (SHARED / "stories/uci_clusters.jsonl").read_text().splitlines()
    links = [json.loads(row)["url"] for row in rows[:2000]]
    identities = [canonicalise(link) for link in links]

    assert None not in identities
    assert identities == [canonicalise(identity or "") for identity in identities]


PATH_PIECES = st.sampled_from(
    ["/", "a", "B-2", ".", "..", "amp", ".amp", ".html", "index.php", "default.asp", "~", "go", "url"]
)
QUERIES = st.sampled_from(
    ["", "?", "?a=1", "?b=2&a=1", "?utm_source=rss", "?url=https://b.example.com/x", "?amp;b=%2B", "?s"]
)
HOSTS = st.sampled_from(
    ["example.com", "www.example.co.uk", "m.example.org", "news.google.com", "a.cdn.ampproject.org", "google.com",
     "l.facebook.com", "amp.dev", "127.0.0.1", "www.gov.uk", "127.1.0.9:59999", "10.0.0.256", "10.0.0.010", "1.2.3:80",
     "example.com:443", "m.example.org:8080", "example.com:65536", "example.com:080"]
)  # fmt: skip


@given(HOSTS, st.lists(PATH_PIECES, max_size=6).map("".join), QUERIES)
def test_the_fast_path_for_simple_links_agrees_with_the_general_one(host: str, path: str, query: str) -> None:
    url = f"http://{host}/{path}{query}"
    quickly = canonicalise(url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_simply", lambda _url: None)
        assert canonicalise(url) == quickly


@pytest.mark.parametrize("host", ["evilampproject.org", "evilbing-amp.com", "google.example.net", "google.co.example"])
def test_a_host_that_only_resembles_an_amp_cache_is_not_decoded(host: str) -> None:
    canonical = canonicalise(f"https://{host}/amp/s/example.com/a")

    assert canonical is not None
    assert canonical.startswith(f"https://{host}/")


@pytest.mark.parametrize("host", ["www.google.de", "google.co.uk", "google.com.au", "www.google.com"])
def test_googles_amp_viewer_is_decoded_in_each_country(host: str) -> None:
    assert canonicalise(f"https://{host}/amp/s/example.com/a") == "https://example.com/a"
