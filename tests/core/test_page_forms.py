"""Every ordinary form of a list, in eight languages, with every ordinary kind of address: exactly its headlines.

The made-up pages are examples; these tests combine: the arrangement of a title, its link, its picture and its date,
without a meaningful class, and the addresses that content systems give their articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from make import NOW
from wirekin.model import FeedKind, Parsed
from wirekin.parse import parse_document

TITLES = {
    "en": ("Harbour board delays vote on new quay", "Bakers win right to open on Sundays",
           "School bus returns to the island", "Fog closes two runways at Northfield", "Old cinema to become a library",
           "Rents rise faster than wages again"),
    "zh": ("港口董事会推迟新码头表决", "面包师赢得周日营业权", "校车九年后重返海岛", "大雾关闭两条跑道",
           "老电影院将改建为图书馆", "房租涨幅连续三年超过工资"),
    "ar": ("مجلس الميناء يؤجل التصويت على الرصيف", "الخبازون يكسبون حق العمل الأحد", "حافلة المدرسة تعود إلى الجزيرة",
           "الضباب يغلق مدرجين في الشمال", "السينما القديمة تتحول إلى مكتبة", "الإيجارات ترتفع أسرع من الأجور"),
    "he": ("מועצת הנמל דוחה את ההצבעה", "האופים זכו לפתוח בימי ראשון", "האוטובוס חוזר אל האי", "ערפל סגר שני מסלולים",
           "הקולנוע הישן יהפוך לספרייה", "שכר הדירה עולה מהר מהשכר"),
    "ru": ("Совет порта отложил голосование", "Пекари отстояли работу по воскресеньям",
           "Школьный автобус вернулся на остров", "Туман закрыл две полосы", "Старый кинотеатр станет библиотекой",
           "Аренда растет быстрее зарплат"),
    "fa": ("هیئت بندر رأی‌گیری را عقب انداخت", "نانوایان یکشنبه‌ها باز می‌مانند", "اتوبوس مدرسه به جزیره برگشت",
           "مه دو باند را بست", "سینمای قدیمی کتابخانه می‌شود", "اجاره‌ها تندتر از دستمزد"),
    "hi": ("बंदरगाह बोर्ड ने मतदान टाला", "बेकरों को रविवार का अधिकार मिला", "स्कूल बस टापू पर लौटी", "कोहरे से दो रनवे बंद",
           "पुराना सिनेमा बनेगा पुस्तकालय", "किराया मज़दूरी से तेज़ बढ़ा"),
    "tr": ("Liman kurulu oylamayı erteledi", "Fırıncılar pazar günü açabilecek", "Okul otobüsü adaya döndü",
           "Sis iki pisti kapattı", "Eski sinema kütüphane oluyor", "Kiralar ücretlerden hızlı artıyor"),
}  # fmt: skip
WITH_SHORT = {  # with a title of two words and one of three
    "en": ("Harbour board delays vote on quay", "Bakers win the right to open on Sundays", "Quay shut",
           "School bus returns to the island after years", "Island votes yes", "Fog closes two runways"),
    "ru": ("Совет порта отложил голосование по причалу", "Пекари отстояли работу по воскресеньям", "Причал закрыт",
           "Школьный автобус вернулся на остров после перерыва", "Остров голосует за", "Туман закрыл две полосы"),
    "he": ("מועצת הנמל דוחה את ההצבעה על הרציף", "האופים זכו לפתוח בימי ראשון", "הרציף נסגר",
           "האוטובוס חוזר אל האי אחרי תשע שנים", "האי הצביע בעד", "ערפל סגר שני מסלולים"),
    "tr": ("Liman kurulu yeni iskele oylamasını erteledi", "Fırıncılar pazar günü açabilecek", "İskele kapandı",
           "Okul otobüsü yıllar sonra adaya döndü", "Ada evet dedi", "Sis iki pisti kapattı"),
}  # fmt: skip
SLUGS = ("harbour-board-delays-vote-on-quay", "bakers-win-right-to-open-sundays", "school-bus-returns-to-the-island",
         "fog-closes-two-runways-at-northfield", "old-cinema-to-become-library", "rents-rise-faster-than-wages")  # fmt: skip
FORMS = {
    "a link in a heading": '<div class="post"><h2><a href="{h}">{t}</a></h2><p>{x}</p></div>',
    "a heading in a link": '<a href="{h}" class="c1"><h3>{t}</h3><p>{x}</p></a>',
    "a picture's link and a heading's": '<div class="c1"><a href="{h}"><img src="/i/{i}.jpg" alt=""></a>'
    '<h3><a href="{h}">{t}</a></h3><span>21.11.2026</span></div>',
    "a title by its class": '<a href="{h}" class="c1"><img src="/i/{i}.jpg" alt=""><span class="title">{t}</span></a>',
    "a card in a link": '<div class="c1"><a href="{h}"><div class="c2"><img src="/i/{i}.jpg"></div>'
    '<div class="c3">{t}</div><div class="c4">{x}</div></a></div>',
    "a paragraph that is a link": '<div class="c1"><p class="c2"><a href="{h}">{t}</a></p><p class="c3">{x}</p></div>',
    "a bold link": '<p><a href="{h}"><strong>{t}</strong></a><br>{x}</p>',
    "a list with times": '<li><time datetime="2026-11-21T0{i}:00:00Z">0{i}:00</time> <a href="{h}">{t}</a></li>',
    "a plain list": '<li><a href="{h}">{t}</a></li>',
    "a definition list": '<dt><a href="{h}">{t}</a></dt><dd>{x}</dd>',
    "rows of a table": '<tr><td>21.11.2026</td><td><a href="{h}">{t}</a></td></tr>',
    "a named overlay": '<article class="c1"><h3>{t}</h3><img src="/i/{i}.jpg"><a href="{h}" aria-label="{t}"></a></article>',
    "an overlay": '<div class="c1"><a href="{h}" class="c9"></a><img src="/i/{i}.jpg"><div class="c3">{t}</div></div>',
    "a title given three times": '<div class="c1"><a href="{h}" title="{t}"><img src="/i/{i}.jpg" alt="{t}"></a>'
    '<a href="{h}">{t}</a><a href="{h}">Read more</a></div>',
    "between a section and an author": '<div class="c1"><a href="/local" class="k">Local</a><a href="{h}" class="c2">'
    '{t}</a><a href="/author/jo-reed" class="k">Jo Reed</a></div>',
    "lines": '<a href="{h}">{t}</a><br>',
    "lines with dates": '&bull; <a href="{h}">{t}</a> (21.11.2026)<br>',
    "a summary that is a link too": '<div class="c1"><h4 class="n"><a href="{h}">{t}</a></h4>'
    '<p><a href="{h}">{x} {x}</a></p></div>',
}  # fmt: skip
ADDRESSES = ("/news/{n}", "/{s}/", "/2026/11/21/{s}.html", "/local/{s}")
SYSTEMS = {  # address of the list -> address pattern of its articles
    "index.php?option=com_content&view=category&id=4": "index.php?option=com_content&view=article&id={n}:{s}&catid=4",
    "?cat=4": "?p={n}",
    "news.php": "news.php?readmore={n}",
    "rubrique.php3?id_rubrique=4": "article.php3?id_article={n}",
    "spip.php?rubrique2": "spip.php?article{n}",
    "modules.php?name=News": "modules.php?name=News&file=article&sid={n}",
    "bbs/board.php?bo_table=news": "bbs/board.php?bo_table=news&wr_id={n}",
    "list.asp?page=1": "view.asp?no={n}",
    "Home/News": "Home/Details/{k}",
    "archive": "ShowNews/{n}",
    "default.aspx?cat=3": "article.aspx?id={n}",
    "list.do": "detail.do?seq={n}",
    "?view=list": "?view=article&key={n}",
    "?q=taxonomy/term/4": "?q=node/{n}",
    "index.php/news": "index.php/news/{k}-{s}",
    "front": "{n}-{s}.html",
    "columnists": "columnists/jo-reed/{s}/{n}",
    "": "story/7c0a{n}e-11ab-4f0e-9a1b-0a1b2c3d4e{k}",
}
OTHER_LINKS = {
    "people": (("Jo Reed", "/author/jo-reed"), ("Dr. Ann Lee Stone of Northfield", "/author/ann-lee"),
               ("The night desk of the Quay", "/author/night-desk"), ("Ida Kern", "/author/ida")),
    "sections": (("Local", "/local"), ("Business and economy", "/business"), ("Arts, books and music", "/arts"),
                 ("Homes and gardens", "/homes"), ("Weather and tides", "/weather")),
    "months": (("November 2026 (41)", "/2026/11/"), ("October 2026 (38)", "/2026/10/"), ("June 2026", "/2026/06/")),
    "views of the page": (("The newest of all first", "?sort=new"), ("Show all of them on one page", "?per_page=100"),
                          ("On to the second page of these", "?page=22"), ("Read this page in Welsh now", "?lang=12")),
}  # fmt: skip


def page(listed: str, lang: str, below: str = "") -> bytes:
    around = {"<li": "ul", "<dt": "dl", "<tr": "table"}.get(listed[:3])
    main = f"<{around}>{listed}</{around}>" if around else listed
    return (
        f'<!DOCTYPE html><html lang="{lang}"><title>News - Quay</title><div class="top"><a href="/">Quay</a> '
        '<a href="/local">Local</a> <a href="/about">About us</a></div>'
        f'<div class="main"><h1>News</h1>{main}<div class="pages"><a href="?page=2">2</a></div></div>{below}'
        '<div class="side"><h4>Tags</h4><a href="/tag/fog">fog in the north</a></div><div class="bottom">'
        '<a href="/contact">Contact the newsroom</a> <a href="/advertise">Advertise with us today</a></div>'
    ).encode()


def listed(form: str, titles: Sequence[str], address: str) -> str:
    return "".join(
        form.format(t=title, h=address.format(n=4100 + 7 * at, k=12 + at, s=SLUGS[at]).replace("&", "&amp;"), i=at,
                    x=f"{titles[at - 1]}. {titles[at - 2]}.")
        for at, title in enumerate(titles)
    )  # fmt: skip


def titles_of(body: bytes, url: str = "https://quay.example/news/") -> tuple[str, ...]:
    parsed = parse_document(body, url=url, kind=FeedKind.PAGE, now=NOW)
    assert isinstance(parsed, Parsed)
    return tuple(entry.title for entry in parsed.entries)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_any_layout_gives_its_titles_in_every_language(form: str, address: str) -> None:
    found = {lang: titles_of(page(listed(FORMS[form], titles, address), lang)) for lang, titles in TITLES.items()}

    assert found == TITLES


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("form", FORMS)
def test_short_titles_in_a_list_of_articles_are_headlines(form: str, address: str) -> None:
    found = {lang: titles_of(page(listed(FORMS[form], titles, address), lang)) for lang, titles in WITH_SHORT.items()}

    assert found == WITH_SHORT


@pytest.mark.parametrize(("where", "article"), SYSTEMS.items())
@pytest.mark.parametrize("form", ["a link in a heading", "rows of a table"])
def test_a_list_of_any_content_system_gives_its_titles(form: str, where: str, article: str) -> None:
    body = page(listed(FORMS[form], TITLES["en"], f"https://quay.example/{article}"), "en")

    assert titles_of(body, f"https://quay.example/{where}") == TITLES["en"]


@pytest.mark.parametrize("others", OTHER_LINKS)
@pytest.mark.parametrize(
    "form", ["a link in a heading", "a card in a link", "a plain list", "lines", "rows of a table"]
)
def test_lists_of_people_sections_months_or_views_give_no_headlines_in_any_layout(form: str, others: str) -> None:
    rows = "".join(FORMS[form].format(t=title, h=href, i=1, x="A line of words") for title, href in OTHER_LINKS[others])
    body = page(listed(FORMS["a link in a heading"], TITLES["en"], "/news/{n}"), "en", f'<div class="b2">{rows}</div>')

    assert titles_of(body) == TITLES["en"]
