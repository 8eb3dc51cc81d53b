"""Regrouping of the window: what it finds that assignment missed, which corrections it keeps, and which ids stay."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import make
from wirekin.model import Assignment, Headline, HeadlineId, Publisher, StoryId, story_id_apart
from wirekin.stories import Regrouping, Window, assign
from wirekin.stories._cluster import cluster
from wirekin.stories._evidence import JOIN, Link

Pairs = Sequence[tuple[HeadlineId, HeadlineId]]


def said(title: str, path: str, minutes: float = 0, **more: object) -> Headline:
    at = make.at(minutes=minutes)
    publisher = Publisher(f"Paper {path}", f"{path}.example")
    return make.headline(
        title, f"https://{path}.example/{path}", **{"first_seen_at": at, "publisher": publisher, "lang": "en", **more}
    )


def regroup(window: Window, must: Pairs = (), cannot: Pairs = (), step: int = 100) -> int:
    """Regroup and apply the moves; returns how many there were."""
    regrouping = Regrouping(window)
    while regrouping.step(step):
        pass
    moves = regrouping.moves(must, cannot)
    for move in moves:
        document = window.get(move.headline_id)
        assert document is not None
        assert document.story != move.story_id
        window.move(document, move.story_id)
    return len(moves)


def take_in_all(window: Window, headlines: Sequence[Headline], step: int = 100) -> dict[HeadlineId, Assignment]:
    """Let a regrouping take in headlines; returns their assignments."""
    regrouping = Regrouping(window)
    regrouping.take_in(headlines)
    while regrouping.step(step):
        pass
    moves = {move.headline_id: move for move in regrouping.moves()}
    for key, move in moves.items():
        document = window.get(key)
        assert document is not None
        window.move(document, move.story_id)
    return moves


def stories_of(window: Window) -> dict[str, set[str]]:
    """Story id -> the ids of its headlines."""
    found = defaultdict(set)
    for document in window:
        found[str(document.story)].add(str(document.id))
    return dict(found)


WORDS = [
    "tanker",
    "strait",
    "crew",
    "quake",
    "village",
    "toll",
    "drones",
    "refinery",
    "blaze",
    "nurses",
    "walkout",
    "ballot",
    "recount",
    "envoy",
    "truce",
]


def headlines_of(drawn: Sequence[tuple[int, int, int]]) -> list[Headline]:
    """Headlines of four words from a small vocabulary, so that some are of one event and some nearly."""
    found = []
    for place, (first, second, minutes) in enumerate(drawn):
        picked = [WORDS[(first + i * (second + 1)) % len(WORDS)] for i in range(4)]
        found.append(said(" ".join(picked).capitalize(), f"p{place}", minutes))
    return found


def ANY(_left: Sequence[int], _right: Sequence[int]) -> bool:  # noqa: N802 - a constant
    return True


def NONE(_left: Sequence[int], _right: Sequence[int]) -> bool:  # noqa: N802 - a constant
    return False


drawn_headlines = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 3), st.integers(0, 3_000)), min_size=1, max_size=25
)


# --- properties ---------------------------------------------------------------------------------------------------


@given(drawn_headlines, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_second_regrouping_moves_nothing_and_corrections_hold(
    drawn: list[tuple[int, int, int]], rng: random.Random
) -> None:
    headlines, window = headlines_of(drawn), Window()
    pairs = [(a.id, b.id) for a, b in combinations(headlines, 2)]
    must = rng.sample(pairs, min(2, len(pairs)))
    cannot = rng.sample(pairs, min(3, len(pairs)))
    assign(window, headlines, must=must, cannot=cannot)

    regroup(window, must, cannot)

    assert regroup(window, must, cannot) == 0
    assert assign(window, [], must=must, cannot=cannot) == ()  # replaying the corrections moves nothing
    for a, b in cannot:
        left, right = window.get(a), window.get(b)
        assert left
        assert right
        assert left.story != right.story


@given(drawn_headlines, st.randoms(use_true_random=False), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_headlines_arrive_does_not_matter(
    drawn: list[tuple[int, int, int]], rng: random.Random, step: int
) -> None:
    headlines = headlines_of(drawn)
    one_by_one, shuffled = Window(), Window()
    assign(one_by_one, headlines)
    for headline in rng.sample(headlines, len(headlines)):
        assign(shuffled, [headline])
    assume(all(document.root is None for document in [*one_by_one, *shuffled]))  # copies are found on arrival

    regroup(one_by_one)
    regroup(shuffled, step=step)

    assert {frozenset(story) for story in stories_of(one_by_one).values()} == {
        frozenset(story) for story in stories_of(shuffled).values()
    }


@given(drawn_headlines, st.integers(0, 25), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_headlines_taken_in_by_a_regrouping_are_grouped_as_those_assigned_before_it(
    drawn: list[tuple[int, int, int]], known: int, step: int
) -> None:
    headlines = headlines_of(drawn)
    both, assigned = Window(), Window()
    for window in (both, assigned):
        assign(window, headlines[:known])
    assign(assigned, headlines[known:])
    assume(all(document.root is None for document in assigned))  # copies depend on the word frequencies so far

    regroup(assigned)
    moves = take_in_all(both, headlines[known:], step)

    assert sorted(map(sorted, stories_of(both).values())) == sorted(map(sorted, stories_of(assigned).values()))
    assert {h.id for h in headlines[known:]} <= set(moves)
    assert regroup(both) == 0


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(7, 12)), st.integers(-3, 3)), st.randoms())
def test_clusters_do_not_depend_on_the_order_of_pairs(drawn: dict[tuple[int, int], int], rng: random.Random) -> None:
    pairs = {key: Link(float(value), float(value), -3.0) for key, value in drawn.items()}
    shuffled = dict(rng.sample(sorted(pairs.items()), len(pairs)))

    groups = cluster(13, pairs, (), ANY)

    assert groups == cluster(13, shuffled, (), ANY)
    assert sorted(item for group in groups for item in group) == list(range(13))


def test_two_groups_are_joined_only_if_their_pairs_are_likely_enough_and_allowed() -> None:
    sure, doubtful = Link(3.0, 3.0, -3.0), Link(JOIN - 0.1, JOIN - 0.1, -3.0)

    assert cluster(3, {(0, 1): sure, (1, 2): doubtful}, (), ANY) == [[0, 1], [2]]
    assert cluster(3, {(0, 1): sure}, [(0, 2)], ANY) == [[0, 1, 2]]
    assert cluster(3, {(0, 1): sure}, [(0, 2)], NONE) == [[0], [1], [2]]
    assert cluster(2, {(0, 1): sure}, (), NONE) == [[0], [1]]


# --- what it finds ------------------------------------------------------------------------------------------------

FIRE = "Drones set fuel tank ablaze at Novorossiysk port"
SHUT = "Black Sea crude exporter suspends loading until Friday"
BOTH = "Novorossiysk crude exporter suspends loading after drones set fuel tank ablaze at port"


def test_a_later_headline_joins_two_stories() -> None:
    window = Window()
    for headline in (said(FIRE, "a"), said(SHUT, "b", 400), said(BOTH, "c", 410)):
        assign(window, [headline])
    assert len(stories_of(window)) == 2

    regroup(window)

    assert len(stories_of(window)) == 1


def test_copies_move_with_their_original() -> None:
    window, summary = Window(), "Loading was suspended at two berths, traders said on Monday morning."
    a, c = said(FIRE, "a"), said(BOTH, "c", 410)
    b, again = said(SHUT, "b", 400, summary=summary), said(SHUT, "again", 401, summary=summary)
    for headline in (a, b, again, c):
        assign(window, [headline])
    assert window.get(again.id).root == b.id  # type: ignore[union-attr]

    regroup(window)

    assert window.get(again.id).story == window.get(b.id).story  # type: ignore[union-attr]


def test_a_headline_split_off_by_a_correction_stays_out_of_the_whole_story() -> None:
    window = Window()
    opener, *others = [said(title, f"q{i}", i) for i, title in enumerate(QUAKE)]
    out = said(others[0].title + " today", "out", 5)
    apart = [(opener.id, out.id)]
    assign(window, [opener, *others, out], cannot=apart)

    regroup(window, cannot=apart)

    assert stories_of(window) == {opener.id: {opener.id, *(h.id for h in others)}, out.id: {out.id}}


def test_a_settled_story_is_never_split() -> None:
    window = Window()
    strangers = [said("Nurses walk out over pay", "a"), said("Ballots are counted again in Tbilisi", "b", 30)]
    assign(window, strangers, must=[(strangers[0].id, strangers[1].id)])  # the correction is withdrawn later

    settled = Regrouping(window, settled_before=make.at(minutes=1))
    while settled.step(10):
        pass

    assert settled.moves() == ()
    assert regroup(window) == 1


def test_headlines_added_or_forgotten_during_a_regrouping_do_no_harm() -> None:
    window = Window()
    assign(window, [said(FIRE, "a"), said(SHUT, "b", 400)])
    regrouping = Regrouping(window)
    regrouping.step(1)
    assign(window, [said(BOTH, "c", 410)])
    window.forget(make.at(minutes=1))
    while regrouping.step(1):
        pass

    moves = regrouping.moves()

    assert {move.headline_id for move in moves} <= {document.id for document in window}


# --- headlines taken in together ----------------------------------------------------------------------------------

WIRE = "Loading was suspended at two berths, traders said on Monday morning."


@pytest.mark.parametrize(
    ("first", "again", "summary"),
    [
        pytest.param(FIRE, FIRE, WIRE, id="the same title"),
        pytest.param(FIRE, "Fuel tank ablaze at Novorossiysk port after drones strike", WIRE, id="under another title"),
        pytest.param(
            "Morning briefing: tankers, truce and the toll",
            "Morning briefing: tankers, truce and the toll",
            WIRE,
            id="a round-up",
        ),
    ],
)
def test_copies_are_recognised_among_headlines_taken_in(first: str, again: str, summary: str) -> None:
    window, root, copy = Window(), said(first, "a", summary=summary), said(again, "b", 40, summary=summary)
    other = said(NURSES[0], "c", 50)

    moves = take_in_all(window, [other, copy, root])

    assert [moves[h.id].copy_of for h in (root, copy, other)] == [None, root.id, None]
    assert moves[copy.id].story_id == root.id
    assert window.roots(StoryId(root.id)) == 1
    [word, *_] = window.get(root.id).more  # type: ignore[union-attr]
    assert window.rarity.frequency(word) == 1  # a copy's words are not counted again


def test_an_existing_story_keeps_its_id_even_if_older_headlines_are_taken_in() -> None:
    window, headlines = Window(), [said(title, f"q{i}", i) for i, title in enumerate(QUAKE)]
    assign(window, headlines[2:])

    moves = take_in_all(window, headlines[:2])  # two headlines, older than the story

    assert {move.story_id for move in moves.values()} == {headlines[2].id}
    assert set(moves) == {h.id for h in headlines[:2]}


def test_a_cannot_link_holds_for_headlines_taken_in() -> None:
    window = Window()
    root, copy = said(FIRE, "a", summary=WIRE), said(FIRE, "b", 40, summary=WIRE)
    regrouping = Regrouping(window)
    regrouping.take_in([root, copy])
    while regrouping.step(1):
        pass

    moves = regrouping.moves(cannot=[(root.id, copy.id)])

    assert len({move.story_id for move in moves}) == 2


def test_taking_in_the_same_headlines_again_gives_the_same_assignments() -> None:
    window, headlines = Window(), [said(title, f"q{i}", i) for i, title in enumerate(QUAKE)]
    first = take_in_all(window, headlines)

    assert take_in_all(window, headlines) == first


# --- ids ----------------------------------------------------------------------------------------------------------


def in_stories(*stories: Sequence[Headline]) -> Window:
    """A window with these stories, whatever their headlines say; the first headline names the story."""
    window = Window()
    for members in stories:
        must = [(members[0].id, other.id) for other in members[1:]]
        assign(window, members, must=must)
        for headline in members:
            document = window.get(headline.id)
            assert document is not None
            window.move(document, StoryId(members[0].id))
    return window


QUAKE = (
    "Quake near Ravar kills five in Kerman",
    "Kerman quake near Ravar: toll now five",
    "Ravar quake in Kerman kills five",
)
NURSES = ("Nurses walk out over pay in Leeds", "Leeds nurses in walk out over pay", "Pay walk out by nurses in Leeds")


@pytest.fixture
def quake() -> list[Headline]:
    return [said(title, f"q{i}", i) for i, title in enumerate(QUAKE)]


@pytest.fixture
def nurses() -> list[Headline]:
    return [said(title, f"n{i}", 10 + i) for i, title in enumerate(NURSES)]


def test_a_merged_story_takes_the_id_of_the_larger_one(quake: list[Headline]) -> None:
    window = in_stories(quake[:1], quake[1:])

    regroup(window)

    assert set(stories_of(window)) == {quake[1].id}


def test_a_merged_story_takes_the_id_of_the_older_of_two_equally_large_ones(quake: list[Headline]) -> None:
    window = in_stories(quake[1:2], quake[:1])

    regroup(window)

    assert set(stories_of(window)) == {quake[0].id}


def test_a_split_leaves_the_id_with_the_larger_part(quake: list[Headline], nurses: list[Headline]) -> None:
    window = in_stories([*quake[:2], *nurses])

    regroup(window)

    assert stories_of(window) == {
        quake[0].id: {h.id for h in nurses},
        quake[1].id: {h.id for h in quake[:2]},
    }


def test_an_opener_split_off_alone_gets_a_new_id(quake: list[Headline], nurses: list[Headline]) -> None:
    window = in_stories([quake[0], *nurses])

    regroup(window)

    assert stories_of(window) == {
        quake[0].id: {h.id for h in nurses},
        story_id_apart(quake[0].id): {quake[0].id},
    }
    assert regroup(window) == 0


def test_a_split_does_not_return_an_opener_to_the_story_it_left(quake: list[Headline], nurses: list[Headline]) -> None:
    window = in_stories([quake[0], *nurses])
    regroup(window)
    assign(window, [], must=[(quake[0].id, nurses[0].id)])

    assign(window, [], cannot=[(quake[0].id, h.id) for h in nurses])

    parts = {frozenset(members) for members in stories_of(window).values()}
    assert parts == {frozenset({quake[0].id}), frozenset(h.id for h in nurses)}
