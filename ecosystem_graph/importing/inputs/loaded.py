"""The inputs of an import: files of one kind stacked, their fields found under any known name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.mapping.grammar import FieldName, InputMapping
from ecosystem_graph.importing.reading.raw_table import RawTable, folded_field

ROW: Final = "__row__"
"""Name of the column that holds the position of a row in its input, from 0."""


@dataclass(frozen=True)
class LoadedInput:
    """One input of a mapping, all its files together.

    Attributes
    ----------
    name : str
    raws : tuple of RawTable
        Its files and sheets, in order.
    frame : DataFrame
        Text, columns named by their folded names; blanks around values are gone, empty is null.
    part, rows : ndarray of int64, shape (n_rows,)
        Which of `raws` a row is from, and its row there.
    identical : int
        Rows that were equal to one in another file, and are not in the frame.
    others : mapping of str to tuple of str
        Other names of a field, all folded.
    """

    name: str
    raws: tuple[RawTable, ...]
    frame: pl.DataFrame
    part: NDArray[np.int64]
    rows: NDArray[np.int64]
    identical: int = 0
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.frame.height

    @property
    def file(self) -> str:
        """Its file for a message; the first one of several."""
        first = location(self.raws[0])
        return first if len(self.raws) == 1 else f"{first} and {len(self.raws) - 1} more"

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Names of all columns in the source, those not read among them."""
        return tuple(dict.fromkeys(name for raw in self.raws for name in raw.layout.headers))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of each column in the source, by its folded name."""
        return {folded_field(name): name for name in reversed(self.headers)}

    def column(self, wanted: FieldName | str) -> str | None:
        """Folded name of the column that holds a field; None if there is none."""
        return found_field(wanted, self.labels, self.others)

    def columns_like(self, pattern: str) -> list[str]:
        """Folded names of the columns that a pattern such as `Partner *` stands for, in order."""
        return fields_like(pattern, self.labels, self.headers)

    def place(self, row: int) -> tuple[str, int]:
        """File, and row in it, of a row of this input."""
        return location(self.raws[int(self.part[row])]), int(self.rows[row])


def location(raw: RawTable) -> str:
    """File of a raw table, with its sheet if it has one.

    Examples
    --------
    >>> location(RawTable("deals", "deals.xlsx", "FY26", pl.DataFrame(), np.array([])))
    'deals.xlsx [FY26]'
    """
    return raw.file if raw.sheet is None else f"{raw.file} [{raw.sheet}]"


def found_field(
    wanted: FieldName | str, present: Iterable[str], others: Mapping[str, tuple[str, ...]]
) -> str | None:
    """Folded name under which a field is present, its own name first, then its other names."""
    name = folded_field(wanted if isinstance(wanted, str) else wanted.name)
    return next((own for own in (name, *others.get(name, ())) if own in present), None)


def fields_like(pattern: str, labels: Mapping[str, str], headers: Sequence[str]) -> list[str]:
    """Folded names that fit a pattern in which `*` stands for anything, in the order of headers."""
    parts = [re.escape(folded_field(part)) for part in pattern.split("*")]
    fits = re.compile(".+".join(parts)) if pattern.strip("* ") else re.compile(".+")
    folded = (folded_field(name) for name in headers)
    return [name for name in dict.fromkeys(folded) if name in labels and fits.fullmatch(name)]


def folded_others(mapping: InputMapping) -> dict[str, tuple[str, ...]]:
    """Other names of each field of an input, all folded."""
    return {
        folded_field(name): tuple(map(folded_field, names))
        for name, names in mapping.fields.items()
    }


def stacked(
    name: str, raws: Sequence[RawTable], others: Mapping[str, tuple[str, ...]]
) -> tuple[LoadedInput, list[Problem]]:
    """Files of one input as one; rows that are identical in two files count once.

    Problems are those of reading, and a file whose columns are not those of the first.
    """
    problems = [problem for raw in raws for problem in raw.problems]
    frames, parts, rows = [], [], []
    first = {folded_field(header) for header in raws[0].layout.headers}
    for number, raw in enumerate(raws):
        if {folded_field(header) for header in raw.layout.headers} != first:
            message = (
                f"has other columns than {location(raws[0])}, though both are {name}: give each an "
                "input of its own, with `file` to tell them apart."
            )
            problems.append(Problem(name, location(raw), None, None, None, message, "columns"))
        cleaned = [
            pl.col(column).str.strip_chars().replace("", None).alias(folded_field(column))
            for column in raw.frame.columns
        ]
        frames.append(raw.frame.select(cleaned) if cleaned else pl.DataFrame())
        parts.append(np.full(len(raw.rows), number, dtype=np.int64))
        rows.append(raw.rows.astype(np.int64))
    frame = pl.concat(frames, how="diagonal") if any(f.width for f in frames) else pl.DataFrame()
    part, row = np.concatenate(parts), np.concatenate(rows)
    position = pl.Series(ROW, np.arange(len(row), dtype=np.int64))
    frame = pl.DataFrame([*frame.get_columns(), position])
    identical = 0
    if len(raws) > 1 and frame.width > 1:
        frame, identical = _once(frame, part)
        kept = frame[ROW].to_numpy()
        part, row = part[kept], row[kept]
        frame = frame.with_columns(pl.Series(ROW, np.arange(frame.height, dtype=np.int64)))
    return LoadedInput(name, tuple(raws), frame, part, row, identical, others), problems


def _once(frame: pl.DataFrame, part: NDArray[np.int64]) -> tuple[pl.DataFrame, int]:
    """Rows that do not repeat a row of an earlier file."""
    columns = [name for name in frame.columns if name != ROW]
    number = pl.Series("__part__", part)
    first = pl.col("__part__").min().over(columns)
    kept = frame.with_columns(number).filter(first == pl.col("__part__")).drop("__part__")
    return kept, frame.height - kept.height
