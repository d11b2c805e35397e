"""Every rule of a mapping at work: inputs -> all tables, merged records and repairs included."""

from dataclasses import dataclass, field, replace

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.assembling.aliases import (
    former_ids,
    identifiers,
    known_aliases,
    told_apart,
    with_known_aliases,
    without_shared,
)
from ecosystem_graph.importing.assembling.left_out_deals import leave_out_with_their_deals
from ecosystem_graph.importing.assembling.merged_records import merged_records, with_merged_ids
from ecosystem_graph.importing.assembling.new_partners import new_partners
from ecosystem_graph.importing.assembling.one_company import one_company
from ecosystem_graph.importing.assembling.one_row_per_key import TableRows, alike, assembled
from ecosystem_graph.importing.assembling.repairing import repaired
from ecosystem_graph.importing.identity.directory import PartnerDirectory
from ecosystem_graph.importing.inputs.loaded import ROW
from ecosystem_graph.importing.rules.applying import RuleRows, applied
from ecosystem_graph.importing.rules.context import Context
from ecosystem_graph.importing.updating.staying import Staying
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.tables.schema.definitions import TABLES

_PARTNERS_AND_DEALS = ("partners", "deals", "deal_partners")
"""Tables that are made before all others, whose rows are matched with the partners they name."""
_MERGED = "merged into another record"


