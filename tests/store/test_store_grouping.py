"""Stories in the store: which headlines belong to one, and its counts, leads and aliases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
import polls
from wirekin.model import Assignment, Member, Question, StoryDetail, StoryId, StoryRef
from wirekin.store import Admin, Backend, Correction, Reader, Store
from wirekin.store._stories import _score

A = polls.headline("a", domain="one.example", first_seen_at=make.at(-3), topics=make.topics("iran"))
B = polls.headline("b", domain="two.example", first_seen_at=make.at(-2), topics=make.topics("iran", "russia"))
C = polls.headline("c", domain="three.example", first_seen_at=make.at(-1), lang="fa")
D = polls.headline("d", domain="one.example", first_seen_at=make.at(0))


@pytest.fixture(autouse=True)
def headlines(store: Store) -> None:
    polls.record(store, C, A, D, B)


def detail(reader: Reader, story: StoryId) -> StoryDetail:
    found = reader.story(story)
    assert isinstance(found, StoryDetail)
    return found


def test_headlines_without_a_story_come_oldest_first(store: Store) -> None:
    assert store.ungrouped(10) == (A, B, C, D)
    assert store.ungrouped(2) == (A, B)

    polls.group(store, A, C)

    assert store.ungrouped(10) == (B, D)


def test_since_judges_a_story_by_its_newest_publication_and_not_by_its_first_sighting(
    store: Store, reader: Reader
) -> None:
    late = polls.headline("late", domain="four.example", first_seen_at=make.at(0), published_at=make.at(-9))
    polls.record(store, late)

    story = detail(reader, polls.group(store, late)).story

    assert (story.last_at, story.seen_at) == (make.at(-9), make.at(0))
    assert reader.stories(Question(since=make.at(-8))).items == ()
    assert [found.id for found in reader.stories(Question(since=make.at(-9))).items] == [story.id]


def test_a_story_counts_its_headlines_publishers_and_independent_publishers(store: Store, reader: Reader) -> None:
    story = polls.group(store, A, B, C, D, copies={B.id: A.id, D.id: A.id})

    found = detail(reader, story)

    assert found.story.ref == StoryRef(story, headlines=4, publishers=3, independent=2)
    assert (found.story.opened_at, found.story.last_at) == (make.at(-3), make.at(0))
    assert found.story.topics == make.topics("iran", "russia")
    assert found.story.langs == ("en", "fa")
    assert found.members == (
        Member(A, None, 0.5), Member(B, A.id, 0.5), Member(C, None, 0.5), Member(D, A.id, 0.5)
    )  # fmt: skip


def test_a_story_of_nothing_but_copies_counts_one_independent_publisher(store: Store, reader: Reader) -> None:
    polls.group(store, A)
    story = polls.group(store, B, D, copies={B.id: A.id, D.id: A.id})  # as after a split by a person

    assert detail(reader, story).story.ref == StoryRef(story, headlines=2, publishers=2, independent=1)


def test_sister_papers_and_a_credited_wire_count_as_one_independent_publisher_each(
    store: Store, reader: Reader
) -> None:
    house = [replace(one, voice="Quay House") for one in (A, B)]
    wired = [polls.headline(f"w{n}", domain=f"paper{n}.example", voice="Reuters") for n in range(3)]
    reuters = polls.headline("r", domain="reuters.example")
    polls.record(store, *house, *wired, reuters)

    story = polls.group(store, *house, *wired, reuters, C)

    found = detail(reader, story).story.ref
    assert (found.publishers, found.independent) == (7, 3), "the house, Reuters, and the publisher of C"


def test_the_headline_that_others_copied_leads_its_story(store: Store, reader: Reader) -> None:
    story = polls.group(store, A, B, C, D)
    assert detail(reader, story).story.lead == A

    polls.group(store, A, B, C, D, copies={D.id: C.id})
    assert detail(reader, story).story.lead == C


def test_the_window_gives_assigned_headlines_that_changed_after_a_sequence(store: Store) -> None:
    story = polls.group(store, A, B)
    first = store.window(make.at(-3))

    assert [(row.headline, row.assignment) for row in first] == [
        (A, Assignment(A.id, story, None, 0.5)),
        (B, Assignment(B.id, story, None, 0.5)),
    ]
    last = max(row.sequence for row in first)
    assert store.window(make.at(-3), after=last) == ()
    assert store.window(make.at(-3), but=last) == ()

    polls.record(store, replace(B, title="Corrected"))
    assert [row.headline.title for row in store.window(make.at(-3), after=last)] == ["Corrected"]


def test_the_window_is_bounded_by_publication_and_not_by_first_sighting(store: Store) -> None:
    old = polls.headline("old", published_at=make.at(days=-40), first_seen_at=make.at(0))
    polls.record(store, old)
    polls.group(store, A, old)

    assert [row.headline for row in store.window(make.at(days=-2))] == [A]
    assert [row.headline for row in store.window(make.at(days=-41))] == [old, A]
    assert [row.headline for row in store.window(make.at(days=-41), until=make.at(days=-40))] == [old]


def test_a_topic_of_one_headline_among_many_is_not_a_topic_of_the_story(store: Store, reader: Reader) -> None:
    many = [polls.headline(f"m{n}", domain=f"{n}.example", topics=make.topics("iran")) for n in range(4)]
    passing = polls.headline("p", domain="p.example", topics=make.topics("iran", "russia"))

    polls.record(store, *many, passing)
    story = polls.group(store, *many, passing)

    assert detail(reader, story).story.topics == make.topics("iran")
    assert reader.stories(Question(topic=make.topics("russia")[0])).items == ()


def test_publishers_are_told_apart_by_name(store: Store, reader: Reader) -> None:
    one, two = make.publisher("One", "shared.example"), make.publisher("Two", "shared.example")

    polls.record(store, replace(A, publisher=one), replace(C, publisher=two))
    story = polls.group(store, A, C)

    assert detail(reader, story).story.ref.publishers == 2


def test_an_emptied_story_becomes_an_alias_of_the_story_that_took_its_first_headline(
    store: Store, reader: Reader
) -> None:
    older, younger = polls.group(store, A, B), polls.group(store, C, D)

    store.save_assignments([Assignment(C.id, older), Assignment(D.id, older)], make.at(1))

    assert reader.story(younger) == older
    assert detail(reader, older).story.ref.headlines == 4
    assert len(reader.stories(Question()).items) == 1


def test_a_merged_story_leads_to_the_merge_even_if_its_first_headline_had_left_it_before(
    store: Store, reader: Reader
) -> None:
    a, b, story = polls.group(store, A), polls.group(store, B), polls.group(store, C, D)
    store.save_assignments([Assignment(C.id, b)], make.at(1))

    store.save_assignments([Assignment(D.id, a)], make.at(2))

    assert reader.story(story) == a


def test_an_alias_leads_to_the_final_story_after_two_merges(store: Store, reader: Reader) -> None:
    a, c, d = polls.group(store, A, B), polls.group(store, C), polls.group(store, D)
    store.save_assignments([Assignment(D.id, c)], make.at(1))

    store.save_assignments([Assignment(C.id, a), Assignment(D.id, a)], make.at(2))

    assert reader.story(d) == a
    assert reader.story(c) == a


def test_an_alias_is_dropped_when_its_story_has_headlines_again(store: Store, reader: Reader, admin: Admin) -> None:
    a, c = polls.group(store, A, B), polls.group(store, C, D)
    store.save_assignments([Assignment(C.id, a), Assignment(D.id, a)], make.at(1))

    store.save_assignments([Assignment(C.id, c), Assignment(D.id, c)], make.at(2))

    assert detail(reader, c).story.ref.headlines == 2
    assert detail(reader, a).story.ref.headlines == 2
    assert admin.check() == ()


def test_after_a_split_the_story_id_stays_with_the_headline_that_opened_the_story(store: Store, reader: Reader) -> None:
    story = polls.group(store, A, B, C)

    rest = polls.group(store, B, C)

    assert [m.headline for m in detail(reader, story).members] == [A]
    assert [m.headline for m in detail(reader, rest).members] == [B, C]


def test_an_assignment_of_an_unknown_headline_is_ignored(store: Store, reader: Reader, admin: Admin) -> None:
    gone = polls.headline("gone")

    store.save_assignments([Assignment(gone.id, StoryId(gone.id)), Assignment(A.id, StoryId(A.id))], make.NOW)

    assert reader.story(StoryId(gone.id)) is None
    assert admin.check() == ()


def test_the_topics_of_a_story_follow_those_of_its_headlines(store: Store, reader: Reader) -> None:
    story = polls.group(store, A, B)

    polls.record(store, replace(B, topics=make.topics("israel-strikes")))

    assert detail(reader, story).story.topics == make.topics("iran", "israel-strikes")
    russian = Question(topic=make.topics("russia")[0])
    assert reader.stories(russian).items == ()


def test_saving_no_assignments_keeps_the_version(store: Store, reader: Reader) -> None:
    before = reader.version()

    store.save_assignments([], make.at(1))

    assert reader.version() == before


def test_corrections_come_oldest_first_and_the_last_one_about_a_pair_counts(store: Store, admin: Admin) -> None:
    admin.correct(Correction(A.id, B.id, must=True), make.at(0))
    admin.correct(Correction(D.id, C.id, must=False), make.at(1))
    admin.correct(Correction(B.id, A.id, must=False), make.at(2))

    said = [(c.a, c.b, c.must) for c in store.corrections()]

    assert said == [(D.id, C.id, False), (B.id, A.id, False)]  # `b` is the headline that was split off


def test_withdrawing_the_corrections_of_one_headline_keeps_the_others(store: Store, admin: Admin) -> None:
    admin.correct(Correction(A.id, B.id, must=True), make.at(0))
    admin.correct(Correction(C.id, A.id, must=False), make.at(1))
    admin.correct(Correction(C.id, D.id, must=False), make.at(2))

    assert admin.withdraw(A.id) == 2
    assert [frozenset({c.a, c.b}) for c in store.corrections()] == [frozenset({C.id, D.id})]
    assert admin.withdraw(A.id) == 0


def test_an_exclusive_lock_is_held_by_one_store_at_a_time(store: Store, backend: Backend) -> None:
    other = backend.store()

    with store.exclusively("group") as mine:
        assert mine
        with other.exclusively("group") as theirs, other.exclusively("else") as free:
            assert (theirs, free) == (False, True)
    with other.exclusively("group") as again:
        assert again
    other.close()


def test_stories_rank_by_independent_publishers_and_by_freshness(store: Store, reader: Reader) -> None:
    def leading() -> list[StoryId]:
        return [story.id for story in reader.stories(Question()).items]

    fresh = polls.headline("fresh", first_seen_at=make.at(3))
    polls.record(store, fresh)
    one, both = polls.group(store, fresh), polls.group(store, A, B)
    assert leading() == [both, one], "two publishers 5 h older, and the second is worth 8 h"

    polls.group(store, A, B, copies={B.id: A.id})
    assert leading() == [one, both], "a copy is worth 2.6 h"


def test_of_two_stories_with_equally_many_publishers_the_faster_growing_one_leads(store: Store, reader: Reader) -> None:
    def told(name: str, *hours: float) -> StoryId:
        said = [
            polls.headline(f"{name}{h}", domain=f"d{n}.example", first_seen_at=make.at(h)) for n, h in enumerate(hours)
        ]
        polls.record(store, *said)
        return polls.group(store, *said)

    slow, fast = told("slow", -70, -50, -30, 0), told("fast", -3, -2, -1, 0)

    assert [story.id for story in reader.stories(Question()).items] == [fast, slow]


@given(st.lists(st.floats(0, 96), min_size=1, max_size=12), st.floats(0, 96))
def test_one_more_report_never_lowers_the_score_of_a_story(hours: list[float], later: float) -> None:
    spoke = [round(hour * 3_600_000_000) for hour in hours]
    newest = max(spoke)
    after = newest + round(later * 3_600_000_000)

    assert _score(after, spoke, copiers=1) >= _score(newest, spoke, copiers=0), "a copy that came so much later"
    assert _score(after, [*spoke, after], copiers=0) >= _score(newest, spoke, copiers=0), "a voice of its own"


def test_a_headline_dated_in_the_future_leads_no_list(store: Store, reader: Reader) -> None:
    forged = polls.headline("f", first_seen_at=make.at(-5), published_at=make.at(days=300))
    polls.record(store, forged)
    late, real = polls.group(store, forged), polls.group(store, D)

    assert [story.id for story in reader.stories(Question()).items] == [real, late]
    assert reader.headlines(Question()).items[-1] == forged


def test_pruning_recounts_a_story_and_makes_the_remaining_copy_an_original(
    store: Store, reader: Reader, admin: Admin
) -> None:
    late = polls.headline("late", domain="late.example", first_seen_at=make.at(50))
    polls.record(store, late, feed=make.feed("https://late.example/rss"), now=make.at(50))
    story = polls.group(store, A, B, late, copies={B.id: A.id, late.id: A.id})

    assert store.prune(make.at(60), timedelta(hours=20)) == 4

    found = detail(reader, story)
    assert found.members == (Member(late, None, 0.5),)
    assert found.story.ref == StoryRef(story, 1, 1, 1)
    assert admin.check() == ()
