"""Reading feeds.yml: what each key means, and how mistakes are reported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin import config
from wirekin.config import Unmatched
from wirekin.config._check import Problems
from wirekin.config._nodes import Place, Scalar
from wirekin.config._topics import _USUAL
from wirekin.errors import ConfigError
from wirekin.model import FeedKind, Publisher, Selectors

FEED = "feeds:\n  - url: https://a.example/rss\n"
TOPIC = "topics:\n  iran: {name: Iran, rule: Iran*}\n"
TWO_TOKENS_OF_ONE_NAME = f"""settings:
  admin_tokens:
    - {{name: a, scopes: [refresh], hash: '{"a" * 64}'}}
    - {{name: A, scopes: [stories], hash: '{"b" * 64}'}}
"""


def read(text: str) -> config.Config:
    return config.parse_config(text, Path("feeds.yml"))


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return list(caught.value.problems)


# --- valid files -----------------------------------------------------------------------------------------------------


def test_a_feed_needs_nothing_but_its_address():
    (feed,) = read(FEED).feeds

    assert (feed.url, feed.kind, feed.name, feed.host) == (
        "https://a.example/rss",
        FeedKind.FEED,
        "a.example",
        "a.example",
    )
    assert feed.every == timedelta(minutes=30)
    assert feed.publisher is None
    assert feed.keep_unmatched  # a file without topics keeps every headline


def test_every_key_of_a_feed_is_read():
    found = read(
        TOPIC
        + """
settings: {allow_private: ["10.0.0.1:80"]}
feeds:
  - page: https://news.a.example/list
    name: The List
    publisher: A Paper
    every: 1h30m
    topics: [iran]
    lang: fa
    select: {item: article, link: a, title: h2, image: img, time: time}
    allow_private: ["127.0.0.1:8001"]
"""
    ).feeds[0]

    assert (found.kind, found.name, found.lang) == (FeedKind.PAGE, "The List", "fa")
    assert found.publisher == Publisher("A Paper", "a.example")
    assert found.every == timedelta(minutes=90)
    assert found.topics == {"iran"}
    assert not found.keep_unmatched
    assert found.select == Selectors("article", "a", "h2", "img", "time")
    assert found.allow_private == {"10.0.0.1:80", "127.0.0.1:8001"}


def test_settings_have_defaults_and_are_read():
    assert read(FEED).settings == config.Settings()

    found = read(
        """
settings:
  contact: https://example.org/bot
  poll_every: 1h
  keep: 2w
  window: 3d
  listen: ["0.0.0.0:80", "[::1]:8000"]
  public_url: https://related.example/
  unmatched: keep
  allow_private: [localhost:8001]
  workers: 2
