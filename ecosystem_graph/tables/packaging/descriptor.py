"""A folder of tables -> the descriptor of its data package (Data Package v2)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.opening.opened import opened
from ecosystem_graph.tables.opening.raw_table import RawTable
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema.columns import Reference, key_of, kind_of, references
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.values.names import match_columns

_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "tab": "text/tab-separated-values",
    "parquet": "application/vnd.apache.parquet",
}
_FIELD_TYPES: Final = {
    "true or false": "boolean",
    "date": "date",
    "choice": "string",
    "number": "number",
    "whole number": "integer",
    "text": "string",
}


def descriptor(
    folder: str | Path,
    *,
    name: str,
    title: str,
    description: str,
    licenses: Sequence[Mapping[str, str]],
    sources: Sequence[Mapping[str, str]] = (),
    contributors: Sequence[Mapping[str, Any]] = (),
    as_of: str | date | None = None,
    version: str = "1.0.0",
) -> dict[str, Any]:
    """Content of `datapackage.json` for the tables in a folder.

    Parameters
    ----------
    folder : str or Path
        Holds `<table>.csv` or `<table>.parquet` files that `read_tables` reads without a problem.
    name, title, description, licenses, sources, contributors, version
        As the Data Package standard has them.
    as_of : str or date, optional
        Day the data should be seen from, when later records are incomplete.

    Returns
    -------
    dict
        Ready for JSON; one resource per table that is there.

    Raises
    ------
    DataError
        If the tables are not sound.
    """
    tables, files = read_tables(folder), opened(folder).tables
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": name,
        "title": title,
        "description": description,
        "version": version,
        "licenses": [dict(licence) for licence in licenses],
        "sources": [dict(source) for source in sources],
        "contributors": [dict(contributor) for contributor in contributors],
        "as_of": None if as_of is None else str(as_of),
        "resources": [
            _resource(Path(folder) / raw.file, name, tables[name], _schema(raw, tables))
            for name, raw in files.items()
        ],
    }
    return {key: value for key, value in package.items() if value not in (None, [])}


def _resource(path: Path, name: str, frame: pl.DataFrame, schema: dict[str, Any]) -> dict[str, Any]:
    kind = path.suffix.lower().removeprefix(".")
    data = path.read_bytes()
    return {
        "name": name,
        "path": path.name,
        "description": TABLES[name].__doc__,
        "format": kind,
        "mediatype": _MEDIA_TYPES[kind],
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": frame.height,
        "schema": schema,
    }


def _schema(raw: RawTable, tables: Tables) -> dict[str, Any]:
    """Table Schema of the columns in the file, in their order there."""
    declared = TABLES[raw.name].columns()
    there = match_columns(raw.headers, declared, raw.name).place
    stands_for = {raw.headers[place]: name for name, place in there.items()}
    header = {name: raw.headers[place] for name, place in there.items()}
    schema: dict[str, Any] = {
        "fields": [
            _field(name, declared[stands_for[name]])
            if name in stands_for
            else {"name": name, "type": "any"}
            for name in raw.headers
        ]
    }
    key = [name for name in key_of(TABLES[raw.name]) if name in header]
    # The standard allows no empty value in a primary key.
    filled = not any(tables[raw.name][name].null_count() for name in key)
    named = [header[name] for name in key]
    schema |= {"primaryKey": named} if filled else {"uniqueKeys": [named]}
    foreign_keys = [
        _foreign_key(raw.name, reference, header[reference.column])
        for reference in references(TABLES[raw.name])
        if reference.column in header and reference.table in tables.provided
    ]
    return schema | ({"foreignKeys": foreign_keys} if foreign_keys else {})


def _field(name: str, column: dy.Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if isinstance(column, dy.Enum):
        constraints["enum"] = list(column.categories)
    for constraint, bound in (("minimum", "min"), ("maximum", "max")):
        if (value := getattr(column, bound, None)) is not None:
            constraints[constraint] = str(value) if isinstance(value, date) else value
    field = {"name": name, "type": _FIELD_TYPES[kind_of(column)], "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def _foreign_key(table: str, reference: Reference, column: str) -> dict[str, Any]:
    """Foreign key as the standard has it: one to the same table names no resource."""
    target: dict[str, Any] = {"fields": [reference.key]}
    if reference.table != table:
        target = {"resource": reference.table, **target}
    return {"fields": [column], "reference": target}
