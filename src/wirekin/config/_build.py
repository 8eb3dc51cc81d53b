"""feeds.yml's nodes -> Settings, publishers, topics, feeds; every complaint is collected on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_network
from typing import TypeVar
from urllib.parse import urlsplit

from wirekin import thumbnails, urls
from wirekin.config._check import LANG, LEAST_KEEP, Problems, nearest
from wirekin.config._model import Config, Images, Settings, Unmatched
from wirekin.config._nodes import Mapping, Node, Scalar, Sequence
from wirekin.config._tokens import read_tokens
from wirekin.config._topics import read_topics
from wirekin.errors import ConfigError
from wirekin.model import Feed, FeedKind, Publisher, Selectors, Semantic, TopicSlug, feed_id
from wirekin.publishers import Directory, PublisherSpec
from wirekin.schedule import FLOOR
from wirekin.topics import TopicRules

Choice = TypeVar("Choice", bound=StrEnum)

SECTIONS = ("settings", "publishers", "terms", "topics", "feeds")
SETTINGS = tuple(field.name for field in fields(Settings))
PUBLISHER = ("name", "domains", "wire", "family")
ADDRESSES = {"url": FeedKind.FEED, "page": FeedKind.PAGE, "sitemap": FeedKind.SITEMAP}
FEED = (*ADDRESSES, "name", "publisher", "every", "topics", "lang", "select", "article_details", "allow_private")
NAME_CHARS = 120  # of a feed's name
MOST_DETAILS = 20  # article pages a turn for one feed: with a second between two to one host, most of a turn's 30 s
SELECT = tuple(field.name for field in fields(Selectors))

_DOMAIN = re.compile(r"(?=.{1,253}$)[^\W_]([\w-]{0,61}[^\W_])?(\.[^\W_]([\w-]{0,61}[^\W_])?)*(:\d{1,5})?")
_CONTACT = re.compile(r"[\x21-\x7e]{3,200}")  # it goes into a header: visible ASCII


def build(root: Node | None, file: str) -> Config:
    """The configuration that a file's nodes say.

    Raises: ConfigError with every problem.
    """
    if root is None:
        raise ConfigError([f"{file}:1:1: the file is empty: `wirekin init` writes one to start from"])
    problems = Problems(file)
    top = problems.mapping(root, "", SECTIONS, "a mapping with 'feeds:'")
    settings = _settings(problems, top.get("settings"))
    specs = _publishers(problems, top.get("publishers"))
    topics = read_topics(problems, top.get("topics"), top.get("terms"))
    directory = Directory(specs)
    context = _Context(problems, settings, directory, topics, _print_of(root, specs))
    feeds = _feeds(context, top.get("feeds"))
    if problems.found:
        raise ConfigError(problems.lines())
    return Config(settings, directory, topics, feeds)


@dataclass(frozen=True, slots=True)
class _Context:
    problems: Problems
    settings: Settings
    publishers: Directory
    topics: TopicRules
    rules_print: str  # a hash of all that decides what becomes of entries, apart from the feed's own item


def _print_of(root: Node, specs: tuple[PublisherSpec, ...]) -> str:
    rules = [plain(root.get(key)) for key in ("terms", "topics")] if isinstance(root, Mapping) else []
    return _hash_of([rules, [(spec.name, spec.domains, spec.wire, spec.family) for spec in specs]])


def _hash_of(said: object) -> str:
    """A hash of a value that JSON can hold."""
    return blake2b(json.dumps(said, ensure_ascii=False).encode(), digest_size=10).hexdigest()


_rules_hash = lru_cache(maxsize=64)(_hash_of)  # the same for most feeds


def plain(node: Node | None) -> object:
    """A node as strings, lists and dicts (JSON without numbers)."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs} if node is not None else None


# --- settings ------------------------------------------------------------------------------------------------------


