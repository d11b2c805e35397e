"""Descriptor of a data package (Data Package v2) for a folder of tables."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, Unpack

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


class About(TypedDict):
    """Properties of a data package, as the standard names them."""

    name: str
    title: str
    description: str
    licenses: Sequence[Mapping[str, str]]
    sources: NotRequired[Sequence[Mapping[str, str]]]
    contributors: NotRequired[Sequence[Mapping[str, Any]]]
    version: NotRequired[str]


def descriptor(
    folder: str | Path,
    *,
    as_of: str | date | None = None,
    **about: Unpack[About],
) -> dict[str, Any]:
    """Content of `datapackage.json` for the tables in a folder.

    Parameters
    ----------
    folder : str or Path
        Folder of `<table>.csv` or `<table>.parquet` files that `read_tables` reads without a
        problem.
    as_of : str or date, optional
        Date up to which the data is complete: the default of `as_of` for its users.
    **about
        Properties of the package as in the Data Package standard: name, title, description,
        version, licenses, sources, contributors.

    Returns
    -------
    dict
        Ready for JSON; one resource per table in the folder.

    Raises
    ------
    DataError
        If the tables have problems.
    """
    tables, files = read_tables(folder), opened(folder).tables
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": about["name"],
        "title": about["title"],
        "description": about["description"],
        "version": about.get("version", "1.0.0"),
        "licenses": list(about["licenses"]),
        "sources": list(about.get("sources", ())),
        "contributors": list(about.get("contributors", ())),
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
    found = match_columns(raw.headers, declared, raw.name).place
    header = {name: raw.headers[position] for name, position in found.items()}
    known = {header[name]: _field(header[name], declared[name]) for name in found}
    fields = [known.get(name, {"name": name, "type": "any"}) for name in raw.headers]
    schema = {"fields": fields} | _key(raw.name, header, tables)
    foreign_keys = [
        _foreign_key(raw.name, reference, header[reference.column])
        for reference in references(TABLES[raw.name])
        if reference.column in header and reference.table in tables.provided
    ]
    return schema | ({"foreignKeys": foreign_keys} if foreign_keys else {})


def _key(name: str, header: Mapping[str, str], tables: Tables) -> dict[str, Any]:
    """Primary key, or unique key if a part of it is empty somewhere: the standard forbids that."""
    key = [column for column in key_of(TABLES[name]) if column in header]
    columns = [header[column] for column in key]
    if any(tables[name][column].null_count() for column in key):
        return {"uniqueKeys": [columns]}
    return {"primaryKey": columns}


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
    """Foreign key as in the standard: one to the same table has no resource."""
    target: dict[str, Any] = {"fields": [reference.key]}
    if reference.table != table:
        target = {"resource": reference.table, **target}
    return {"fields": [column], "reference": target}
