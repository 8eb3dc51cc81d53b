"""Text: folding, cleaning, terms, and the prefixes and suffixes of headlines."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.text import (
    _clean,
    _lang,
    clean,
    fold,
    guess_lang,
    readable,
    repeated_suffix,
    search_terms,
    split_outlet,
    split_wire,
    terms,
    tokens,
)

HOSTILE = st.text(alphabet=st.characters(codec=None), max_size=200) | st.text(
    alphabet=st.sampled_from("<>&;/\"'abscript=!-#x0\u202e\x00\ud800 "), max_size=120
)


# --- folding and tokens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إيران", "ايران"),
        ("إيران", "ایران"),
        ("اسرائيل", "اسرائیل"),
        ("غزة", "غزه"),
        ("كرمان", "کرمان"),
        ("مُسَيَّرَة", "مسیره"),
        ("الغـاز", "الغاز"),
        ("می‌شود", "میشود"),
        ("שָׁלוֹם", "שלום"),
        ("партнёр", "партнер"),
        ("٧٫١", "7.1"),
        ("۱۴۵", "145"),
        ("Iran’s", "iran's"),
        ("ÉCOLE", "ecole"),
        ("ﬁnance", "finance"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same_text(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_is_idempotent(s: str) -> None:
    assert fold(fold(s)) == fold(s)


def test_the_decimal_digits_of_every_script_fold_to_ascii_digits() -> None:
    digits = [char for char in map(chr, range(0x20000)) if char.isdecimal()]

    assert [fold(digit) for digit in digits] == [str(unicodedata.decimal(digit)) for digit in digits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S.-Iran talks", ("us", "iran", "talks")),
        ("Iran’s 45,000 troops", ("iran", "45000", "troops")),
        ("до 12,5%", ("до", "12.5")),
        ("12.5 percent", ("12.5", "percent")),
        ('in צה״ל and צה"ל', ("in", "צהל", "and", "צהל")),
        ("Be’er Sheva", ("beer", "sheva")),
        ("l'Iran d'Israël", ("iran", "israel")),
        ('5"disk', ("5", "disk")),
        ("oil_price 3_500", ("oil", "price", "3", "500")),
        ("東京で", ("東京", "京で")),
        ("हिन्दी समाचार", ("हिन्दी", "समाचार")),
        ("", ()),
    ],
)
def test_tokens_are_the_folded_words_of_any_script(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected


# --- terms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "strike strikes striking",
        "Iran Iran’s Iranian Iranians",
        "agency agencies",
        "إيران وايران بإيران الإيراني للإيرانيين ایرانی ایرانیان",
        "ישראל בישראל",
        "Израиль Израиля израильские израильский",
        "Россия России российский",
        "شرکت شرکت‌های",
    ],
)
def test_forms_of_one_word_are_one_term(words: str) -> None:
    assert len(set(terms(words))) == 1, terms(words)


def test_terms_keep_order_and_repeats_and_drop_stop_words() -> None:
    found = terms("The ship and the ship", "of the strait")

    assert found == ("ship", "ship", "strait")


@pytest.mark.parametrize("word", ["the", "и", "که", "من", "של"])
def test_a_stop_word_is_no_term(word: str) -> None:
    assert terms(word) == ()


@given(st.text(max_size=300))
def test_a_search_is_at_most_sixteen_different_safe_terms(query: str) -> None:
    found = search_terms(query)

    assert len(found) == len(set(found)) <= 16
    assert not any(mark in term for term in found for mark in " \"'*():^-")


def test_of_a_longer_search_the_first_sixteen_terms_count() -> None:
    assert search_terms(" ".join(map(str, range(100, 120)))) == tuple(map(str, range(100, 116)))


@pytest.mark.parametrize("letter", "x7жب\u05d0\u0e01")
def test_what_is_longer_than_a_word_is_cut(letter: str) -> None:
    assert {len(term) for term in terms(letter * 60)} == {2 if letter == "\u0e01" else 40}


def test_search_terms_match_index_terms() -> None:
    assert set(search_terms("striking Iranians")) <= set(terms("Strikes on Iran"))


def test_a_term_is_shown_as_the_word_it_came_from() -> None:
    words = readable("Strikes on Iranian tankers")

    assert [words[term] for term in terms("striking tankers of Iran")] == ["strikes", "tankers", "iranian"]


# --- language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drones set fuel tank ablaze at the port", "en"),
        ("Дроны атаковали НПЗ в Сызрани", "ru"),
        ("آتش‌سوزی در پایانه نفتی پس از حمله پهپادها", "fa"),
        ("حريق في محطة نوفوروسيسك النفطية إثر هجوم", "ar"),
        ("שריפה ענקית בטרמינל הנפט", "he"),
        ("Уряд України звітує", None),
        ("Iran is in talks with its critics, says minister", "en"),  # eight times "i", which is not the dotless "ı"
        ("Minister's resignation splits coalition", "en"),
        ("Iran\u2019s ships", "en"),
        ("Kısa bir the", None),
        ("Der Bundestag und die Steuer", None),
        ("Explosion in Berlin: Zwei Tote", None),
        ("Terremoto in Giappone", None),
        ("Tote Hunde: WHO will Klarheit", None),
        ("7.1", None),
        ("Beyoncé says that the tour is over", "en"),
        ("تهران", None),  # nor does a word of letters that Persian and Arabic share
        ("Ну 7.1", None),  # two letters say nothing
    ],
)
def test_the_language_is_guessed_by_script_and_function_words_or_not_at_all(text: str, expected: str | None) -> None:
    assert guess_lang(text) == expected


LATIN = "the of is who in das und bring being ed seed ties Iran's x's it's e s la The _ 1 -".split(" ")  # noqa: SIM905


@given(st.lists(st.sampled_from(LATIN), max_size=8).map(" ".join) | st.text(alphabet="abdeginshowtx' -_", max_size=30))
def test_english_is_recognised_word_by_word_as_by_the_whole_text(s: str) -> None:
    assert _lang._is_english(s.lower()) == (_lang._english_or_none(s) == "en")


def test_the_language_of_a_long_text_is_guessed_by_its_beginning() -> None:
    assert (
        guess_lang("Рынок зерна растёт третий месяц. " * 40 + "The rest of it is in English, all of it. " * 400) == "ru"
    )


# --- cleaning ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Plain  text\n here", "Plain text here"),
        ("<p>One</p><p>two &amp; <b>three</b></p>", "One two & three"),
        ("AT&amp;T &#8217;s", "AT&T ’s"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<a title='x &quot;&gt; y'>said</a>", "said"),
        ("&lt;img src=x onerror=alert(1)&gt; left", "left"),
        ("&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;", "bold"),
        ("nul\x00 bidi\u202e sur\ud800rogate", "nul bidi surrogate"),
        ("e\u0301", "\u00e9"),
        ("می‌شود", "می‌شود"),
        ("profit < loss", "profit < loss"),
        ("", ""),
        ("&amp;amp;amp;amp;lt;b&amp;amp;amp;amp;gt; left", "amp;lt;b amp;gt; left"),
        ("half &lt\u037e b &amp\u037elt\u037e", "half <; b &;lt;"),
        ("a &am<b>p;</b>lt;script&gt;", "a amp;lt;script>"),
        ("<<<b>script>alert(1)", "<"),
        ("<" * 9 + "<b>a <", "<" * 8),
        ("<<b>aaa bbb <", ""),
        ("the end </", "the end"),
        ("<!-- x --> said", "said"),
        ("Ship<form><!-- a > b --></form> seized", "Ship seized"),
        ("<p>One &lt;two</p><p>three</p>", "One three"),
        ("<p>One &#60;two</p><p>three</p>", "One three"),
        ("<script\xa0a>x</script> said", "x said"),
        ("One<table><tr><td>three</td></tr>two</table>", "Onetwo three"),
        ("<b>Big</b<br>> day", "Big> day"),
        ("<table>\n <tr><td>One</td> <td>two</td></tr></table>three", "One two three"),
        ("<![CDATA[said]]> so", "said so"),
        ("&lt;![CDATA[<b>Судно</b> & порт]]&gt;", "Судно & порт"),
        ("<![CDATA[never closed", ""),
        ("<svg/onload=alert(1)>x", "x"),
        ("<style>b{}</style>x<textarea></textarea>", "x"),
        ("a<\u0338b>", "a\u226eb>"),
        ("\ufeff\u200bA\u2066b\u2069 \ufffe\ufdd0c\x85d", "Ab cd"),
        ("\U000e0041 tag", "\U000e0041 tag"),
        ("café \u212b", "café Å"),
    ],
)
def test_untrusted_markup_becomes_plain_text(markup: str, expected: str) -> None:
    assert clean(markup) == expected
    assert clean(expected) == expected


@pytest.mark.parametrize(
    "unseen",
    ["&zwnj;", "\u200e\u200f", "<b>&#x200d;</b>", "\u3164", "\u2800 \u2800", "\u00ad", "\U000e0041", "\ufe0f &nbsp;"],
)
def test_a_text_that_shows_nothing_is_empty(unseen: str) -> None:
    assert clean(unseen) == ""
    assert clean(f"{unseen}a") != ""


def test_a_long_text_is_cut_after_a_word() -> None:
    cut = clean("word " * 200, limit=52)

    assert len(cut) <= 52
    assert cut.endswith("word…")


@given(HOSTILE, st.integers(min_value=10, max_value=80))
def test_no_text_survives_cleaning_as_markup(markup: str, limit: int) -> None:
    text = clean(markup, limit)

    assert len(text) <= limit
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} or c in "\u202a\u202b\u202d\u202e\u2066" for c in text)
    assert "<script" not in text.lower()
    assert "<img" not in text.lower()


TAGS = """
    a p br img strong em b i u s span div ul ol li h1 h3 blockquote figure figcaption section article sub sup pre code
    cite picture source hr html head body abbr address center del dl dt dd embed font header ins link main meta q small
    summary table tbody td th thead time tr tt video wbr
