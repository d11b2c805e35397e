"""An import -> a folder that every command reads, written as a whole or not at all."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import polars as pl

from ecosystem_graph.files.folder_kind import FolderKind
from ecosystem_graph.files.whole_folder import staged_folder
from ecosystem_graph.importing.mapping.toml_text import toml_text
from ecosystem_graph.importing.results.account import MADE_BY, Account
from ecosystem_graph.tables.packaging.descriptor import About, descriptor
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables

FOLDER: Final = "_import"
"""Folder in the output that tells where everything is from; reading tables passes over it."""

IMPORT: Final = FolderKind(
    "an import",
    f"{FOLDER}/import.json",
    {"made_by": MADE_BY},
    frozenset(
        {"datapackage.json"}
        | {f"{FOLDER}/{name}" for name in ("import.json", "mapping.toml", "provenance.parquet")}
        | {f"{FOLDER}/aliases.csv"}
        | {f"{name}.{kind}" for name in TABLES for kind in ("parquet", "csv")}
    ),
)

_PACKAGE: Final[About] = {
    "name": "import",
    "title": "Tables imported from other systems",
    "description": f"Where each row is from, and what was left out, is in the folder {FOLDER}.",
    "licenses": [],
}


class _Written(Protocol):
    @property
    def tables(self) -> Tables: ...
    @property
    def account(self) -> Account: ...
    @property
    def provenance(self) -> pl.DataFrame: ...
    @property
    def aliases(self) -> pl.DataFrame: ...
    @property
    def document(self) -> Mapping[str, Any]: ...


def write_import(
    imported: _Written,
    path: Path,
    *,
    format: Literal["parquet", "csv"],
    overwrite: bool,
    as_of: date | None,
) -> Path:
    """Write the tables, their provenance, the mapping as used and the account of an import.

    Raises
    ------
    OutputError
        If the folder exists already, or cannot be written.
    """
    tables = imported.tables
    with staged_folder(path, IMPORT, overwrite=overwrite) as folder:
        for name in tables.provided:
            _write_table(tables[name], folder / f"{name}.{format}")
        about = folder / FOLDER
        about.mkdir()
        (about / "import.json").write_text(_json(imported.account.to_dict()), encoding="utf-8")
        (about / "mapping.toml").write_text(toml_text(imported.document), encoding="utf-8")
        imported.provenance.write_parquet(about / "provenance.parquet")
        imported.aliases.write_csv(about / "aliases.csv")
        if as_of is not None:
            package = descriptor(folder, as_of=as_of, **_PACKAGE)
            (folder / "datapackage.json").write_text(_json(package), encoding="utf-8")
    return path


def _write_table(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path)


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
