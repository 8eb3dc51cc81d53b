"""The chart of a story (who reported when), and how long after the first each headline came."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes_reader import headline_by, story_with
from make import NOW, at
from wirekin.model import Member, Precision, TopicSlug
from wirekin.render import Site, shares_of, story_page
from wirekin.render._lanes import MOST_LANES, MOST_TICKS, NAME_WIDTH, lags_of, lanes_of
from wirekin.render._times import lag

SITE = Site("https://news.example", {TopicSlug("iran"): "Iran"}, NOW, "0.0.0")


def member(paper: str, hours: float, title: str = "Tanker seized in the strait", **more) -> Member:
    return Member(headline_by(title, paper, hours, **more))


def lags(*members: Member) -> list[str | None]:
    found = lags_of(members)
    return [found.get(one.headline.id) for one in members]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "within a minute"), (1, "1 min later"), (59, "59 min later"), (60, "1 h later"), (65, "1 h 5 min later"),
        (719, "11 h 59 min later"), (721, "12 h later"), (2879, "47 h later"), (2880, "2 days later"), (14_500, "10 days later"),
    ],
)  # fmt: skip
def test_a_lag_is_written_in_at_most_two_units(minutes: int, words: str):
    assert lag(timedelta(minutes=minutes, seconds=59)) == words


def test_the_first_headline_is_marked_and_the_others_have_their_lag():
    assert lags(member("Harbor", 3), member("North", 2.8), member("Lakeside", 1)) == [
        "first", "12 min later", "2 h later",
    ]  # fmt: skip


def test_the_lag_of_an_undated_headline_says_seen():
    assert lags(member("Harbor", 3), member("North", 2, published_at=None)) == ["first", "seen 1 h later"]
    assert lags(member("Harbor", 3, published_at=None), member("North", 2)) == ["seen first", "1 h later"]


def test_a_future_publication_date_is_replaced_by_the_time_first_seen():
    assert lags(member("Harbor", 3), member("North", 2, published_at=at(days=400))) == ["first", "seen 1 h later"]


def test_a_headline_with_day_precision_has_no_lag():
    bare = member("Harbor", 5, published_at=at(-10), precision=Precision.DAY)

    assert lags(bare, member("North", 3), member("Lakeside", 2)) == [None, "first", "1 h later"]


def test_a_story_of_one_headline_marks_none_as_first():
    assert lags(member("Harbor", 3)) == [""]


@pytest.mark.parametrize(
    "members",
    [
        (member("Harbor", 3),),
        (member("Harbor", 3), member("Harbor", 2, "And again")),
        (member("Harbor", 3), member("North", 3)),
        (),
    ],
    ids=["one headline", "one publisher", "one instant", "none"],
)
def test_there_is_no_chart_for_one_publisher_or_one_instant(members: tuple[Member, ...]):
    assert lanes_of(members) is None


def test_the_chart_shows_its_day_or_its_range_of_days():
    one, two = lanes_of([member("Harbor", 4), member("North", 2)]), lanes_of([member("Harbor", 14), member("North", 2)])

    assert one is not None
    assert two is not None
    assert (one.days, two.days) == ("22 Nov 2026", "21 Nov 2026 – 22 Nov 2026")
    page = story_page(SITE, story_with(member("Harbor", 4), member("North", 2)))
    assert "<h2>Who reported when <small>22 Nov 2026, UTC</small></h2>" in page


def test_each_publisher_has_a_lane_in_the_order_of_the_first_reports():
    first = member("Harbor", 4)
    again = Member(headline_by("Tanker seized in the strait", "Evening", 3), first.headline.id)
    picture = lanes_of([first, again, member("North", 2), member("Harbor", 0, "More from the strait")])

    assert picture is not None
    assert [(lane.name, lane.lag, [mark.kind for mark in lane.marks]) for lane in picture.lanes] == [
        ("Harbor", "first", ["own", "own"]), ("Evening", "1 h later", ["copy"]), ("North", "2 h later", ["own"]),
    ]  # fmt: skip
    assert [mark.at for mark in picture.lanes[0].marks] == [1.5, 98.5]
    assert picture.lanes[2].begins == 50.0
    assert picture.said == "Harbor: first; Evening: 1 h later; North: 2 h later."


def test_publishers_beyond_the_last_lane_share_one():
    picture = lanes_of([member(f"Paper {chr(65 + n)}", 20 - n / 2) for n in range(20)])

    assert picture is not None
    assert len(picture.lanes) == MOST_LANES
    assert (picture.lanes[-1].name, len(picture.lanes[-1].marks)) == ("9 more", 9)


def test_marks_that_would_overlap_are_merged():
    many = [member("Harbor", 10 - n / 1000, f"Report {n}") for n in range(1000)]
    picture = lanes_of([*many, member("North", 0)])

    assert picture is not None
    assert len(picture.lanes[0].marks) <= 200


@pytest.mark.parametrize(("name", "shown"), [
    ("Harbor Courier", "Harbor Courier"),
    ("The Intelligencer of the Lower Provinces", "The Intelligencer…"),
    ("新华通讯社新华通讯社新华", "新华通讯社新华通…"),
])  # fmt: skip
def test_a_long_publisher_name_is_cut_to_fit_a_phone(name: str, shown: str):
    picture = lanes_of([member("North", 2), Member(headline_by("Words", name, 1))])

    assert picture is not None
    assert picture.lanes[1].short == shown
    assert len(shown) <= NAME_WIDTH


@pytest.mark.parametrize(
    ("hours", "labels"),
    [(0.5, ["09:40", "09:50"]), (2, ["08:30", "09:00", "09:30"]), (24, ["12:00", "18:00", "22 Nov", "06:00"]),
     (24 * 8, ["16 Nov", "18 Nov", "20 Nov"]), (24 * 365 * 40, ["1996", "2006", "2016"])],
)  # fmt: skip
def test_ticks_are_at_round_times_and_a_midnight_shows_its_day(hours: float, labels: list[str]):
    picture = lanes_of([member("Harbor", hours), member("North", 0)])

    assert picture is not None
    assert [label for _, label in picture.ticks] == labels


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10**7) | st.integers(0, 5 * 10**10)), min_size=2, max_size=60)
)
def test_marks_and_ticks_of_every_chart_stay_within_its_bounds(reports: list[tuple[int, int]]):
    members = [member(f"Paper {paper}", seconds / 3600, f"Report {n}") for n, (paper, seconds) in enumerate(reports)]
    picture = lanes_of(members)
    if picture is None:
        return

    places = [mark.at for lane in picture.lanes for mark in lane.marks] + [place for place, _ in picture.ticks]
    assert all(0 <= place <= 100 for place in places)
    assert len(picture.ticks) <= MOST_TICKS
    assert [lane.begins for lane in picture.lanes] == sorted(lane.begins for lane in picture.lanes)
    assert picture.lanes[0].lag == "first"


def test_the_page_shows_the_chart_with_a_title_and_a_text_description():
    page = story_page(SITE, story_with(member("Harbor", 3), member("North <b>", 2.8, "Tanker held near the strait")))

    (svg,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert '<title id="lanes-title">Who reported when</title>' in svg
    assert '<desc id="lanes-desc">Harbor: first; North &lt;b&gt;: 12 min later.</desc>' in svg
    assert 'role="img" aria-labelledby="lanes-title lanes-desc"' in svg
    assert "style" not in svg
    assert (svg.count("<circle"), svg.count("<text")) == (2, 4)  # two ticks, two names


def test_the_page_names_the_first_publisher_and_the_lag_of_the_second():
    page = story_page(
        SITE, story_with(member("Harbor", 3), member("Harbor", 2.9, "More"), member("North", 2.8, "Held"))
    )

    (fact,) = re.findall(r"<dt>First</dt><dd>(.*?)</dd>", page)
    assert re.sub("<.*?>", " ", fact).split() == ["Harbor", "North", "12", "min", "later"]


def test_the_publisher_of_a_copy_is_not_counted_as_the_second_to_report():
    first = member("Harbor", 3)
    page = story_page(
        SITE, story_with(first, Member(headline_by("Same", "Evening", 2.5), first.headline.id), member("North", 2))
    )

    (fact,) = re.findall(r"<dt>First</dt><dd>(.*?)</dd>", page)
    assert re.sub("<.*?>", " ", fact).split() == ["Harbor", "North", "1", "h", "later"]


def test_without_spaces_between_words_only_the_shared_part_of_titles_is_shown():
    titles = ("习近平会见法国总统马克龙 讨论贸易", "法国总统马克龙访问北京")
    members = [Member(headline_by(title, f"Paper {at}", at)) for at, title in enumerate(titles)]

    assert list(shares_of(members).values()) == [("法国总统马克龙",)] * 2


def test_each_headline_shows_the_words_it_shares_with_the_others():
    page = story_page(
        SITE,
        story_with(member("Harbor", 3), member("North", 2, "Oil climbs after seizing in the “Strait”, tankers wait")),
    )

    words = re.findall(r'<p class="why" dir="ltr">Shares: (.*?)</p>', page)
    assert [re.sub("<.*?>", "", one) for one in words] == ["seizing, Strait, tankers"]


def test_a_headline_in_another_language_shows_its_language():
    page = story_page(
        SITE, story_with(member("Harbor", 3), Member(headline_by("توقیف نفتکش در تنگه", "بندر", 2, "fa")))
    )

    assert 'Same event, told in <bdi lang="fa">فارسی</bdi>' in page


def test_a_date_is_shown_once_and_then_only_the_time_of_day():
    page = story_page(SITE, story_with(member("Harbor", 12), member("North", 4, "A"), member("Lakeside", 3, "B")))

    times = re.findall(r'<p class="when"><time dir="ltr" datetime="[^"]*">([^<]*)', page)
    assert times == ["21 Nov 2026, 22:00 UTC", "22 Nov 2026, 06:00 UTC", "07:00 UTC"]
