"""What identifies partners besides their id: ids in other systems, and of merged records."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ecosystem_graph.importing.identity.identifiers import DOMAIN, DUNS, compared
from ecosystem_graph.importing.inputs.loaded import ROW
from ecosystem_graph.importing.mapping.grammar import Rule
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.importing.rules.context import Context, LeftOut, Place
from ecosystem_graph.importing.rules.expressions import evaluated
from ecosystem_graph.tables.schema.vocabulary import DISTINCT

_NOT_MERGED = "not merged into a partner"
_NOT_STATED = "no partner, or no such identifier"
_SHARED = "several partners have the same identifier"
_NOT_DIFFERENT = "not decided to be different from another partner"
_COLUMNS = ("system", "value", "partner_id", ROW)


def identifiers(partners: Sequence[RuleRows], context: Context) -> list[RuleRows]:
    """Rows of aliases with the identifiers of other systems, for each system a rule of its own.

    Parameters
    ----------
    partners : sequence of RuleRows
        What the rules of partners made of their inputs.
    context : Context
    """
    identity = context.mapping.identity
    rows = [one for one in partners if one.given.name == identity.source and not one.earlier]
    if not rows:
        return []
    given = rows[0].given
    found = []
    for system, expression in identity.systems.items():
        rule = Rule("aliases", system, given.name, origin=context.mapping.name)
        values = evaluated(expression, given.frame, given, context, Place(rule, "value"))
        if system in (DOMAIN, DUNS):
            values = compared(values, system)
        frame = (
            pl.DataFrame([values.alias("value"), given.frame[ROW]])
            .join(rows[0].frame.select("partner_id", ROW), on=ROW)
            .drop_nulls()
            .select(pl.lit(system).alias("system"), "value", "partner_id", ROW)
        )
        found.append(_of_rule(rule, rows[0], frame, _NOT_STATED))
    return found


def former_ids(merges: pl.DataFrame, partners: pl.Series, context: Context) -> list[RuleRows]:
    """Rows of aliases with the ids of records that the system merged into partners."""
    identity = context.mapping.identity
    merges = merges.drop_nulls(ROW)
    if identity.merged is None or merges.is_empty():
        return []
    given = context.inputs[identity.merged.source]
    frame = merges.filter(pl.col("new").is_in(partners.implode())).select(
        pl.lit(identity.system or given.name).alias("system"),
        pl.col("old").alias("value"),
        pl.col("new").alias("partner_id"),
        ROW,
    )
    rule = Rule("aliases", "merged", given.name, origin=context.mapping.name)
    left_out = LeftOut.none(given.height)
    made = RuleRows(rule, given, frame, left_out)
    _all_others(made, _NOT_MERGED)
    return [made] if frame.height else []


def told_apart(partners: Sequence[RuleRows], context: Context) -> list[RuleRows]:
    """Rows of aliases with pairs of partners that were decided to be different.

    The table holds one pair for each id of the first kind: where a partner is in several pairs, it
    is the second of some of them.
    """
    values: dict[str, str] = {}
    for one, other in context.decisions.pairs("different").iter_rows():
        if values.setdefault(other, one) != one:
            values.setdefault(one, other)
    pairs = pl.DataFrame(
        {"value": list(values), "partner_id": list(values.values())},
        schema={"value": pl.String, "partner_id": pl.String},
    )
    ids = pl.concat(
        [pl.Series([], dtype=pl.String), *(one.frame["partner_id"] for one in partners)]
    )
    pairs = pairs.filter(pl.col("value").is_in(ids.implode()))
    found = []
    for one in partners:
        frame = (
            one.frame.select("partner_id", ROW)
            .unique("partner_id", keep="first", maintain_order=True)
            .join(pairs, on="partner_id", maintain_order="left_right")
            .select(pl.lit(DISTINCT).alias("system"), "value", "partner_id", ROW)
        )
        pairs = pairs.join(frame, on=["value", "partner_id"], how="anti", maintain_order="left")
        rule = Rule("aliases", "review", one.given.name, origin=context.mapping.name)
        found.append(_of_rule(rule, one, frame, _NOT_DIFFERENT))
    return [one for one in found if one.frame.height]


def known_aliases(rows: Sequence[RuleRows]) -> pl.DataFrame:
    """system, value and partner_id of all rows, values that several partners share among them."""
    nothing = pl.DataFrame(schema=dict.fromkeys(_COLUMNS[:3], pl.String))
    return pl.concat([nothing, *(one.frame.select(_COLUMNS[:3]) for one in rows)])


def with_known_aliases(rows: Sequence[RuleRows], known: pl.DataFrame) -> list[RuleRows]:
    """Rows of an earlier import whose identifiers are still known."""
    for one in rows:
        one.frame = one.frame.join(known, on=_COLUMNS[:3], how="semi", maintain_order="left")
    return [one for one in rows if one.frame.height]


def without_shared(rows: Sequence[RuleRows], earlier: pl.DataFrame) -> list[RuleRows]:
    """Rows without the values that several partners share, for those identify nobody.

    Parameters
    ----------
    rows : sequence of RuleRows
    earlier : DataFrame
        system, value and partner_id of an earlier import.
    """
    known = pl.concat([known_aliases(rows), earlier]).unique()
    shared = known.filter(pl.len().over("system", "value") > 1).select("system", "value").unique()
    for one in rows:
        mark = shared.with_columns(shared=pl.lit(True))
        marked = one.frame.join(mark, on=["system", "value"], how="left", maintain_order="left")
        one.keep(marked["shared"].is_null(), _SHARED)
    return [one for one in rows if one.frame.height]


def _of_rule(rule: Rule, source: RuleRows, frame: pl.DataFrame, otherwise: str) -> RuleRows:
    left_out = LeftOut.none(source.given.height)
    made = RuleRows(rule, source.given, frame, left_out, earlier=source.earlier)
    _all_others(made, otherwise)
    return made


def _all_others(made: RuleRows, reason: str) -> None:
    others = np.ones(made.given.height, dtype=np.bool_)
    others[made.frame[ROW].to_numpy()] = False
    made.left_out.add(np.flatnonzero(others), reason)
