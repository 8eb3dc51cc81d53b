"""The matcher compared with a slow reference written from docs/configuration.md: the same topics and reasons.

The reference has no heads, anchors or caches: it compares every word of a text with every word of every term, and every
position with every other.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from wirekin.errors import RuleError
from wirekin.model import TopicSlug
from wirekin.topics import TopicRule, compile_rules
from wirekin.topics._forms import Shape, WordForms, folded_terms, forms, normal, shown, words_of
from wirekin.topics._grammar import Apart, Every, Near, Node, Not, Some, Terms, read_rule

ROOT = Path(__file__).parents[2]
STORIES = ROOT / ".." / "shared" / "stories"
HEADLINES = None if os.environ.get("WIREKIN_PROOF") else 600  # of all shared ones; None: all
Spans = set[tuple[int, int]]
Text = tuple[str, str]


class ReferenceTopic:
    """One topic with a rule in the boolean language; `lists` is like `terms:` in feeds.yml."""

    def __init__(self, rule: str, lists: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._groups: list[dict[WordForms, list[tuple[bool, tuple[WordForms, ...]]]]] = []  # by their first word
        self._lists = lists
        self._tree = read_rule(rule, term=lambda term: self._group([(term, None)]), named=self._named)

    def _named(self, name: str) -> int:
        return self._group([(term, lang) for lang, terms in self._lists[name].items() for term in terms])

    def _group(self, terms: list[tuple[str, str | None]]) -> int:
        begun: dict[WordForms, list[tuple[bool, tuple[WordForms, ...]]]] = defaultdict(list)
        for term, lang in terms:
            counts = term[:1] != "-"
            bare = term if counts else term[1:]
            words = tuple(forms(word, lang) for word in words_of(bare, *folded_terms([bare])))
            begun[words[0]].append((counts, words))
        self._groups.append(begun)
        return len(self._groups) - 1

    def words(self) -> Iterator[WordForms]:
        """Every word of every term."""
        return (word for begun in self._groups for terms in begun.values() for _, term in terms for word in term)

    def reasons(self, text: Text) -> tuple[str, ...] | None:
        """The words that make the rule true; None where it is false."""
        fields = [[word for token in part.split() for word in normal(token)] for part in text]
        ends = len(fields[0])
        spans = self._true(self._tree, fields[0] + fields[1], ends)
        if spans is None:
            return None
        spelt = [word for token in " ".join(text).split() for word in shown(token)]
        return tuple(dict.fromkeys(" ".join(spelt[start:end]) for start, end in sorted(spans)))

    def _true(self, node: Node, words: list[str], ends: int) -> Spans | None:
        match node:
            case Terms():
                spans = self._spans(node.group, words, ends)
                return {span for span in spans if not node.title_only or span[0] < ends} or None
            case Not():
                return set() if self._true(node.part, words, ends) is None else None
            case Every():
                parts = [self._true(part, words, ends) for part in node.parts]
                return None if None in parts else set[tuple[int, int]]().union(*filter(None, parts))
            case Some():
                parts = [self._true(part, words, ends) for part in node.parts]
                return set[tuple[int, int]]().union(*filter(None, parts)) if any(p is not None for p in parts) else None
            case Near():
                left, right = (self._true(side, words, ends) or set() for side in (node.left, node.right))
                near = [(a, b) for a in left for b in right if _between(a, b, ends) <= node.words]
                return {span for pair in near for span in pair} or None
            case Apart():
                left, right = (self._true(side, words, ends) or set() for side in (node.near.left, node.near.right))
                return {a for a in left if all(_between(a, b, ends) > node.near.words for b in right)} or None
        raise AssertionError(node)

    def _spans(self, group: int, words: list[str], ends: int) -> Spans:
        meant, taken = set(), set()
        met = [_met(word) for word in words]
        for start, found in enumerate(met):
            for counts, term in (term for want in found for term in self._groups[group].get(want, ())):
                end = start + len(term)
                if end > len(words) or start < ends < end:
                    continue
                if all(not want or want in beside for want, beside in zip(term, met[start:end], strict=True)):
                    (meant if counts else taken).add((start, end))
        return {(a, b) for a, b in meant if not any(start <= a and b <= end for start, end in taken)}


def _between(a: tuple[int, int], b: tuple[int, int], ends: int) -> int:
    first, second = min(a, b), max(a, b)
    return 1_000_000 if first[0] < ends <= second[0] else max(second[0] - first[1], 0)


KNOWN_FORMS: list[tuple[Shape, WordForms]] = []


@cache
def _met(word: str) -> frozenset[WordForms]:
    return frozenset(forms for shape, forms in KNOWN_FORMS if shape[1] in word and _written(shape, word))


def _written(shape: Shape, word: str) -> bool:
    openings, stem, endings = shape
    return any(
        word[:start] in openings
        and word.startswith(stem, start)
        and (endings is None or word[start + len(stem) :] in endings)
        for start in range(len(word))
    )


def reference_topics(
    rules: Mapping[str, str], lists: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, ReferenceTopic]:
    made = {slug: ReferenceTopic(rule, lists) for slug, rule in rules.items()}
    KNOWN_FORMS[:] = [
        (shape, word) for word in {word for one in made.values() for word in one.words()} for shape in word
    ]
    _met.cache_clear()
    return made


def assert_agree(rules: Mapping[str, str], lists: Mapping[str, Mapping[str, Sequence[str]]], texts: Sequence[Text]):
    fast = compile_rules([TopicRule(TopicSlug(slug), slug, rule, lists) for slug, rule in rules.items()])
    reference = reference_topics(rules, lists)
    for text in texts:
        expected = {slug: why for slug, one in reference.items() if (why := one.reasons(text)) is not None}
        assert expected == {match.slug: match.terms for match in fast.match(*text)}, text
        assert tuple(expected) == fast.about(*text)
        assert not expected or fast.touching(*text)


# --- generated rules -------------------------------------------------------------------------------------------------

POOL = {
    "en": ["oil", "tanker", "strike*", "oil tanker", "=ban", "ba*", "gas * deal", "U.S.", "-oil deal", "2024", "a b"],
    "ru": ["Иран*", "удар", "удар по Ирану", "санкции", "Москва", "=Дон", "ёлка", "-солнечный удар", "новая школа"],
    "fa": ["ایران*", "روس", "حزب‌الله", "حمله به ایران", "جنگ", "سپاه", "-سپاه پاکستان"],
    "ar": ["إيران", "غارة", "الكرملين", "ضربة جوية", "نهر الفولغا", "روسيا", "-=بروس"],
    "he": ["איראן", "תקיפה", 'צה"ל', "דרום לבנון", "רוסי", "-תקיפה מינית", "מכה"],
}  # fmt: skip
WRITTEN = [
    "oil", "oils", "tanker", "tankers,", "strike", "striking", "ban", "bans", "bank", "gas", "deal", "a", "b", "u",
    "s", "U.S.", "2024", "—", "½", "x", "Иран", "Ирану", "иранский", "ударами", "удар", "по", "солнечный", "санкций",
    "Москве", "Дон", "Дона", "Ёлки", "новой", "школы", "ایران", "ایرانیان", "روس\u200cها", "روسها", "حزب\u200cالله",
    "حمله", "به", "جنگی", "سپاه", "پاکستان", "وبإيران", "لايران", "غارات", "الغارة", "للكرملين", "والكرملين", "ضربة",
    "الضربة", "الجوية", "نهر", "والفولغا", "بروسيا", "بروس", "ולאיראן", "איראנים", "תקיפות", "בתקיפת", "מינית", 'צה"ל',
    "דרום", "הלבנון", "רוסים", "כשהרוסים", "המכה",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WRITTEN), max_size=14).map(" ".join)
TERMS = st.sampled_from([(lang, term) for lang, terms in POOL.items() for term in terms])
LISTS = st.dictionaries(
    st.sampled_from(["p", "q"]),
    st.dictionaries(
        st.sampled_from(list(POOL)), st.lists(TERMS.map(lambda pair: pair[1]), min_size=1, max_size=4), min_size=1
    ),
    min_size=2,
)
LEAVES = st.sampled_from(["@p", "@q", "title:@p"]) | TERMS.map(
    lambda pair: f'"{pair[1].lstrip("-")}"'.replace('צה"ל', "צהל")
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR", "NEAR/2", "AND NOT", "NEAR/0", "NOT NEAR/2"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(LEAVES, LEAVES).map(lambda pair: f"{pair[0]} NEAR/3 {pair[1]}"),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(rules=st.lists(RULES, min_size=1, max_size=3), lists=LISTS, texts=st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_generated_rules_match_as_in_the_slow_reference(rules, lists, texts):
    named = {f"t{at}": rule for at, rule in enumerate(rules)}
    try:
        compile_rules([TopicRule(TopicSlug(slug), slug, rule, lists) for slug, rule in named.items()])
    except RuleError:
        assume(False)
    assert_agree(named, lists, texts)


# --- the shipped rules -----------------------------------------------------------------------------------------------


def headlines() -> Iterator[Text]:
    for path in sorted(STORIES.glob("**/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "a" in row:
                yield str(row["a"]), str(row.get("sa") or "")[:400]
                yield str(row["b"]), str(row.get("sb") or "")[:400]
            else:
                yield str(row.get("title") or row.get("text") or ""), str(row.get("summary") or "")


def shipped() -> tuple[dict[str, str], dict[str, dict[str, list[str]]]]:
    read = YAML(typ="safe").load(ROOT / "feeds.yml")
    return {slug: topic["rule"] for slug, topic in read["topics"].items()}, read["terms"]


def test_the_shipped_rules_match_as_in_the_slow_reference():
    from tests.core.test_topics_by_language import ABOUT

    rules, lists = shipped()
    assert_agree(rules, lists, [(text, "") for texts in ABOUT.values() for text in texts])


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.skipif(not STORIES.is_dir(), reason="the labelled headlines are not on this machine")
def test_the_shared_headlines_are_matched_as_in_the_slow_reference():
    texts = sorted(set(headlines()))
    random.Random(20261129).shuffle(texts)
    assert_agree(*shipped(), texts[:HEADLINES])
