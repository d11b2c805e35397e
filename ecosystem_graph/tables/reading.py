"""A folder or dataframes -> `Tables`, or one error with every problem."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from ecosystem_graph.tables.checking.examination import Examination, examined, sorted_problems
from ecosystem_graph.tables.checking.relations import related_problems
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.messages.notes import Note
from ecosystem_graph.tables.opening.opened import opened
from ecosystem_graph.tables.opening.raw_table import ROW, Source
from ecosystem_graph.tables.quarantine import require_free, sound_part, write_quarantine
from ecosystem_graph.tables.roles import plain_role
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables


def read_tables(
    source: str | Path | Mapping[str, Any],
    *,
    quarantine: str | Path | None = None,
    ignored_roles: Sequence[str] = (),
) -> Tables:
    """Tables of an ecosystem, read and checked.

    Parameters
    ----------
    source : str, Path or mapping of str to dataframe
        A folder with one `<table>.csv`, `.tsv` or `.parquet` per table, or the tables themselves in
        any dataframe with the Arrow PyCapsule interface (polars, pandas, pyarrow, duckdb).
        `Tables` are returned as they are.
    quarantine : str or Path, optional
        New folder for bad rows and the rows that depend on them; reading continues without them.
    ignored_roles : sequence of str, optional
        Roles on deals that do not count as collaboration, in addition to the `ignored_roles` of
        the data package: see :meth:`Tables.without_roles`.

    Returns
    -------
    Tables
        Every table; countries known to ISO 3166 as two-letter codes.

    Raises
    ------
    DataError
        If there is any problem; it lists all of them, each with its row. Rows of CSV are numbered
        as in a spreadsheet (the header is row 1), those of Parquet and dataframes from 1.
    OutputError
        If the folder `quarantine` is not empty.
    TypeError
        If `source` is neither a folder nor a mapping of dataframes.
    UnknownValueError
        If no partner is on a deal in a role to be ignored.

    Examples
    --------
    >>> partners = pl.DataFrame({"partner_id": ["p-1"], "name": ["Acme"], "country": ["UK"]})
    >>> facts = pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["crm"]})
    >>> tables = read_tables({"partners": partners, "partner_capabilities": facts})
    >>> tables["partners"]["country"].to_list(), tables["deals"].height
    (['GB'], 0)
    """
    if isinstance(source, Tables):
        return source.without_roles(ignored_roles)
    directory = None if quarantine is None else Path(quarantine)
    if directory is not None:
        require_free(directory)
    tables, _ = checked_tables(opened(source), quarantine=directory)
    return tables.without_roles(ignored_roles)


def checked_tables(
    source: Source, *, quarantine: Path | None = None
) -> tuple[Tables, dict[str, pl.Series]]:
    """Tables of raw tables that are at hand, and the row of those that each of their rows is from.

    Parameters
    ----------
    source : Source
    quarantine : Path, optional
        As for `read_tables`.

    Raises
    ------
    DataError
        If there is any problem; it lists all of them.

    Examples
    --------
    >>> from ecosystem_graph.tables.opening.dataframes import of_frames
    >>> partners = pl.DataFrame({"partner_id": ["p-1"], "name": ["Acme"]})
    >>> facts = pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["crm"]})
    >>> given = of_frames({"partners": partners, "partner_capabilities": facts})
    >>> tables, rows = checked_tables(given)
    >>> tables["partners"].height, rows["partners"].to_list()
    (1, [1])
    """
    examination = examined(source)
    if quarantine is None:
        problems = examination.problems + related_problems(examination.tables)
        if problems:
            raise data_error(source.name, sorted_problems(problems))
        found = _tables(examination, examination.tables, set_aside={})
        return found, _rows(examination.tables)
    sound, reasons, notes = sound_part(examination)
    set_aside = write_quarantine(quarantine, source.tables, reasons)
    examination = replace(examination, notes=examination.notes + notes)
    found = _tables(examination, sound, set_aside)
    return found.replaced({}, lost_seats=_lost_seats(examination.tables, found)), _rows(sound)


def _rows(tables: Mapping[str, TypedTable]) -> dict[str, pl.Series]:
    return {name: table.frame[ROW] for name, table in tables.items()}


def _tables(
    examination: Examination, tables: Mapping[str, TypedTable], set_aside: Mapping[str, int]
) -> Tables:
    """`Tables` of examined tables without problems: declared columns only."""
    frames = {
        name: table.frame.select(TABLES[name].column_names()) for name, table in tables.items()
    }
    digests = {
        name: raw.digest or _digest(frames[name]) for name, raw in examination.source.tables.items()
    }
    read = Tables(
        frames,
        source=examination.source.name,
        provided=tuple(frames),
        as_of=examination.source.as_of,
        digests=digests,
        notes=tuple(examination.notes),
        set_aside=set_aside,
        left_out=examination.left_out,
    )
    stated = {plain_role(role) for role in examination.source.ignored_roles}
    known = stated.intersection(read.roles())
    notes = [
        Note(
            "datapackage",
            "datapackage.json",
            None,
            f"no partner is on a deal in the role {role!r}.",
        )
        for role in sorted(stated - known)
    ]
    noted = read.replaced({}, notes=(*read.notes, *notes))
    return noted.without_roles(known)


def _lost_seats(before: Mapping[str, TypedTable], sound: Tables) -> pl.DataFrame:
    """Rows of kept deals whose partners were set aside."""
    if "deal_partners" not in before:
        return sound.lost_seats
    columns = sound.lost_seats.columns
    return (
        before["deal_partners"]
        .frame.select(columns)
        .join(sound["deals"], on="deal_id", how="semi")
        .join(sound["deal_partners"], on=["deal_id", "partner_id"], how="anti")
        .unique(["deal_id", "partner_id"], maintain_order=True)
    )


def _digest(frame: pl.DataFrame) -> str:
    text = io.BytesIO()
    frame.write_csv(text)
    return hashlib.sha256(text.getbuffer()).hexdigest()
