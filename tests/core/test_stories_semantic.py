"""Word vectors: what they add with the extra `semantic`, and that nothing changes without it."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

import make
from wirekin import config
from wirekin.errors import ConfigError
from wirekin.evaluate import evaluate, same_story_figures, samples
from wirekin.model import Candidate, Headline, Neighbourhood, RelatedQuery, StoryId, StoryRef
from wirekin.stories import Asked, Window, alike, assign, rank, semantic_missing
from wirekin.stories import _vectors as kept
from wirekin.stories._vectors import WORDS, Meanings, Meant, static_vectors
from wirekin.text import terms

installed = pytest.mark.skipif(bool(semantic_missing()), reason="wordllama is absent: pip install wirekin[semantic]")

GROUPS = (
    ("Nurses walk out at hospitals over wages", "Hospital nurses strike over pay"),
    ("Astronomers spot new planet around nearby star", "Astronomer finds planets orbiting a distant star"),
)


def meaning_of(title: str, lang: str | None = "en") -> Meant:
    (vector,) = Meanings(semantic=True).of([(title, "", lang)])
    return Meant(lang, vector)


def said(title: str, minute: int = 0, lang: str | None = "en") -> Headline:
    path = title.replace(" ", "-")
    return make.headline(title, f"https://example.com/{path}", first_seen_at=make.at(minutes=minute), lang=lang)


def paraphrases() -> list[Headline]:
    return [said(title, minute) for minute, title in enumerate(title for group in GROUPS for title in group)]


def stories_of(window: Window, headlines: Iterable[Headline]) -> dict[str, str]:
    return {found.headline_id: found.story_id for found in assign(window, list(headlines))}


# --- everywhere -------------------------------------------------------------------------------------------------


def test_without_a_vector_the_similarity_is_that_of_the_words() -> None:
    assert WORDS.blended(0.2, None) == 0.2
    assert Meanings(semantic=True).closeness(Meant("en", None), Meant("en", None)) is None


def test_closeness_raises_a_similarity_and_never_lowers_it() -> None:
    assert WORDS.blended(0.2, WORDS.strangers) == WORDS.blended(0.2, -1.0) == 0.2
    assert 0.2 < WORDS.blended(0.2, 0.7) < WORDS.blended(0.2, 0.9) <= WORDS.most(0.2)
    assert WORDS.blended(0.9, 1.0) == WORDS.most(0.9) == 0.9


def test_a_window_without_semantic_imports_nothing_of_the_extra() -> None:
    grouping = (
        "import sys, make; from wirekin.stories import Window, assign;"
        "assign(Window(), [make.headline('Nurses walk out', 'https://example.com/a', lang='en')]);"
        "print(sorted({'numpy', 'tokenizers', 'wordllama'} & set(sys.modules)))"
    )
    tests = Path(__file__).parents[1]
    ran = subprocess.run([sys.executable, "-c", grouping], cwd=tests, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "STATIC", ("a_package_that_nobody_has",))

    assert "pip install wirekin[semantic]" in semantic_missing()


def test_a_package_without_its_files_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "STATIC", ("json", "weights"))

    assert "pip install wirekin[semantic]" in semantic_missing()


def test_the_setting_without_the_extra_is_reported_at_its_line_and_column(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "STATIC", ("a_package_that_nobody_has",))
    file = tmp_path / "feeds.yml"
    file.write_text("settings: {semantic: true}\nfeeds:\n  - url: https://example.com/a\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"1:22: settings\.semantic: needs an extra .*wirekin\[semantic\]"):
        config.load(file)


# --- with the extra ---------------------------------------------------------------------------------------------


@installed
def test_paraphrases_without_a_rare_common_word_are_close_and_unrelated_titles_are_not() -> None:
    closeness = Meanings(semantic=True).closeness
    pairs = [closeness(meaning_of(a), meaning_of(b)) for a, b in GROUPS]
    strangers = closeness(meaning_of(GROUPS[0][0]), meaning_of(GROUPS[1][0]))

    assert strangers is not None
    assert all(pair is not None and pair > WORDS.strangers > strangers for pair in pairs)


@installed
def test_a_vector_has_length_one_and_a_text_without_words_none() -> None:
    rows = static_vectors(["Nurses walk out", ""])

    assert rows.shape == (2, 256)
    assert float(rows[0] @ rows[0]) == pytest.approx(1.0, abs=1e-5)
    assert float(rows[1] @ rows[1]) == 0.0


@installed
@pytest.mark.parametrize(
    ("title", "lang"), [("اعتصاب کارگران نفت", "fa"), ("Забастовка врачей", "ru"), ("Grève à Paris", None)]
)
def test_a_title_in_a_language_without_vectors_has_none(title: str, lang: str | None) -> None:
    assert meaning_of(title, lang).vector is None


@installed
def test_the_vectors_are_read_without_importing_the_package_that_ships_them() -> None:
    reading = (
        "import sys; from wirekin.stories._vectors import static_vectors; static_vectors(['Nurses walk out']);"
        "print([name for name in sys.modules if name.partition('.')[0] in ('wordllama', 'requests')])"
    )
    ran = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


@installed
def test_vectors_raise_the_similarity_of_a_paraphrased_pair() -> None:
    pair = [(said("Carmaker recalls sedans over faulty brakes"), said("Automaker recalls cars for brake defect"))]

    assert alike(pair, semantic=True) > alike(pair)


@installed
@pytest.mark.parametrize(("semantic", "stories"), [(False, 2), (True, 1)])
def test_headlines_of_one_event_hours_apart_are_joined_only_with_vectors(semantic: bool, stories: int) -> None:
    first = "Carmaker recalls sedans over faulty brakes"
    again = said("Automaker recalls cars for brake defect", 9 * 60)

    assert len(set(stories_of(Window(semantic=semantic), [said(first), again]).values())) == stories


@installed
def test_of_two_candidates_with_the_same_shared_words_vectors_favour_the_right_one() -> None:
    question = "Barristers strike over courtroom pay"
    titles = ("Bowlers strike early as hosts pay for errors", "Lawyers begin strike in pay dispute")
    headlines = [said(title) for title in titles]
    held = [set(terms(title)) for title in titles]
    near = Neighbourhood(
        candidates=tuple(Candidate(headline, StoryRef(StoryId(headline.id))) for headline in headlines),
        frequencies=dict(Counter(term for terms_ in held for term in terms_)),
        documents=50,
    )

    def scores(*, semantic: bool) -> list[float]:
        items = rank(
            RelatedQuery(title=question),
            Asked(terms(question), question, lang="en"),
            near,
            now=make.NOW,
            semantic=semantic,
        )
        by_title = {item.headline.title: item.score for item in items}
        return [by_title[title] for title in titles]

    by_words, by_meaning = scores(semantic=False), scores(semantic=True)

    assert by_words[1] - by_words[0] < 0.1 < by_meaning[1] - by_meaning[0]


@installed
def test_a_semantic_window_does_not_depend_on_the_order_of_headlines() -> None:
    headlines = paraphrases()
    shuffled = random.Random(1).sample(headlines, len(headlines))

    assert stories_of(Window(semantic=True), shuffled) == stories_of(Window(semantic=True), headlines)


@installed
def test_a_reloaded_semantic_window_groups_as_the_original_one() -> None:
    *earlier, last = paraphrases()
    grown = Window(semantic=True)
    loaded = Window(semantic=True)
    for headline, found in zip(earlier, assign(grown, earlier), strict=True):
        loaded.add(headline, found)

    assert stories_of(loaded, [last]) == stories_of(grown, [last])


@installed
def test_eval_gives_the_same_figures_with_vectors() -> None:
    rows = [
        {"title": title, "story": str(story), "lang": "en"} for story, group in enumerate(GROUPS) for title in group
    ]
    found, _ = samples(rows)

    report = evaluate(rows, resamples=10, semantic=True)

    assert {figure.name for figure in report.figures} == {
        figure.name for figure in evaluate(rows, resamples=10).figures
    }
    assert [figure.units for figure in same_story_figures(found, 10, 1, semantic=True)] == [len(rows)] * 2
