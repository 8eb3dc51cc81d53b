"""Habits of content systems and their authors: menus with headings, tags marked by `rel`, "read more" by class."""

from __future__ import annotations

import pytest

from showing import read_at

SITE = "https://town.example.com/"
TITLES = (
    "Ferries stop for the night after the storm",
    "Council votes to close the old market",
    "Bridge opens a year late",
)

entries, titles = read_at(SITE)


def address(title: str) -> str:
    return f"/{title.lower().replace(' ', '-')}-{len(title)}10.html"


def card(title: str, after: str = "") -> str:
    return f"<div class=p><h3><a href='{address(title)}'>{title}</a></h3>{after}</div>"


STORIES = "".join(map(card, TITLES))

# --- links that are no headlines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["<div id=menuleft>{}</div>", "<div class=m><strong>Menu</strong>{}</div>"])
def test_a_menu_whose_items_are_headings_gives_no_headlines(box: str) -> None:
    items = ("Calendar of the main events", "Map and planning of the town", "Card for large families here")
    menu = "".join(f"<li><a href='/town/{one[:4].lower()}.html'><h3>{one}</h3></a></li>" for one in items)

    assert titles(box.format(f"<ul>{menu}</ul>") + STORIES) == list(TITLES)


def test_a_menu_of_numbered_pages_with_short_names_gives_no_headlines() -> None:
    names = (
        "Benefits of the norm",
        "Norms for public bodies",
        "Policy of the norms",
        "Who may be a member",
        "Norms and laws",
    )
    at = "/index.php?option=com_content&view=article&id="
    menu = "".join(f"<li><a href='{at}{1600 + number}'>{name}</a></li>" for number, name in enumerate(names))
    news = "".join(f"<div><a href='{at}{6900 + number}:x'>{one} today</a></div>" for number, one in enumerate(TITLES))

    assert titles(f"{STORIES}{news}<ul class='nav menu'>{menu}</ul>") == [*TITLES, *(f"{one} today" for one in TITLES)]


def test_a_link_whose_query_asks_for_a_category_is_no_headline() -> None:
    archive = (
        "<h3><a href='/index.php?option=com_content&view=category&id=1712'>What was on show in our window</a></h3>"
    )

    assert titles(STORIES + archive) == list(TITLES)


def test_a_link_to_all_news_is_no_headline_in_any_language() -> None:
    more = "<div class=p><h3><a href='/news-1200.html'>{}</a></h3></div>"

    for words in ("Tutte le notizie in vetrina", "Todas las noticias", "Alle Nachrichten", "Все новости", "كل الأخبار"):
        assert titles(STORIES + more.format(words)) == list(TITLES)
    assert len(titles(STORIES + more.format("Alle Züge stehen still"))) == 4


def test_a_link_with_rel_tag_or_author_is_no_headline() -> None:
    tag = "<div><a rel='{}' href='/old-harbour-of-the-town-1912.html'><h3>Old harbour of the town</h3></a></div>"

    assert titles(STORIES + tag.format("category tag")) == list(TITLES)
    assert titles(STORIES + tag.format("author")) == list(TITLES)
    assert len(titles(STORIES + tag.format("bookmark"))) == 4


def test_a_link_to_a_parent_path_of_the_page_is_no_headline() -> None:
    above = "<div><a href='/news-of-our-old-town-2026/'><h3>News of our old town</h3></a></div>"

    assert titles(STORIES + above, f"{SITE}news-of-our-old-town-2026/local") == list(TITLES)
    assert len(titles(STORIES + above, f"{SITE}sport/local")) == 4


def test_a_short_title_followed_by_a_count_in_brackets_is_no_headline() -> None:
    gallery = "<ul><li><a href='/sport-and-leisure-8924.html'>Sport and leisure {}</a></li></ul>"

    assert titles(STORIES + gallery.format("(75)")) == list(TITLES)


# --- links that are headlines ----------------------------------------------------------------------------------------


def test_a_block_with_a_numbered_advert_id_may_show_headlines() -> None:
    news = f"<div id={{}}><span class=title>{card(TITLES[0])}</span></div>"

    assert titles(news.format("advert3") + "".join(map(card, TITLES[1:]))) == list(TITLES)
    assert titles(news.format("advertising") + "".join(map(card, TITLES[1:]))) == list(TITLES[1:])


