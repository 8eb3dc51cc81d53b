"""Rows for a terminal: under columns where these fit, else a few lines a row. No id, age or word is broken in two.

An id in pieces can be given to no other command; at 80 columns, as most terminals open, seven columns leave it no room.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

WHOLE = 8  # letters that never wrap: "in 4 min", "11 h", "Headline"
LONGEST_WORD = 24  # letters within a sentence; what is longer is an address in passing, and folds
FOLDED = 16  # letters of a line of such an address

Cells = Sequence[Sequence["Text"]]


def plain_table() -> Table:
    """A table without lines."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, header_style="bold")


def plain_text(words: str) -> Text:
    """Words of strangers for a terminal: no markup of rich's, no control characters."""
    from rich.text import Text

    return Text("".join(c for c in words if c.isprintable()))


def print_rows(out: Console, columns: Sequence[str], cells: Cells, right: Collection[int], grow: int) -> None:
    """The rows; `right` names the columns of figures, `grow` the one that gives way first."""
    widths = _widths(out.width, columns, cells, grow % len(columns))
    if widths is None:
        for row in cells:
            out.print(_block(columns, row, right))
        return
    table = plain_table()
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold", max_width=width)
    for row in cells:
        table.add_row(*row)
    out.print(table)


def _widths(room: int, columns: Sequence[str], cells: Cells, grow: int) -> list[int] | None:
    """Letters a column: no more than fit, and none too few for its longest word; None where that cannot be.

    `grow` keeps a third of the room, the others what is left.
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

    whole = [cell.cell_len for cell in column if cell.cell_len <= WHOLE or " " not in cell.plain]
    words = [cell_len(word) for cell in column if " " in cell.plain for word in cell.plain.split()]
    return max([1, *whole, *(length if length <= LONGEST_WORD else FOLDED for length in words)])


def _block(columns: Sequence[str], row: Sequence[Text], right: Collection[int]) -> RenderableType:
    """A row of many columns as a few lines: what it is called, and beneath what is known of it."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    head = next((place for place, name in enumerate(columns) if name and place not in right), 0)
    rest = [(name, cell) for place, (name, cell) in enumerate(zip(columns, row, strict=True)) if place != head and cell]
    facts = Text(" · ").join(Text(f"{name}: " if name else "").append_text(cell) for name, cell in rest)
    title = row[head].copy()
    title.stylize("bold")
    return Group(title, Padding(facts, (0, 0, 0, 2)))
