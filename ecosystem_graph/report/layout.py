"""Layout of plain text: line width, names, fields, columns, numbers."""

import textwrap
from collections.abc import Sequence

from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.printable import printable

WIDTH = 100

#: A column is never broken to less than this.
_NARROWEST = 20


def wrapped(line: str) -> str:
    """A line broken at the width of a terminal."""
    return filled(line, "", " " * 5)


def filled(text: str, first: str, others: str) -> str:
    """Printable text broken at the width of a terminal, with its two indents."""
    return textwrap.fill(printable(text), WIDTH, initial_indent=first, subsequent_indent=others)


def who(graph: EcosystemGraph, partner_id: str) -> str:
    """Name of a partner of a graph, followed by its id if the two differ."""
    return named(graph.index.names[graph.index.position(partner_id)], partner_id)


def named(name: str, partner_id: str) -> str:
    """A name, followed by the id if the two differ.

    Examples
    --------
    >>> named("Acme Ltd", "p-1"), named("acme", "acme")
    ('Acme Ltd (p-1)', 'acme')
    """
    return name if name == partner_id else f"{name} ({partner_id})"


def field(name: str, value: str) -> str:
    """One fact, indented under its row."""
    return filled(value, f"     {name:<6}", " " * 11)


def columns(table: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Rows with their cells aligned: `sides` has `l` or `r` for each column."""
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
    """A number to four significant digits, or whole from 1,000 on.

    Examples
    --------
    >>> number(0.123456), number(12345.6)
    ('0.1235', '12,346')
    """
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{round(value, 4):.4g}"


def interval(values: Interval) -> str:
    """An estimate with its interval.

    Examples
    --------
    >>> interval(Interval(0.5, 0.25, 0.75))
    '0.500 [0.250, 0.750]'
    """
    return f"{values.estimate:.3f} [{values.low:.3f}, {values.high:.3f}]"
