"""Partners that a decision made known -> rows of partners, at the first row that names each."""

from typing import Final

import numpy as np
import polars as pl

from ecosystem_graph.importing.inputs.loaded import ROW
from ecosystem_graph.importing.mapping.grammar import Rule
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.importing.rules.context import Context, LeftOut

_RULE: Final = "review"
_OTHERS: Final = "names no partner that was decided to be new"


def new_partners(known: pl.Series, context: Context) -> list[RuleRows]:
    """Rows of partners for those that were decided to be new and that some row names.

    Parameters
    ----------
    known : Series of String
        Ids of the partners that have a row.
    context : Context
    """
    decided = context.decisions.new_partners().filter(~pl.col("partner_id").is_in(known.implode()))
    if decided.is_empty() or not context.matches:
        return []
    named = pl.concat(context.matches, how="vertical").join(
        decided.select("partner_id", "name"), on="partner_id", maintain_order="left"
    )
    first = named.unique("partner_id", keep="first", maintain_order=True)
    return [
        _of_input(str(source), part.select("partner_id", "name", pl.col("row").alias(ROW)), context)
        for (source,), part in first.partition_by("input", as_dict=True).items()
    ]


def _of_input(source: str, frame: pl.DataFrame, context: Context) -> RuleRows:
    given = context.inputs[source]
    left_out = LeftOut.none(given.height)
    others = np.setdiff1d(np.arange(given.height), frame[ROW].to_numpy())
    left_out.add(others, _OTHERS)
    rule = Rule("partners", _RULE, source, origin=context.mapping.name)
    return RuleRows(rule, given, frame, left_out)