"""
PLAIN_TAGS = TAGS.split()
ATTRIBUTES = [
    "", " class='a b'", ' href="https://a.example/?a=1&b=2"', " hidden", ' data-x = "<>"', " alt='it\u2019s'", " id=a/b",
    "/", "\xa0b='c'", ' "',
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(["word", " ", "\n", "&", "& b", "a > b", "a < b", "\u05e9", "</", "<", ">", "&amp;", "<td>",
        "<script>x</script>", "<script\xa0a>x</script>", "<script>", "<!-- a -->", "<!-->", "<!-- <p> -->", "<!--", "-->",
        "<iframe src='a'></iframe>", "<iframe>x</iframe>", "<select>", "</b<br>>", "<table>\n<tr><td>cell</td></tr></table>",
        "<table><tr><td>", "</td></tr></table>", "</td>\n<td>", "<table><tr>", "<caption>",
        "&#60;two", "&LT;two", "&amp;lt;two"]),
    st.builds("<{}{}>".format, st.sampled_from(PLAIN_TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(PLAIN_TAGS)),
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_plain_tags_are_removed_as_the_full_parser_removes_them(markup: str) -> None:
    quickly = clean(markup)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_clean, "_PLAIN", re.compile("(?!)"))
        assert clean(markup) == quickly


def test_only_the_beginning_of_a_long_text_is_cleaned() -> None:
    markup = "<p>Ship <b>seized</b> in the strait. " * 5_000

    assert clean(markup, 100) == clean(markup[:5_000], 100)


def test_deeply_nested_markup_is_cut_before_it_is_cleaned() -> None:
    assert clean("<div>" * 100_000 + "deep") == ""


def test_where_reading_stopped_in_an_entity_does_not_show() -> None:
    markup = "<b></b><i></i><u>aaaa bbbb cccc dddd&nbsp;eeee ffff"

    assert markup[:40].endswith("&nbs")  # of which the first try reads no more
    assert clean(markup, 20) == "aaaa bbbb cccc dddd…"


@pytest.mark.parametrize(("limit", "read"), [(500, 8_000), (100, 4_000)])
def test_no_more_markup_is_read_than_a_text_may_cost(limit: int, read: int) -> None:
    last, after = ("<img alt='" + "x" * (read - len("<img alt=''>ship") + more) + "'>ship" for more in (0, 4))

    assert (clean(last, limit), clean(after, limit)) == ("ship", "")


# --- outlets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected", "outlet"),
    [
        (
            "Iran Wants To Negotiate After Crippling Israeli Strikes | The Daily Caller",
            "Iran Wants To Negotiate After Crippling Israeli Strikes",
            "The Daily Caller",
        ),
        ("Storm batters the coast - BBC News", "Storm batters the coast", "BBC News"),
        ("Россия и Иран подписали договор — РИА Новости", "Россия и Иран подписали договор", "РИА Новости"),
        ("Ship seized in the strait - dailycaller.com", "Ship seized in the strait", "dailycaller.com"),
        ("Ship seized in strait | World | The Daily Caller", "Ship seized in strait", "The Daily Caller"),
    ],
)
def test_an_outlet_suffix_is_removed_and_named(title: str, expected: str, outlet: str) -> None:
    assert split_outlet(title) == (expected, outlet)


@pytest.mark.parametrize(
    "title",
    [
        "Live - Iran strikes",
        "Gaza: what we know",
        "U.S.-Iran talks",
        "Trump - the return",
        "Wolves 0-1 Arsenal | Premier League match report",
        "Oil falls as supply grows - traders",
        "عاجل | زلزال بقوة",
        "| The Daily Caller",
        "Is it war - or Peace?",
        "Oil rises after talks | Is It War?",
        "Oil rises after talks | Now: Peace",
        "Oil rises after talks | One Two Six Ten Ace Fox",
        "Oil rises after talks | Internationale Zeitungsgesellschaft Niedersachsen",
    ],
)
def test_a_suffix_that_is_part_of_the_headline_stays(title: str) -> None:
    assert split_outlet(title) == (title, None)


def test_a_suffix_with_a_known_outlet_is_removed_whatever_it_looks_like() -> None:
    known = ["The gulf watch"]

    assert split_outlet("Walls crack in bazaar — Gulf Watch", known) == ("Walls crack in bazaar", "Gulf Watch")
    assert split_outlet("Walls crack in bazaar — Gulf Watch") == ("Walls crack in bazaar — Gulf Watch", None)


def test_a_suffix_shared_by_most_titles_is_an_outlet() -> None:
    shared = [f"Story {i} of the day - Kite & Anchor" for i in range(4)]

    assert repeated_suffix([*shared, "Another story"]) == "Kite & Anchor"
    assert repeated_suffix(["A - b", "C - d", "E - f", "G"]) is None
    assert repeated_suffix(shared[:2]) is None
    assert repeated_suffix([*shared, "One", "Two", "Three"]) is None  # four of seven are too few
    assert repeated_suffix(["One", "Two", "Three"]) is None


# --- wires ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected", "wire"),
    [
        ("(AP) - Storm nears", "Storm nears", "AP"),
        ("LONDON, Oct 6 (Reuters) - The storm nears", "The storm nears", "Reuters"),
        ("Reuters: Oil falls", "Oil falls", "Reuters"),
        ("UPDATE 2-Oil falls", "Oil falls", None),
        ("WRAPUP 1-Cranes idle", "Cranes idle", None),
        ("BREAKING: Oil falls", "Oil falls", None),
        ("LIVE: Oil falls", "Oil falls", None),
        ("⚡️Россия и Иран", "Россия и Иран", None),
        ("ТАСС/ Нефть дешевеет", "Нефть дешевеет", "ТАСС"),
        ("САРАТОВ, 6 окт — ТрансСибНовости. Дроны над городом", "Дроны над городом", "ТрансСибНовости"),
        ("عاجل: زلزال بقوة", "زلزال بقوة", None),
        ("Oil falls (Reuters)", "Oil falls", "Reuters"),
        ("Reuters sues a rival", "Reuters sues a rival", None),
        ("Live music returns", "Live music returns", None),
        ("BREAKING:", "BREAKING:", None),
    ],
)
def test_wires_and_urgency_labels_are_removed_from_titles(title: str, expected: str, wire: str | None) -> None:
    bare, _, credited = split_wire(title)

    assert (bare, credited) == (expected, wire)


def test_a_dateline_may_begin_late_and_use_slashes() -> None:
    assert split_wire("A" + "b" * 48 + " (Reuters) - Oil falls")[2] == "Reuters"
    assert split_wire("Oil", "QESHM /Name/ Oil falls", ("Name",)) == ("Oil", "Oil falls", "Name")


def test_a_wire_whose_name_begins_with_another_s_is_found_between_slashes() -> None:
    names = ("Delta", "Delta/North")

    assert split_wire("Oil", "/Delta/North/ Oil falls", names) == ("Oil", "Oil falls", "Delta/North")
    assert split_wire("Oil", "/Delta/ Oil falls", names) == ("Oil", "Oil falls", "Delta")


def test_a_dateline_in_the_summary_names_the_wire() -> None:
    found = split_wire("Oil falls", "WASHINGTON (AP) — Oil fell on Monday.")

    assert found == ("Oil falls", "Oil fell on Monday.", "AP")


@given(st.text(max_size=200))
def test_removing_wires_and_outlets_never_empties_a_headline(title: str) -> None:
    bare, _, _ = split_wire(title)
    left, _ = split_outlet(bare)

    assert bool(left.strip()) == bool(title.strip()) or not bare.strip()
