"""How many rows of a column were matched with a partner, and in which way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ecosystem_graph.importing.identity.decisions import decision_keys
from ecosystem_graph.tables.messages.notes import quoted

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class MatchRate:
    """How many rows of a column were matched.

    Attributes
    ----------
    target : str
        Table and column, such as `csat.partner_id`.
    rows : int
        Rows with a value.
    matched : int
    how : mapping of str to int
        Matched rows by way, the most frequent first.
    to_decide : int
        Rows whose value may mean a partner.
    unmatched : sequence of (str, int)
        The other values, and their rows, the most frequent first.

    Examples
    --------
    >>> print(MatchRate("csat.partner_id", 20, 17, {"duns": 10, "name": 7}, 1, [("Acme Plus", 2)]))
    csat.partner_id: 20 rows, 85 % matched: 10 by duns, 7 by name; 1 to decide; 2 unmatched: ...
    """

    target: str
    rows: int
    matched: int
    how: Mapping[str, int]
    to_decide: int
    unmatched: Sequence[tuple[str, int]]

    @property
    def share(self) -> float:
        """Matched rows as a share of all, 0 to 1; 1 without rows."""
        return self.matched / self.rows if self.rows else 1.0

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; of the unmatched values the number of rows alone."""
        return {
            "rows": self.rows,
            "matched": self.matched,
            "how": dict(self.how),
            "to_decide": self.to_decide,
            "unmatched": sum(n for _, n in self.unmatched),
        }

    def __str__(self) -> str:
        # Rounded down, so that 100 % means all.
        head = f"{self.target}: {self.rows:,} rows, {int(100 * self.share)} % matched"
        ways = ", ".join(f"{n:,} by {way}" for way, n in self.how.items())
        parts = [f"{head}: {ways}" if ways else head]
        if self.to_decide:
            parts.append(f"{self.to_decide:,} to decide")
        if self.unmatched:
            shown = [f"{quoted(value)} {n:,}" for value, n in self.unmatched[:_SHOWN]]
            more = ", ..." if len(self.unmatched) > _SHOWN else ""
            total = sum(n for _, n in self.unmatched)
            parts.append(f"{total:,} unmatched: {', '.join(shown)}{more}")
        return "; ".join(parts)


def match_rates(matches: pl.DataFrame, questions: pl.DataFrame) -> list[MatchRate]:
    """Rates of all columns, in the order of their names.

    Parameters
    ----------
    matches : DataFrame
        target, value, input, partner_id and how, for each row with a value.
    questions : DataFrame
        value and input of what is to be decided.
    """
    asked = questions.select(key=decision_keys(questions["value"]), input="input").unique()
    keyed = matches.with_columns(key=decision_keys(matches["value"]))
    open_rows = keyed.filter(pl.col("partner_id").is_null())
    rates = []
    for target in keyed["target"].unique().sort():
        mine, left = (rows.filter(pl.col("target") == target) for rows in (keyed, open_rows))
        how = mine.drop_nulls("partner_id")["how"].value_counts()
        unmatched = left.join(asked, on=["key", "input"], how="anti")
        values = (
            unmatched.group_by("key")
            .agg(pl.col("value").first(), pl.len())
            .sort(["len", "key"], descending=[True, False])
        )
        rates.append(
            MatchRate(
                target,
                mine.height,
                mine.height - left.height,
                dict(how.sort(["count", "how"], descending=[True, False]).iter_rows()),
                left.height - unmatched.height,
                list(values.select("value", "len").iter_rows()),
            )
        )
    return rates
