"""Tables on a terminal: what a person copies or reads is never broken in two."""

from __future__ import annotations

import re
from io import StringIO

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from wirekin.cli import root
from wirekin.cli._tables import plain_text, print_rows

COLUMNS = ("Age", "Story", "Lead by", "Headlines", "Languages", "Id")
TITLE = "Iran to let UN nuclear inspectors back in this week"
ROW = ("27 min", TITLE, "Meridian Wire", "6", "en fa ru", "8e961a506d11e948e557")


def printed_table(width: int, *rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> str:
    out = Console(file=StringIO(), width=width, highlight=False)
    print_rows(out, columns, [[plain_text(cell) for cell in row] for row in rows or [ROW]], {0, 3}, 1)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 200])
def test_no_id_and_no_word_is_broken_at_any_width(width: int) -> None:
    found = printed_table(width)

    assert all(len(line) <= width for line in found.splitlines())
    assert all(word in re.split(r"\s+", found) for cell in ROW for word in cell.split())


def test_a_wide_terminal_shows_columns_and_a_narrow_one_labelled_facts() -> None:
    assert printed_table(120).splitlines()[0].split() == ["Age", "Story", "Lead", "by", "Headlines", "Languages", "Id"]
    assert printed_table(60).splitlines()[0] == TITLE
    assert "Lead by: Meridian Wire · Headlines: 6" in printed_table(60)
    assert "Headlines: " not in printed_table(60, (*ROW[:3], "", *ROW[4:]))


def test_an_age_is_not_broken_across_lines() -> None:
    assert "27 min" in printed_table(90)
    assert "27 min" in printed_table(80, ROW[:3], columns=COLUMNS[:3])


def test_a_url_is_not_broken_where_it_fits_and_a_url_within_a_text_keeps_the_columns() -> None:
    address, columns = "https://me.example/a-long-slug-of-a-headline-by-a-paper", ("", "Headline", "Link")

    assert address in printed_table(80, ("1", TITLE, address), columns=columns).split()
    lines = printed_table(80, ("1", TITLE, f"moves to {address}, seen twice"), columns=columns).splitlines()
    assert lines[0].split() == ["Headline", "Link"]


@pytest.mark.parametrize(
    "title",
    [
        "海峡で検査をめぐる協議が行き詰まり石油タンカーが拿捕され乗組員二十一人の安全が確認されたと船主が発表",
        "เรือบรรทุกน้ำมันถูกยึดในช่องแคบขณะที่การเจรจาเรื่องการตรวจสอบหยุดชะงักและลูกเรือทุกคนปลอดภัย",
    ],
)
def test_a_title_in_a_script_without_spaces_keeps_the_columns(title: str) -> None:
    lines = printed_table(80, ("27 min", title, "港報"), ROW[:3], columns=COLUMNS[:3]).splitlines()

    assert lines[0].split() == ["Age", "Story", "Lead", "by"]
    assert title in "".join(line[8:].split("港報")[0].strip() for line in lines[1:-1])
    assert all(cell_len(line) <= 80 for line in lines)


def test_markup_in_a_cell_is_printed_as_text_without_control_characters() -> None:
    assert "[red]\\x".replace("\\x", "") in printed_table(40, ("1", "[red]\x1b[31m", "B", "1", "en", "i"))


def command_descriptions(group: click.Group, *names: str) -> list[str]:
    """What the help of a group and of those in it says of each command, at 80 columns."""
    context = click.Context(group)
    inner = {name: group.get_command(context, name) for name in group.list_commands(context)}
    help_of = CliRunner().invoke(root, [*names, "--help"], terminal_width=80).output
    found = [line for line in help_of.partition("Commands:")[2].splitlines() if line.strip()]
    return [
        *found,
        *(
            line
            for name, one in inner.items()
            if isinstance(one, click.Group)
            for line in command_descriptions(one, *names, name)
        ),
    ]


def test_no_description_in_a_list_of_commands_is_truncated() -> None:
    lines = command_descriptions(root)

    assert len(lines) > 40
    assert [line for line in lines if "..." in line or len(line) > 80] == []
