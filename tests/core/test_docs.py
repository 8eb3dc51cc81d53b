"""The documents match the project: links work, decisions are numbered, dependencies are explained."""

import re
import tomllib
from pathlib import Path

import pytest

from wirekin.model import Health

ROOT = Path(__file__).parents[2]
DOCS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))
PINS = [ROOT / "requirements/base.txt", ROOT / "requirements/dev.txt"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def dependencies(*extras: str) -> set[str]:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    wanted = project["dependencies"] + [one for extra in extras for one in project["optional-dependencies"][extra]]
    return {re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in wanted} - {
        "wirekin"
    }  # an extra may name another


def pinned(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", text_of(path), re.MULTILINE))


def test_exactly_the_declared_dependencies_are_explained_each_once() -> None:
    explained = re.findall(r"^- `([^`]+)` \w+", text_of(ROOT / "docs/adr/0007-dependencies.md"), re.MULTILINE)

    assert len(explained) == len(set(explained))
    assert set(explained) == dependencies("images", "postgres", "semantic", "multilingual", "dev")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_file(path: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(text_of(path)) if "://" not in link]

    assert [link for link in links if link and not (path.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps_and_titled_with_their_number() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]

    assert numbers == list(range(1, len(ADRS) + 1))
    assert [
        number for number, path in zip(numbers, ADRS, strict=True) if not text_of(path).startswith(f"# {number}. ")
    ] == []


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_the_four_required_sections_in_at_most_100_lines(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)

    assert headings == ["Context", "Decision", "Consequences", "How we would know it was wrong"]
    assert len(text_of(path).splitlines()) <= 100


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_pinned_requirements_have_hashes_and_name_no_index_or_path(path: Path) -> None:
    packages = re.split(r"^(?=\S)", text_of(path), flags=re.MULTILINE)

    assert [package.split()[0] for package in packages if package.strip() and "--hash=sha256:" not in package] == []
    assert not re.search(r"https?://|file:|--index|--find-links| @ ", text_of(path))


def test_pinned_requirements_include_every_dependency_and_agree_with_each_other() -> None:
    base, dev = map(pinned, PINS)

    assert dependencies() | {"hatchling", "editables"} <= set(base)
    assert dependencies("dev") <= set(dev)
    assert {name: dev.get(name) for name in base} == base


def test_operations_explain_every_health_and_exit_code() -> None:
    page = text_of(ROOT / "docs/operations.md")

    assert [health for health in Health if f"| {health} |" not in page] == []
    assert [code for code in (0, 1, 2, 69, 75, 78, 130) if f"| {code} |" not in page] == []


def test_the_layers_of_the_architecture_page_are_those_of_the_import_contract() -> None:
    contract = text_of(ROOT / ".importlinter").partition("layers =")[2].partition("\n\n")[0]
    layers = [frozenset(line.split(" | ")) for line in contract.split("\n    ")[1:]]
    rows = re.findall(r"^\| \d* ?\| ([^|]+) \|", text_of(ROOT / "docs/architecture.md"), re.MULTILINE)

    assert [frozenset(re.findall(r"`(\w+)`", row)) for row in rows] == [
        frozenset(name.strip() for name in layer) for layer in layers
    ]
