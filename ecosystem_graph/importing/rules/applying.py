"""One rule of a mapping at work: rows of an input -> rows of a table."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.importing.inputs.fields import fields_of
from ecosystem_graph.importing.inputs.loaded import ROW, LoadedInput
from ecosystem_graph.importing.mapping.grammar import Expression, Rule
from ecosystem_graph.importing.rules.conditions import any_fulfilled, fulfilled, reason
from ecosystem_graph.importing.rules.context import Context, LeftOut, Place
from ecosystem_graph.importing.rules.expressions import axes_of, axis_of, evaluated
from ecosystem_graph.importing.rules.typing import typed
from ecosystem_graph.importing.values.money import CURRENCIES, read_money
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.messages.wording import first_few
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES


@dataclass(slots=True)
class RuleRows:
    """What one rule makes of its input.

    Attributes
    ----------
    rule : Rule
    given : LoadedInput
    frame : DataFrame
        Columns of the table as far as the rule states them, and `ROW`: the row of the input that a
        row is made of, the first one of a group.
    left_out : LeftOut
    groups : ndarray of int64 or None
        For a rule that puts rows together: the first row of the group of each row of the input, -1
        where it is in none.
    earlier : bool
        Whether the rows are of an earlier import, and the rule is not at work.
    """

    rule: Rule
    given: LoadedInput
    frame: pl.DataFrame
    left_out: LeftOut
    groups: NDArray[np.int64] | None = None
    earlier: bool = False

    def keep(self, kept: pl.Series, reason: str) -> None:
        """Leave out rows of the table where `kept` is false."""
        if kept.all():
            return
        gone = self.frame.filter(~kept)[ROW].to_numpy()
        if self.groups is not None:
            gone = np.flatnonzero(np.isin(self.groups, gone))
        self.left_out.add(gone, reason)
        self.frame = self.frame.filter(kept)

    def written(self, rows: pl.Series) -> NDArray[np.bool_]:
        """Which rows of the input are in the table, for those in it, all of a group together."""
        mask = np.zeros(self.given.height, dtype=np.bool_)
        mask[rows.to_numpy()] = True
        if self.groups is not None:
            mask = (self.groups >= 0) & mask[np.maximum(self.groups, 0)]
        return mask


def applied(
    rule: Rule, given: LoadedInput, context: Context, *, conditions: bool = True
) -> RuleRows:
    """Rows of a table that a rule makes of its input.

    Parameters
    ----------
    rule : Rule
    given : LoadedInput
    context : Context
        Gets what is unclear about a column, and the values that were matched.
    conditions : bool, default True
        Whether the conditions of the rule hold for the rows; False: every row is taken.
    """
    left_out = LeftOut.none(given.height)
    rows = _selected(rule, given, context, left_out) if conditions else given.frame
    wanted = {given.column(name) for one in rule.columns.values() for name in fields_of(one)}
    axes = {axis_of(one): one for column in rule.columns.values() for one in axes_of(column)}
    wanted |= {column for one in axes.values() for column in _sources(one, given)}
    rows = rows.select(ROW, *sorted(column for column in wanted if column in rows.columns))
    for name, one in axes.items():
        rows = _several(rows, str(name), one, given)
    made = RuleRows(rule, given, _columns(rule, rows, given, context), left_out)
    if rule.group:
        _put_together(made, rows, context)
    _without_empty_keys(made)
    return made


def _selected(rule: Rule, given: LoadedInput, context: Context, left_out: LeftOut) -> pl.DataFrame:
    kept = pl.Series([True]).new_from_index(0, given.height)
    for condition in rule.where:
        holds = fulfilled(condition, given, context.inputs)
        left_out.add(given.frame[ROW].filter(kept & ~holds).to_numpy(), reason(condition))
        kept &= holds
    if rule.any_of:
        holds = any_fulfilled(rule.any_of, given, context.inputs)
        why = f"none of the conditions of {rule.path}.any holds"
        left_out.add(given.frame[ROW].filter(kept & ~holds).to_numpy(), why)
        kept &= holds
    return given.frame.filter(kept)


def _sources(one: Expression, given: LoadedInput) -> list[str]:
    name = one.fields[0]
    if "*" in name.name:
        return given.columns_like(name.name)
    column = given.column(name)
    return [] if column is None else [column]


def _several(rows: pl.DataFrame, name: str, one: Expression, given: LoadedInput) -> pl.DataFrame:
    """A row for each value of some columns or of a list; one row where there is no value."""
    columns = [column for column in _sources(one, given) if column in rows.columns]
    if not columns:
        return rows.with_columns(pl.lit(None, pl.String).alias(name))
    values = pl.concat_list(columns).list.drop_nulls()
    if one.split is not None:
        joined = values.list.join(one.split)
        values = joined.str.split(one.split).list.eval(pl.element().str.strip_chars())
    distinct = values.list.eval(pl.element().filter(pl.element() != "")).list.unique(
        maintain_order=True
    )
    return rows.with_columns(distinct.alias(name)).explode(name, empty_as_null=True)


def _columns(rule: Rule, rows: pl.DataFrame, given: LoadedInput, context: Context) -> pl.DataFrame:
    texts = {
        column: evaluated(expression, rows, given, context, Place(rule, column))
        for column, expression in rule.columns.items()
        if expression.count is None
    }
    if rule.table == "deals" and "amount" in texts:
        texts |= _amount_and_currency(texts, rule, given, context)
    stated = Expression()
    made = [
        typed(text, rule.columns.get(column, stated), given, context, Place(rule, column)).alias(
            column
        )
        for column, text in texts.items()
    ]
    return pl.DataFrame([*made, rows[ROW]])


def _amount_and_currency(
    texts: dict[str, pl.Series], rule: Rule, given: LoadedInput, context: Context
) -> dict[str, pl.Series]:
    """Amount without its currency; the currency of its own column, of the cell or the settings."""
    text = texts["amount"]
    money = read_money(text)
    code = money.codes
    if "currency" in texts:
        code = texts["currency"].zip_with(texts["currency"].is_not_null(), code)
    if (default := context.mapping.settings.currency) is not None:
        filled = pl.Series([default]).new_from_index(0, len(code))
        code = code.zip_with(code.is_not_null() | text.is_null(), filled)
    unclear = money.shared_sign & code.is_null()
    without = int((code.is_null() & text.is_not_null()).sum())
    if unclear.any():
        example = text.filter(unclear)[0]
        context.ask(
            Place(rule, "amount"),
            given,
            f"amount: {int(unclear.sum()):,} values such as '{example}' have a sign that several "
            'currencies share. Add the one that is meant, such as: [settings] currency = "USD"',
            "currency",
        )
    elif without:
        context.note(
            f"{given.file}: {without:,} amounts have no currency, which stays empty. If they are "
            'all in one, add it, such as: [settings] currency = "EUR"'
        )
    unknown = code.filter(~code.is_in(list(CURRENCIES)).fill_null(True)).unique().sort()
    if len(unknown):
        listed = first_few([quoted(one) for one in unknown], 3)
        context.note(f"{given.file}: {listed} is no currency of ISO 4217.")
    return {"amount": money.amounts, "currency": code}


def _put_together(made: RuleRows, rows: pl.DataFrame, context: Context) -> None:
    """Rows with the same key as one, its other columns aggregated."""
    rule, given = made.rule, made.given
    aggregates: dict[str, pl.Expr] = {}
    frame = made.frame
    for column, expression in rule.columns.items():
        if expression.count is not None:
            own = given.column(expression.count)
            counted = rows[own] if own in rows.columns else pl.Series([None] * rows.height)
            frame = frame.with_columns(counted.str.to_lowercase().alias(column))
            aggregates[column] = pl.col(column).drop_nulls().n_unique().cast(pl.String)
        elif expression.take:
            aggregates[column] = _taken(expression, column)
    key = [column for column in rule.columns if column not in aggregates]
    head = frame.group_by(key, maintain_order=True).agg(
        *(how.alias(column) for column, how in aggregates.items()), pl.col(ROW).min()
    )
    first = frame.select(ROW, pl.col(ROW).min().over(key).alias("first"))
    groups = np.full(given.height, -1, dtype=np.int64)
    groups[first[ROW].to_numpy()] = first["first"].to_numpy()
    made.groups = groups
    made.frame = head.select(*rule.columns, ROW)


def _taken(expression: Expression, column: str) -> pl.Expr:
    values = pl.col(column)
    if expression.take == ("min",):
        return values.min()
    if expression.take == ("max",):
        return values.max()
    if expression.take == ("first",):
        return values.drop_nulls().first()
    listed = [pl.when((values == one).any()).then(pl.lit(one)) for one in expression.take]
    return pl.coalesce(*listed, values.min())


def _without_empty_keys(made: RuleRows) -> None:
    """Leave out rows in which a column is empty that must not be: of the key, a match, a score."""
    schema, key = TABLES[made.rule.table].columns(), key_of(TABLES[made.rule.table])
    for column, expression in made.rule.columns.items():
        answer = (made.rule.table, column) == ("csat", "score")
        if schema[column].nullable or not (column in key or expression.match or answer):
            continue
        why = "not known" if expression.match else "empty"
        made.keep(made.frame[column].is_not_null(), f"{column} is {why}")
