"""Empty tables to fill in, and the data dictionary that describes them."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import dataframely as dy

from ecosystem_graph.errors import OutputError
from ecosystem_graph.tables.schema.columns import allowed, key_of, kind_of, references
from ecosystem_graph.tables.schema.definitions import ONE_OF, REQUIRED, TABLES

_INTRODUCTION = f"""# Data dictionary

One folder per ecosystem, one CSV or Parquet file per table, named after the table. CSV is text in
UTF-8, or in UTF-16 as spreadsheets mark it, with commas, semicolons, tabs or `|` between columns.
`{REQUIRED}` is required, and either {" or ".join(" + ".join(f"`{t}`" for t in s) for s in ONE_OF)};
every other table is optional. Columns marked *key* identify a row together, columns marked
*required* are never empty, and all others may be empty or left out. In the names of files and
columns, and in the values of a closed list, case, blanks, hyphens and underscores do not matter.
Rows that are equal in every column count once.

Dates are written YYYY-MM-DD; a time of day is cut off, and the date is kept as written, in its own
time zone. In validity ranges, placeholder dates such as 1900-01-01 and 9999-12-31 count as empty.
Numbers are written 1234.5; decimal commas and thousands separators are read where only one number
can be meant. Leave a missing value empty; do not write NULL or N/A.

A country or territory is any market code; ISO 3166 codes and the names of countries, in any
language, are recognised among them.
"""


def write_template(directory: str | Path) -> list[Path]:
    """Write one empty CSV file per table, and `DATA_DICTIONARY.md`.

    Parameters
    ----------
    directory : str or Path
        A new or an empty folder.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        If the folder is not empty or cannot be written.
    """
    folder = Path(directory)
    texts = {
        f"{name}.csv": ",".join(schema.column_names()) + "\n" for name, schema in TABLES.items()
    }
    texts["DATA_DICTIONARY.md"] = data_dictionary()
    made = False
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(f"{directory} is not empty: name a new folder for the template.")
        _write_all(folder, texts)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        if made:
            with suppress(OSError, ValueError):
                folder.rmdir()
        raise OutputError(f"{directory} cannot be written: {error}.") from error
    return [folder / name for name in texts]


def _write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files, or none."""
    try:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except BaseException:
        for name in texts:
            (folder / name).unlink(missing_ok=True)
        raise


def data_dictionary() -> str:
    """Every table and column in Markdown: type, allowed values, description, references.

    Examples
    --------
    >>> print(next(line for line in data_dictionary().splitlines() if "opened_on" in line))
    | opened_on | date | 1970-01-01 to 2200-12-31 | Date the deal was opened. |
    """
    return "\n".join([_INTRODUCTION, *(_table(name) for name in TABLES)])


def _table(name: str) -> str:
    schema = TABLES[name]
    refers = {ref.column: f" Refers to `{ref.table}.{ref.key}`." for ref in references(schema)}
    lines = [
        f"## {name}\n",
        f"{schema.__doc__}\n",
        "| column | type | allowed | meaning |",
        "|---|---|---|---|",
    ]
    for column_name, column in schema.columns().items():
        marks = _marks(column, in_key=column_name in key_of(schema))
        meaning = f"{column.description}{refers.get(column_name, '')}"
        lines.append(f"| {column_name} | {marks} | {allowed(column)} | {meaning} |")
    return "\n".join([*lines, ""])


def _marks(column: dy.Column, *, in_key: bool) -> str:
    marks = [kind_of(column), "key" if in_key else "", "" if column.nullable else "required"]
    return ", ".join(mark for mark in marks if mark)
