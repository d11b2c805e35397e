"""Conditions of a rule -> which rows of an input fulfil them, and why others do not."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ecosystem_graph.importing.inputs.loaded import LoadedInput
from ecosystem_graph.importing.mapping.grammar import Alternatives, Condition
from ecosystem_graph.tables.messages.wording import first_few

_ONE_VALUE: Final = {"yes": "true", "1": "true", "no": "false", "0": "false"}
_SALESFORCE: Final = r"^([A-Za-z0-9]{15})[A-Z0-5]{3}$"


def compared(values: pl.Expr) -> pl.Expr:
    """Text as it is compared: without case, the words and numbers for true and false as one.

    Examples
    --------
    >>> pl.select(compared(pl.lit("YES"))).item(), pl.select(compared(pl.lit("Won"))).item()
    ('true', 'won')
    """
    return values.str.to_lowercase().replace(_ONE_VALUE)


def compared_text(value: str) -> str:
    """One text as it is compared.

    Examples
    --------
    >>> compared_text("1"), compared_text("Closed Won")
    ('true', 'closed won')
    """
    folded = value.strip().lower()
    return _ONE_VALUE.get(folded, folded)


def fulfilled(
    condition: Condition, given: LoadedInput, inputs: Mapping[str, LoadedInput]
) -> pl.Series:
    """Where a condition holds; a field that is not there is empty everywhere."""
    column = given.column(condition.field)
    if column is None:
        values = pl.Series([None], dtype=pl.String).new_from_index(0, given.height)
    else:
        values = given.frame[column]
    frame = pl.DataFrame({"value": values})
    return frame.select(_test(condition, inputs).fill_null(False).alias("holds"))["holds"]


def any_fulfilled(
    groups: Alternatives, given: LoadedInput, inputs: Mapping[str, LoadedInput]
) -> pl.Series:
    """Where all conditions of one of the groups hold."""
    some = pl.Series([False]).new_from_index(0, given.height)
    for group in groups:
        whole = pl.Series([True]).new_from_index(0, given.height)
        for condition in group:
            whole &= fulfilled(condition, given, inputs)
        some |= whole
    return some


def reason(condition: Condition) -> str:
    """Why a row is left out that does not fulfil a condition.

    Examples
    --------
    >>> from ecosystem_graph.importing.mapping.grammar import FieldName
    >>> reason(Condition(FieldName("IsDeleted"), none_of=("true",)))
    'IsDeleted is true'
    """
    name = condition.field.name
    if condition.one_of is not None:
        return f"{name} is not {_listed(condition.one_of)}"
    if condition.none_of is not None:
        return f"{name} is {_listed(condition.none_of)}"
    if condition.empty is not None:
        return f"{name} is {'not ' if condition.empty else ''}empty"
    assert_among = condition.among or ("", condition.field)
    return f"{name} is not in {assert_among[0]}.{assert_among[1].name}"


def _listed(values: Sequence[str]) -> str:
    return first_few([value or "empty" for value in values], 3, " or ")


def _test(condition: Condition, inputs: Mapping[str, LoadedInput]) -> pl.Expr:
    value = pl.col("value")
    if condition.empty is not None:
        return value.is_null() if condition.empty else value.is_not_null()
    if condition.among is not None:
        source, wanted = condition.among
        other = inputs.get(source)
        column = other.column(wanted) if other is not None else None
        if other is None or column is None:
            return pl.lit(False)
        known = other.frame.select(_short(pl.col(column))).to_series().drop_nulls().unique()
        return _short(value).is_in(known.implode())
    listed = condition.one_of if condition.one_of is not None else condition.none_of or ()
    among = compared(value.fill_null("")).is_in([compared_text(one) for one in listed])
    return among if condition.one_of is not None else ~among


def _short(values: pl.Expr) -> pl.Expr:
    """Salesforce ids in their 15-character form, anything else as it is."""
    return values.str.replace(_SALESFORCE, "$1")
