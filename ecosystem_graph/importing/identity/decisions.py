"""What somebody decided about values that may mean a partner, and about pairs of partners."""

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

NEW_PARTNER: Final = "name:"
"""Beginning of the id of a partner that only a decision made known; its name follows."""

_MATCHES: Final = dict.fromkeys(("decision", "value", "input", "candidate_id"), pl.String)
_DUPLICATES: Final = dict.fromkeys(("decision", "partner_id", "other_id"), pl.String)


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What was decided in a review.

    Attributes
    ----------
    matches : DataFrame
        decision (`yes`, `no` or `new`), value, input and candidate_id. A decision without an input
        holds in every input.
    duplicates : DataFrame
        decision (`same`, `family` or `different`), partner_id and other_id.

    Examples
    --------
    >>> decisions = Decisions(
    ...     pl.DataFrame(
    ...         {
    ...             "decision": ["yes", "new"],
    ...             "value": ["Acmee", "Birch Data"],
    ...             "input": ["badges", ""],
    ...             "candidate_id": ["p-1", "p-2"],
    ...         }
    ...     )
    ... )
    >>> decisions.chosen(pl.Series(["ACMEE ", "Birch Data", "Core"]), "badges").to_list()
    ['p-1', 'name:Birch Data', None]
    """

    matches: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_MATCHES))
    duplicates: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_DUPLICATES))

    def chosen(self, values: pl.Series, source: str) -> pl.Series:
        """Partner that was chosen for each value of an input; null where none was."""
        new = self.new_partners().select("key", new_id="partner_id")
        decided = (
            self._of("yes", source)
            .select("key", partner_id="candidate_id")
            .vstack(self._of("new", source).join(new, on="key").select("key", partner_id="new_id"))
            .drop_nulls()
            .unique("key", keep="first", maintain_order=True)
        )
        given = pl.DataFrame({"key": decision_keys(values)})
        return given.join(decided, on="key", how="left", maintain_order="left")["partner_id"]

    def refused(self, source: str) -> pl.DataFrame:
        """Pairs of `key` (of a value) and `partner_id` that were refused for an input."""
        refused = self._of("no", source)
        return refused.select("key", partner_id="candidate_id").drop_nulls().unique()

    def new_partners(self) -> pl.DataFrame:
        """partner_id, name and key of each partner that was decided to be new."""
        new = self.matches.filter(pl.col("decision") == "new").drop_nulls("value")
        return new.select(
            partner_id=NEW_PARTNER + pl.col("value").str.strip_chars(),
            name=pl.col("value").str.strip_chars(),
            key=decision_keys(new["value"]),
        ).unique("key", keep="first", maintain_order=True)

    def pairs(self, decision: Literal["same", "family", "different"]) -> pl.DataFrame:
        """Pairs of partners that were decided in one way: partner_id and other_id."""
        decided = self.duplicates.filter(pl.col("decision") == decision)
        return decided.select("partner_id", "other_id").drop_nulls()

    def _of(self, decision: str, source: str) -> pl.DataFrame:
        everywhere = pl.col("input").fill_null("") == ""
        here = self.matches.filter(
            (pl.col("decision") == decision) & (everywhere | (pl.col("input") == source))
        )
        return here.with_columns(key=decision_keys(here["value"]))


def decision_keys(values: pl.Series) -> pl.Series:
    """Values without differences in case and blanks, so that one decision holds for all of them.

    Examples
    --------
    >>> decision_keys(pl.Series(["Acme  Inc", " ACME inc"])).to_list()
    ['acme inc', 'acme inc']
    """
    return values.str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()