def test_empty_overlay_links_separate_the_cards_of_a_list() -> None:
    def over(title: str, inside: str) -> str:
        return f"<div class=slot><a href='{address(title)}' aria-label='{title}'></a><div>{inside}{title}</div></div>"

    cards = over(TITLES[0], "") + "<div class=slot>Advertisement</div>" + over(TITLES[1], "") + over(TITLES[2], "")

    assert titles(f"<div>{cards}</div>") == list(TITLES)


def test_a_three_word_title_spelled_out_in_its_address_is_a_headline_among_others() -> None:
    items = ["Villages of fairy tales in our old Europe", "The ten best hotels of the south coast", "Hotels of Tuscany"]
    links = "".join(f"<li><a href='/go/{one.lower().replace(' ', '-')}'>{one}</a></li>" for one in items)

    assert titles(f"<ul>{links}</ul>") == items


# --- titles and times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "named"), [("Lees meer", ""), ("Onward, traveller", "class=read-more")])
def test_the_heading_above_a_single_read_more_link_is_its_title(words: str, named: str) -> None:
    slide = f"<div><h1>Ferries sail again!</h1><small>Every first day of the month they do.</small><a {named} href='/blog/ferries-sail-again-now'>{words}</a></div>"

    assert titles(slide + STORIES) == ["Ferries sail again!", *TITLES]


@pytest.mark.parametrize("mark", ["»", "›", "●"])
def test_a_list_mark_is_removed_from_the_title_but_quotation_marks_stay(mark: str) -> None:
    links = "".join(f"<li><a href='{address(one)}'><span>{mark}</span> {one}</a></li>" for one in TITLES)

    assert titles(f"<ul>{links}</ul>") == list(TITLES)
    assert titles(card("»Ferries« stop for the night")) == ["»Ferries« stop for the night"]


def test_of_two_cut_links_to_one_article_the_bold_one_is_the_title() -> None:
    to = address(TITLES[0])
    both = f"<dl><dt><a class=s href='{to}'><b>Ferries stop for the …</b></a></dt><dd><a class=s href='{to}'>The harbour board says that no ferry …</a></dd></dl>"

    assert titles(both) == ["Ferries stop for the …"]


def test_of_two_links_to_one_article_the_cut_one_is_the_summary() -> None:
    link = "<a href='/doc/2026/11/20/245025.shtml'>{}</a>"
    item = "<li>{}<div>{}</div></li>".format(
        link.format("港口渡轮今晚停航人员名单公示"),
        link.format("<p>港口管理局现将今晚停航渡轮及值班人员的名单进行公示如下...</p>"),
    )

    assert titles(f"<ul>{item}</ul>") == ["港口渡轮今晚停航人员名单公示"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("<p class=dateTxt>2026年11月20日　12時20分</p>", "2026-11-20 12:20"),
        ("<p class=date>2026年11月20日 8时05分</p>", "2026-11-20 08:05"),
        ("<p class=date>2026년 11월 20일 8시 5분</p>", "2026-11-20 00:00"),
        ("<date>20 November 2026</date>", "2026-11-20 00:00"),
    ],
)
def test_times_written_with_japanese_or_chinese_signs_and_date_elements_are_read(words: str, expected: str) -> None:
    one = entries(card(TITLES[0], words))[0]

    assert one.published_at is not None
    assert one.published_at.strftime("%Y-%m-%d %H:%M") == expected


def test_backslashes_in_a_picture_address_are_read_as_slashes() -> None:
    one = entries(card(TITLES[0], "<img src='photos\\2026\\11\\a b.jpg'>"))[0]

    assert one.image is not None
    assert one.image.url == f"{SITE}photos/2026/11/a%20b.jpg"


def test_a_date_repeated_with_a_time_of_day_gets_that_time() -> None:
    day = "<time>19.11.2026</time><span class=date>{}.11.2026 | 17:19</span>"

    assert str(entries(card(TITLES[0], day.format(19)))[0].published_at) == "2026-11-19 17:19:00+00:00"
    assert str(entries(card(TITLES[0], day.format(18)))[0].published_at) == "2026-11-19 00:00:00+00:00"


# --- surroundings ----------------------------------------------------------------------------------------------------


