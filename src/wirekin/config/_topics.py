"""`topics:` and `terms:` of feeds.yml -> compiled rules, and a rule's error back to its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping

from wirekin.config._check import LANG, Problems
from wirekin.config._nodes import Mapping, Node, Scalar, Sequence
from wirekin.errors import RuleError
from wirekin.model import TopicSlug
from wirekin.topics import TopicRule, TopicRules, compile_rules

TOPIC = ("name", "rule", "terms")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LIST_NAME = re.compile(r"[\w-]{1,64}")
# Text that Problems.string returns as it stands: no boolean, null or number begins like this. Most terms are such; with
# this test first, reading them takes two thirds of the time (2026-11).
_BARRED = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_USUAL = re.compile(rf"(?![TtFfNn])[^\W\d_](?:[^{_BARRED}]{{0,98}}[^\s{_BARRED}])?")


def read_topics(problems: Problems, node: Node | None, terms: Node | None) -> TopicRules:
    """The compiled topics; those that do not compile are complained about."""
    shared = _lists(problems, terms, "terms")
    pairs = problems.mapping(node, "topics", what="a mapping of topics").pairs
    read = [(key, value, _topic(problems, key, value, shared)) for key, value in pairs]
    rules = [rule for _, _, rule in read if rule is not None]
    try:
        return compile_rules(rules)
    except RuleError:
        sound = [_sound(problems, rule, value, terms) for _, value, rule in read if rule is not None]
        return compile_rules(sound)


def _sound(problems: Problems, rule: TopicRule, node: Node, terms: Node | None) -> TopicRule:
    """The rule; after a complaint a placeholder, so that feeds may still name the topic."""
    try:
        compile_rules([rule])
    except RuleError as error:
        _complain(problems, error, rule.slug, node, terms)
        return TopicRule(rule.slug, rule.name, rule.slug)
    return rule


def _topic(problems: Problems, key: Scalar, node: Node, shared: AnyMapping[str, object]) -> TopicRule | None:
    path = f"topics.{key.text}"
    if not _SLUG.fullmatch(key.text) or key.text == "all":
        problems.at(key, path, "a topic's key is made of a-z, 0-9 and '-', and is not 'all'")
        return None
    found = problems.mapping(node, path, TOPIC, "{name, rule}")
    name = problems.string(found.get("name"), f"{path}.name", most=120) or key.text
    local = _lists(problems, found.get("terms"), f"{path}.terms")
    rule = found.get("rule")
    if rule is None:
        if isinstance(node, Mapping):
            problems.at(key, path, "a topic needs 'rule'")
        return None
    said = _rule(problems, rule, f"{path}.rule")
    return TopicRule(TopicSlug(key.text), name, said, {**shared, **local}) if said is not None else None


def _rule(problems: Problems, node: Node, path: str) -> object:
    """A rule as compile_rules wants it; None after a complaint."""
    if isinstance(node, Mapping):
        if not node.pairs:
            problems.at(node, path, "an empty mapping")
        parts = {
            key.text: _rule_part(problems, value, f"{path}.{key.text}") for key, value in _langs(problems, node, path)
        }
        return parts if parts and None not in parts.values() else None
    return _rule_part(problems, node, path)


def _rule_part(problems: Problems, node: Node, path: str) -> object:
    if isinstance(node, Sequence):
        return _terms(problems, node, path)
    text = problems.string(_folded(node), path, "a rule or a list of terms", most=20_000)
    return text if text is None or not isinstance(node, Scalar) else node.text


def _folded(node: Node) -> Node:
    """The node with its white space folded: a rule may be a block of several lines."""
    return Scalar(node.place, re.sub(r"\s+", " ", node.text), node.plain) if isinstance(node, Scalar) else node


def _terms(problems: Problems, node: Node, path: str) -> list[str] | None:
    found = [
        item.text if isinstance(item, Scalar) and _USUAL.fullmatch(item.text) else problems.string(item, here, "a term")
        for here, item in problems.items(node, path, "a list of terms")
    ]
    if isinstance(node, Sequence) and not node.items:
        problems.at(node, path, "an empty list")
    if found and all(term is not None and term.startswith("-") for term in found):
        problems.at(node, path, "this list only says what it does not want: name what it wants, too")
    return [term for term in found if term is not None] if found and None not in found else None


def _langs(problems: Problems, node: Mapping, path: str) -> list[tuple[Scalar, Node]]:
    problems.mapping(node, path)
    good = []
    for key, value in node.pairs:
        if LANG.fullmatch(key.text):
            good.append((key, value))
        else:
            problems.at(key, f"{path}.{key.text}", "expected a language code such as en")
    return good


def _lists(problems: Problems, node: Node | None, path: str) -> dict[str, object]:
    """The term lists by name. A list cannot refer to another: in it, `@ships` would be the word "ships"."""
    lists: dict[str, object] = {}
    for key, value in problems.mapping(node, path, what="a mapping of term lists").pairs:
        here = f"{path}.{key.text}"
        if not _LIST_NAME.fullmatch(key.text):
            problems.at(key, here, "a list's name is one word, used as @name in rules")
        if isinstance(value, Mapping):
            by_lang = {
                lang.text: _listed(problems, part, f"{here}.{lang.text}")
                for lang, part in _langs(problems, value, here)
            }
            lists[key.text] = {lang: terms for lang, terms in by_lang.items() if terms}
        else:
            lists[key.text] = _listed(problems, value, here) or []
    return lists


def _listed(problems: Problems, node: Node, path: str) -> list[str] | None:
    for here, item in problems.items(node, path) if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar) and item.text.startswith("@"):
            problems.at(item, here, "a list holds words and phrases; other lists are named in rules")
    return _terms(problems, node, path)


# --- from an error back to the file --------------------------------------------------------------------------------


def _complain(problems: Problems, error: RuleError, slug: str, topic: Node, shared: Node | None) -> None:
    node, path = _follow(topic, error.where, f"topics.{slug}")
    if node is None and error.where[:1] == ("terms",):
        node, path = _follow(shared, error.where[1:], "terms")
    if node is None or any(line for line in problems.found if line[2].startswith(f"{path}:")):
        return  # complained about already: an empty or misshapen list
    line, column = _offset(node, error.at)
    problems.here(line, column, path, str(error))


def _follow(node: Node | None, where: tuple[str | int, ...], path: str) -> tuple[Node | None, str]:
    for step in where:
        if isinstance(step, int):
            node = node.items[step] if isinstance(node, Sequence) and step < len(node.items) else None
            path += f"[{step}]"
        else:
            node = node.get(step) if isinstance(node, Mapping) else None
            path += f".{step}"
    return node, path


def _offset(node: Node, at: int) -> tuple[int, int]:
    """Line and column of a character of a text that stands on one line; else of the text's beginning."""
    place = node.place
    if not isinstance(node, Scalar) or "\n" in node.text:
        return place.line, place.column
    quotes = place.end - place.start - len(node.text)
    return place.line, place.column + at + (0 if node.plain else 1) if quotes in {0, 2} else place.column
