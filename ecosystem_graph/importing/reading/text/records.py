"""Text in UTF-8 -> grid of cells.

Rows are numbered as a spreadsheet shows them: a blank line counts, a line break inside quotes does
not. Text that follows RFC 4180 is split by polars; what does not is split record by record.
"""

import csv
import re
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.importing.reading.grid import Grid, RowFault, UnreadableInputError
from ecosystem_graph.tables.opening.csv_text import csv_records

_HEAD: Final = 200_000
_MOST_COLUMNS: Final = 16_384
"""As in a spreadsheet."""
_NO_DELIMITER: Final = "\x00"


def grid_of_text(data: bytes, delimiter: str) -> Grid:
    r"""Cells of a text.

    Parameters
    ----------
    data : bytes
        UTF-8.
    delimiter : str

    Raises
    ------
    UnreadableInputError
        If a quote is never closed.

    Examples
    --------
    >>> grid = grid_of_text(b'deal,note\n1,"a\nb"\n\n2,c\n', ",")
    >>> grid.cells.rows()
    [('deal', 'note'), ('1', 'a\nb'), (None, None), ('2', 'c')]
    >>> grid.rows.tolist(), grid.n_fields.tolist()
    ([1, 2, 3, 4], [2, 2, 0, 2])
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _NO_DELIMITER.encode() not in data:
        records = _records(_lines(data))
        if _is_regular(records, delimiter):
            return _regular(data, records, delimiter)
    return _irregular(data.decode(), delimiter)


def _lines(data: bytes) -> pl.Series:
    """Lines of a text."""
    frame = pl.read_csv(
        data,
        has_header=False,
        quote_char=None,
        separator=_NO_DELIMITER,
        schema={"line": pl.String},
        empty_string_is_null=False,
    )
    return frame["line"]


def _records(lines: pl.Series) -> pl.Series:
    """Lines, those joined that a quote holds together."""
    odd = lines.str.count_matches('"', literal=True) % 2 == 1
    if not odd.any():
        return lines
    # A record begins where the quotes before it are even.
    begins = (odd.cast(pl.UInt32).cum_sum().shift(1, fill_value=0) % 2) == 0
    frame = pl.DataFrame({"line": lines, "record": begins.cast(pl.UInt32).cum_sum()})
    joined = frame.group_by("record", maintain_order=True).agg(pl.col("line").str.join("\n"))
    return joined["line"]


def _is_regular(records: pl.Series, delimiter: str) -> bool:
    """Whether quotes stand only around whole fields, and are doubled inside."""
    quoted = records.filter(records.str.contains('"', literal=True))
    apart = re.escape(delimiter)
    one = rf'(?:[^"{apart}\n]*|"(?:[^"]|"")*")'
    return bool(quoted.str.contains(rf"^{one}(?:{apart}{one})*$").all())


def _regular(data: bytes, records: pl.Series, delimiter: str) -> Grid:
    n_fields = _n_fields(records, delimiter)
    width = _width(n_fields)
    cells = pl.read_csv(
        data,
        has_header=False,
        separator=delimiter,
        schema={str(column): pl.String for column in range(width)},
        extra_columns="ignore",
        missing_columns="insert",
        truncate_ragged_lines=True,
    ).with_columns(pl.all().replace({"": None}))
    return Grid(cells, np.arange(1, cells.height + 1), n_fields, delimiter=delimiter)


def _n_fields(records: pl.Series, delimiter: str) -> NDArray[np.int64]:
    """Fields of each record; 0 for a blank line."""
    frame = pl.DataFrame({"record": records})
    quoted = pl.col("record").str.contains('"', literal=True)
    outside = (
        pl.when(quoted)
        .then(pl.col("record").str.replace_all(r'"[^"]*"', ""))
        .otherwise(pl.col("record"))
    )
    count = outside.str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1
    n_fields = frame.select(pl.when(pl.col("record") == "").then(0).otherwise(count))
    return n_fields.to_series().to_numpy()


def _width(n_fields: NDArray[np.int64]) -> int:
    """Columns of a grid: the widest of the first records decides."""
    return int(min(max(n_fields[:200].max(initial=1), 1), _MOST_COLUMNS))


def _irregular(text: str, delimiter: str) -> Grid:
    """Cells of a text with quotes inside fields, or misplaced ones."""
    records: list[list[str]] = []
    rows: list[int] = []
    faults: list[RowFault] = []
    for row, record, line in csv_records(text, delimiter):
        if isinstance(record, csv.Error):
            faults.append(_fault(row, line, str(record)))
        else:
            rows.append(row)
            records.append(record)
    n_fields = np.array([len(record) for record in records], dtype=np.int64)
    width = _width(n_fields)
    padding = [""] * width
    columns = zip(*((record + padding)[:width] for record in records), strict=True)
    texts = list(columns) or [()] * width
    cells = pl.DataFrame(
        [pl.Series(str(place), part, dtype=pl.String) for place, part in enumerate(texts)]
    ).with_columns(pl.all().replace({"": None}))
    return Grid(
        cells,
        np.array(rows, dtype=np.int64),
        n_fields,
        row_faults=tuple(faults),
        delimiter=delimiter,
    )


def _fault(row: int, line: str, reason: str) -> RowFault:
    if "end of data" in reason:
        raise UnreadableInputError(f"opens a quote in row {row:,} and never closes it.")
    if "field limit" in reason:
        limit = csv.field_size_limit()
        message = f"holds more than {limit:,} letters in one field: shorten it."
        return RowFault(row, line, message, "field too long")
    message = f"cannot be split into fields ({reason}): write a quote inside a field twice."
    return RowFault(row, line, message, "misplaced quote")