def test_a_link_to_a_whole_section_in_its_heading_is_no_headline() -> None:
    head = "<h2>Agenda <span><a href='/es/agenda'>Todas las citas</a></span></h2>"
    dates = "".join(f"<li><div class=date>{day} Mayo</div><a href='/ca/{day}'>Cursa {day}</a></li>" for day in (8, 13))

    assert titles(f"{STORIES}<div><div>{head}</div><ul>{dates}</ul></div>") == list(TITLES)


@pytest.mark.parametrize("place", ["/culture-and-society", "/topics/culture.html"])
def test_a_heading_with_the_name_of_a_section_behind_other_words_is_no_title(place: str) -> None:
    head = f"<section><h2>The latest articles of our desk <a href='{place}'>Culture and society</a>:</h2>{STORIES}"

    assert titles(f"{head}</section>") == list(TITLES)


def test_a_short_title_behind_a_long_kicker_is_a_headline() -> None:
    told = "<h2>Interview with the mayor of the harbour: <a href='/politics/plain-words'>Plain words</a></h2>"

    assert titles(STORIES + told)[-1] == "Interview with the mayor of the harbour: Plain words"


def test_a_long_heading_with_a_read_more_link_inside_is_a_title() -> None:
    read_on = f"<h2>{TITLES[0]} <a href='{address(TITLES[0])}'>Read more</a></h2>"

    assert TITLES[0] in titles(f"<div class=p>{read_on}</div>" + "".join(map(card, TITLES[1:])))[0]


def test_links_to_the_issues_of_a_newspaper_are_no_headlines() -> None:
    issues = "".join(
        f"<li><a href='/issues/{at}'><img src='/p{at}.jpg'><span>{issue}</span></a></li>"
        for at, issue in ((2651, "N° 16319 22/11/2026"), (2650, "Выпуск 12 (345)"), (2649, "Issue 44"))
    )

    assert titles(f"{STORIES}<ul>{issues}</ul>") == list(TITLES)


def test_a_numbered_link_in_a_service_section_is_a_headline_only_with_a_long_slug() -> None:
    link = "<h3><a href='/tv/{}/640/'>Mayor talks about the flood</a></h3>"

    assert titles(STORIES + link.format("mayor-talks-about-the-flood-live")) == [*TITLES, "Mayor talks about the flood"]
    assert titles(STORIES + link.format("live")) == list(TITLES)


def test_the_date_line_below_a_heading_is_read_even_if_the_whole_text_follows() -> None:
    text = "<p>" + "Nobody had seen such water in the streets. " * 60 + "</p>"
    when = "<div><span>Tue 2{} Nov 2026 10:05</span> by <a href='/about'>Jo Reed</a></div>"

    def whole(at: int, title: str) -> str:
        return f"<div class=c><div><h3><a href='{address(title)}'>{title}</a></h3></div>{when.format(at)}{text}</div>"

    found = entries("".join(whole(at, title) for at, title in enumerate(TITLES)))

    assert [str(one.published_at)[:16] for one in found] == [f"2026-11-2{at} 10:05" for at in range(3)]


def test_a_columnists_name_is_removed_from_a_short_title() -> None:
    def column(title: str) -> str:
        who = "<span class=columnist-name>Ercan Uysal</span>"
        return f"<div><a href='{address(title)}'>{who} <span class=last><p>{title}</p></span></a></div>"

    assert titles("".join(map(column, ("Sular çekilirken", *TITLES))))[0] == "Sular çekilirken"


def test_a_list_with_the_class_navi_gives_no_headlines_despite_headings_and_numbers() -> None:
    places = ("商店・地場産品・その他", "ホテル・旅館・公共の宿", "民宿・ペンション・キャンプ")
    links = "".join(
        f"<li><h4><a href='/spot/list.php?cj_id={at}'>{one}</a></h4></li>" for at, one in enumerate(places, 9)
    )

    assert titles(f"{STORIES}<div class=left_navi><ul>{links}</ul></div>") == list(TITLES)


def test_the_date_of_a_dt_title_is_read_from_the_dd_elements_that_follow_it() -> None:
    terms = "".join(
        f"<dt><a href='{address(title)}'>{title}</a></dt><dd>What happened.</dd><dd><p>Updated: 2026/11/1{at}</p></dd>"
        for at, title in enumerate(TITLES)
    )

    assert [str(one.published_at)[:10] for one in entries(f"<dl>{terms}</dl>")] == [f"2026-11-1{at}" for at in range(3)]