"""
        + FEED
    ).settings

    assert found == config.Settings(
        contact="https://example.org/bot",
        poll_every=timedelta(hours=1),
        keep=timedelta(days=14),
        window=timedelta(days=3),
        listen=("0.0.0.0:80", "[::1]:8000"),
        public_url="https://related.example/",
        unmatched=Unmatched.KEEP,
        allow_private=frozenset({"localhost:8001"}),
        workers=2,
    )


@pytest.mark.parametrize(
    "publishers",
    [
        "publishers:\n  - {name: BBC News, domains: [bbc.co.uk, bbc.com], wire: true}\n",
        "publishers:\n  BBC News: {domains: [bbc.co.uk, bbc.com], wire: true}\n",
    ],
)
def test_publishers_are_a_list_or_a_mapping(publishers):
    found = read(publishers + FEED)

    assert found.publishers.of_url("https://www.bbc.com/x") == Publisher("BBC News", "bbc.co.uk", wire=True)


def test_a_publishers_name_may_be_its_domain():
    found = read("publishers:\n  Delfi.ee: [delfi.ee]\n" + FEED)

    assert found.publishers.of_url("https://www.delfi.ee/x") == Publisher("Delfi.ee", "delfi.ee")


def test_a_feed_may_name_a_configured_publisher():
    text = "publishers:\n  BBC News: [bbc.co.uk]\nfeeds:\n  - {url: https://a.example/rss, publisher: bbc news}\n"

    assert read(text).feeds[0].publisher == Publisher("BBC News", "bbc.co.uk")


@pytest.mark.parametrize(
    ("topics", "keep"),
    [("topics: all", True), ("topics: [iran]", False), ("name: x", False)],
)
def test_a_feed_with_topics_all_keeps_entries_that_match_no_topic(topics, keep):
    assert keep == read(f"{TOPIC}{FEED}    {topics}\n").feeds[0].keep_unmatched


@pytest.mark.parametrize("kind", ["url", "page", "sitemap"])
def test_article_pages_are_fetched_only_where_article_details_is_set(kind):
    plain = f"feeds:\n  - {kind}: https://a.example/news\n"

    assert read(plain).feeds[0].article_details == 0
    assert read(plain + "    article_details: 20\n").feeds[0].article_details == 20


@given(
    st.text(max_size=12)
    | st.sampled_from(["true", "null", "False", "Null", "1e3", ".5", "~", "é", "x" * 99, "x" * 101])
)
def test_a_term_that_passes_the_quick_check_passes_all_checks(written):
    for plain in (True, False):
        node = Scalar(Place(1, 1, 0, 0), written, plain)
        if _USUAL.fullmatch(written):
            assert Problems("feeds.yml").string(node, "terms.x[0]", "a term") == written


def test_topics_share_named_lists():
    text = "terms:\n  places: {en: [Tehran], fa: [تهران]}\ntopics:\n  iran: {rule: '@places'}\n" + FEED

    assert [match.slug for match in read(text).topics.match("در تهران")] == ["iran"]


def test_the_unquoted_word_no_is_text_and_not_false(tmp_path):
    assert read(FEED + "    lang: no\n").feeds[0].lang == "no"  # PyYAML reads False: requirement fact 14


@pytest.mark.parametrize(
    "change",
    [
        ("rule: Iran*", "rule: Persia*"),
        ("feeds:", "publishers:\n  P: [p.example]\nfeeds:"),
        ("rss\n", "rss\n    lang: fa\n"),
        ("rss\n", "rss\n    topics: [iran]\n"),
    ],
)
def test_the_rules_hash_changes_with_rules_publishers_language_and_topics_but_not_the_name(change):
    before = read(TOPIC + FEED).feeds[0].rules_hash

    assert before == read(TOPIC + FEED + "    name: another\n").feeds[0].rules_hash
    assert before != read((TOPIC + FEED).replace(*change)).feeds[0].rules_hash


def test_the_template_is_a_valid_configuration():
    assert len(read(config.template()).feeds) == 3


# --- errors: line, column, path, what to do --------------------------------------------------------------------------

BROKEN = [
    (FEED + "    evry: 30m\n", "3:5: feeds[0].evry: unknown key 'evry' (did you mean 'every'?)"),
    ("feed:\n  - url: https://a.example/\n", "1:1: feed: unknown key 'feed' (did you mean 'feeds'?)"),
    ("settings: {poll_evry: 1h}\n", "1:12: settings.poll_evry: unknown key 'poll_evry' (did you mean 'poll_every'?)"),
    ("topics:\n  iran: {rules: Iran}\n", "2:10: topics.iran.rules: unknown key 'rules' (did you mean 'rule'?)"),
    ("publishers:\n  - {name: A, domain: [a.example]}\n", "2:15: publishers[0].domain: unknown key 'domain'"),
    (
        "feeds:\n  - page: https://a.example\n    select: {item: a, titel: b}\n",
        "3:23: feeds[0].select.titel: unknown key 'titel'",
    ),
    (FEED + FEED.removeprefix("feeds:\n"), "3:10: feeds[1].url: the same address as feeds[0].url"),
    (FEED + "  - url: http://A.example:80/rss/#x\n", "3:10: feeds[1].url: the same address as feeds[0].url"),
    (FEED + "    every: 30\n", "3:12: feeds[0].every: expected a duration such as 30m, 6h or 14d, found the number 30"),
    (FEED + "    article_details: 21\n", "3:22: feeds[0].article_details: expected a number from 0 to 20"),
    (
        FEED + "    article_details: many\n",
        "3:22: feeds[0].article_details: expected a whole number, found text",
    ),
    (FEED + "    every: 1m\n", "3:12: feeds[0].every: at least 5m"),
    (FEED + "    every: 99999w\n", "3:12: feeds[0].every: at most 3660d"),
    ("settings: {keep: soon}\n", "1:18: settings.keep: expected a duration"),
    (f"settings: {{keep: {'999999w' * 200}}}\n", "1:18: settings.keep: expected a duration"),
    (FEED + "    name: true\n", "3:11: feeds[0].name: expected text, found the boolean true"),
    (FEED + "    name: 24\n", "3:11: feeds[0].name: expected text, found the number 24"),
    (FEED + "    name: [a]\n", "3:11: feeds[0].name: expected text, found a list"),
    (FEED + '    name: "a\\nb"\n', "3:11: feeds[0].name: holds a line break or a control character"),
    ("feeds:\n  url: https://a.example\n", "2:3: feeds: expected a list of feeds, found a mapping"),
    ("feeds:\n  - https://a.example\n", "2:5: feeds[0]: expected a feed such as {url: ...}, found text"),
    ("feeds:\n  - name: a\n", "2:5: feeds[0]: a feed needs one of url, page or sitemap"),
    ("feeds:\n  - {}\n", "2:5: feeds[0]: a feed needs one of url, page or sitemap"),
    (FEED + "    page: https://a.example\n", "2:5: feeds[0]: a feed has url and page: keep one"),
    ("feeds:\n  - url: ftp://a.example\n", "2:10: feeds[0].url: not an http or https address"),
    ("feeds:\n  - url: https://u:p@a.example/\n", "2:10: feeds[0].url: not an http or https address"),
    ("feeds:\n  - url:\n", "2:5: feeds[0].url: expected an address, found nothing"),
    (FEED + "    select: {item: a}\n", "3:13: feeds[0].select: only a 'page:' feed has selectors"),
    ("feeds:\n  - page: https://a.example\n    select: {link: a}\n", "3:13: feeds[0].select: selectors need 'item'"),
    ("feeds:\n  - page: https://a.example\n    select: article\n", "3:13: feeds[0].select: expected {item, link"),
    (TOPIC + FEED + "    topics: [irn]\n", "5:14: feeds[0].topics[0]: unknown topic 'irn' (did you mean 'iran'?)"),
    (TOPIC + FEED + "    topics: iran\n", "5:13: feeds[0].topics: expected 'all' or a list of topics, found text"),
    (FEED + "    lang: English\n", "3:11: feeds[0].lang: expected a language code such as en"),
    (FEED + "    allow_private: [localhost]\n", "3:21: feeds[0].allow_private[0]: expected host:port"),
    (
        "publishers: {BBC News: [bbc.com]}\n" + FEED + "    publisher: BCC News\n",
        "4:16: feeds[0].publisher: unknown publisher 'BCC News' (did you mean 'BBC News'?)",
    ),
    ("publishers:\n  - {name: A}\n", "2:5: publishers[0]: a publisher needs 'domains'"),
    ("publishers:\n  - {domains: [a.example]}\n", "2:5: publishers[0]: a publisher needs 'name'"),
    ("publishers:\n  A: [a b]\n", "2:7: publishers.A.domains[0]: 'a b' is no domain"),
    ("publishers:\n  A: [x.example]\n  B: [x.example]\n", "3:3: publishers.B: 'x.example' belongs to 'A' already"),
    (
        "publishers:\n  A: {domains: [x.example], family: 7}\n",
        "2:37: publishers.A.family: expected the name of a house",
    ),
    ("publishers:\n  A: {domains: [x.example], wire: yes}\n", "2:35: publishers.A.wire: expected true or false"),
    ("topics:\n  Iran: {rule: a}\n", "2:3: topics.Iran: a topic's key is made of a-z"),
    ("topics:\n  iran: {name: Iran}\n", "2:3: topics.iran: a topic needs 'rule'"),
    ("topics:\n  iran: {rule: a AND (b}\n", "2:22: topics.iran.rule: unbalanced parenthesis at character 7"),
    ("topics:\n  iran: {rule: 'a AND (b'}\n", "2:23: topics.iran.rule: unbalanced parenthesis at character 7"),
    ("topics:\n  iran:\n    rule: [Iran, st*r]\n", "3:20: topics.iran.rule[1]: '*' may only end a word"),
    ("topics:\n  iran: {rule: '@irn'}\n", "2:17: topics.iran.rule: there is no list 'irn' under 'terms:'"),
    ("topics:\n  iran: {rule: []}\n", "2:16: topics.iran.rule: an empty list"),
    ("topics:\n  iran: {rule: {}}\n", "2:16: topics.iran.rule: an empty mapping"),
    ("topics:\n  iran: {rule: [-iran air]}\n", "2:16: topics.iran.rule: this list only says what it does not want"),
    ("terms:\n  a: [b]\n  c: ['@a']\n", "3:7: terms.c[0]: a list holds words and phrases"),
    ("terms:\n  a: {fa: ['@b']}\n", "2:12: terms.a.fa[0]: a list holds words and phrases"),
    ("publishers: [{}]\n", "1:14: publishers[0]: a publisher needs 'name'"),
    ("publishers: [{name: A, domains: []}]\n", "1:33: publishers[0].domains: an empty list"),
    ("settings: {admin_tokens: [{}]}\n", "1:27: settings.admin_tokens[0]: a token needs name and scopes and hash"),
    (
        "terms:\n  p: {fa: [ok, a*b]}\ntopics:\n  iran: {rule: '@p'}\n",
        "2:17: terms.p.fa[1]: '*' may only end a word",
    ),
    ("settings: {listen: 8000}\n", "1:20: settings.listen: expected host:port, found the number 8000"),
    (
        "settings: {listen: ['LOCALHOST:8000', '[::1]:8000', 'localhost:8000']}\n",
        "1:53: settings.listen[2]: the same address as settings.listen[0]",
    ),
    ("feeds:\n  - URL: https://a.example/rss\n", "2:5: feeds[0].URL: unknown key 'URL' (did you mean 'url'?)"),
    ("settings: {unmatched: kep}\n", "1:23: settings.unmatched: expected drop or keep (did you mean 'keep'?)"),
    ("settings: {contact: 'a b'}\n", "1:21: settings.contact: expected an e-mail address or a URL in ASCII"),
    (
        "settings: {public_url: 'https://a.example/?x'}\n",
        "1:24: settings.public_url: our own paths follow it: it has no query and no fragment",
    ),
    ("settings: {websub: no}\n", "1:20: settings.websub: expected true or false, found text"),
    (
        "settings: {websub: true}\n",
        "1:20: settings.websub: needs public_url, the address at which hubs reach this site",
    ),
    ("settings: {rate_limit: -1}\n", "1:24: settings.rate_limit: expected a whole number, found the number -1"),
    (
        "settings: {trusted_proxies: [proxy]}\n",
        "1:30: settings.trusted_proxies[0]: expected an address such as 127.0.0.1 or a network such as 10.0.0.0/8",
    ),
    (
        "settings: {admin_tokens: [{name: a, scopes: [refresh]}]}\n",
        "1:27: settings.admin_tokens[0]: a token needs hash: `wirekin token new NAME` writes it",
    ),
    (
        f"settings: {{admin_tokens: [{{name: a, scopes: [refrsh], hash: '{'a' * 64}'}}]}}\n",
        "1:46: settings.admin_tokens[0].scopes[0]: expected refresh or stories (did you mean 'refresh'?)",
    ),
    (
        f"settings: {{admin_tokens: [{{name: a, scopes: [], hash: '{'a' * 64}'}}]}}\n",
        "1:45: settings.admin_tokens[0].scopes: a token without a scope is good for nothing",
    ),
    (
        "settings: {admin_tokens: [{name: a, scopes: [refresh], hash: the-token-itself}]}\n",
        "1:62: settings.admin_tokens[0].hash: expected the 64 hexadecimal digits that `wirekin token new` printed",
    ),
    (
        "settings: {admin_tokens: [{name: a, scope: refresh}]}\n",
        "1:37: settings.admin_tokens[0].scope: unknown key 'scope' (did you mean 'scopes'?)",
    ),
    (
        TWO_TOKENS_OF_ONE_NAME,
        "4:7: settings.admin_tokens[1]: its name or its hash is another token's already",
    ),
    ("settings: {admin_tokens: abc}\n", "1:26: settings.admin_tokens: expected a list of {name, scopes, hash}"),
    ("settings: {workers: 0}\n", "1:21: settings.workers: expected a number from 1 to 64"),
    ("settings: {workers: two}\n", "1:21: settings.workers: expected a whole number, found text"),
    ("settings: 7\n", "1:11: settings: expected a mapping, found the number 7"),
    (FEED + FEED, "3:1: feeds: duplicate key 'feeds'"),
    (FEED + "    name: a\n    name: b\n", "4:5: feeds[0].name: duplicate key 'name'"),
    ("", "1:1: the file is empty: `wirekin init` writes one to start from"),
    ("# nothing\n", "1:1: the file is empty"),
    ("- a\n", "1:1: expected a mapping with 'feeds:', found a list"),
    ("feeds:\n\t- url: https://a.example\n", "2:1: not YAML: a tab where YAML wants spaces"),
    ("feeds: [\n", "2:1: not YAML"),
    ("topics:\n  iran: {rule: @iran}\n", "2:16: not YAML: text that begins with @ needs quotation marks"),
    ("a: &x 1\n", "1:4: anchors (&) and aliases (*) are not used here"),
    ("a: !!python/object/apply:os.system [id]\n", "1:4: tags (!) are not used here"),
    ("a: " + "[" * 40 + "]" * 40 + "\n", "1:16: nested too deeply"),
    ("a: 1\n---\nb: 1\n", "2:1: a second document: take '---' out"),
]


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ("{}", ""),
        ("{websub: false}", ""),
        ("{public_url: 'https://a.example/news/'}", "https://a.example/news"),
        ("{public_url: 'https://a.example', websub: true}", "https://a.example"),
        ("{public_url: 'https://a.example', websub: false}", ""),
    ],
)
def test_the_hub_base_is_the_public_url_unless_websub_is_off(settings, base):
    assert read(f"settings: {settings}\n{FEED}").settings.hub_base == base


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_mistake_is_reported_with_line_column_path_and_remedy(text, expected):
    assert any(line.startswith(f"feeds.yml:{expected}") for line in problems(text)), problems(text)


def test_all_mistakes_are_reported_at_once_in_file_order():
    found = problems("settings: {kep: 1d}\ntopics:\n  x: {rule: (}\nfeeds:\n  - {url: nowhere, every: 1s, nme: x}\n")

    assert [line.split(":")[1:3] for line in found] == [["1", "12"], ["3", "14"], ["5", "11"], ["5", "31"]]


def test_an_alias_bomb_is_refused_before_it_expands():
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )

    assert problems(bomb) == [
        "feeds.yml:1:4: anchors (&) and aliases (*) are not used here: share terms by name, under 'terms:'; quote a *"
    ]


# --- the file itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"feeds: \xff\n", "feeds.yml:1:8: the file is not UTF-8"),
        (b"# \n" * 400_000, "feeds.yml:1:1: the file has"),
        (b"a: \x00\n", "feeds.yml:1:"),
    ],
)
def test_a_file_that_is_too_large_or_not_utf8_text_is_refused(tmp_path, monkeypatch, raw, expected):
    (tmp_path / "feeds.yml").write_bytes(raw)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "feeds.yml")

    assert caught.value.problems[0].startswith(expected)


def test_the_error_for_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match="wirekin init"):
        config.load(tmp_path / "feeds.yml")


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path):
    path = tmp_path / "feeds.yml"
    path.write_bytes(b"\xef\xbb\xbf" + FEED.replace("\n", "\r\n").encode())

    assert len(config.load(path).feeds) == 1


def test_the_file_is_found_by_option_environment_working_folder_and_then_user_folder(tmp_path):
    personal = tmp_path / "xdg" / "wirekin" / "feeds.yml"
    env = {"WIREKIN_CONFIG": "other.yml", "XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    alone = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}

    assert config.find(Path("x.yml"), env, tmp_path) == Path("x.yml")
    assert config.find(None, env, tmp_path) == tmp_path / "other.yml"
    assert config.find(None, alone, tmp_path) == tmp_path / "feeds.yml"
    personal.parent.mkdir(parents=True)
    personal.write_text(FEED)
    assert config.find(None, alone, tmp_path) == personal
    (tmp_path / "feeds.yml").write_text(FEED)
    assert config.find(None, alone, tmp_path) == tmp_path / "feeds.yml"


@pytest.mark.parametrize("closed", ["xdg/wirekin", "."])
def test_an_unreadable_folder_does_not_hide_the_working_folders_configuration(closed, tmp_path, monkeypatch):
    """As with HOME in a container of another user, or with sudo -u. Simulated, because the tests may run as root."""
    home = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}

    def exists(path: Path) -> bool:
        if path.parent == tmp_path / closed:
            raise PermissionError(13, "Permission denied", str(path))
        return path.parent != tmp_path

    monkeypatch.setattr(Path, "exists", exists)

    assert config.find(None, home, tmp_path) == tmp_path / "feeds.yml"


def test_a_wrong_token_hash_is_not_repeated_in_the_error() -> None:
    text = "settings: {admin_tokens: [{name: a, scopes: [refresh], hash: the-token-itself}]}\nfeeds: []\n"

    with pytest.raises(ConfigError) as refused:
        config.parse_config(text, Path("feeds.yml"))

    assert "the-token-itself" not in str(refused.value)
