"""Records that are one partner: for certain, or as somebody decided."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.identifiers import DOMAIN, NAME, compared
from ecosystem_graph.tables.schema.vocabulary import DISTINCT

_UNCERTAIN: Final = (DOMAIN, NAME, DISTINCT)
"""Systems whose values several partners may share."""
_MOST_SHARED: Final = 20
"""Most records with one identifier; one that more have, such as 000000000, is a placeholder."""
_SIDES: Final = ("partner_id", "other_id")
_NO_PARENTS: Final = pl.DataFrame(schema={"partner_id": pl.String, "parent_id": pl.String})


@dataclass(frozen=True, slots=True, eq=False)
class UnifiedPartners:
    """Which records are one partner.

    Attributes
    ----------
    kept : DataFrame
        old_id and partner_id: each record that became part of another, and that other.
    parents : DataFrame
        partner_id and parent_id, as decided for families.
    reasons : dict of str to int
        Records that became part of another, by reason: `merged`, the system whose identifiers are
        equal, or `same`.

    """

    kept: pl.DataFrame
    parents: pl.DataFrame
    reasons: dict[str, int]

    def renamed(self, ids: pl.Series) -> pl.Series:
        """Ids in which those of records that became part of another are replaced."""
        given = pl.DataFrame({"old_id": ids})
        joined = given.join(self.kept, on="old_id", how="left", maintain_order="left")
        return joined["partner_id"].fill_null(ids).alias(ids.name)


def unified_partners(
    partners: pl.DataFrame, aliases: pl.DataFrame, merged: pl.DataFrame, decisions: Decisions
) -> UnifiedPartners:
    """Which records are one partner, for certain or as decided.

    Certain are records that the system itself merged, and those with one identifier in a system
    that gives each company one: any but domains and names. Pairs that were decided to be
    `different` are not put together for that.

    Parameters
    ----------
    partners : DataFrame
        partner_id, in the order of the sources: of several records that are one partner, the first
        source's stays (column `source`, an integer, if there is one), then the smallest id.
    aliases : DataFrame
        system, value and partner_id.
    merged : DataFrame
        old and new: ids of records that the system merged. The new one stays.
    decisions : Decisions

    Examples
    --------
    >>> unified = unified_partners(
    ...     pl.DataFrame({"partner_id": ["p-1", "p-2", "p-3"]}),
    ...     pl.DataFrame(
    ...         {
    ...             "system": ["duns", "duns"],
    ...             "value": ["15-048-3782", "150483782"],
    ...             "partner_id": ["p-1", "p-3"],
    ...         }
    ...     ),
    ...     pl.DataFrame({"old": ["p-0"], "new": ["p-2"]}),
    ...     Decisions(),
    ... )
    >>> unified.kept.rows(), unified.reasons
    ([('p-0', 'p-2'), ('p-3', 'p-1')], {'merged': 1, 'duns': 1})
    """
    links = pl.concat(
        [
            merged.select(left="old", right="new", why=pl.lit("merged")),
            _sharing(aliases, partners["partner_id"], decisions),
            decisions.pairs("same").select(left="partner_id", right="other_id", why=pl.lit("same")),
        ]
    ).drop_nulls()
    members = _members(links, partners, merged)
    stays = members.sort("gone", "source", "id").unique("group", keep="first", maintain_order=True)
    kept = (
        members.join(stays.select("group", partner_id="id"), on="group")
        .filter(pl.col("id") != pl.col("partner_id"))
        .select(pl.col("id").alias("old_id"), "partner_id")
        .sort("old_id")
    )
    unified = UnifiedPartners(kept, _NO_PARENTS, _reasons(links, kept))
    return replace(unified, parents=_parents(unified, decisions))


def _sharing(aliases: pl.DataFrame, ids: pl.Series, decisions: Decisions) -> pl.DataFrame:
    """Links of records that have one identifier in a system that gives each company one."""
    links = []
    for system in aliases["system"].unique().sort():
        if system.lower() in _UNCERTAIN:
            continue
        own = aliases.filter(
            (pl.col("system") == system) & pl.col("partner_id").is_in(ids.implode())
        )
        keyed = (
            own.select(compared(own["value"], system).alias("key"), "partner_id")
            .drop_nulls()
            .unique()
            .filter(pl.len().over("key") <= _MOST_SHARED)
        )
        pairs = keyed.join(keyed, on="key", suffix=" right").filter(
            pl.col("partner_id") < pl.col("partner_id right")
        )
        pairs = pairs.sort("key", "partner_id", "partner_id right")
        links.append(pairs.select(left="partner_id right", right="partner_id", why=pl.lit(system)))
    schema = dict.fromkeys(("left", "right", "why"), pl.String)
    found = pl.concat([pl.DataFrame(schema=schema), *links])
    different = decisions.pairs("different")
    for one, other in (_SIDES, _SIDES[::-1]):
        found = found.join(different, left_on=["left", "right"], right_on=[one, other], how="anti")
    return found


def _members(links: pl.DataFrame, partners: pl.DataFrame, merged: pl.DataFrame) -> pl.DataFrame:
    """Linked ids with their group, whether they are gone, and the number of their source."""
    ids = pl.concat([links["left"], links["right"]]).unique().sort().alias("id")
    place = {id_: number for number, id_ in enumerate(ids)}
    left = links["left"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    right = links["right"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    shape = (len(ids), len(ids))
    _, groups = connected_components(
        coo_array((np.ones(len(left)), (left, right)), shape=shape), directed=False
    )
    sources = (
        partners.select("partner_id", "source")
        if "source" in partners.columns
        else partners.select("partner_id", source=pl.lit(0))
    ).unique("partner_id", keep="first", maintain_order=True)
    known = pl.DataFrame({"id": ids, "group": pl.Series(groups, dtype=pl.Int64)}).join(
        sources, left_on="id", right_on="partner_id", how="left", maintain_order="left"
    )
    gone = pl.col("id").is_in(merged["old"].implode()) | pl.col("source").is_null()
    return known.with_columns(gone=gone)


def _reasons(links: pl.DataFrame, kept: pl.DataFrame) -> dict[str, int]:
    """Records that became part of another, by the first reason that links them."""
    ends = pl.concat([links.select("why", old_id=side) for side in ("left", "right")])
    first = links["why"].unique(maintain_order=True)
    order = {why: place for place, why in enumerate(first)}
    ranked = ends.with_columns(rank=pl.col("why").replace_strict(order, return_dtype=pl.Int64))
    why = ranked.sort("rank").unique("old_id", keep="first", maintain_order=True)
    counts = dict(kept.join(why, on="old_id").group_by("why").len().iter_rows())
    return {reason: counts[reason] for reason in first if reason in counts}


def _parents(unified: UnifiedPartners, decisions: Decisions) -> pl.DataFrame:
    """Parent of each partner that was decided to be of a family."""
    family = decisions.pairs("family")
    parents = pl.DataFrame(
        {
            "partner_id": unified.renamed(family["other_id"]),
            "parent_id": unified.renamed(family["partner_id"]),
        }
    )
    apart = parents.filter(pl.col("partner_id") != pl.col("parent_id"))
    return apart.unique("partner_id", keep="first", maintain_order=True)
