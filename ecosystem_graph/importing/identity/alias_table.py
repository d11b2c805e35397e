"""Identifiers of partners as rows of the table `aliases`."""

import polars as pl

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.tables.schema.vocabulary import DISTINCT


def unambiguous_aliases(
    partners: pl.DataFrame, aliases: pl.DataFrame, decisions: Decisions
) -> pl.DataFrame:
    """Rows of the table `aliases`: identifiers of one partner alone, and pairs told apart.

    Parameters
    ----------
    partners : DataFrame
        partner_id and name.
    aliases : DataFrame
        system, value and partner_id.
    decisions : Decisions
        Pairs that are `different` get the system `distinct`.
    """
    own = partners.select("partner_id", value="name")
    ids = set(partners["partner_id"])
    known = (
        aliases.select("system", "value", "partner_id")
        .filter(~pl.col("value").is_in(ids) & pl.col("partner_id").is_in(ids))
        .join(own, on=["partner_id", "value"], how="anti")
        .unique()
    )
    one = known.filter(pl.len().over("system", "value") == 1)
    different = decisions.pairs("different").filter(
        pl.col("partner_id").is_in(ids) & pl.col("other_id").is_in(ids)
    )
    apart = different.select(
        pl.lit(DISTINCT).alias("system"), value="other_id", partner_id="partner_id"
    )
    return pl.concat(
        [one, apart.unique(["system", "value"], keep="first", maintain_order=True)]
    ).sort("system", "value")
