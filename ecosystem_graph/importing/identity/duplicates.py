"""Pairs of partners that may be one company, for somebody to decide on."""

from typing import Final

import polars as pl

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.identifiers import DOMAIN, compared
from ecosystem_graph.tables.checking.company_names import likely_one_company

_MOST_SHARED: Final = 20
"""Most partners with one domain in one country; one that more have identifies nobody."""
_SIDES: Final = ("partner_id", "other_id")


def likely_duplicates(
    partners: pl.DataFrame, aliases: pl.DataFrame, deals: pl.Series, decisions: Decisions
) -> pl.DataFrame:
    """Pairs of partners that may be one company, and that nobody decided on.

    They have one name in one country, or in a country that is not known, or one domain in one
    country.

    Parameters
    ----------
    partners : DataFrame
        partner_id, name and country.
    aliases : DataFrame
        system, value and partner_id.
    deals : Series of String
        Partner of each row of deal_partners, to show on how many deals a partner is.
    decisions : Decisions

    Returns
    -------
    DataFrame
        partner_id, name, country and deals, the same of the other, and why.
    """
    pairs = pl.concat(
        [
            _one_name(partners, aliases).with_columns(why=pl.lit("one name")),
            _one_domain(partners, aliases).with_columns(why=pl.lit("one domain")),
        ]
    )
    for one, other in (_SIDES, _SIDES[::-1]):
        settled = decisions.duplicates.filter(pl.col("decision").is_not_null())
        pairs = pairs.join(settled, left_on=_SIDES, right_on=[one, other], how="anti")
    reasons = pairs.group_by(_SIDES, maintain_order=True).agg(pl.col("why").str.join(", "))
    counts = deals.alias("partner_id").to_frame().drop_nulls().group_by("partner_id").len("deals")
    facts = partners.select("partner_id", "name", "country").join(
        counts, on="partner_id", how="left"
    )
    facts = facts.with_columns(pl.col("deals").cast(pl.Int64).fill_null(0))
    others = facts.rename(lambda column: f"other_{column}".replace("partner_", ""))
    return (
        reasons.join(facts, on="partner_id")
        .join(others, on="other_id")
        .select(*facts.columns, *others.columns, "why")
        .sort("partner_id", "other_id")
    )


def _one_name(partners: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    apart = aliases.select("system", "value", "partner_id")
    pairs = likely_one_company(partners, apart)
    return _ordered(
        partners["partner_id"].gather(pairs["left"]), partners["partner_id"].gather(pairs["right"])
    )


def _one_domain(partners: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    own = aliases.filter(pl.col("system").str.to_lowercase() == DOMAIN)
    homes = (
        own.select("partner_id", domain=compared(own["value"], DOMAIN))
        .drop_nulls()
        .unique()
        .join(partners.select("partner_id", "country"), on="partner_id")
    )
    few = homes.drop_nulls().filter(pl.len().over("domain", "country") <= _MOST_SHARED)
    pairs = few.join(few, on=["domain", "country"], suffix=" right").filter(
        pl.col("partner_id") < pl.col("partner_id right")
    )
    return _ordered(pairs["partner_id"], pairs["partner_id right"])


def _ordered(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    pairs = pl.DataFrame({"left": left, "right": right})
    return pairs.select(
        pl.min_horizontal("left", "right").alias(_SIDES[0]),
        pl.max_horizontal("left", "right").alias(_SIDES[1]),
    ).unique(maintain_order=True)
