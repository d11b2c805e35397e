"""How text is laid out: widths, names, columns."""

import textwrap
from collections.abc import Sequence

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.printable import printable

WIDTH = 100

#: A column is never broken to less than this.
_NARROWEST = 20


def wrapped(line: str) -> str:
    """A line broken where the terminal ends."""
    return filled(line, "", " " * 5)


def filled(text: str, first: str, others: str) -> str:
    """Text of one line, whatever is in it, broken where the terminal ends, with its indents."""
    return textwrap.fill(printable(text), WIDTH, initial_indent=first, subsequent_indent=others)


def who(graph: EcosystemGraph, partner_id: str) -> str:
    """Name of a partner, with its id where that is another."""
    name = graph.index.names[graph.index.position(partner_id)]
    return name if name == partner_id else f"{name} ({partner_id})"


def columns(table: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Rows with their cells lined up, each column to the left or to the right."""
    table = [[printable(cell) for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    widest = widths.index(max(widths))
    spare = WIDTH - sum(widths) - 2 * (len(widths) - 1)
    if spare < 0:
        widths[widest] = max(widths[widest] + spare, _NARROWEST)
        table = [line for row in table for line in _broken(row, widest, widths[widest])]
    return [
        "  ".join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        ).rstrip()
        for row in table
    ]


def _broken(row: Sequence[str], column: int, width: int) -> list[list[str]]:
    """A row as lines, one of its cells broken at a width."""
    first, *others = textwrap.wrap(row[column], width, subsequent_indent="  ") or [""]
    lines = [[*row[:column], first, *row[column + 1 :]]]
    blank = [""] * len(row)
    return lines + [[*blank[:column], other, *blank[column + 1 :]] for other in others]


def number(value: float) -> str:
    """A number in four digits, or whole from a thousand on.

    Examples
    --------
    >>> number(0.123456), number(12345.6)
    ('0.1235', '12,346')
    """
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{round(value, 4):.4g}"
