"""Which rows of an earlier import stay beside those of a new one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ecosystem_graph.importing.assembling.merged_records import with_merged_ids
from ecosystem_graph.importing.mapping.grammar import Identity, Rule
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.importing.rules.context import LeftOut
from ecosystem_graph.importing.updating.earlier import EarlierImport, inputs_of
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES

PARENT_OF: Final = {"deal_partners": "deal_id", "deal_requirements": "deal_id"}
"""Tables whose rows are replaced for each deal, and the column that names it."""


@dataclass(slots=True)
class Staying:
    """Rows of an earlier import that stay beside those of a new one.

    Attributes
    ----------
    earlier : EarlierImport
    complete : collection of str
        Inputs that hold all rows there are, among those that are read again.
    deals : Series of String
        Deals that are given anew, once the table of deals is made.
    """

    earlier: EarlierImport
    complete: Collection[str] = ()
    deals: pl.Series = field(default_factory=lambda: pl.Series("deal_id", [], dtype=pl.String))

    def former_ids(self, system: str, partners: Sequence[RuleRows]) -> pl.DataFrame:
        """Old and new id of records that became part of another in an earlier import.

        A record that is given anew as a partner of its own is not among them.
        """
        own = pl.col("system").str.to_lowercase() == system.lower()
        former = self.earlier.aliases.filter(own).select(old="value", new="partner_id")
        for rows in partners:
            ids = rows.frame["partner_id"].implode()
            former = former.filter(~pl.col("old").is_in(ids))
        return former.unique("old", keep="first", maintain_order=True)

    def aliases(
        self, partners: Sequence[RuleRows], merges: pl.DataFrame, identity: Identity
    ) -> pl.DataFrame:
        """Identifiers of an earlier import, but those that the rows of partners state anew."""
        known = with_merged_ids(self.earlier.aliases, "aliases", merges)
        for rows in partners:
            if rows.given.name == identity.source and not rows.earlier:
                stated = pl.col("partner_id").is_in(rows.frame["partner_id"].implode())
                known = known.filter(~(stated & pl.col("system").is_in(list(identity.systems))))
        return known.unique(maintain_order=True)

    def rows(self, table: str, new: Sequence[RuleRows], merges: pl.DataFrame) -> list[RuleRows]:
        """Rows of a table that are neither replaced nor gone.

        A row with a new row of the same key is replaced. So is a row of a deal that is given anew,
        if the rule it is from is at work again. A row of an input that is complete is gone, if the
        input was read again and no longer makes it.

        Parameters
        ----------
        table : str
        new : sequence of RuleRows
            What the rules of the table make this time.
        merges : DataFrame
            old and new id of records that became part of another.
        """
        rows = with_merged_ids(self.earlier.rows(table), table, merges)
        if table == "partners":
            rows = rows.filter(~pl.col("partner_id").is_in(merges["old"].implode()))
        key = [column for column in key_of(TABLES[table]) if column in rows.columns]
        rows = rows.unique(key, keep="first", maintain_order=True)
        for one in new:
            keys = one.frame.select(
                pl.col(column).cast(rows.schema[column], strict=False)
                if column in one.frame.columns
                else pl.lit(None, rows.schema[column]).alias(column)
                for column in key
            )
            rows = rows.join(keys, on=key, how="anti", nulls_equal=True, maintain_order="left")
        if table == "deals":
            self.deals = pl.concat([self.deals, *(one.frame["deal_id"] for one in new)])
        again = {one.rule.name for one in new}
        if table in PARENT_OF:
            parent = PARENT_OF[table]
            parents = pl.concat([self.deals, *(one.frame[parent] for one in new)]).unique()
            replaced = pl.col(parent).is_in(parents.implode()) & pl.col("rule").is_in(again)
            rows = rows.filter(~replaced)
        rows = rows.filter(~pl.col("input").is_in(self.complete).fill_null(False))
        return [
            RuleRows(
                Rule(table, rule, given.name),
                given,
                frame,
                LeftOut.none(given.height),
                earlier=True,
            )
            for rule, given, frame in inputs_of(rows)
        ]
