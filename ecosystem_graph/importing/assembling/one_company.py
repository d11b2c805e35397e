"""Rows of partners that are one company, for certain or as decided -> rows of one partner."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from ecosystem_graph.importing.assembling.one_row_per_key import alike
from ecosystem_graph.importing.identity.unifying import UnifiedPartners, unified_partners
from ecosystem_graph.importing.inputs.loaded import ROW
from ecosystem_graph.importing.mapping.grammar import Rule
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.importing.rules.context import Context, LeftOut

_SOURCE: Final = "source"
_PART: Final = "__part__"
_PARENT: Final = ("parent_id",)
_RULE: Final = "one company"
_OTHERS: Final = "not one company with another partner"
_SYSTEM_MERGED: Final = "merged"
_REASONS: Final = {"same": "as decided"}


def one_company(
    partners: Sequence[RuleRows], aliases: pl.DataFrame, merges: pl.DataFrame, context: Context
) -> tuple[pl.DataFrame, list[RuleRows]]:
    """Give records of one company the id of the one that stays, and families their parent.

    Of several rows of one rule that become one partner, the first value that is not empty counts,
    the row of the record that stays before the others.

    Parameters
    ----------
    partners : sequence of RuleRows
        Their frames are changed.
    aliases : DataFrame
        system, value and partner_id.
    merges : DataFrame
        old, new and `ROW` of each record that the system merged.
    context : Context
        Has the decisions; gets a note on what became one.

    Returns
    -------
    DataFrame, list of RuleRows
        The merges, and old and new id of every other record that became part of another; and rows
        of aliases with the old ids.
    """
    rules = list(dict.fromkeys(rows.rule.name for rows in partners))
    ids = pl.concat(
        rows.frame.select("partner_id", pl.lit(rules.index(rows.rule.name)).alias(_SOURCE))
        for rows in partners
    )
    unified = unified_partners(ids, aliases, merges.select("old", "new"), context.decisions)
    former = [_former_ids(rows, unified, context) for rows in partners]
    for name in rules:
        _unite([rows for rows in partners if rows.rule.name == name], unified)
    reasons = [
        f"{n:,} {_REASONS.get(reason, f'by {reason}')}"
        for reason, n in unified.reasons.items()
        if reason != _SYSTEM_MERGED
    ]
    if reasons:
        context.note(f"records that are one partner with another: {', '.join(reasons)}.")
    others = unified.kept.select(old="old_id", new="partner_id").join(merges, on="old", how="anti")
    followed = merges.with_columns(unified.renamed(merges["new"]))
    merges = pl.concat([followed, others], how="diagonal")
    return merges, [rows for rows in former if rows.frame.height]


def _former_ids(rows: RuleRows, unified: UnifiedPartners, context: Context) -> RuleRows:
    """Rows of aliases with the ids of records that became part of another."""
    own = context.mapping.identity.system or rows.given.name
    gone = rows.frame.select(pl.col("partner_id").alias("old_id"), ROW).join(
        unified.kept, on="old_id", maintain_order="left"
    )
    # The id of a partner that only another system knows is written as `system:id`.
    parts = gone["old_id"].str.extract_groups(r"^(?:([^:]+):)?(.+)$")
    frame = gone.select(
        parts.struct.field("1").fill_null(own).alias("system"),
        parts.struct.field("2").alias("value"),
        "partner_id",
        ROW,
    )
    rule = Rule("aliases", _RULE, rows.given.name, origin=context.mapping.name)
    left_out = LeftOut.none(rows.given.height)
    left_out.add(np.setdiff1d(np.arange(rows.given.height), frame[ROW].to_numpy()), _OTHERS)
    return RuleRows(rule, rows.given, frame, left_out, earlier=rows.earlier)


def _unite(parts: Sequence[RuleRows], unified: UnifiedPartners) -> None:
    """Give the rows of one rule, those of an earlier import among them, the ids that stay."""
    numbered = [
        rows.frame.with_columns(pl.lit(number).alias(_PART)) for number, rows in enumerate(parts)
    ]
    whole = pl.concat(alike(numbered), how="diagonal")
    united = _with_parents(_one_row_each(whole, unified), unified)
    for number, rows in enumerate(parts):
        columns = list(dict.fromkeys([*rows.frame.columns, *_PARENT]))
        kept = [column for column in columns if column in united.columns]
        rows.frame = united.filter(pl.col(_PART) == number).select(kept)


def _one_row_each(frame: pl.DataFrame, unified: UnifiedPartners) -> pl.DataFrame:
    """Rows with the ids that stay; of those that became one, the first has all values."""
    if unified.kept.is_empty():
        return frame
    ids = unified.renamed(frame["partner_id"])
    stays = ids == frame["partner_id"]
    renamed = frame.with_columns(ids)
    if "parent_id" in frame.columns:
        parent = unified.renamed(frame["parent_id"])
        renamed = renamed.with_columns(parent.set(parent == ids, None))
    is_several = ids.is_in(ids.filter(~stays).implode())
    ordered = (
        renamed.with_columns(stays.alias("stays"), frame["partner_id"].alias("own"))
        .filter(is_several)
        .sort("partner_id", ~pl.col("stays"), "own", ROW, maintain_order=True)
    )
    fixed = ("partner_id", ROW, _PART)
    others = [column for column in frame.columns if column not in fixed]
    whole = ordered.with_columns(
        pl.when(pl.int_range(pl.len()).over("partner_id") == 0)
        .then(pl.col(column).drop_nulls().first().over("partner_id"))
        .alias(column)
        for column in others
    )
    return pl.concat([renamed.filter(~is_several), whole.select(frame.columns)])


def _with_parents(frame: pl.DataFrame, unified: UnifiedPartners) -> pl.DataFrame:
    if unified.parents.is_empty():
        return frame
    if "parent_id" not in frame.columns:
        frame = frame.with_columns(parent_id=pl.lit(None, pl.String))
    decided = unified.parents.select("partner_id", decided="parent_id")
    joined = frame.join(decided, on="partner_id", how="left", maintain_order="left")
    return joined.with_columns(parent_id=pl.coalesce("decided", "parent_id")).select(frame.columns)