def test_latin_words_count_towards_the_length_of_a_chinese_title() -> None:
    shoe = "New Balance Visaro 2.0 Pro “Conduction Pack” 限量足球鞋"
    link = f"<p><a href='/pingce/2018/17944.html'>{shoe}</a></p>"

    assert titles(STORIES + link) == [*TITLES, shoe]


def test_a_rank_without_a_space_before_the_title_is_removed() -> None:
    read = "".join(
        f"<li><a href='{address(title)}'><span class=no>{at}</span>{title}</a></li>"
        for at, title in enumerate(TITLES, 1)
    )

    assert titles(f"<ol>{read}</ol>") == list(TITLES)


def test_an_image_of_40_by_40_pixels_is_an_icon_and_no_picture() -> None:
    sign = "<img src='/signs/outlet.jpg' width={0} height={0}>"

    assert entries(card(TITLES[0], sign.format(40)))[0].image is None
    assert entries(card(TITLES[0], sign.format(64)))[0].image is not None


@pytest.mark.parametrize(
    "title",
    [
        "Alle Veranstaltungen abgesagt",
        "Todos los eventos suspendidos por la DANA",
        "Все события отменены в Москве",
        "Wszystkie wydarzenia odwołane przez mróz",
        "Все статьи закона отменены",
        "Číst knihy je zdravé",
        "Читати українською стало модно",
    ],
)
def test_a_title_that_begins_like_a_button_label_is_a_headline_even_under_a_numeric_address(title: str) -> None:
    story = f"<div class=p><h3><a href='/news/150011'>{title}</a></h3><p>What a summary says of it, in brief.</p></div>"

    assert titles(STORIES + story) == [*TITLES, title]


@pytest.mark.parametrize(
    "words", ["Alle Termine der Woche", "Todos los eventos de hoy", "Все новости спорта", "Číst dále"]
)
def test_labels_for_all_events_or_all_news_are_buttons_and_no_headlines(words: str) -> None:
    assert titles(f"{STORIES}<h3><a href='/all/150011'>{words}</a></h3>") == list(TITLES)


def test_of_two_numbers_before_a_title_the_second_stays() -> None:
    assert titles(STORIES.replace(TITLES[0], "1. 1. FC Bremen siegt in Kiel"))[0] == "1. FC Bremen siegt in Kiel"
    assert titles(STORIES.replace(TITLES[0], "» 3. Bridge opens a year late"))[0] == "Bridge opens a year late"


def test_a_bold_number_that_continues_into_a_score_is_no_rank() -> None:
    lost = "-2 defeat hurts the home side badly"
    first = f"<li><a href='/sport/defeat-hurts-the-home-side-31011.html'><b>1</b>{lost}</a></li>"
    rest = "".join(f"<li><a href='{address(title)}'>{title}</a></li>" for title in TITLES)

    assert titles(f"<ol>{first}{rest}</ol>") == [f"1{lost}", *TITLES]


@pytest.mark.parametrize(
    "kicker", ["<b><a href='{}'>Milk crisis</a></b><br>", "<a href='{}'><strong>Breaking news</strong></a> "]
)
def test_a_bold_kicker_beside_a_longer_link_is_not_the_title(kicker: str) -> None:
    both = kicker + "<a href='{}'>Farmers plan a protest over the price of milk</a>"
    to = "/news/farmers-plan-a-protest-150011.html"
    story = f"<div class=p>{both.format(to, to)}</div>"

    assert titles(story + STORIES)[0] == "Farmers plan a protest over the price of milk"


def test_a_cut_title_beside_a_kicker_is_the_title() -> None:
    link = "<a href='/news/farmers-plan-a-protest-150011.html'>{}</a>"
    story = (
        f"<div class=p>{link.format('Breaking news')} {link.format('Farmers plan a protest over the price of…')}</div>"
    )

    assert titles(story + STORIES)[0] == "Farmers plan a protest over the price of…"


def test_a_short_heading_with_a_read_more_link_inside_is_a_title() -> None:
    story = "<div class=p><h3>Flood kills nine <a href='/news/2026/11/20/150011'>Read more</a></h3></div>"

    assert titles(story + STORIES)[0].startswith("Flood kills nine")


