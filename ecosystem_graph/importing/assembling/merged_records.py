"""Records that a system merged into others -> the record that is left."""

from typing import Final

import polars as pl

from ecosystem_graph.importing.inputs.loaded import ROW, LoadedInput
from ecosystem_graph.importing.mapping.grammar import Merged
from ecosystem_graph.importing.values.identifiers import in_form
from ecosystem_graph.tables.schema.columns import references
from ecosystem_graph.tables.schema.definitions import TABLES

_LONGEST: Final = 20
"""Merges of merges that are followed."""


def merged_records(merged: Merged, given: LoadedInput) -> pl.DataFrame:
    """Id of each record that is gone, `old`, and of the one it was merged into in the end, `new`.

    A field of old ids may list several, separated by `;`. Records merged in a circle are left as
    they are.
    """
    old, new = given.column(merged.old), given.column(merged.new)
    nothing = pl.DataFrame(schema={"old": pl.String, "new": pl.String, ROW: pl.Int64})
    if old is None or new is None:
        return nothing
    pairs = (
        given.frame.select(pl.col(old).str.split(";").alias("old"), pl.col(new).alias("new"), ROW)
        .explode("old")
        .with_columns(pl.col("old").str.strip_chars().replace("", None))
        .drop_nulls()
        .filter(pl.col("old") != pl.col("new"))
    )
    if pairs.is_empty():
        return nothing
    ids = pairs.with_columns(
        in_form(pairs["old"], "salesforce_id"), in_form(pairs["new"], "salesforce_id")
    )
    step = ids.sort("old", "new").unique("old", keep="first", maintain_order=True)
    ends = step
    for _ in range(_LONGEST):
        further = ends.join(
            step.select(pl.col("old").alias("new"), pl.col("new").alias("next")),
            on="new",
            how="left",
            maintain_order="left",
        )
        if further["next"].null_count() == further.height:
            return ends
        ends = further.select("old", pl.coalesce("next", "new").alias("new"), ROW)
    return ends.filter(~pl.col("new").is_in(step["old"].implode()))


def with_merged_ids(frame: pl.DataFrame, table: str, merges: pl.DataFrame) -> pl.DataFrame:
    """Rows of a table in which ids of organisations are those of the records that are left."""
    if merges.is_empty():
        return frame
    own = ["partner_id"] if table == "partners" else []
    partners = [one.column for one in references(TABLES[table]) if one.table == "partners"]
    columns = dict.fromkeys([*own, *partners, "customer_id"])
    return frame.with_columns(
        _replaced(frame[column], merges) for column in columns if column in frame.columns
    )


def _replaced(ids: pl.Series, merges: pl.DataFrame) -> pl.Series:
    joined = pl.DataFrame({"old": ids}).join(
        merges.select("old", "new"), on="old", how="left", maintain_order="left"
    )
    return joined.select(pl.coalesce("new", "old").alias(ids.name))[ids.name]
