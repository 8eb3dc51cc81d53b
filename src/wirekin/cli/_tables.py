"""Print rows on a terminal: as a table if its columns fit, else as a few lines per row.

No id, age or word is broken: an id in pieces cannot be copied into another command, and at 80 columns a table of seven
columns leaves no room for a whole one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

WHOLE = 8  # cells of up to so many letters never wrap: "in 4 min", "11 h", "Headline"
LONGEST_WORD = 24  # letters of a word in a sentence; a longer one is an address, and folds
FOLDED = 16  # letters per line of a folded address, at least

Cells = Sequence[Sequence["Text"]]


def plain_text(words: str) -> Text:
    """Untrusted text for a terminal: rich reads no markup in it, and control characters are dropped."""
    from rich.text import Text

    return Text("".join(c for c in words if c.isprintable()))


def print_rows(out: Console, columns: Sequence[str], cells: Cells, right: Collection[int], grow: int) -> None:
    """Print rows under columns; `right` lists the right-aligned columns, `grow` is the one that shrinks first."""
    from rich.table import Table

    widths = _widths(out.width, columns, cells, grow % len(columns))
    if widths is None:
        for row in cells:
            out.print(_block(columns, row, right))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold", max_width=width)
    for row in cells:
        table.add_row(*row)
    out.print(table)


def _widths(room: int, columns: Sequence[str], cells: Cells, grow: int) -> list[int] | None:
    """Return the width of each column in cells, wide enough for its longest word; None if the table does not fit.

    `grow` shrinks first, but not below a third of the room; then the widest of the others shrink.
    """
    told = [[plain_text(name), *column] for name, *column in zip(columns, *cells, strict=True)]
    widths = [max(cell.cell_len for cell in column) for column in told]
    room -= 2 * (len(widths) - 1)
    if sum(widths) <= room:
        return widths
    least = [_least(column) for column in told]
    others = sum(width for place, width in enumerate(widths) if place != grow)
    widths[grow] = max(min(widths[grow], room // 3), least[grow], min(widths[grow], room - others))
    while sum(widths) > room:
        loose = [place for place, width in enumerate(widths) if place != grow and width > least[place]]
        if not loose:
            return None
        widths[max(loose, key=widths.__getitem__)] -= 1
    return widths


def _least(column: Sequence[Text]) -> int:
    from rich.cells import cell_len

    whole = [cell.cell_len for cell in column if cell.cell_len <= WHOLE or _is_one_thing(cell.plain)]
    words = [cell_len(word) for cell in column if not _is_one_thing(cell.plain) for word in cell.plain.split()]
    return max([1, *whole, *(length if length <= LONGEST_WORD else FOLDED for length in words)])


def _is_one_thing(words: str) -> bool:
    """Return whether it is an id or an address; a headline in Chinese, Japanese or Thai has no spaces either."""
    return " " not in words and (words.isascii() or "://" in words)


def _block(columns: Sequence[str], row: Sequence[Text], right: Collection[int]) -> RenderableType:
    """Lay out a row as a few lines: its name, and the other cells below it."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    head = next((place for place, name in enumerate(columns) if name and place not in right), 0)
    rest = [(name, cell) for place, (name, cell) in enumerate(zip(columns, row, strict=True)) if place != head and cell]
    facts = Text(" · ").join(Text(f"{name}: " if name else "").append_text(cell) for name, cell in rest)
    title = row[head].copy()
    title.stylize("bold")
    return Group(title, Padding(facts, (0, 0, 0, 2)))
