"""Rows of all rules of a table -> one row for each key, made of the first values not empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.inputs.loaded import ROW
from ecosystem_graph.importing.rules.applying import RuleRows
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES

RULE: Final = "__rule__"
"""Column with the position of the rule that a row is made by."""
_TWICE: Final = "the same row twice"
_ONE_KEY: Final = "a row with the same key came first: read as one"
_SHOWN: Final = 20
"""Contradictions of a table that are reported one by one."""


@dataclass(slots=True)
class TableRows:
    """A table as the rules make it.

    Attributes
    ----------
    name : str
    made : list of RuleRows
        In the order of the rules.
    frame : DataFrame
        Columns that a rule states, `RULE` and `ROW`.
    """

    name: str
    made: list[RuleRows]
    frame: pl.DataFrame

    def keep(self, kept: pl.Series, reason: str) -> int:
        """Leave out rows where `kept` is false, and count them."""
        kept = kept.fill_null(True)
        if kept.all():
            return 0
        for rule, rows in enumerate(self.made):
            gone = self.frame.filter(~kept & (self.frame[RULE] == rule))[ROW].to_numpy()
            rows.left_out.add(gone, reason)
        height = self.frame.height
        self.frame = self.frame.filter(kept)
        return height - self.frame.height

    def place(self, position: int) -> tuple[str, int]:
        """File and row of the source of a row, by its position in the frame."""
        rule, row = int(self.frame[RULE][position]), int(self.frame[ROW][position])
        return self.made[rule].given.place(row)


def assembled(name: str, made: Sequence[RuleRows]) -> tuple[TableRows, list[Problem], int]:
    """One row per key, problems where rows of one rule contradict each other, and repeated rows.

    Parameters
    ----------
    name : str
    made : sequence of RuleRows
        At least one.

    Returns
    -------
    TableRows, list of Problem, int
        The number is that of rows equal to an earlier one in every column.
    """
    frames = [
        rows.frame.with_columns(pl.lit(rule, pl.Int32).alias(RULE))
        for rule, rows in enumerate(made)
    ]
    table = TableRows(name, list(made), pl.concat(alike(frames), how="diagonal"))
    columns = [column for column in table.frame.columns if column not in (RULE, ROW)]
    key = [column for column in key_of(TABLES[name]) if column in columns]
    repeated = table.frame.select(key).is_duplicated() if key else _nowhere(table.frame)
    if not repeated.any():
        return table, [], 0
    order = pl.int_range(0, table.frame.height, eager=True).alias("__order__")
    first = table.frame.with_columns(order).filter(repeated)
    distinct = first.unique(columns, keep="first", maintain_order=True)["__order__"]
    twice = table.keep(~repeated | order.is_in(distinct.implode()), _TWICE)
    problems = _merge_keys(table, key)
    return table, problems, twice


def _nowhere(frame: pl.DataFrame) -> pl.Series:
    return pl.Series([False]).new_from_index(0, frame.height)


def alike(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Frames whose columns of one name have one type: text where they differ.

    Examples
    --------
    >>> one, other = pl.DataFrame({"day": ["soon"]}), pl.DataFrame({"day": [1]})
    >>> [frame.schema["day"] for frame in alike([one, other])]
    [String, String]
    """
    kinds: dict[str, set[pl.DataType]] = {}
    first = {column: kind for frame in reversed(frames) for column, kind in frame.schema.items()}
    for frame in frames:
        for column, kind in frame.schema.items():
            found = kinds.setdefault(column, set())
            if frame[column].null_count() < frame.height:
                found.add(kind)
    chosen = {
        column: next(iter(found or {first[column]})) if len(found) < 2 else pl.String()
        for column, found in kinds.items()
        if column not in (RULE, ROW)
    }
    return [
        frame.with_columns(
            pl.col(column).cast(kind)
            for column, kind in chosen.items()
            if column in frame.columns and frame.schema[column] != kind
        )
        for frame in frames
    ]


def _merge_keys(table: TableRows, key: list[str]) -> list[Problem]:
    """Put rows with one key together; report those of one rule that contradict each other."""
    repeated = table.frame.select(key).is_duplicated()
    if not repeated.any():
        return []
    several = table.frame.filter(repeated)
    others = [column for column in several.columns if column not in (*key, RULE, ROW)]
    problems = _contradictions(table, several, key, others)
    whole = several.group_by(key, maintain_order=True).agg(
        *(pl.col(column).drop_nulls().first() for column in others),
        pl.col(RULE).first(),
        pl.col(ROW).first(),
    )
    marks = whole.select(RULE, ROW, *key, pl.lit(True).alias("__first__"))
    of_first = table.frame.join(
        marks, on=[RULE, ROW, *key], how="left", nulls_equal=True, maintain_order="left"
    )["__first__"].fill_null(False)
    single = table.frame.filter(~repeated)
    table.keep(~repeated | of_first, _ONE_KEY)
    table.frame = pl.concat([single, whole.select(single.columns)])
    return problems


def _contradictions(
    table: TableRows, several: pl.DataFrame, key: list[str], others: list[str]
) -> list[Problem]:
    groups = several.group_by([*key, RULE], maintain_order=True).agg(
        pl.col(others).drop_nulls().unique(maintain_order=True), pl.col(ROW)
    )
    problems: list[Problem] = []
    for column in others:
        for row in groups.filter(pl.col(column).list.len() > 1).head(_SHOWN).iter_rows(named=True):
            given = table.made[row[RULE]].given
            file, first = given.place(row[ROW][0])
            one, other = row[column][:2]
            named = ", ".join(quoted(row[part]) for part in key if row[part] is not None)
            message = (
                f"{' and '.join(key)} {named} is in several rows, with {column} {quoted(one)} and "
                f"{quoted(other)}: correct one, or put the rows together by group = true and "
                f"take = in {table.made[row[RULE]].rule.path}."
            )
            problems.append(
                Problem(table.name, file, first, column, str(other), message, "rows that disagree")
            )
    return problems