@dataclass(slots=True)
class MadeTables:
    """Tables as the rules make them, before they are checked.

    Attributes
    ----------
    staying : Staying or None
        Rows of an earlier import.
    tables : dict of str to TableRows
    contradictions : dict of str to list of Problem
        Rows of one rule that contradict each other, by table.
    twice : dict of str to int
        Rows that are equal to an earlier one, by table.
    repairs : dict of str to int
        What was repaired, by name of the repair.
    merges : DataFrame
        `old` and `new` id of each record that a system merged into another.
    earlier_aliases : DataFrame
        system, value and partner_id of an earlier import.
    former : list of RuleRows
        Rows of aliases with the ids of records that are one company with another.
    added : int
        Partners on deals that only `identity.mentioned` added.
    """

    staying: Staying | None = None
    tables: dict[str, TableRows] = field(default_factory=dict)
    contradictions: dict[str, list[Problem]] = field(default_factory=dict)
    twice: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    merges: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={"old": pl.String, "new": pl.String, ROW: pl.Int64}
        )
    )
    earlier_aliases: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema=dict.fromkeys(("system", "value", "partner_id"), pl.String)
        )
    )
    former: list[RuleRows] = field(default_factory=list)
    added: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What contradicts each other, in the order of the tables."""
        return [problem for name in TABLES for problem in self.contradictions.get(name, [])]


def made_tables(context: Context, staying: Staying | None = None) -> MadeTables:
    """All tables of a mapping; what is unclear or wrong is collected in the context.

    Parameters
    ----------
    context : Context
    staying : Staying, optional
        Rows of an earlier import, whose tables are updated.
    """
    made = MadeTables(staying)
    context.partners = PartnerDirectory(decisions=context.decisions).with_new_partners()
    identity = context.mapping.identity
    if identity.merged is not None and identity.merged.source in context.inputs:
        made.merges = merged_records(identity.merged, context.inputs[identity.merged.source])
    for name in _PARTNERS_AND_DEALS:
        _apply_rules(made, name, context)
        context.partners = _known(made, context)
    leave_out_with_their_deals(made.tables, context)
    made.repairs = repaired(made.tables, context.mapping.settings.repairs)
    if identity.mentioned == "add":
        _add_mentioned(made, context)
        context.partners = _known(made, context)
    for name in TABLES:
        if name not in _PARTNERS_AND_DEALS:
            _apply_rules(made, name, context)
    _add_new_partners(made, context)
    _drop_unknown_parents(made, context)
    _add_aliases(made, context)
    context.partners = _known(made, context)
    made.tables = {name: made.tables[name] for name in TABLES if name in made.tables}
    if twice := sum(made.twice.values()):
        made.repairs["same_row_twice"] = twice
    return made


def _apply_rules(made: MadeTables, name: str, context: Context) -> None:
    """Make a table of the rows of all its rules, and those of an earlier import that stay."""
    rows = [
        applied(rule, context.inputs[rule.source], context)
        for rule in context.mapping.rules
        if rule.table == name and rule.source in context.inputs
    ]
    staying, identity = made.staying, context.mapping.identity
    if staying is not None and name == "partners":
        former = staying.former_ids(identity.system, rows).join(made.merges, on="old", how="anti")
        made.merges = pl.concat([made.merges, former], how="diagonal")
    rows = [_with_merged_ids(one, made.merges) for one in rows]
    if staying is not None and name != "aliases":  # which come last, when all are known
        rows += staying.rows(name, rows, made.merges)
    if name == "partners" and rows:
        aliases = known_aliases(identifiers(rows, context))
        if staying is not None:
            made.earlier_aliases = staying.aliases(rows, made.merges, identity)
        aliases = pl.concat([aliases, made.earlier_aliases])
        made.merges, made.former = one_company(rows, aliases, made.merges, context)
        made.earlier_aliases = with_merged_ids(made.earlier_aliases, "aliases", made.merges)
    if rows:
        _add(made, name, rows)


def _add(made: MadeTables, name: str, rows: list[RuleRows]) -> None:
    made.tables[name], made.contradictions[name], made.twice[name] = assembled(name, rows)


def _with_merged_ids(rows: RuleRows, merges: pl.DataFrame) -> RuleRows:
    if rows.rule.table == "partners" and not merges.is_empty():
        gone = rows.frame["partner_id"].is_in(merges["old"].implode()).fill_null(False)
        rows.keep(~gone, _MERGED)
    rows.frame = with_merged_ids(rows.frame, rows.rule.table, merges)
    return rows


def _add_new_partners(made: MadeTables, context: Context) -> None:
    partners = made.tables.get("partners")
    rows = [] if partners is None else partners.made
    known = pl.Series([], dtype=pl.String) if partners is None else partners.frame["partner_id"]
    if fresh := new_partners(known, context):
        _add(made, "partners", [*rows, *fresh])


def _drop_unknown_parents(made: MadeTables, context: Context) -> None:
    """Leave the owner of a partner empty where the owner is no partner itself, and note it."""
    partners = made.tables.get("partners")
    if partners is None or not {"partner_id", "parent_id"} <= set(partners.frame.columns):
        return
    parent = pl.col("parent_id").cast(pl.String)
    known = partners.frame["partner_id"].cast(pl.String).implode()
    lost = parent.is_not_null() & ~parent.is_in(known)
    n = partners.frame.filter(lost).height
    if n:
        partners.frame = partners.frame.with_columns(pl.when(~lost).then(parent).alias("parent_id"))
        context.note(
            f"partners: parent_id of {counted(n, 'row')} is no partner, and is left empty."
        )


def _add_aliases(made: MadeTables, context: Context) -> None:
    """Add the other identifiers of partners, and the ids of records merged into them."""
    partners = made.tables.get("partners")
    if partners is None:
        return
    stated = made.tables["aliases"].made if "aliases" in made.tables else []
    rows = _alias_rows(made, partners, context)
    apart = told_apart(partners.made, context)
    if made.staying is not None:
        staying = made.staying.rows("aliases", [*stated, *rows, *apart], made.merges)
        rows += with_known_aliases(staying, made.earlier_aliases)
    rows = without_shared(rows, made.earlier_aliases) + apart
    if rows:
        _add(made, "aliases", [*stated, *rows])


def _alias_rows(made: MadeTables, partners: TableRows, context: Context) -> list[RuleRows]:
    rows = identifiers(partners.made, context)
    rows += former_ids(made.merges, partners.frame["partner_id"], context)
    return rows + made.former


def _known(made: MadeTables, context: Context) -> PartnerDirectory:
    """Directory of the partners of the tables made so far, and of those decided to be new."""
    partners = made.tables.get("partners")
    if partners is None:
        return context.partners
    columns = [
        pl.col(column)
        if column in partners.frame.columns
        else pl.lit(None, pl.String).alias(column)
        for column in ("partner_id", "name", "country")
    ]
    aliases = _alias_rows(made, partners, context)
    known = PartnerDirectory(
        partners.frame.select(columns),
        pl.concat([known_aliases(aliases), made.earlier_aliases]).unique(maintain_order=True),
        context.mapping.identity.system,
        decisions=context.decisions,
    ).with_new_partners()
    seats = made.tables.get("deal_partners")
    if seats is not None and {"deal_id", "partner_id"} <= set(seats.frame.columns):
        known = known.with_deals(seats.frame)
    return known


def _add_mentioned(made: MadeTables, context: Context) -> None:
    """Add partners on deals that the rule of partners leaves out, from where organisations are."""
    partners, seats = made.tables.get("partners"), made.tables.get("deal_partners")
    source = context.inputs.get(context.mapping.identity.source)
    if partners is None or seats is None or source is None:
        return
    rules = [rows.rule for rows in partners.made if rows.given is source]
    known = partners.frame["partner_id"]
    lost = seats.frame["partner_id"].drop_nulls().unique()
    lost = lost.filter(~lost.is_in(known.implode()))
    if lost.is_empty() or not rules:
        return
    everybody = applied(replace(rules[0], any_of=()), source, context, conditions=False)
    everybody = _with_merged_ids(everybody, made.merges)
    more = everybody.frame.filter(pl.col("partner_id").is_in(lost.implode()))
    made.added = more["partner_id"].n_unique()
    first = next(rows for rows in partners.made if rows.given is source)
    first.frame = pl.concat(alike([first.frame, more]), how="diagonal")
    _add(made, "partners", partners.made)