def test_a_date_above_a_heading_is_not_given_to_the_heading_before() -> None:
    heading = "<span class=date>1{} November 2026</span><h3><a href='{}'>{}</a></h3>"
    inside = "".join(heading.format(9 - at, address(title), title) for at, title in enumerate(TITLES))

    assert not {str(one.published_at)[:10] for one in entries(f"<div>{inside}</div>")[:2]} & {
        "2026-11-18",
        "2026-11-17",
    }


def test_the_next_card_is_not_read_as_the_date_line_of_a_card() -> None:
    archive = "<div><h4>From the archive</h4><p>19 November 2025</p><a href='/news-1912.html'>Old harbour</a></div>"

    assert [one.published_at for one in entries(STORIES + archive)] == [None, None, None]


def test_a_picture_link_with_a_class_starting_with_ts_is_no_date() -> None:
    picture = f"<a class='ts-hero' href='{address(TITLES[0])}'><img src=/a.jpg></a>"
    when = "<div class=foot><span class=kicker>Town</span> <time datetime='2026-11-20'>Friday</time></div>"
    story = f"<div>{picture}<div class=t><h2><a href='{address(TITLES[0])}'>{TITLES[0]}</a></h2></div>{when}"
    text = f"<div>{'<p>More of what the harbour board says, and why.</p>' * 40}</div></div>"

    assert str(entries(story + text)[0].published_at)[:10] == "2026-11-20"


def test_a_picture_address_with_json_escaped_slashes_is_read() -> None:
    picture = "<img data-src='https:\\/\\/img.example.com\\/2026\\/ferry.jpg'>"

    image = entries(card(TITLES[0], picture))[0].image

    assert image is not None
    assert image.url == "https://img.example.com/2026/ferry.jpg"


# --- found on the seventh and eighth lot of real pages ----------------------------------------------------------------


def rows(item: str) -> str:
    """A list with one item per title: "ADDRESS" and "TITLE" become the title's, "NUMBER" its number."""
    made = (
        item.replace("ADDRESS", address(one)).replace("TITLE", one).replace("NUMBER", str(at))
        for at, one in enumerate(TITLES)
    )
    return "".join(made)


@pytest.mark.parametrize(
    ("names", "kept"),
    [("category-marketing-werbung", 3), ("tag-werbung", 3), ("category-werbung", 0), ("tag-anzeige", 0)],
)
def test_an_article_in_a_section_on_advertising_is_no_advert(names: str, kept: int) -> None:
    post = f"<article class='post {names}'><h3><a href='ADDRESS'>TITLE</a></h3></article>"
    beside = "".join(f"<a href='/{one}/'>{one}</a>" for one in ("politics", "culture", "sport", "science"))

    assert len(titles(beside + rows(post))) == kept


def test_a_numbered_tag_is_no_headline() -> None:
    tags = "".join(f"<a href='/tags-636{at}.html'>Anna Ledger {at}</a>" for at in range(4))

    assert titles(f"<h5 class=post-tags>{tags}</h5>{STORIES}") == list(TITLES)


def test_a_card_has_its_picture_although_its_links_are_nested() -> None:
    card = "<li><p><img src='/i/NUMBER.jpg'></p><div><a href='/node/'><h3><a href='ADDRESS'>TITLE</a></h3></a></div>"
    other = "<p>All <a href='/section/a'>ferries</a> stop.</p></li>"
    shown = entries(f"<ul>{rows(card + other)}</ul>")

    assert [one.image and one.image.url for one in shown] == [f"{SITE}i/{at}.jpg" for at in range(3)]


def test_a_forum_with_the_icon_of_its_feed_in_its_heading_is_no_headline() -> None:
    feed = "<a href='/external.php?type=RSS2&forumids=9NUMBER'><img src='/feed.png'></a>"
    row = f"<li><h2><a href='/boards/9NUMBER-sailing'>Sailing boats</a> {feed}</h2><p>Last post 22 Nov 2026</p></li>"

    assert titles(f"{STORIES}<ol>{rows(row)}</ol>") == list(TITLES)


def test_blanks_around_the_address_of_a_lazy_picture_are_dropped() -> None:
    shown = entries(rows("<li><img data-source-small=' /i/NUMBER.jpg '><h3><a href='ADDRESS'>TITLE</a></h3></li>"))

    assert [one.image and one.image.url for one in shown] == [f"{SITE}i/{at}.jpg" for at in range(3)]


