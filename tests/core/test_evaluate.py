"""Figures are checked against sums done by hand; then rows of every kind, and the grouping of plain rows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.evaluate import Report, evaluate, feed_like, group_rows, kind_of, read_rows, samples
from wirekin.evaluate._baselines import overlap, simhash
from wirekin.evaluate._figures import auc, average_precision, b_cubed, f1, interval, ndcg, pairwise
from wirekin.evaluate._rows import FileKind
from wirekin.model import TopicSlug
from wirekin.topics import TopicRule, compile_rules

FIRE = "Drones set fuel tank ablaze at Novorossiysk port"
CUP = "Ferreira's strike wins Harbour Cup for Leith Rovers"
LABELLED = [
    {"id": "1", "title": FIRE, "url": "https://a.example/1", "story": "fire", "topics": ["russia"], "lang": "en",
     "published_at": "2026-10-05T04:00:00Z", "copy_of": None},
    {"id": "2", "title": FIRE, "url": "https://b.example/2", "story": "fire", "topics": ["russia"], "lang": "en",
     "published_at": "2026-10-05T05:00:00Z", "copy_of": "1"},
    {"id": "3", "title": CUP, "url": "https://a.example/3", "story": "cup", "topics": [], "lang": "en",
     "published_at": "2026-10-05T06:00:00Z", "copy_of": None},
]  # fmt: skip
RUSSIA = compile_rules([TopicRule(TopicSlug("russia"), "Russia", ["Novorossiysk", "Russia"])])


def value(report: Report, name: str, of: str = "") -> float:
    return next(figure.value for figure in report.figures if (figure.name, figure.of) == (name, of))


# --- figures ----------------------------------------------------------------------------------------------------


def test_b_cubed_agrees_with_a_sum_by_hand() -> None:
    # gold {a a a} {b b}, found {a a} {a b b}: the first two items have precision 1; the other three share a cluster
    gold, found = ["a", "a", "a", "b", "b"], [1, 1, 2, 2, 2]
    rates = interval(b_cubed(gold, found), 0, 1)

    assert rates["precision"][0] == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert rates["recall"][0] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_pairwise_agrees_with_a_count_by_hand() -> None:
    rates = interval(pairwise(["a", "a", "a", "b", "b"], [1, 1, 2, 2, 2]), 0, 1)

    assert rates["precision"][0] == pytest.approx(2 / 4)
    assert rates["recall"][0] == pytest.approx(2 / 4)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30))
def test_a_perfect_grouping_scores_one_whatever_its_labels(gold: list[str]) -> None:
    for measure in (b_cubed, pairwise):
        rates = interval(measure(gold, [f"other-{label}" for label in gold]), 10, 1)

        assert [rates[part][0] for part in ("precision", "recall", "f1")] == [1.0, 1.0, 1.0]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=30))
def test_an_interval_has_rates_from_0_to_1_and_a_seed_repeats_it(pairs: list[tuple[str, int]]) -> None:
    units = b_cubed([gold for gold, _ in pairs], [found for _, found in pairs])
    rates = interval(units, 30, 7)

    assert rates == interval(units, 30, 7)
    assert all(0 <= low <= high <= 1 + 1e-9 for _, low, high in rates.values())


def test_rankings_agree_with_sums_by_hand() -> None:
    assert ndcg([2, 0, 1], [2, 1]) == pytest.approx((3 + 1 / 2) / (3 + 1 / 1.584962500721156))
    assert ndcg([], [1]) == 0
    assert average_precision([True, False, True], 2) == pytest.approx((1 + 2 / 3) / 2)
    assert f1(0, 0) == 0


def test_auc_counts_ordered_pairs_and_halves_ties() -> None:
    assert auc([0.9, 0.1], [True, False]) == 1
    assert auc([0.1, 0.9], [True, False]) == 0
    assert auc([0.5, 0.5, 0.9], [True, False, True]) == 0.75
    assert auc([0.5], [True]) == 0.5


# --- rows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"title": "T", "story": "s"}, FileKind.HEADLINES),
        ({"title": "T", "url": "u"}, FileKind.HEADLINES),
        ({"query_id": "q", "title": "T", "relevant": {}}, FileKind.QUERIES),
        ({"a": "T", "b": "U", "overall": 1.0}, FileKind.PAIRS),
        ({"a": "T", "b": "U", "y": 1}, FileKind.PAIRS),
        ({"text": "T", "topics": []}, FileKind.TOPIC_CASES),
        ({"other": 1}, None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_keys(row: dict[str, object], expected: FileKind | None) -> None:
    assert kind_of([row]) is expected
    assert kind_of([]) is None


def test_bad_lines_are_reported_by_number_and_good_ones_kept() -> None:
    rows, problems = read_rows(['{"title": "Ship seized"}', "", "{not json", "[1]", '{"url": "https://a.example/"}'])
    _, untitled = samples(rows)

    assert len(rows) == 2
    assert [problem.split(":")[0] for problem in (*problems, *untitled)] == ["line 3", "line 4", "line 5"]


def test_grouping_answers_every_row_in_order_with_its_id() -> None:
    rows, problems = group_rows([*LABELLED, {"title": "Untold"}], RUSSIA)

    assert problems == ()
    assert rows == (
        {"id": "1", "story": "1", "copy_of": None, "topics": ["russia"]},
        {"id": "2", "story": "1", "copy_of": "1", "topics": ["russia"]},
        {"id": "3", "story": "3", "copy_of": None, "topics": []},
        {"id": "4", "story": "4", "copy_of": None, "topics": []},
    )
    assert json.dumps(rows)


def test_of_two_rows_with_one_url_the_later_is_answered_as_a_copy() -> None:
    url = "https://www.a.example/x?utm_source=feed"
    rows, _ = group_rows([{"title": FIRE, "url": "https://a.example/x"}, {"title": CUP, "url": url}])

    assert [row["copy_of"] for row in rows] == [None, "1"]
    assert len({row["story"] for row in rows}) == 1


def test_a_row_without_an_id_gets_its_row_number_or_a_free_id() -> None:
    rows, _ = group_rows([{"title": FIRE}, {"title": CUP}, {"id": "2", "title": FIRE}])

    assert [row["id"] for row in rows] == ["1", "row-2", "2"]


def test_stories_keep_two_names_where_the_file_has_an_id_like_that_of_a_row() -> None:
    ids = ["row-2", "row-2", "row-4", "row-4", "row-4'"]
    titles = [FIRE, CUP, "Volcano erupts in Iceland", "Banks raise rates in Ghana", "Opera opens its season in Verona"]
    rows, _ = group_rows([{"id": key, "title": title} for key, title in zip(ids, titles, strict=True)])

    assert [row["story"] for row in rows] == ["row-2", "row-2'", "row-4", "row-4''", "row-4'"]


def test_rows_that_share_an_id_are_both_answered() -> None:
    rows, _ = group_rows([{"id": "x", "title": FIRE}, {"id": "x", "title": CUP}])

    assert [row["copy_of"] for row in rows] == [None, None]


def test_an_evaluation_normalises_rows_as_a_poll_does() -> None:
    [sample], _ = samples([{"title": "UPDATE 2-Oil &amp; gas fall - Gulf Watch", "outlet": "Gulf Watch", "id": 7}])

    assert sample.headline.title == "Oil & gas fall"
    assert sample.key == "7"


def test_a_row_whose_date_is_outside_the_calendar_is_read_without_a_problem() -> None:
    rows, _ = read_rows(['{"title": "Port reopens", "published_at": "0001-01-01T00:00:00+14:00"}'])

    found, problems = samples(rows)

    assert (len(found), problems) == (1, ())


def test_an_undated_row_gets_the_time_of_the_row_before_it() -> None:
    found, _ = samples([LABELLED[0], {"title": "Undated"}, {"title": "Odd", "published_at": "yesterday"}])

    assert len({sample.headline.happened_at for sample in found}) == 1


# --- reports ----------------------------------------------------------------------------------------------------


def test_labelled_rows_give_stories_copies_and_topics() -> None:
    report = evaluate(LABELLED, topics=RUSSIA, seed=3, resamples=20)

    assert value(report, "stories b-cubed f1") == 1
    assert value(report, "copies pairwise f1") == 1
    assert value(report, "topics f1") == 1
    assert value(report, "topics f1", "topic russia") == 1
    assert value(report, "topics with those the story lends f1") == 1
    assert (report.seed, report.resamples, report.rows) == (3, 20, 3)


def test_queries_give_figures_of_related_items() -> None:
    queries = [{"query_id": "q", "title": "Fuel tank at Novorossiysk port ablaze after drones", "relevant": {"1": 2}}]
    report = evaluate(LABELLED, queries, resamples=5)

    assert value(report, "related ndcg@10") == 1
    assert value(report, "related p@5") == 1
    assert value(report, "related map") == 1


@pytest.mark.parametrize(
    "labels",
    [
        {"relevant": {"1": "high"}},
        {"relevant": {"1": None}},
        {"relevant": {"1": 2000}},
        {"relevant": {"1": float("nan")}},
        {"relevant": "1"},
        {"relevant": ["1"], "without": [{"id": "1"}]},
    ],
)
def test_a_query_with_invalid_grades_is_skipped_and_reported_by_line(labels: dict[str, object]) -> None:
    good = {"title": "Fuel tank at Novorossiysk port ablaze after drones", "relevant": {"1": 2}}
    report = evaluate(LABELLED, [{**good, **labels, "line": 7}, good], resamples=5)

    assert [problem.partition(":")[0] for problem in report.problems] == ["queries, line 7"]
    assert {figure.units for figure in report.figures if figure.name == "related map"} == {1}


def test_headlines_that_a_query_lists_under_without_are_left_out_of_its_answers() -> None:
    query = {"title": LABELLED[0]["title"], "relevant": {LABELLED[1]["id"]: 2}}

    alone = evaluate(LABELLED, [{**query, "without": [row["id"] for row in LABELLED[:2]]}], resamples=5)

    assert value(evaluate(LABELLED, [query], resamples=5), "related ndcg@10") == 1
    assert value(alone, "related ndcg@10") == 0


METHODS = {"exact title", "jaccard", "overlap rule", "simhash", "tf-idf"}


def test_a_report_has_baselines_only_when_asked_for() -> None:
    report = evaluate(LABELLED, resamples=5, baselines=True)

    for method in METHODS - {"tf-idf"} | {"tf-idf centroid"}:
        assert value(report, "stories b-cubed f1", method) == 1
    for method in ("exact title", "overlap rule", "simhash"):
        assert value(report, "copies b-cubed f1", method) == 1
    assert not METHODS & {figure.of for figure in evaluate(LABELLED, resamples=5).figures}


def test_every_baseline_gives_an_auc_of_pairs() -> None:
    rows = [{"a": FIRE, "b": b, "y": y} for b, y in ((FIRE, 1), (f"{FIRE} again", 1), ("Drones set date", 0), (CUP, 0))]

    report = evaluate(rows, resamples=5, baselines=True)

    assert {figure.of for figure in report.figures} == METHODS | {""}
    assert value(report, "pairs auc", "exact title") == 0.75
    assert all(value(report, "pairs auc", method) == 1 for method in METHODS - {"exact title"})


@pytest.mark.parametrize(
    ("title", "likeness"),
    [
        ("Drones set fuel depot", 3 / 4),  # three of the shorter one's four words
        ("Drones set date", 0.0),  # two common words are too few
    ],
)
def test_the_overlap_rule_needs_three_words_in_common(title: str, likeness: float) -> None:
    (a, b), _ = samples([{"title": FIRE}, {"title": title}])

    assert overlap(a.headline, b.headline) == likeness


def test_simhashes_of_similar_titles_share_more_bits_than_those_of_unrelated_ones() -> None:
    (a, b, c), _ = samples([{"title": FIRE}, {"title": f"{FIRE} again"}, {"title": CUP}])

    assert simhash(a.headline, a.headline) == 1
    assert simhash(a.headline, b.headline) > simhash(a.headline, c.headline)


def test_pairs_give_an_auc_by_language() -> None:
    rows = [
        {"a": FIRE, "b": "Fuel tank at Novorossiysk ablaze", "lang": "en", "y": 1},
        {"a": FIRE, "b": CUP, "lang": "en", "y": 0},
        {"a": FIRE, "b": FIRE, "lang1": "en", "lang2": "de", "overall": 1.5},
    ]
    report = evaluate(rows, resamples=5)

    assert value(report, "pairs auc") == 1
    assert value(report, "pairs auc", "en") == 1


def test_topic_cases_give_topic_figures_by_language() -> None:
    rows = [
        {"lang": "en", "text": "Fire at Novorossiysk", "topics": ["russia"]},
        {"lang": "en", "text": "Prussian blue", "topics": ["russia"]},
    ]
    report = evaluate(rows, topics=RUSSIA, resamples=5)

    assert value(report, "topics precision", "en") == 1
    assert value(report, "topics recall", "en") == 0.5


def test_a_feed_like_sample_is_capped_mixed_with_strangers_and_repeated_by_its_seed() -> None:
    rows = [{"id": f"{s}-{i}", "title": f"{s} {i}", "story": s} for s in "abc" for i in range(40)]
    found, _ = samples(rows)
    strangers, _ = samples([{"id": f"z{i}", "title": f"Stranger {i}", "story": f"z{i}"} for i in range(700)])

    run = feed_like(found, seed=1, strangers=strangers)

    assert run == feed_like(found, seed=1, strangers=strangers) != feed_like(found, seed=2, strangers=strangers)
    assert sum(sample.key.startswith("z") for sample in run) == 600
    assert all(1 <= sum(sample.story == story for sample in run) <= 20 for story in "abc")
