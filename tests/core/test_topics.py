"""The rule language of topics: matching, explanations, errors, and the caches of words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wirekin import text
from wirekin.errors import RuleError
from wirekin.model import TopicSlug
from wirekin.topics import Explained, TopicRule, TopicRules, _grammar, _lexicon, _patterns, compile_rules
from wirekin.topics._forms import _SOUND, _split, folded_terms, is_sound, normal, parted, undressed, words_of
from wirekin.topics._grammar import Apart, Found, Near, Node, Span, Terms
from wirekin.topics._patterns import Added, Patterns


def rules(rule: object, **terms: object) -> TopicRules:
    return compile_rules([TopicRule(TopicSlug("x"), "X", rule, terms)])


def about(rule: object, title: str, summary: str = "", **terms: object) -> bool:
    return bool(rules(rule, **terms).match(title, summary))


PLACES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)).map(lambda at: (at[0], at[0] + at[1])), min_size=1)


@given(PLACES, PLACES, st.integers(0, 9), st.integers(0, 60))
def test_near_finds_the_same_in_a_long_text_as_comparing_every_pair(
    left: list[Span], right: list[Span], words: int, title_ends: int
) -> None:
    found = Found(title_ends, {0: left, 1: right})
    near = Near(Terms(0), Terms(1), words)
    each = near.true(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_grammar, "FEW_PAIRS", 0)
        pruned = near.true(found)

    assert set(pruned or ()) == set(each or ())


class CountingSpan(tuple[int, int]):
    """A span that counts how often one is compared with another."""

    __slots__ = ()
    times = 0

    def __le__(self, other: tuple[int, ...]) -> bool:
        CountingSpan.times += 1
        return tuple(self) <= tuple(other)

    def __lt__(self, other: tuple[int, ...]) -> bool:
        CountingSpan.times += 1
        return tuple(self) < tuple(other)


@pytest.mark.parametrize("distance", [3, 999_999])
def test_near_does_not_compare_every_pair_in_a_hostile_title(distance: int) -> None:
    """10,000 words would be 25 million pairs, at any distance that a rule allows."""
    spans = [CountingSpan((at, at + 1)) for at in range(10_000)]
    near, found = Near(Terms(1), Terms(2), distance), Found(10_000, {1: spans[::2], 2: spans[1::2]})

    CountingSpan.times = 0

    assert set(near.true(found) or ()) == set(spans)
    assert CountingSpan.times < 100 * len(spans)
    assert about(f"oil NEAR/{distance} port", "oil port " * 5_000)


# --- the boolean language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("ship", "A ship sinks", True),
        ("ship", "Shipping news", False),
        ("ship*", "Shipping news", True),
        ("ship AND port", "Ship leaves port", True),
        ("ship AND port", "Ship leaves", False),
        ("ship OR port", "Port closed", True),
        ("ship AND NOT port", "Ship leaves port", False),
        ("ship AND NOT port", "Ship sinks", True),
        ("a1 OR b1 AND c1", "a1", True),  # AND binds tighter than OR
        ("(a1 OR b1) AND c1", "a1", False),
        ("NOT (a1 OR b1) AND c1", "c1", True),
        ('"oil tanker"', "Oil tanker burns", True),
        ('"oil tanker"', "Tanker with oil", False),
        ('"oil * tanker"', "Oil and gas tanker", False),
        ('"oil * tanker"', "Oil products tanker", True),
        ("ship NEAR/2 port", "ship near the port", True),
        ("ship NEAR/1 port", "ship near the port", False),
        ("ship NEAR/1 port", "port for ship", True),  # in either order
        ("ship NEAR port", "ship leaves the old port", True),
        ("(ship OR boat) NEAR/1 (port OR quay)", "boat at quay", True),
        ("ship NEAR/2 port NEAR/2 fire", "ship in port on fire", True),
        ("ship NOT NEAR/1 toy", "ship sinks", True),
        ("ship NOT NEAR/1 toy", "toy ship sinks", False),
        ("ship NOT NEAR/1 toy", "Toy ship found beside a real and large ship", True),  # one position is enough
        ("ship NOT NEAR/1 toy", "toy sinks", False),
        ("ship NOT NEAR/1 (toy OR model)", "a ship, a model", False),
        ("ship NOT NEAR/0 toy NEAR/1 port", "ship in port, toy in port", True),
        ("fire AND NOT ship NOT NEAR/1 toy", "fire on a toy ship", True),
        ("=ship", "ships", False),
        ('="oil tanker"', "oil tankers", False),
        ("U.S.", "the U.S. says", True),
        ("2024", "The 2024 budget", True),
        ("東京", "東京 で会議", True),
        ('צה"ל', 'דובר צה"ל אמר', True),
    ],
)
def test_a_rule_matches_the_expected_texts(rule, text, expected):
    assert expected == about(rule, text)


def test_not_near_applies_only_within_the_title_or_within_the_summary():
    assert about("ship NOT NEAR/5 toy", "Ship", "toy")
    assert not about("ship NOT NEAR/5 toy", "Ship toy")
    assert not about("title:ship NOT NEAR/5 toy", "Toy", "ship")


class CountingTerms(Terms):
    """A term that counts how often it is asked for its places."""

    __slots__ = ()
    times = 0

    def true(self, found: Found) -> Sequence[Span] | None:
        CountingTerms.times += 1
        return found.spans.get(self.group)


def test_nested_not_near_evaluates_its_inner_term_once():
    """Evaluating it twice at each level would be a million times for twenty levels."""
    node: Node = CountingTerms(0)
    for _ in range(20):
        node = Apart(Near(node, Terms(1), 2))
    CountingTerms.times = 0

    assert node.true(Found(9, {0: [(0, 1), (7, 8)], 1: [(8, 9)]})) == [(0, 1)]
    assert CountingTerms.times == 1


@pytest.mark.parametrize("near", ["NEAR", "NOT NEAR/1"])
def test_up_to_forty_nested_nears_are_accepted(near: str):
    assert about("ship" + f" {near} ship" * 40, "ship") is (near == "NEAR")

    inside = "(" * 20 + "ship" + f" {near} ship {near} ship)" * 20 + f" {near} ship"
    for rule in ("ship" + f" {near} ship" * 41, inside):
        with pytest.raises(RuleError, match="nested too deeply"):
            rules(rule)


def test_the_title_field_matches_only_the_title():
    assert about("title:ship", "Ship sinks", "In port")
    assert not about("title:ship", "Accident in port", "A ship sinks")
    assert not about("title:(ship OR boat) AND port", "Port", "A boat, a ship")
    assert about("title:@vessels", "Boat lost", vessels=["ship", "boat"])


def test_near_and_phrases_do_not_cross_from_title_to_summary():
    assert not about("oil NEAR/5 tanker", "Oil", "Tanker")
    assert not about('"oil tanker"', "Oil", "tanker")
    assert not about('"oil * tanker"', "Oil", "a tanker")
    assert about("oil AND tanker", "Oil", "Tanker")


def test_a_list_matches_any_of_its_terms_and_may_hold_rules():
    wanted = ["ship", "oil tanker", "boat AND NOT toy"]

    assert about(wanted, "Oil tanker burns")
    assert about(wanted, "Boat sinks")
    assert not about(wanted, "Toy boat sinks")


def test_a_minus_term_removes_only_the_matches_it_covers():
    wanted = ["Russia*", "-Russian blue"]

    assert not about(wanted, "Russian blue cat wins")
    assert about(wanted, "Russian blue cat wins in Russia")


def test_a_mapping_of_languages_matches_texts_of_any_of_them():
    wanted = {"en": ["ship"], "ru": "корабль AND NOT космический"}

    assert about(wanted, "Ship sinks")
    assert about(wanted, "Корабли ушли")
    assert not about(wanted, "Космический корабль")


def test_a_named_list_is_used_with_an_at_sign():
    lists = {"who": {"en": ["navy"], "fa": ["ناو"]}, "what": ["sinks"]}

    assert about("@who NEAR/2 @what", "Navy boat sinks", **lists)
    assert not about("@who NEAR/2 @what", "Navy", **lists)


# --- words in five languages (requirement fact 16) -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("missile", "Missiles fired"),
        ("Iran", "Iran's answer"),
        ("москва", "в Москве"),
        ("иранский", "с иранскими коллегами"),
        ("удар", "ударами"),
        ("солнечный удар", "после солнечного удара"),
        ("елка", "Ёлка"),
        ("إيران", "وبإيران أيضا"),
        ("إيران", "لايران"),
        ("إيراني", "الإيرانيين"),
        ("الكرملين", "للكرملين كلمة"),
        ("غارة", "غارتان على البلدة"),
        ("ضربة جوية", "بعد الضربة الجوية"),
        ("نهر الفولغا", "النهر والفولغا"),
        ("روس", "روس‌ها"),
        ("روس", "روسها"),
        ("تهران", "تهراني ها"),
        ("حزب‌الله", "حزب‌الله لبنان"),
        ("حزب‌الله", "حزب الله لبنان"),
        ("=تخت‌روانچی", "تخت روانچی رفت"),
        ("איראן", "ולאיראן"),
        ("איראני", "כשהאיראנים"),
        ("תקיפה", "בתקיפת המחסן"),
        ("דרום לבנון", "בדרום הלבנון"),
    ],
)
def test_a_term_matches_with_the_prefixes_and_suffixes_of_its_language(term, text):
    assert about([term], text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("iran*", "Tirana"),
        ("iran*", "piranhas"),
        ("russia*", "Prussian blue"),
        ("иран*", "Тирана"),
        ("русск*", "Белорусский"),
        ("ایران*", "مدیران و وزیران"),
        ("روس", "روسری"),
        ("روس", "فیروس"),
        ("إيران", "نيران الجيران"),
        ("روس", "عروس"),
        ("רוסי", "וירוס"),
        ("איראן", "עיראק"),
    ],
)
def test_a_term_never_matches_inside_another_word(term, text):
    assert not about([term], text)


def test_letters_of_another_script_may_follow_a_wildcard_term():
    assert about("tehran*", "Концерт Tehranский состоялся")


def test_the_language_of_a_text_changes_nothing():
    topics = rules({"fa": ["ایران*"]})

    assert topics.match("ایرانیان", lang="ar") == topics.match("ایرانیان", lang=None)


# --- why -------------------------------------------------------------------------------------------------------------


def test_a_match_lists_the_words_as_the_text_spells_them():
    topics = rules("(Iran* OR Tehran) AND strike*")

    (match,) = topics.match("TEHRAN denies it", "After strikes, Iranians and روس‌ها left Tehran")

    assert match.terms == ("TEHRAN", "strikes", "Iranians", "Tehran")


def test_a_matched_phrase_is_one_term():
    (match,) = rules(['"oil tanker"']).match("Two Oil Tankers burn")

    assert match.terms == ("Oil Tankers",)


def test_topics_are_in_file_order():
    topics = compile_rules([TopicRule(TopicSlug(slug), slug, [slug]) for slug in ("b", "a", "c")])

    assert [match.slug for match in topics.match("a b c")] == ["b", "a", "c"]
    assert topics.slugs == ("b", "a", "c")


def test_words_dropped_from_the_cache_are_matched_again(monkeypatch):
    monkeypatch.setattr(_lexicon, "REMEMBERED", 2)
    topics = rules(["oil tanker", "иран"])

    assert [bool(topics.match(f"{word} Oil tankers in Иране")) for word in ["a", "b", "c", "д", "е"]] == [True] * 5
    assert len(topics._lexicon.known) + len(topics._lexicon.known.dull) <= 2


def test_the_cache_of_unmatched_words_is_bounded_and_spares_repeated_lookups(monkeypatch):
    monkeypatch.setattr(_lexicon, "REMEMBERED", 8)
    topics, asked = rules(["oil tanker"]), []
    known = topics._lexicon.known
    monkeypatch.setattr(_lexicon.Patterns, "met", lambda _, word: asked.append(word) or ())

    for at in range(40):
        assert not topics.match(f"vessel{at} tankerless {'o' * 41}")

    assert len(known.dull) + len(known._before) <= 2 * 8
    assert asked == ["tankerless"]  # once; the other words share no term's prefix, so no pattern is tried


def test_a_text_without_all_words_of_a_phrase_is_not_searched_by_position(monkeypatch):
    topics = rules(["oil tanker", "crew * ship"])
    placed = []
    monkeypatch.setattr(
        "wirekin.topics.places", lambda *read: placed.append(" ".join(read[0])) or _lexicon.places(*read)
    )

    texts = ["tanker oil", "oil and a tanker", "the tanker", "oil tanker", "Crews: ships", "a crew of ships"]
    assert [bool(topics.about("News", text)) for text in texts] == [False, False, False, True, False, True]
    assert placed == ["news oil tanker", "news a crew of ships"]


def test_words_that_match_the_same_terms_share_one_cache_value():
    topics = rules(["strike*", "air strike*"])
    assert topics.about("strikea strikeb strikec")
    assert len(topics._lexicon.known) == 3
    assert len(set(map(id, topics._lexicon.known.values()))) == 1


# Terms in one script, in two, and with digits of their script, in lists of several languages.
_LISTS = {
    "en": ["strike", "удар"],
    "ru": ["забастовка", "7 октября", "iPhone в России", "-забастовка шахтёров", "вагон №"],
    "he": ["שביתה", 'צה"ל', "covid חיסון"],
    "fa": ["اعتصاب", "۷ اکتبر", "خامنه‌ای"],
    "ar": ["إضراب"],
}
_TEXTS = [
    "A strike", "удар", "Забастовки", "7 октября", "7 октябрь", "вагон № 3", "iPhone в России", "в забастовку шахтёров", "השביתה", "צה״ל",
    "Covid חיסון", "اعتصاب‌ها", "7 اکتبر", "۷ اکتبر", "خامنه ای", "الإضرابات", "Nothing, ничего, כלום, هیچ",
]  # fmt: skip


@pytest.mark.parametrize("text", _TEXTS)
def test_texts_in_other_scripts_before_change_no_match(text):
    def last_match(*texts: str) -> list[object]:
        topics = rules("@all", all=_LISTS)
        return [topics.match(each) for each in texts][-1:]

    assert last_match(text) == last_match(*_TEXTS, text) == last_match(*reversed(_TEXTS), text)
    assert last_match(text) == [rules([f"@{lang}" for lang in _LISTS], **_LISTS).match(text)]


def test_the_terms_of_a_script_are_expanded_at_its_first_text():
    topics = rules("@all", all=_LISTS)

    assert topics.touching("A strike", "and so on")
    assert topics.touching("удар по iPhone", "")  # it is in an English list
    before = set(topics._lexicon._parts)
    assert topics.touching("שביתה", "")

    assert (before, set(topics._lexicon._parts)) == ({"", "cyrillic"}, {"", "cyrillic", "hebrew"})


@pytest.mark.parametrize("script", _patterns.SCRIPTS)
def test_letters_of_a_script_stay_in_it_when_folded(script):
    letters = [char for char in map(chr, range(0x110000)) if not _patterns._FOREIGN[script].search(char)]
    words = [word for letter in letters for word in normal(letter)]

    assert len(words) > 25
    assert all(map(_patterns.SCRIPTS[script].fullmatch, "".join(words)))


def test_without_rules_nothing_matches():
    assert compile_rules([]).match("anything") == ()


def explained(rule: object, title: str, summary: str = "", **terms: object) -> Explained:
    (one,) = rules(rule, **terms).explain(title, summary)
    return one


@pytest.mark.parametrize(
    ("term", "text", "form"),
    [
        ("Iran*", "Iranian", "iran+ian"),
        ("tanker", "tankers", "tanker+s"),
        ("москва", "Москве", "москв+е"),
        ("איראן", "ולאיראן", "ול+איראנ"),
        ("الكرملين", "للكرملين", text.fold("لل") + "+" + text.fold("كرملين")),
    ],
)
def test_an_explanation_splits_a_word_into_stem_and_affixes(term, text, form):
    (reason,) = explained([term], text).reasons

    assert (reason.term, reason.words, reason.forms) == (term, text, (form,))


def test_an_explanation_names_the_list_of_each_term():
    one = explained('@who AND "oil tanker"', "Navy boards oil tankers", who=["navy", "army"])

    assert one.matches
    assert [(reason.words, reason.term, reason.of) for reason in one.reasons] == [
        ("Navy", "navy", "who"),
        ("oil tankers", "oil tanker", ""),
    ]


def test_an_explanation_names_the_words_that_a_not_excludes():
    one = explained("strike AND NOT @labour", "Teachers strike", labour=["teacher"])

    assert not one.matches
    assert [reason.words for reason in one.reasons] == ["strike"]
    assert [(reason.words, reason.of) for reason in one.against] == [("Teachers", "labour")]


def test_an_explanation_names_the_words_that_a_not_near_excludes():
    one = explained("strike NOT NEAR/1 teacher", "Teachers strike")

    assert not one.matches
    assert [[reason.words for reason in side] for side in (one.reasons, one.against)] == [["strike"], ["Teachers"]]


@pytest.mark.parametrize("rule", ["oil NEAR/1 tanker", "title:oil AND title:tanker"])
def test_an_explanation_shows_terms_found_in_the_wrong_place(rule):
    one = explained(rule, "Oil price", "A tanker")

    assert (one.matches, one.against) == (False, ())
    assert [reason.words for reason in one.reasons] == ["Oil", "tanker"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("oil AND tanker", "Oil price"),
        ('oil AND "crude tanker"', "Oil price of crude, by tanker"),  # whichever word of the phrase is its key
        ('oil AND "crude tanker"', "Oil tanker, crude"),
        (["strike", "-hunger strike"], "Hunger strike"),
    ],
)
def test_a_topic_whose_rule_finds_too_little_is_not_explained(rule, text):
    assert rules(rule).explain(text) == ()


def test_a_word_with_a_colon_that_cannot_be_a_field_is_a_term():
    assert about(["12:30", "Live: strike"], "Live: strike at noon")
    assert about('"re:publica"', "Thousands at re:publica")
    assert about("https://ship", "https://ship")


@pytest.mark.parametrize(
    ("item", "message"), [("titel:tanker", "there is no field titel:"), ("title:tanker", "title: stands in rules")]
)
def test_a_field_in_a_list_of_terms_is_an_error(item, message):
    with pytest.raises(RuleError, match=message) as raised:
        rules("@what", what=["oil", item])

    assert raised.value.where == ("terms", "what", 1)


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "at", "message"),
    [
        (
            "a1 OR titel:b1",
            6,
            "there is no field titel:, only title: (a phrase is written in quotation marks) at character 7",
        ),
        (
            "Title: b1",
            0,
            "there is no field Title:, only title: (a phrase is written in quotation marks) at character 1",
        ),
        ("summary:b1", 0, "there is no field summary:, only title:"),
        ("-title:b1", 0, "there is no field title:, only title:"),
        ("a1 AND (b1 OR c1", 7, "unbalanced parenthesis at character 8"),
        ("a1 OR b1)", 8, "unbalanced parenthesis at character 9"),
        ('a1 AND "b1', 7, "a quotation mark without its partner at character 8"),
        ("a1 AND", 6, "expected a term, found the end of the rule at character 7"),
        ("AND a1", 0, "expected a term, found AND at character 1"),
        ("oil AND NOT NEAR/2 tanker", 12, "expected a term, found NEAR/2 at character 13"),
        ("oil NOT tanker", 4, "expected AND, OR or NEAR/n before 'NOT' (a AND NOT b, or a NOT NEAR/n b)"),
        ("oil tanker", 4, "expected AND, OR or NEAR/n before 'tanker' (a phrase is written in quotation marks)"),
        ("a1 and b1", 3, "expected AND, OR or NEAR/n before 'and' (operators are written in capitals)"),
        ("(a1 b1)", 4, "expected AND, OR or NEAR/n before 'b1'"),
        ("a1 AND st*r", 7, "'*' may only end a word"),
        ("a1 AND @ships", 7, "there is no list 'ships' under 'terms:'"),
        ("(a1 AND b1) NEAR/3 c1", 12, "NEAR needs terms, lists or (a OR b) on both sides"),
        ("NOT a1", 0, "this rule only says what it does not want"),
        ("b1 OR NOT (NOT a1)", 0, "this rule only says what it does not want"),
        ("a*", 0, "'*' needs at least two letters before it"),
        ("?!", 0, "a term begins and ends with letters or digits"),
        ("", 0, "expected a term, found the end of the rule"),
        ("(" * 60 + "a1" + ")" * 60, 41, "a rule nested too deeply"),
    ],
)
def test_an_invalid_rule_is_reported_with_its_position(rule, at, message):
    with pytest.raises(RuleError) as caught:
        rules(rule)

    assert message in str(caught.value)
    assert at == caught.value.at
    assert caught.value.where == ("rule",)


@pytest.mark.parametrize(
    ("rule", "terms", "where"),
    [
        ({"en": ["fine", "st*r"]}, {}, ("rule", "en", 1)),
        (["fine", "a1 AND ("], {}, ("rule", 1)),
        ("@who", {"who": {"fa": ["st*r"]}}, ("terms", "who", "fa", 0)),
        ("@who", {"who": []}, ("terms", "who")),
        ("@who", {"who": [7]}, ("terms", "who", 0)),
        (7, {}, ("rule",)),
        ([], {}, ("rule",)),
        (["a1", None], {}, ("rule", 1)),
    ],
)
def test_an_error_names_the_place_of_the_wrong_text(rule, terms, where):
    with pytest.raises(RuleError) as caught:
        rules(rule, **terms)

    assert where == caught.value.where


# --- properties ------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["oil", "ship", "port", "Иран", "تهران", "איראן", "-", "«", "\u200c", "\u064b", '"', "½", "\ud800"]
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60)
MANY_RULES = rules(["oil", "ship*", "иран*", "تهران", "איראן", "-oil port"])


@given(title=TEXTS, summary=TEXTS)
def test_any_text_can_be_matched_and_every_matched_term_is_a_word(title, summary):
    for match in MANY_RULES.match(title, summary):
        assert match.terms
        assert all(term.strip() for term in match.terms)


@given(words=st.lists(st.sampled_from(["oil", "ship", "port", "sea"]), max_size=8), distance=st.integers(0, 6))
def test_near_counts_the_words_between(words, distance):
    places = {word: [at for at, other in enumerate(words) if other == word] for word in ("oil", "port")}
    expected = any(abs(a - b) - 1 <= distance for a in places["oil"] for b in places["port"])

    assert expected == about(f"oil NEAR/{distance} port", " ".join(words))


@given(st.text(alphabet='ab AND OR NOT NEAR/2 () "@*=-:titl', max_size=40))
def test_any_rule_compiles_or_fails_with_a_position(rule):
    places = [0]
    try:
        rules(rule, a=["b"])
    except RuleError as error:
        places.append(error.at)

    assert all(0 <= at <= len(rule) for at in places)


# --- the prefilter ---------------------------------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(["ship", "ships", "shipping", "port", "oil", "tanker", "иран", "ирана", 'صه"ل', ",", "—", "x"]),
    max_size=8,
)
TOUCHING = rules(["ship", "port AND NOT x", '"oil tanker"', "иран*", "-shipping", "-tanker ship"])


@given(WORDS, WORDS, st.integers(0, 8), st.integers(0, 8))
def test_an_untouched_text_and_its_parts_match_no_topic(
    title: list[str], summary: list[str], start: int, cut: int
) -> None:
    if not TOUCHING.touching(" ".join(title), " ".join(summary)):
        assert TOUCHING.match(" ".join(title), " ".join(summary)) == ()
        assert TOUCHING.match(" ".join(title[start:cut]), " ".join(summary[cut:])) == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A ship sinks", True), ("A shop sinks", False), ("", False),
        ("The oil tanker", True), ("Oil in a tanker", False), ("Tanker ship", True), ("Shipping", False),
    ],
)  # fmt: skip
def test_touch_tells_whether_a_text_has_a_term_of_any_rule(title: str, expected: bool) -> None:
    assert (TOUCHING.touching(title, "") is not None) is expected


@pytest.mark.parametrize(
    ("term", "met", "missed"),
    [
        ("war", ("war", "Wars"), ("warm", "postwar")), ("un*", ("UN", "unto"), ("sun",)),
        ("газ", ("газ", "газом"), ("газета", "спецназ")), ("мир", ("мира",), ("мираж",)),
        ("ир*", ("иран",), ("мир",)), ("צבא", ("צבא", "ולצבא", "כשהצבא"), ("צב",)),
        ("עזה", ("עזה", "בעזה"), ("עזר",)), ("גז", ("גז", "והגז"), ("רגז",)), ("نفط", ("نفط", "والنفط"), ("نف",)),
        ("קו 9", ("קו 9", "בקו 9"), ("קו 99",)),
    ],
)  # fmt: skip
def test_short_terms_match_with_affixes_and_not_inside_other_words(
    term: str, met: tuple[str, ...], missed: tuple[str, ...]
) -> None:
    topics = rules([term])

    assert [text for text in (*met, *missed) if topics.touching(text, "")] == [*met]
    assert [text for text in (*met, *missed) if topics.match("", f"{text}.")] == [*met]


ODD_TEXT = st.text(st.sampled_from("aZ.'`´’“…—«½é΅ΐσςΣЙёйא\"״צכ\u0301\u05b4\u200c\xa0_ 1 ")) | st.text()


def folded(written: str) -> list[str]:
    return [word for token in written.split() for word in normal(token)]


@given(ODD_TEXT)
def test_quotation_marks_and_dashes_separate_words_as_spaces_do(written: str) -> None:
    assert folded(undressed(written)) == folded(written)


@given(st.lists(ODD_TEXT | st.from_regex(r"=?[\w .*ـ-]{1,9}\*?", fullmatch=True), min_size=1, max_size=4))
def test_terms_folded_together_split_into_words_as_those_folded_alone(terms: list[str]) -> None:
    for term, together in zip(terms, folded_terms(terms), strict=True):
        with suppress(RuleError):
            found = words_of(term, together)
            assert found == split(term)


@given(st.from_regex(_SOUND, fullmatch=True) | st.from_regex(r"-?[\w ء*]{1,40}", fullmatch=True))
@example("площад* Азади")
@example("-=wor*")
def test_a_term_that_passes_the_quick_check_is_valid_and_splits_as_written(term: str) -> None:
    if is_sound(term):
        bare = term.removeprefix("-")
        (folded,) = folded_terms([bare])
        assert words_of(bare, folded) == folded.split(" ")


def test_the_letters_of_quickly_checked_terms_fold_to_one_letter_each() -> None:
    kept = [chr(code) for code in range(0x110000) if is_sound(chr(code) * 2)]

    assert len(kept) > 250
    assert [letter for letter in kept if len("".join(normal(letter * 2))) != 2] == []


def test_an_invalid_term_among_valid_ones_is_reported_at_its_own_place() -> None:
    with pytest.raises(RuleError) as caught:
        rules({"en": ["ship", "sea port*", "-oil", "-o*", "tanker"]})

    assert caught.value.where == ("rule", "en", 3)


def split(term: str) -> list[str]:
    try:
        return _split(term)
    except RuleError:
        return ["nothing, for it complains"]


@given(ODD_TEXT)
def test_the_words_of_a_whole_text_are_those_of_its_tokens(written: str) -> None:
    assert parted(written).split() == [word for token in written.split() for word in normal(token)]


def test_terms_are_expanded_at_the_first_text_and_not_before() -> None:
    ships = rules("ship*")
    before = dict(ships._lexicon._parts)

    assert ships.match("Shipping news")
    assert before == {}
    assert isinstance(ships._lexicon._parts[""], Patterns)


@pytest.mark.parametrize(
    "text", ["Crude tanker oil", "Oil tanker", "A ship, an oil tanker", "strikes " + "k" * 50 + " deal"]
)
def test_the_first_text_is_explained_as_any_later_one(text: str) -> None:
    topics = rules(["oil tanker", "tanker oil", "strike kk* deal"])
    first, later = topics.explain(text), topics.explain(text)

    assert first == later
    assert [found.matches for found in first] == [True]


def test_a_phrase_is_looked_up_by_its_rarest_word() -> None:
    topics = rules(["warns people", "home win", "ninth * government"])

    texts = ["It warns people", "A home win", "The ninth new government"]
    assert [bool(topics.about(text)) for text in texts] == [True] * 3
    assert not topics.about("People of this government went home")
    assert {"people", "home"} <= topics._lexicon.known.dull  # the longest words, by which both would be looked up


@pytest.mark.parametrize(
    ("term", "text"), [("next year", "Next year"), ("will * year", "This will next year end"), ("7 days", "In 7 days")]
)
def test_a_phrase_of_common_words_alone_is_found(term: str, text: str) -> None:
    assert rules([term]).about(text)


@pytest.mark.parametrize("text", ["strike" + "a" * 50, "A " + "k" * 50 + " ship", "ship " + "k" * 50])
def test_a_word_too_long_to_be_cached_is_matched(text: str) -> None:
    topics = rules(["strike*", "kk* ship", "ship kk*"])

    assert [topics.about(text), topics.about("", text)] == [topics.slugs] * 2
    assert topics.touching("", text)
    assert topics.about(text) == topics.slugs
    assert not [word for word in (*topics._lexicon.known, *topics._lexicon.known.dull) if len(word) > _lexicon.LONGEST]


def test_no_longer_beginnings_of_a_word_are_looked_up_than_the_longest_stem() -> None:
    patterns = Patterns([Added(["strike*", "иранский"], "ru", 1)])
    word = "strike" + "б" * 100_000

    assert max(patterns._lengths(word)) == len("strike")  # trying every length took 3 s
    assert patterns.met(word)


def test_the_cache_of_group_combinations_is_bounded() -> None:
    for at in range(1 << 13):
        assert _patterns.bits((at % 64 + 1, at // 64 + 100)).bit_count() == 2

    assert _patterns.bits.cache_info().currsize < 1 << 13


def test_after_forget_the_same_texts_match_again() -> None:
    ships = rules("ship*")
    before = ships.match("Shipping news"), ships.touching("Dull news", "")
    ships.forget()

    assert not ships._lexicon.known
    assert not ships._lexicon.known.dull
    assert not ships._lexicon._parts
    assert (ships.match("Shipping news"), ships.touching("Dull news", "")) == before