@pytest.mark.parametrize(
    "heading",
    [
        "Ähnliche Beiträge",
        "Verwandte Artikel",
        "Das könnte dir auch gefallen",
        "Auch interessant für dich",
        "Auch auf ledger.example",
        "Dans la même rubrique",
        "Veja também",
        "Czytaj również",
        "Articole similare",
        "Mohlo by vás také zajímat",
    ],
)
def test_a_list_headed_as_related_in_other_words_is_a_rail(heading: str) -> None:
    listed = rows("<li><a href='ADDRESS'>TITLE</a></li>")

    assert titles(f"<nav><h2>{heading}</h2><ul>{listed}</ul></nav>") == list(TITLES)


# --- what a card says about its story ---------------------------------------------------------------------------------


def test_a_heading_that_is_called_a_kicker_is_not_the_title() -> None:
    """A card that is one link, with headings for its kicker and its title, and a summary."""
    inside = "<h4 class=kicker>HARBOUR</h4><h2 class=hl>{}</h2><p>Who is concerned, and what may come next.</p>"
    cards = "".join(f"<a class=feed-card href='{address(one)}'>{inside.format(one)}</a>" for one in TITLES)

    assert titles(cards) == list(TITLES)


def test_a_heading_of_many_words_is_the_title_whatever_its_class() -> None:
    cards = "".join(
        f"<a href='{address(one)}'><h3 class=label>{one}</h3><h4>What we know of it</h4></a>" for one in TITLES
    )

    assert titles(cards) == list(TITLES)


@pytest.mark.parametrize("name", ["ferry-301x169.jpg", "ferry-681x1024.jpg"])
def test_a_picture_whose_width_ends_with_one_is_no_pixel(name: str) -> None:
    image = entries(card(TITLES[0], f"<img src='/{name}'>"))[0].image

    assert image is not None
    assert image.url.endswith(name)


def test_a_pixel_is_no_picture() -> None:
    assert entries(card(TITLES[0], "<img src='/counter-1x1.gif'>"))[0].image is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Le Journal des Alpes - Publié le 14/11/2026 à 08:15 - Mis à jour le 15/11/2026 à 09:40", "2026-11-14 08:15"),
        ("Wiebke Harms und Jens Ohlrogge, veröffentlicht am 14.11.2026 um 08:15 Uhr", "2026-11-14 08:15"),
        ("The Harbour Ledger and Gazette – Published on 14 November 2026", "2026-11-14 00:00"),
        ("The board's report, published on 14 November 2026, names three causes", "None"),
        ("The report that was published on 14 November 2026 shows why", "None"),
        ("Ada Reed Published 14 November 2026 08:15", "2026-11-14 08:15"),
        ("The study of the harbour's water was published on 14 November 2026", "None"),
        ("A public hearing will be held with the harbour board on 14 November 2026 at noon", "None"),
    ],
)
def test_a_date_behind_published_on_is_read_if_its_line_ends_there_or_at_a_dash(line: str, at: str) -> None:
    story = card(TITLES[0], f"<div class=foot>{line}</div>")

    told = [str(one.published_at)[:16] for one in entries(f"<html lang=fr>{story}")]

    assert told == [at[:16]]


def test_a_date_above_several_definitions_is_the_date_of_each() -> None:
    day = "<dt><b>{} November 2026</b></dt>"
    told = "".join(f"<dd><a href='/article.asp?id={4400 + at}'>{one}</a></dd>" for at, one in enumerate(TITLES))
    more = "<dd><a href='/article.asp?id=4390'>Farmers block the road to the harbour</a></dd>"

    days = [str(one.published_at)[:10] for one in entries(f"<dl>{day.format(14)}{told}{day.format(13)}{more}</dl>")]

    assert days == ["2026-11-14"] * 3 + ["2026-11-13"]


def test_a_term_with_a_link_above_several_definitions_is_no_date_of_theirs() -> None:
    term = "<dt><a href='/days/13'>13 November 2026</a></dt>"
    told = "".join(f"<dd><a href='/article.asp?id={4400 + at}'>{one}</a></dd>" for at, one in enumerate(TITLES))

    assert [one.published_at for one in entries(f"<dl>{term}{told}</dl>")[-2:]] == [None, None]


