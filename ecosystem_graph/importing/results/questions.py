"""What an import leaves open: values that may mean a partner, and partners that may be one."""

from typing import Final

import polars as pl

from ecosystem_graph.importing.assembling.one_row_per_key import TableRows
from ecosystem_graph.importing.identity.duplicates import likely_duplicates
from ecosystem_graph.importing.identity.review import MATCH_COLUMNS, match_questions
from ecosystem_graph.importing.rules.context import Context

_FOUND: Final[dict[str, pl.DataType]] = {
    "partner_id": pl.String(),
    "how": pl.String(),
    "value": pl.String(),
    "target": pl.String(),
    "input": pl.String(),
    "row": pl.Int64(),
    "ways": pl.List(pl.String),
}


def all_matches(context: Context) -> pl.DataFrame:
    """partner_id, how, value, target, input, row and ways of every row that was matched."""
    return pl.concat([pl.DataFrame(schema=_FOUND), *context.matches])


def questions_of_matches(context: Context) -> pl.DataFrame:
    """What is to be decided about values; columns as in `matches.csv`, without the decision."""
    found = all_matches(context)
    undecided = found.filter(pl.col("partner_id").is_null())
    if undecided.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(MATCH_COLUMNS, pl.String))
    located = [
        part.with_columns(
            pl.Series("row", context.inputs[str(source)].rows[part["row"].to_numpy()])
        )
        for (source,), part in undecided.partition_by("input", as_dict=True).items()
    ]
    return match_questions(pl.concat(located), context.partners)


def questions_of_duplicates(tables: dict[str, TableRows], context: Context) -> pl.DataFrame:
    """Pairs of partners that may be one company; columns as in `duplicates.csv`."""
    known = context.partners
    seats = tables.get("deal_partners")
    deals = pl.Series([], dtype=pl.String)
    if seats is not None and "partner_id" in seats.frame.columns:
        deals = seats.frame["partner_id"]
    return likely_duplicates(known.partners, known.aliases, deals, context.decisions)
