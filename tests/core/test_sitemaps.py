"""Reading sitemaps as they are found: Google's extensions, missing namespaces, too many addresses, indexes."""

from __future__ import annotations

import pytest

from make import NOW
from wirekin.model import FeedKind, Image, Parsed
from wirekin.parse import _xml, parse_document

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
)


def parsed(body: str, url: str = "https://paper.example/sitemap.xml") -> Parsed:
    found = parse_document(body.encode(), url=url, kind=FeedKind.SITEMAP, now=NOW)
    assert isinstance(found, Parsed), found
    return found


def test_a_news_sitemap_that_forgets_to_declare_its_prefixes_has_its_titles() -> None:
    found = parsed(
        "<urlset><url><loc>https://paper.example/1</loc><news:news><news:title>Ship seized</news:title>"
        "<news:publication_date>2026-11-22T09:00Z</news:publication_date></news:news></url></urlset>"
    )

    assert [(one.title, one.published_at is not None) for one in found.entries] == [("Ship seized", True)]


def test_many_undeclared_prefixes_are_left_undeclared() -> None:
    many = "".join(f"<p{at}:a/>" for at in range(30))
    found = parsed(
        f"<urlset>{many}<url><loc>https://paper.example/1</loc><n:news><n:title>A</n:title></n:news></url></urlset>"
    )

    assert found.entries == ()


def test_a_page_of_a_video_has_its_title_its_time_and_its_still() -> None:
    (one,) = parsed(
        f"<urlset {NAMESPACES}><url><loc>https://paper.example/v/1</loc><lastmod>2026-11-22</lastmod><video:video>"
        "<video:thumbnail_loc>https://paper.example/t.jpg</video:thumbnail_loc><video:title>Storm on the coast"
        "</video:title><video:publication_date>2026-11-20T10:00:00Z</video:publication_date></video:video></url></urlset>"
    ).entries

    assert (one.title, one.image) == ("Storm on the coast", Image("https://paper.example/t.jpg"))
    assert str(one.published_at) == "2026-11-20 10:00:00+00:00"


def test_a_counter_is_no_picture_of_a_sitemap() -> None:
    (one,) = parsed(
        f"<urlset {NAMESPACES}><url><loc>https://paper.example/ship-seized-in-strait</loc>"
        "<image:image><image:loc>https://paper.example/spacer.gif</image:loc></image:image></url></urlset>"
    ).entries

    assert one.image is None


def test_an_address_that_is_listed_twice_is_one_entry() -> None:
    one = "<url><loc>https://paper.example/ship-seized-in-%s</loc></url>"
    found = parsed("<urlset>" + one % "strait" + one % "harbour" + one % "strait" + "</urlset>")

    assert [entry.title for entry in found.entries] == ["Ship seized in strait", "Ship seized in harbour"]


@pytest.mark.parametrize("whole", [True, False])
def test_of_more_addresses_than_are_read_the_newest_are_read_in_their_order(
    monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    monkeypatch.setattr(_xml, "MAX_ENTRIES", 3)
    rows = "".join(
        f"<url><loc>https://paper.example/ship-seized-again-{name}</loc><lastmod>{day}</lastmod></url><!-- <url> -->"
        for name, day in (("a", "2019-01-01"), ("b", "2026-11-20"), ("c", "<![CDATA[2026-11-21]]>"), ("d", "2018"))
    )
    rows += "<url><loc>https://paper.example/ship-seized-again-e</loc></url>"
    rows += "<url><loc>https://paper.example/ship-seized-again-f</loc><lastmod>2026-11-22</lastmod></url>"
    found = parsed(f"<!-- <url> --><urlset {NAMESPACES}>{rows}" + ("</urlset>" if whole else "<url><loc>htt"))

    assert [one.link[-1] for one in found.entries] == ["b", "c", "f"]
    assert found.whole is whole


def test_of_too_many_addresses_without_dates_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_xml, "MAX_ENTRIES", 2)
    found = parsed(
        "<urlset>"
        + "".join(f"<url><loc>https://paper.example/ship-seized-again-{n}</loc></url>" for n in "abc")
        + "</urlset>"
    )

    assert [one.link[-1] for one in found.entries] == ["a", "b"]


def test_no_more_addresses_are_compared_than_a_sitemap_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_xml, "MAX_ENTRIES", 1)
    monkeypatch.setattr(_xml, "MOST_URLS", 2)
    row = "<url><loc>https://paper.example/ship-seized-again-no-{0}</loc><lastmod>202{0}-01-01</lastmod></url>"
    found = parsed("<urlset>" + "".join(map(row.format, "123")) + "</urlset>")

    assert [one.link[-1] for one in found.entries] == ["2"]


def test_a_site_called_news_does_not_make_each_of_its_sitemaps_one_for_news() -> None:
    rows = "".join(
        f"<sitemap><loc>https://thenews.example/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in (("posts", "2026-11-22"), ("news", "2026-11-01"))
    )
    found = parsed(f"<sitemapindex>{rows}</sitemapindex>", url="https://thenews.example/sitemap.xml")

    assert found.feeds[0] == "https://thenews.example/news.xml"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026", None),
        ("2026-11", None),
        ("2026-11-22", "2026-11-22 00:00:00+00:00"),
        ("2026-11-22T09:00+02:00", "2026-11-22 07:00:00+00:00"),
        ("2026-11-22T09:00:00Z", "2026-11-22 09:00:00+00:00"),
        ("2026-11-22T09:00:00.45-05:00", "2026-11-22 14:00:00+00:00"),
    ],
)
def test_the_six_forms_of_w3c_dates_are_read_and_no_day_is_invented(written: str, expected: str | None) -> None:
    (one,) = parsed(
        f"<urlset><url><loc>https://paper.example/ship-seized-in-strait</loc><lastmod>{written}</lastmod></url></urlset>"
    ).entries

    assert (str(one.published_at) if one.published_at else None) == expected