def test_a_long_link_that_each_card_has_for_another_purpose_does_not_end_the_card() -> None:
    share = "<a href='https://s.example.net/share?u={}'>Share this on your network</a>"
    cards = "".join(
        f"<div class=p><div class=i><img src='/{at}.jpg'></div><div class=t><h3><a href='{address(one)}'>{one}</a></h3>"
        f"<p>{share.format(address(one))}</p></div><div class=foot><b>Ada Reed</b><i>1{at}/11/2026</i></div></div>"
        for at, one in enumerate(TITLES, 4)
    )

    found = entries(cards)

    assert [one.title for one in found] == list(TITLES)
    assert [one.image.url[-6:] for one in found if one.image] == ["/4.jpg", "/5.jpg", "/6.jpg"]
    assert [one.published_at.day for one in found if one.published_at] == [14, 15, 16]


# --- what is offered beside the news ----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["رپرتاژ آگهی", "Sponsored", "Anzeige"])
def test_a_section_whose_header_says_that_it_is_paid_for_gives_no_headlines(label: str) -> None:
    paid = "".join(
        f"<li><h3><a href='/report/99{at}12'>How to choose a good fridge for {at} people</a></h3></li>" for at in (1, 2)
    )

    box = f"<section class=box><header><h2>{label}</h2></header><ul>{paid}</ul></section>"

    assert titles(STORIES + box) == list(TITLES)


@pytest.mark.parametrize(
    "place",
    [
        "https://club.town.example.com/beneficio/77",
        "/abonnement/offre-de-printemps",
        "/jeux/mots-croises-du-jour",
        "/resmi-ilanlar/ilan-4412",
        "/projects/taxes-2026",
        "/newsletter.html?id=31",
    ],
)
def test_offers_and_services_are_known_by_their_address_in_more_languages(place: str) -> None:
    offer = f"<div><a href='{place}'><img src=/o.jpg></a><h3><a href='{place}'>Four weeks of it for one euro</a></h3>"

    assert titles(f"{STORIES}{offer}</div>") == list(TITLES)


def test_news_of_a_games_desk_in_another_language_is_news() -> None:
    title = "Un village entier joue aux échecs pour son école"

    story = f"<div class=p><h3><a href='/culture/jeux/un-village-entier-joue-aux-echecs'>{title}</a></h3></div>"

    assert titles(STORIES + story) == [*TITLES, title]


def test_reports_among_projects_are_news() -> None:
    reports = ("How the river under the city died", "Who owns the lakes of the north now", "A year on the last ferry")
    cards = "".join(f"<h3><a href='/projects/{one.lower().replace(' ', '-')}'>{one}</a></h3>" for one in reports)

    assert titles(cards) == list(reports)


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Podcasts", "/audio/the-daily-tide"),
        ("Подкасты", "/audio/utro-v-portu"),
        ("بودكاست", "/sawt/almina"),
        ("Unsere Newsletter", "/nl/morgenpost"),
        ("Bültenler", "/e-posta/gune-baslarken"),
        ("Abonnez-vous", "/l/printemps"),
        ("Every morning", "/rassylki/utro"),
        ("At home", "/suscripcion/primavera"),
        ("With us", "/leserreisen/norwegen"),
        ("Today", "/goroskop/ryby"),
    ],
)
def test_a_section_of_promotions_gives_no_headlines(heading: str, place: str) -> None:
    """Its cards are made as those of the news are."""
    told = ("The daily tide: why the ferries stopped", "Four weeks of it for one euro a month")
    cards = "".join(
        f"<div class=p><img src=/{at}.jpg><h3><a href='{place}-{at}'>{one}</a></h3></div>"
        for at, one in enumerate(told)
    )

    assert titles(f"<section>{STORIES}</section><section><h2>{heading}</h2>{cards}</section>") == list(TITLES)


def test_articles_of_a_horoscope_desk_are_news() -> None:
    title = "Why so many read what the stars say"
    place = "/horoskop/sternzeichen/why-so-many-read-what-the-stars-say-11602344.html"

    assert titles(f"{STORIES}<div class=q><p><a href='{place}'>{title}</a></p></div>") == [*TITLES, title]


@pytest.mark.parametrize("site", ["https://jeux.example.com/", "https://club.example.com/news/"])
def test_a_host_that_is_called_like_an_offer_has_news_of_its_own(site: str) -> None:
    assert titles(STORIES, url=site) == list(TITLES)