def _settings(problems: Problems, node: Node | None) -> Settings:
    found, default = problems.mapping(node, "settings", SETTINGS), Settings()

    def length(key: str, otherwise: timedelta, low: timedelta) -> timedelta:
        return problems.length(found.get(key), f"settings.{key}", otherwise, low)

    return Settings(
        contact=_contact(problems, found.get("contact")),
        poll_every=length("poll_every", default.poll_every, FLOOR),
        keep=length("keep", default.keep, LEAST_KEEP),
        window=length("window", default.window, timedelta(hours=1)),
        listen=_listen(problems, found.get("listen")) or default.listen,
        public_url=_public_url(problems, found.get("public_url")),
        websub=_websub(problems, found, default=default.websub),
        semantic=_semantic(problems, found.get("semantic")),
        unmatched=_one_of(problems, found.get("unmatched"), "settings.unmatched", Unmatched.DROP),
        images=_images(problems, found.get("images")),
        allow_private=_private(problems, found.get("allow_private"), "settings.allow_private"),
        rate_limit=problems.number(found.get("rate_limit"), "settings.rate_limit", default.rate_limit, 0, 100_000),
        trusted_proxies=_proxies(problems, found.get("trusted_proxies")),
        admin_tokens=read_tokens(problems, found.get("admin_tokens")),
        workers=problems.number(found.get("workers"), "settings.workers", default.workers, 1, 64),
    )


def _contact(problems: Problems, node: Node | None) -> str | None:
    complaint = "expected an e-mail address or a URL in ASCII, without spaces"
    return problems.matching(_CONTACT, node, "settings.contact", "an e-mail address or a URL", complaint)


def _public_url(problems: Problems, node: Node | None) -> str | None:
    text = problems.address(node, "settings.public_url")
    if text and node is not None and set(text) & {"?", "#"}:
        problems.at(node, "settings.public_url", "our own paths follow it: it has no query and no fragment")
        return None
    return text


def _websub(problems: Problems, found: Mapping, *, default: bool) -> bool:
    node = found.get("websub")
    wanted = problems.boolean(node, "settings.websub", default=default)
    if node is not None and wanted and found.get("public_url") is None:
        problems.at(node, "settings.websub", "needs public_url, the address at which hubs reach this site")
    return wanted


def _semantic(problems: Problems, node: Node | None) -> Semantic:
    wanted: Semantic
    if isinstance(node, Scalar) and node.text == "multilingual":
        wanted = "multilingual"
    else:
        wanted = problems.boolean(node, "settings.semantic", expected="true, false or multilingual")
    if node is not None and wanted:
        from wirekin.stories import semantic_missing  # imported only for a file that asks for it

        if missing := semantic_missing(wanted):
            problems.at(node, "settings.semantic", missing)
    return wanted


def _listen(problems: Problems, node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Scalar):
        single = problems.host_port(node, "settings.listen")
        return (single,) if single else ()
    found: dict[str, str] = {}  # address -> its path in the file
    for path, item in problems.items(node, "settings.listen", "host:port or a list of them"):
        place = problems.host_port(item, path)
        if place in found:  # else binding it twice fails as "in use", and one looks for another program
            problems.at(item, path, f"the same address as {found[place]}")
        elif place:
            found[place] = path
    return tuple(found)


def _images(problems: Problems, node: Node | None) -> Images:
    wanted = _one_of(problems, node, "settings.images", Images.LINK)
    if node is not None and wanted is Images.PROXY and (lacking := thumbnails.missing()):
        problems.at(node, "settings.images", lacking)
    return wanted


def _one_of(problems: Problems, node: Node | None, path: str, default: Choice) -> Choice:
    """One word of an enumeration."""
    choices = type(default)
    expected = " or ".join(choices)
    text = problems.string(node, path, expected)
    if text is not None and node is not None and text not in set(choices):
        problems.at(node, path, f"expected {expected}{nearest(text, set(choices))}")
        return default
    return choices(text or default)


def _private(problems: Problems, node: Node | None, path: str) -> frozenset[str]:
    items = problems.items(node, path, "a list of host:port")
    return frozenset(found for here, item in items if (found := problems.host_port(item, here)))


def _proxies(problems: Problems, node: Node | None) -> tuple[str, ...]:
    found: list[str] = []
    for here, item in problems.items(node, "settings.trusted_proxies", "a list of addresses"):
        text = problems.string(item, here, "an address such as 127.0.0.1 or a network such as 10.0.0.0/8")
        try:
            found += [str(ip_network(text, strict=False))] if text else []
        except ValueError:
            problems.at(item, here, "expected an address such as 127.0.0.1 or a network such as 10.0.0.0/8")
    return tuple(found)


# --- publishers ----------------------------------------------------------------------------------------------------


