"""Raw tables: what an input holds, as text, with the row of the source that each row comes from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import Problem

JOINED: Final = " / "
"""Between the parts of a name that stands in several rows of a header."""
_CUSTOM: Final = re.compile(r"__c$", re.IGNORECASE)
_NEITHER_LETTER_NOR_DIGIT: Final = re.compile(r"[\W_]+")


def folded_field(name: str) -> str:
    """Name of a field without case, a final `__c`, and all but letters and digits.

    Examples
    --------
    >>> [folded_field(name) for name in ("StageName", "STAGENAME", "Stage Name", "stage_name__c")]
    ['stagename', 'stagename', 'stagename', 'stagename']
    """
    return _NEITHER_LETTER_NOR_DIGIT.sub("", _CUSTOM.sub("", name.strip()).casefold())


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How a mapping asks for one input to be read; everything is optional.

    Attributes
    ----------
    name : str
        Of the input in the mapping, for messages that name a line to add.
    files : tuple of str
        Patterns such as `Opportunity*.csv`, relative to the source.
    sheet, table : str or None
        Sheet of a workbook, and named Excel table, or table of a database.
    header : tuple of int
        Rows of the header as a spreadsheet numbers them; empty: they are searched for.
    encoding, delimiter : str or None
        Of a text file; None: they are recognised.
    rows, each : str or None
        Of JSON: where the list of records is, and the list in a record that makes a row each.
    database, query : str or None
        `env:NAME`, an environment variable with a SQLAlchemy URL, and what to select there.
    """

    name: str = ""
    files: tuple[str, ...] = ()
    sheet: str | None = None
    table: str | None = None
    header: tuple[int, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    rows: str | None = None
    each: str | None = None
    database: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What reading decided or could not decide, and the line of a mapping that answers it.

    Attributes
    ----------
    text : str
    answer : str
        Line of TOML, with its table: `[settings] encoding = "cp1250"`.
    """

    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How an input was read.

    Attributes
    ----------
    encoding, encoding_from : str
        Of a text file, and how it was decided (`byte order mark`, `valid UTF-8`, `mapping`, ...).
    delimiter : str
        Between the fields of a text file; empty for others.
    header : tuple of int
        Rows of the header, as a spreadsheet numbers them.
    left_out : dict of str to int
        Rows that are no data, by reason: `title`, `blank`, `total`, `footer`, `identical row`.
    headers : tuple of str
        Names of all columns, those that were not read among them.
    header_texts : tuple of tuple of str
        The rows of the header, cell by cell, for each of `headers`.
    notes : tuple of str
        What the user should know: cells under a merge, hidden rows.
    questions : tuple of Question
    digest : str
        SHA-256 of the file; empty if the input is no file.
    """

    encoding: str = ""
    encoding_from: str = ""
    delimiter: str = ""
    header: tuple[int, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    header_texts: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One input as it is in its source, before any value is interpreted.

    Attributes
    ----------
    name : str
        Of the input: the stem of its file, or `stem / sheet` where a workbook has several.
    file : str
        Relative to the source, as given.
    sheet : str or None
    frame : DataFrame
        Text columns named as in the source, repeated names numbered (`Step`, `Step #2`); an empty
        cell is null.
    rows : ndarray of int64, shape (n_rows,)
        Row in the source of each row of the frame, counted from 1 as a spreadsheet shows it: the
        header counts, a blank line counts, a line break inside quotes does not.
    layout : Layout
    problems : tuple of Problem
        Of rows that could not be read and are not in the frame, and of cells that are spoilt.
    """

    name: str
    file: str
    sheet: str | None
    frame: pl.DataFrame
    rows: NDArray[np.int64]
    layout: Layout = field(default_factory=Layout)
    problems: tuple[Problem, ...] = ()

    def field_named(self, name: str) -> str | None:
        """Column whose folded name is that of `name`; None if no column is.

        Examples
        --------
        >>> frame = pl.DataFrame({"STAGENAME": ["Won"]})
        >>> RawTable("deals", "deals.csv", None, frame, np.array([2])).field_named("Stage Name")
        'STAGENAME'
        """
        return field_among(self.frame.columns, name)


def field_among(columns: Iterable[str], name: str) -> str | None:
    """Column whose folded name is that of `name`; None if no column is.

    Examples
    --------
    >>> field_among(["Deal", "Stage_Name__c"], "STAGENAME")
    'Stage_Name__c'
    """
    wanted = folded_field(name)
    return next((column for column in columns if folded_field(column) == wanted), None)


def numbered_names(names: Iterable[str | None]) -> list[str]:
    """Names of columns made distinct; a column without one is called `Column` and its number.

    Examples
    --------
    >>> numbered_names(["Deal", "Step", "", "Step", "STEP"])
    ['Deal', 'Step', 'Column 3', 'Step #2', 'STEP #3']
    """
    seen: dict[str, int] = {}
    distinct: dict[str, str] = {}
    for position, given in enumerate(names, start=1):
        name = " ".join((given or "").split()) or f"Column {position}"
        folded = folded_field(name) or name
        while True:
            count = seen[folded] = seen.get(folded, 0) + 1
            numbered = name if count == 1 else f"{name} #{count}"
            if numbered not in distinct.values() and folded_field(numbered) not in distinct:
                break
        distinct[folded_field(numbered) or numbered] = numbered
    return list(distinct.values())
