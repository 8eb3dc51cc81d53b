"""Copies and stories: properties that hold for any thresholds, and the cases that set the thresholds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from reports import SUMMARY, group, said, stories_of
from wirekin.model import Assignment, Headline
from wirekin.stories import Window, assign, assign_in_order
from wirekin.stories import _concepts as concepts
from wirekin.stories._concepts import features, kin, synonyms, telling
from wirekin.stories._similarity import Document, Rarity, document_of, shared_rarest, similarity
from wirekin.text import terms

EVENTS = (
    "Drones set fuel tank ablaze at Novorossiysk port",
    "Ferreira strike wins Granite Cup for Leith Rovers",
    "Bank of Russia cuts key rate to 12.5 percent",
    "Hurricane Odell makes landfall near Savannah",
)


def paraphrases(n: int = 5) -> list[Headline]:
    templates = ("{}", "{}, officials say", "Residents describe night as {}", "{}: what we know", "{} - second update")
    return [
        said(templates[i % len(templates)].format(event), f"{i}-{j}", first_seen_at=make.at(minutes=i * 7 + j))
        for j, event in enumerate(EVENTS)
        for i in range(n)
    ]


# --- stories ----------------------------------------------------------------------------------------------------


def test_headlines_of_one_event_are_one_story_and_events_stay_apart() -> None:
    found = group(*paraphrases())

    assert len({a.story_id for a in found.values()}) == len(EVENTS)


def test_a_story_has_the_id_of_the_headline_that_opened_it() -> None:
    first = said("Drones set fuel tank ablaze at Novorossiysk port", "a")
    later = said("Fuel tank burns at Novorossiysk after drones", "b", first_seen_at=make.at(1))

    found = group(later, first)

    assert found[later.id].story_id == first.id
    assert found[first.id].score == 1.0
    assert 0 < found[later.id].score < 1


def test_the_order_of_headlines_within_a_turn_does_not_matter() -> None:
    headlines = paraphrases()
    expected = stories_of(assign(Window(), headlines))
    for seed in range(5):
        shuffled = random.Random(seed).sample(headlines, len(headlines))

        assert stories_of(assign(Window(), shuffled)) == expected


def test_a_window_restored_after_a_restart_assigns_as_the_old_one_would() -> None:
    headlines = paraphrases()
    kept, restarted = Window(), Window()
    half = len(headlines) // 2
    for assignment, headline in zip(assign_in_order(kept, headlines[:half]), headlines[:half], strict=True):
        restarted.add(headline, assignment)

    assert stories_of(assign(restarted, headlines[half:])) == stories_of(assign(kept, headlines[half:]))


def test_assigning_a_headline_again_gives_the_same_assignment() -> None:
    window, headlines = Window(), paraphrases(2)
    first = assign(window, headlines)

    assert assign(window, headlines) == first


def test_a_forgotten_headline_is_no_longer_compared() -> None:
    window = Window()
    old = said(EVENTS[0], "old")
    assign(window, [old])

    assert window.forget(make.at(1)) == 1
    assert len(window) == 0
    [again] = assign(window, [said(EVENTS[0] + " again", "new", first_seen_at=make.at(2))])
    assert again.story_id == again.headline_id


def test_equal_headlines_further_apart_than_the_window_are_two_stories() -> None:
    first = said(EVENTS[0], "a")
    later = said(EVENTS[0], "b", first_seen_at=make.at(days=9))

    assert len({a.story_id for a in group(first, later).values()}) == 2


def test_similarity_to_a_single_member_does_not_join_a_story() -> None:
    fire = "Drones set fuel tank ablaze at Novorossiysk port"
    crowd = [f"{fire}, {who}" for who in ("governor says", "officials confirm", "traders report", "navy denies")]
    odd_one = f"{fire}, Kerman marathon postponed"
    lost = "Kerman marathon put off: mayor blames missing permits, runners stranded"
    stranger = said(lost, "stranger", first_seen_at=make.at(hours=1))
    members = [said(title, str(i), first_seen_at=make.at(minutes=-i)) for i, title in enumerate([*crowd, odd_one])]

    found = group(*members, stranger)

    assert len({found[member.id].story_id for member in members}) == 1
    assert found[stranger.id].story_id == stranger.id


def test_the_three_seed_headlines_are_three_stories() -> None:
    titles = (
        "Iran Wants To Negotiate After Crippling Israeli Strikes",
        "Israel targets Iran's Defense Ministry headquarters as Tehran unleashes",
        "Israel's Operation To Destroy Iran's Nuclear Program Enters New Phase",
    )

    assert len({a.story_id for a in group(*(said(t, str(i)) for i, t in enumerate(titles))).values()}) == 3


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("При землетрясении магнитудой 5,9 в провинции Керман погибли пять человек", "ru"),
        ("زلزله ۵.۹ ریشتری کرمان را لرزاند؛ پنج کشته", "fa"),
        ("רעידת אדמה בעוצמה 5.9 בקרמאן שבאיראן, חמישה הרוגים", "he"),
        ("زلزال بقوة 5.9 يضرب كرمان وسقوط قتلى", "ar"),
    ],
)
def test_an_event_is_recognised_across_languages(title: str, lang: str) -> None:
    english = said("Magnitude 5.9 earthquake hits Iran's Kerman province, five dead", "en")
    other = said(title, lang, lang=lang, first_seen_at=make.at(1))

    assert group(english, other)[other.id].story_id == english.id


def test_shared_countries_alone_join_no_headlines_across_languages() -> None:
    english = said("Iran opens first metro line in Tabriz, Israel wins at chess", "en")
    russian = said("Израиль и Иран: отопление включат в среду", "ru", lang="ru")

    assert len({a.story_id for a in group(english, russian).values()}) == 2


def test_kin_gives_the_words_of_a_concept_in_every_language() -> None:
    (snow,) = kin(terms("Снегопад в Угличе"))

    assert {*terms("snow"), *terms("blizzard"), *terms("برف"), *terms("ثلوج"), *terms("שלג")} <= set(snow)
    assert kin(terms("snow, and more snow, and a blizzard")) == (snow,)
    assert kin(terms("Otter pups in a burrow")) == ()


def test_names_match_across_scripts_by_their_consonants() -> None:
    shapes = [features(word, "", terms(word)) for word in ("Novorossiysk", "Новороссийск", "نووراسیسک")]

    assert shapes[0] & shapes[1] & shapes[2]
    assert telling(frozenset({"=iran", "=israel"})) == 0


@given(st.lists(st.text(max_size=60), max_size=12), st.integers(0, 3))
def test_every_headline_is_assigned_once_to_a_story_whose_opener_is_assigned(titles: list[str], gap: int) -> None:
    headlines = [said(t, f"{i}", first_seen_at=make.at(hours=i * gap)) for i, t in enumerate(titles)]
    found = assign(Window(), headlines)

    assert sorted(a.headline_id for a in found) == sorted(h.id for h in headlines)
    openers = {a.headline_id for a in found if str(a.story_id) == str(a.headline_id)}
    assert {str(a.story_id) for a in found} == {str(key) for key in openers}
    assert all(0 <= a.score <= 1 for a in found)


# --- corrections ------------------------------------------------------------------------------------------------


def test_a_must_link_merges_into_the_older_story_and_reports_what_moved() -> None:
    window = Window()
    older, younger = said(EVENTS[0], "a"), said(EVENTS[1], "b", first_seen_at=make.at(1))
    assign(window, [older, younger])

    moved = assign(window, [], must=[(younger.id, older.id)])

    assert stories_of(moved) == {younger.id: older.id}
    assert assign(window, [], must=[(younger.id, older.id)]) == ()


def test_a_cannot_link_splits_the_later_headline_off_and_keeps_it_off() -> None:
    window = Window()
    headlines = paraphrases(3)[:3]
    assign(window, headlines)
    apart = [(headlines[0].id, headlines[2].id)]

    moved = assign(window, [], cannot=apart)

    assert stories_of(moved) == {headlines[2].id: headlines[2].id}
    assert assign(window, [], cannot=apart) == ()


def test_a_cannot_link_applies_to_headlines_that_arrive_later() -> None:
    first = said(EVENTS[0], "a", summary=SUMMARY)
    second = said(EVENTS[0], "b", summary=SUMMARY, first_seen_at=make.at(1))

    found = group(first, second, cannot=[(first.id, second.id)])

    assert found[second.id].story_id == second.id
    assert found[second.id].copy_of is None


def test_when_the_opener_is_split_off_the_rest_takes_the_id_of_its_earliest_headline() -> None:
    window = Window()
    headlines = sorted(paraphrases(3)[:3], key=lambda h: h.first_seen_at)
    assign(window, headlines)
    opener, second, third = headlines

    moved = assign(window, [], cannot=[(opener.id, second.id), (opener.id, third.id)])

    assert stories_of(moved) == {second.id: second.id, third.id: second.id}


def test_an_opener_that_is_split_off_keeps_its_id_and_the_others_stay_together() -> None:
    window = Window()
    headlines = sorted(paraphrases(3)[:3], key=lambda h: h.first_seen_at)
    assign(window, headlines)
    opener, second, third = headlines

    moved = assign(window, [], cannot=[(second.id, opener.id)])  # the second of a pair is split off

    assert stories_of(moved) == {second.id: second.id, third.id: second.id}
    assert assign(window, [], cannot=[(second.id, opener.id)]) == ()


def test_a_cannot_link_overrides_a_must_link() -> None:
    first, second = said(EVENTS[0], "a"), said(EVENTS[1], "b")

    found = group(first, second, must=[(first.id, second.id)], cannot=[(first.id, second.id)])

    assert len({a.story_id for a in found.values()}) == 2


# --- similarity -------------------------------------------------------------------------------------------------


def likeness(one: str, other: str) -> float:
    rarity, documents = Rarity(), [document_of(said(title), alone=False) for title in (one, other)]
    for document in documents:
        rarity.count(document)
        rarity.norms(document)
    return similarity(*documents)


def test_similarity_is_1_for_equal_titles_and_small_for_unrelated_ones() -> None:
    near = likeness(EVENTS[0], "Fuel tank burns at Novorossiysk after drones")

    assert likeness(EVENTS[0], EVENTS[0]) == pytest.approx(1.0)
    assert 1 > near > likeness(EVENTS[0], EVENTS[1])
    assert likeness(EVENTS[0], EVENTS[1]) < 0.1


def test_words_with_a_common_beginning_are_similar_and_those_with_a_common_end_are_not() -> None:
    assert likeness("Novorossiysk", "Novorossia") > 0.2
    assert likeness("Novorossiysk", "Krasnoturyinsk") == 0


def test_only_the_first_whole_words_of_a_long_summary_are_compared() -> None:
    long = "The tanker was towed from the strait by two tugs. " * 6 + "Bystanders 4711 Ferreira cheered."
    document = document_of(said(EVENTS[0], summary=long), alone=False)
    short = document_of(said(EVENTS[0], summary=long[:315]), alone=False)  # the limit of 320 falls within a word

    assert (document.summary, document.wide) == (short.summary, short.wide)
    assert short.summary[-1] == "4711"


def test_an_older_story_needs_more_similarity_than_a_fresh_one() -> None:
    first = said("Drones set fuel tank ablaze at Novorossiysk port", "a")
    words = "Novorossiysk berth reopens and loading resumes, say traders"
    fresh, stale = (said(words, str(h), first_seen_at=make.at(hours=h)) for h in (1, 94))

    assert group(first, fresh)[fresh.id].story_id == first.id
    assert group(first, stale)[stale.id].story_id == stale.id


def test_a_headline_with_many_new_words_is_still_found_by_its_shared_ones() -> None:
    first = said("Novorossiysk port ablaze", "a")
    words = "Alpha bravo charlie delta echo foxtrot golf hotel Novorossiysk port ablaze"

    later = said(words, "z", first_seen_at=make.at(minutes=20))

    assert group(first, later)[later.id].story_id == first.id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Longshoremen walk out over night shifts", "Dockers down tools"),
        ("Докеры объявили забастовку", "Грузчики бастуют"),
        ("Blasts heard in Isfahan", "Esfahan wakes to smoke"),
    ],
)
def test_headlines_in_other_words_are_joined_by_synonyms(first: str, second: str) -> None:
    one, two = said(first, "a"), said(second, "b", first_seen_at=make.at(minutes=20))

    assert group(one, two)[two.id].story_id == one.id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ferry strike ends with a pay deal for 400 crew", "Crew of seized tanker freed after nine days"),
        ("Quake near Ravar kills five in Kerman", "Hurricane Odell makes landfall near Savannah"),
    ],
)
def test_common_news_words_join_nothing_in_a_small_window(first: str, second: str) -> None:
    one, two = said(first, "a"), said(second, "b", first_seen_at=make.at(minutes=60))

    assert group(one, two)[two.id].story_id == two.id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("France raises retirement age after long debate", "France beats Spain in handball final"),
        ("Iran jails two film directors over festival protest", "Iran launches weather satellite from Semnan desert"),
        ("Россия запретила вывоз бензина до весны", "Россия выиграла золото в фигурном катании"),
    ],
)
def test_a_country_alone_joins_no_reports_of_two_publishers_in_a_small_window(first: str, second: str) -> None:
    elsewhere = make.publisher("North", "north.example")
    one, two = said(first, "a"), said(second, "b", first_seen_at=make.at(minutes=60), publisher=elsewhere)

    assert group(one, two)[two.id].story_id == two.id


def test_a_country_and_one_telling_word_still_join_in_a_small_window() -> None:
    one = said("Iran launches weather satellite from Semnan desert", "a")
    two = said("Tehran puts weather satellite into orbit", "b", first_seen_at=make.at(minutes=60))

    assert group(one, two)[two.id].story_id == one.id


GHANA = "Opposition wins presidential election in Ghana"
MOLDOVA = "Ruling party wins election in Moldova"


def documents(*titles: str) -> list[Document]:
    return [document_of(said(title, str(place)), alone=False) for place, title in enumerate(titles)]


def test_events_of_one_kind_in_two_countries_stay_apart() -> None:
    chile, later = said("Strong quake rocks northern Chile", "a"), make.at(minutes=600)
    nepal = said("Quake rocks villages in Nepal", "b", first_seen_at=later)
    nowhere = said("Quake rocks villages", "c", first_seen_at=later)

    assert group(chile, nepal)[nepal.id].story_id == nepal.id
    assert group(chile, nowhere)[nowhere.id].story_id == chile.id


def test_countries_often_named_together_do_not_separate_events() -> None:
    rarity = Rarity()
    ghana, moldova, both, *others = documents(GHANA, MOLDOVA, "Ghana and Moldova sign a treaty", *[GHANA] * 30)
    for document in (ghana, moldova):
        rarity.count(document)

    assert rarity.elsewhere(ghana, moldova)
    assert not rarity.elsewhere(ghana, both)

    rarity.count(both)
    assert not rarity.elsewhere(ghana, moldova)

    rarity.uncount(both)
    assert rarity.elsewhere(ghana, moldova)
    rarity.count(both)
    for document in [*others, *[moldova] * 30]:
        rarity.count(document)
    assert rarity.elsewhere(ghana, moldova), "one headline of sixty is chance"


@pytest.mark.parametrize(
    ("headline_title", "countries"),
    [
        ("Blasts in Isfahan", {"iran"}),
        ("Землетрясение в Чили", {"chile"}),
        ("Немецкие поезда стоят", {"germany"}),
        ("Truce in Gaza", {"israel", "palestine"}),
        ("Georgia votes", {"georgia", "usa"}),
        ("European banks fall", set()),
        ("По данным полиции, через пять минут всё кончилось", set()),
        ("По делу о поджоге ищут грузовик", set()),
    ],
)
def test_a_headline_has_the_countries_of_the_places_that_it_names(headline_title: str, countries: set[str]) -> None:
    assert documents(headline_title)[0].states == countries


def test_common_words_join_no_headlines() -> None:
    one = said("Снегопад ночью закрыл перевал", "a", lang="ru")
    two = said("Ночью прошёл концерт у моря", "b", lang="ru", first_seen_at=make.at(minutes=20))

    assert group(one, two)[two.id].story_id == two.id


def test_equal_consonants_count_for_nothing_in_scripts_without_capitals() -> None:
    rarity = Rarity()
    garden, dress = (document_of(said(t, lang="ar"), alone=False) for t in ("بستان الجدة يزهر", "فستان العروس يباع"))
    rarity.norms(garden)

    assert set(garden.wide) & set(dress.wide) == {"~BSTN"}
    assert shared_rarest(garden, dress) == 0


def test_a_word_is_replaced_by_the_first_synonym_of_its_line_in_its_script() -> None:
    assert synonyms(terms("Dockers")) == synonyms(terms("longshoremen")) == terms("docker")
    assert synonyms(terms("докеры")) == synonyms(terms("Грузчиками")) == terms("докер")
    assert synonyms(terms("otters")) == terms("otters")


def test_many_headlines_between_two_reports_raise_the_similarity_needed() -> None:
    first = said("Drones set fuel tank ablaze at Novorossiysk port", "a")
    later = said(
        "Traders in Novorossiysk weigh costly repairs of a berth and lower their forecasts for grain",
        "z",
        first_seen_at=make.at(hours=1),
    )
    crowd = [
        said(f"Item {i} of quite {i * 7919} other {i * 104729} matters", f"c{i}", first_seen_at=make.at(minutes=i / 10))
        for i in range(1, 600)
    ]

    assert group(first, later)[later.id].story_id == first.id
    assert group(first, *crowd, later)[later.id].story_id == later.id


def test_equal_times_of_all_headlines_do_not_count_as_closeness_in_time() -> None:
    first = said("Drones set fuel tank ablaze at Novorossiysk port", "a")
    words = "Traders told that fuel sales resume as costly repairs of a crane end early at port"
    stamped, dated = said(words, "b"), said(words, "c", first_seen_at=make.at(minutes=5))

    assert group(first, dated)[dated.id].story_id == first.id
    assert len({a.story_id for a in group(first, stamped).values()}) == 2


def test_adding_a_corrected_headline_to_the_window_replaces_it() -> None:
    window = Window(timedelta(days=1))
    headline = said(EVENTS[0])
    window.add(headline, Assignment(headline.id, story_id=assign(Window(), [headline])[0].story_id))
    window.add(replace(headline, title="Corrected"), Assignment(headline.id, assign(Window(), [headline])[0].story_id))

    assert len(window) == 1
    assert headline.id in window


def test_every_place_listed_within_a_country_is_a_known_place() -> None:
    heads = {line.split()[0] for line in concepts._PLACES}
    lying = {name for line in concepts._WITHIN for name in line.split()}

    assert lying <= heads
    assert concepts.states(frozenset({"=odesa", "=osaka"})) == {"ukraine", "japan"}


def test_words_of_many_headlines_are_commoner_than_those_of_one() -> None:
    rarity = Rarity()
    talk = [document_of(said(f"Ceasefire talks, day {day}", f"{day}"), alone=False) for day in range(40)]
    one = document_of(said("Ceasefire talks stall over Orkelund", "one"), alone=False)
    for document in [*talk, one]:
        rarity.count(document)
    rarity.norms(one)

    assert rarity.commonness(one, frozenset({"ceasefir", "talk"}) & one.word_set) > 0.1
    assert rarity.commonness(one, frozenset({"orkelund"})) == 0.0
    assert rarity.commonness(one, frozenset()) == 0.0


def test_concept_fields_and_common_concepts_name_existing_concepts() -> None:
    heads = {line.split()[0] for line in concepts._LINES}
    fields = {name for line in concepts._FIELDS.strip().splitlines() for name in line.split()[1:]}

    assert fields | {feature[1:] for feature in concepts.COMMON} | set(concepts._MARKET.split()) <= heads
    assert set(concepts._STRIKING.split()) | set(concepts._OUTCOMES.split()) <= heads


def test_a_name_of_three_consonants_counts_as_commoner_than_a_longer_one() -> None:
    rarity = Rarity()

    assert rarity.frequency("~SRK") > rarity.frequency("~SRKN")