def _publishers(problems: Problems, node: Node | None) -> tuple[PublisherSpec, ...]:
    specs: list[PublisherSpec] = []
    owners: dict[str, str] = {}
    for path, name_node, name, body in _named(problems, node):
        more = body if isinstance(body, Mapping) else Mapping(name_node.place, ())
        listed = body if isinstance(body, Sequence) else more.get("domains")
        domains = _domains(problems, listed, path)
        if listed is None and isinstance(body, Mapping):
            problems.at(name_node, path, "a publisher needs 'domains', as in domains: [bbc.co.uk, bbc.com]")
        wire = problems.boolean(more.get("wire"), f"{path}.wire")
        family = problems.string(more.get("family"), f"{path}.family", "the name of a house", most=120) or ""
        for known in dict.fromkeys((name.casefold(), *domains)):  # each once: Delfi.ee is named like its domain
            if known in owners:
                problems.at(name_node, path, f"'{known}' belongs to '{owners[known]}' already")
            owners[known] = name
        if domains:
            specs.append(PublisherSpec(name, domains, wire, family))
    return tuple(specs)


def _named(problems: Problems, node: Node | None) -> list[tuple[str, Node, str, Node]]:
    """(path, the name's node, name, body) of each publisher, in either of the two notations."""
    if isinstance(node, Mapping):
        problems.mapping(node, "publishers")
        pairs = [(f"publishers.{key.text}", key, key.text, value) for key, value in node.pairs]
    else:
        items = [
            (path, item, problems.mapping(item, path, PUBLISHER, "{name, domains, wire, family}"))
            for path, item in problems.items(node, "publishers", "a list or a mapping of publishers")
        ]
        named = [(*one, problems.string(one[2].get("name"), f"{one[0]}.name")) for one in items]
        for path, item, body, name in named:
            if name is None and body.get("name") is None and isinstance(item, Mapping):
                problems.at(item, path, "a publisher needs 'name'")
        return [(path, item, name, body) for path, item, body, name in named if name is not None]
    for path, _, _, value in pairs:
        if not isinstance(value, Sequence):
            problems.mapping(value, path, PUBLISHER[1:], "{domains, wire, family} or a list of domains")
    return [(path, key, name, value) for path, key, name, value in pairs]


def _domains(problems: Problems, node: Node | None, path: str) -> tuple[str, ...]:
    found: list[str] = []
    for here, item in problems.items(node, f"{path}.domains", "a list of domains"):
        text = problems.string(item, here, "a domain such as bbc.co.uk")
        if text is not None and not _DOMAIN.fullmatch(text):
            problems.at(item, here, f"'{text}' is no domain: write it as in bbc.co.uk")
        elif text is not None:
            found.append(text.lower())
    if isinstance(node, Sequence) and not node.items:
        problems.at(node, f"{path}.domains", "an empty list")
    return tuple(dict.fromkeys(found))


# --- feeds ---------------------------------------------------------------------------------------------------------


def _feeds(context: _Context, node: Node | None) -> tuple[Feed, ...]:
    problems, seen, feeds = context.problems, dict[str, str](), list[Feed]()
    for path, item in problems.items(node, "feeds", "a list of feeds"):
        found = problems.mapping(item, path, FEED, "a feed such as {url: ...}")
        address = _address(problems, found, path) if isinstance(item, Mapping) else None
        if address is None:
            continue
        key, url = address
        same = sameness(url)
        if same in seen:
            problems.at(found.get(key) or found, f"{path}.{key}", f"the same address as {seen[same]}")
        seen.setdefault(same, f"{path}.{key}")
        feeds.append(_feed(context, found, path, ADDRESSES[key], url))
    return tuple(feeds)


def _address(problems: Problems, found: Mapping, path: str) -> tuple[str, str] | None:
    given = [key for key in ADDRESSES if any(name.text == key for name, _ in found.pairs)]
    if len(given) != 1:
        said = " and ".join(given)
        only = f"has {said}: keep one" if given else "needs one of url, page or sitemap"
        problems.at(found, path, f"a feed {only}")
        return None
    node = next(value for name, value in found.pairs if name.text == given[0])
    url = problems.address(node, f"{path}.{given[0]}")
    return (given[0], url) if url else None


