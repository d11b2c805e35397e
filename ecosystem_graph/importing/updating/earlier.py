"""The folder of an earlier import: its tables, with the source of every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from ecosystem_graph.errors import OutputError
from ecosystem_graph.importing.inputs.loaded import ROW, LoadedInput
from ecosystem_graph.importing.reading.raw_table import RawTable
from ecosystem_graph.importing.results.provenance_key import key_text
from ecosystem_graph.importing.results.writing import FOLDER, IMPORT
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.tables import Tables

SOURCE: Final = ("rule", "input", "file", "sheet", "row")
"""Columns of the provenance that say where a row is from."""


@dataclass(frozen=True, slots=True, eq=False)
class EarlierImport:
    """What an earlier import wrote.

    Attributes
    ----------
    folder : Path
    tables : Tables
    provenance : DataFrame
    aliases : DataFrame
        system, value and partner_id of every identifier, those that several partners share too.
    account : dict
        Content of `import.json`.
    """

    folder: Path
    tables: Tables
    provenance: pl.DataFrame
    aliases: pl.DataFrame
    account: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: str | Path) -> "EarlierImport":
        """Read the folder of an import.

        Raises
        ------
        OutputError
            If it is not one.
        DataError
            If its tables were changed and are no longer sound.
        """
        path = Path(folder)
        account = IMPORT.read_mark(path)
        if account is None:
            raise OutputError(
                f"{folder} is not an import (no {IMPORT.mark} in it says so): only the folder of "
                "an import can be updated."
            )
        about = path / FOLDER
        try:
            aliases = pl.read_csv(about / "aliases.csv", infer_schema=False)
            provenance = pl.read_parquet(about / "provenance.parquet")
        except (OSError, pl.exceptions.PolarsError) as error:
            raise OutputError(
                f"{about} cannot be read ({error}): import all files anew instead."
            ) from error
        return cls(
            path,
            read_tables(path),
            provenance,
            aliases.select("system", "value", "partner_id"),
            account,
        )

    @property
    def mapping(self) -> Path:
        """File of the mapping as it was used."""
        return self.folder / FOLDER / "mapping.toml"

    @property
    def format(self) -> Literal["parquet", "csv"]:
        """Format of the tables, `parquet` or `csv`."""
        return "csv" if (self.folder / "partners.csv").is_file() else "parquet"

    def rows(self, table: str) -> pl.DataFrame:
        """Rows of a table with the columns of the provenance that say where each is from."""
        frame = self.tables[table]
        known = self.provenance.filter(pl.col("table") == table).select("key", *SOURCE)
        keyed = frame.with_columns(key_text(frame, table).alias("key"))
        return keyed.join(known, on="key", how="left", maintain_order="left").drop("key")


def inputs_of(rows: pl.DataFrame) -> list[tuple[str, LoadedInput, pl.DataFrame]]:
    """Rows of an earlier import by the rule and input they are from.

    Parameters
    ----------
    rows : DataFrame
        As `EarlierImport.rows` returns them.

    Returns
    -------
    list of (str, LoadedInput, DataFrame)
        The rule; an input that knows the file and row of each; the rows, with `ROW`.
    """
    parts = []
    whole = rows.with_columns(pl.col("rule", "input", "file").fill_null("unknown"))
    for (rule, name), part in whole.partition_by(
        "rule", "input", as_dict=True, maintain_order=True
    ).items():
        places = part.select("file", "sheet").unique(maintain_order=True).with_row_index("part")
        number = part.join(places, on=["file", "sheet"], nulls_equal=True, maintain_order="left")
        raws = tuple(
            RawTable(str(name), file, sheet, pl.DataFrame(), np.zeros(0, dtype=np.int64))
            for file, sheet in places.select("file", "sheet").iter_rows()
        )
        frame = part.drop(SOURCE).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
        given = LoadedInput(
            str(name),
            raws,
            frame.select(ROW),
            number["part"].to_numpy().astype(np.int64),
            part["row"].fill_null(0).to_numpy().astype(np.int64),
        )
        parts.append((str(rule), given, frame))
    return parts
