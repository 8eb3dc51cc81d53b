"""docs/commands.md names exactly the commands, arguments and options, and explains every exit code and reason."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from wirekin import cli
from wirekin.cli._options import Command
from wirekin.model import Health, Reason

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "commands.md").read_text(encoding="utf-8")
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in [*DOCS.glob("*.md"), DOCS.parent / "README.md"]}
CONTEXT = click.Context(cli.root)


def leaves(found: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that is not a group, with its full name."""
    if not isinstance(found, click.Group):
        yield " ".join(("wirekin", *path)), found
        return
    for name in found.list_commands(CONTEXT):
        inner = found.get_command(CONTEXT, name)
        assert inner is not None
        yield from leaves(inner, *path, name)


COMMANDS = dict(leaves(cli.root))
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE))


def options_of(found: click.Command) -> set[str]:
    return {name for option in found.params if isinstance(option, click.Option) for name in option.opts}


COMMON = options_of(Command("any", lists=True)) | {"--help", "-h", "--version"}


def own_options(found: click.Command) -> list[click.Option]:
    return [option for option in found.params if isinstance(option, click.Option) and not COMMON & set(option.opts)]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text."""
    return [cell for cell in re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE) if cell not in {"option", "code"}]


def section(page: str, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found is not None, heading
    return found[1]


# --- commands ------------------------------------------------------------------------------------------------------


def test_exactly_the_existing_commands_have_a_section() -> None:
    assert sorted(re.findall(r"^### (.+)$", PAGE, re.MULTILINE)) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_begins_with_the_commands_arguments(name: str) -> None:
    arguments = [one.make_metavar(CONTEXT) for one in COMMANDS[name].params if isinstance(one, click.Argument)]
    many = "..." if any(one.nargs == -1 and one.required for one in COMMANDS[name].params) else ""

    assert SECTIONS[name].strip().splitlines()[0] == f"`{' '.join((name, *arguments))}{many}`"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_has_a_row_for_each_option_of_its_own_with_its_default(name: str) -> None:
    rows = re.findall(r"^\| `(--[a-z-]+)`.*$", SECTIONS[name], re.MULTILINE)
    expected = {option.opts[0]: option for option in own_options(COMMANDS[name])}

    assert sorted(rows) == sorted(expected)
    for opt, option in expected.items():
        (row,) = re.findall(rf"^\| `{opt}`.*$", SECTIONS[name], re.MULTILINE)
        assert not option.show_default or f"`{option.default}`" in row


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_links_the_schema_of_the_commands_json_and_shows_an_example(name: str) -> None:
    schema = name.removeprefix("wirekin ").replace(" ", "-")
    prints_json = "--json" in options_of(COMMANDS[name]) or name in {"wirekin group", "wirekin export"}

    assert re.findall(r"\(schemas/(.+)\.json\)", SECTIONS[name]) == ([schema] if prints_json else [])
    assert re.search(rf"^\$ .*{name}\b", SECTIONS[name], re.MULTILINE)


def test_the_common_options_are_described_once_with_their_variables() -> None:
    table = section(PAGE, "Options of every command")
    variables = {str(option.envvar) for option in cli.root.params if isinstance(option, click.Option) and option.envvar}

    assert {name for cell in first_cells(table) for name in re.findall(r"`(-[a-z-]+)`", cell)} == COMMON
    assert set(re.findall(r"WIREKIN_\w+", table)) == variables


def examples() -> Iterator[tuple[str, str]]:
    """The commands that the pages show: console lines, and inline code that begins with `wirekin`."""
    for page, text in PAGES.items():
        for line in re.findall(r"^\$ (?:.*<\()?(wirekin [^\n#>|)]+)", text, re.MULTILINE):
            yield page, line
        for line in re.findall(r"`(wirekin [^`\n]+)`", text):
            yield page, line


@pytest.mark.parametrize(("page", "line"), sorted(set(examples())))
def test_every_command_line_shown_on_a_page_exists_with_its_options(page: str, line: str) -> None:
    if line.startswith("wirekin COMMAND"):
        return
    words = shlex.split(line)[1:]
    found: click.Command = cli.root
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        assert name in found.list_commands(CONTEXT), page
        inner = found.get_command(CONTEXT, name)
        assert inner is not None
        found = inner
    flags = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}

    assert flags <= options_of(found) | COMMON, page


# --- codes and reasons ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, OPERATIONS], ids=["commands.md", "operations.md"])
def test_exactly_the_existing_exit_codes_are_explained(page: str) -> None:
    codes = [cli.OK, cli.FAILED, click.UsageError.exit_code, cli.UNREACHABLE, cli.BUSY, cli.BAD_CONFIG, cli.INTERRUPTED]

    assert first_cells(section(page, "Exit codes")) == [str(code) for code in codes]


def test_exactly_the_existing_reasons_of_a_failed_poll_are_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", section(OPERATIONS, "Reasons"), re.MULTILINE)

    assert rows == [reason.value for reason in Reason]


def test_exactly_the_existing_health_values_are_explained() -> None:
    rows = [cell for cell in first_cells(section(OPERATIONS, "Health")) if cell != "health"]

    assert rows == [health.value for health in Health]