def sameness(url: str) -> str:
    """What two addresses of one feed share: all but scheme, the host's case, default port, last slash and fragment."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    return f"{host}{port}{parts.path.rstrip('/')}?{parts.query}"


def _feed(context: _Context, found: Mapping, path: str, kind: FeedKind, url: str) -> Feed:
    problems, settings = context.problems, context.settings
    select = _select(problems, found.get("select"), f"{path}.select", kind)
    topics, keep_all = _topics(context, found.get("topics"), f"{path}.topics")
    lang = _lang(problems, found.get("lang"), f"{path}.lang")
    publisher = _publisher(context, found.get("publisher"), f"{path}.publisher", url)
    keep = keep_all or settings.unmatched is Unmatched.KEEP or not context.topics.slugs
    said = str(select), tuple(sorted(topics)), keep, lang, str(publisher), context.rules_print
    return Feed(
        id=feed_id(url),
        url=url,
        kind=kind,
        name=problems.string(found.get("name"), f"{path}.name", most=NAME_CHARS) or urls.hostname(url),
        host=urls.host_key(url),
        every=problems.length(found.get("every"), f"{path}.every", settings.poll_every, FLOOR),
        publisher=publisher,
        topics=topics,
        keep_unmatched=keep,
        lang=lang,
        select=select,
        article_details=problems.number(found.get("article_details"), f"{path}.article_details", 0, 0, MOST_DETAILS),
        allow_private=settings.allow_private | _private(problems, found.get("allow_private"), f"{path}.allow_private"),
        rules_hash=_rules_hash(said),
    )


def _select(problems: Problems, node: Node | None, path: str, kind: FeedKind) -> Selectors | None:
    if node is None:
        return None
    found = problems.mapping(node, path, SELECT, "{item, link, title, image, time}")
    if kind is not FeedKind.PAGE:
        problems.at(node, path, "only a 'page:' feed has selectors")
    said = {key: problems.string(found.get(key), f"{path}.{key}", "a CSS selector") for key in SELECT}
    _check_css(problems, found, said, path)
    item = said.pop("item")
    if item is None:
        if found.pairs and found.get("item") is None:
            problems.at(node, path, "selectors need 'item', the element that holds one headline")
        return None
    return Selectors(item, **said)


def _check_css(problems: Problems, found: Mapping, said: AnyMapping[str, str | None], path: str) -> None:
    from wirekin.parse import css_complaint  # 0.1 s, and few files have selectors

    for key, css in said.items():
        node = found.get(key)
        if css is not None and node is not None and css_complaint(css):
            problems.at(node, f"{path}.{key}", f"'{css[:80]}' is no CSS selector")


def _topics(context: _Context, node: Node | None, path: str) -> tuple[frozenset[TopicSlug], bool]:
    if isinstance(node, Scalar) and node.text == "all":
        return frozenset(), True
    problems, found = context.problems, set[TopicSlug]()
    for here, item in problems.items(node, path, "'all' or a list of topics"):
        slug = problems.string(item, here, "a topic")
        if slug is not None and slug not in context.topics.names:
            problems.at(item, here, f"unknown topic '{slug}'{nearest(slug, context.topics.slugs)}")
        elif slug is not None:
            found.add(TopicSlug(slug))
    return frozenset(found), False


def _lang(problems: Problems, node: Node | None, path: str) -> str | None:
    complaint = "expected a language code such as en, fa or pt-BR"
    return problems.matching(LANG, node, path, "a language code such as en", complaint)


def _publisher(context: _Context, node: Node | None, path: str, url: str) -> Publisher | None:
    name = context.problems.string(node, path, "a publisher's name", most=120)
    if name is None or node is None:
        return None
    known = context.publishers.of_name(name)
    if known is not None:
        return known
    hint = nearest_publisher(name, {other.casefold(): other for other in context.publishers.names})
    if hint:
        context.problems.at(node, path, f"unknown publisher '{name}' (did you mean '{hint}'?)")
        return None
    return Publisher(name, urls.host_key(url))


def nearest_publisher(name: str, known: AnyMapping[str, str]) -> str | None:
    """The configured publisher that `name` probably misspells; None where it is rather a new one."""
    from difflib import get_close_matches

    # 0.85: "BCC News" and "Al Jazera" are slips; "BBC Persian" beside "BBC News" is a publisher of its own
    close = get_close_matches(name.casefold(), known, 1, 0.85)
    return known[close[0]] if close else None
