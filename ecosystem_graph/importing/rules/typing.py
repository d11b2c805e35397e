"""Text of a column -> dates and numbers, for the column as a whole; what is unclear is asked."""

import dataframely as dy
import polars as pl

from ecosystem_graph.importing.identity.identifiers import lost_case, lost_digits
from ecosystem_graph.importing.inputs.loaded import LoadedInput
from ecosystem_graph.importing.inputs.privacy import looks_personal
from ecosystem_graph.importing.mapping.grammar import Expression
from ecosystem_graph.importing.rules.context import Context, Place
from ecosystem_graph.importing.values.dates import order_question, read_dates
from ecosystem_graph.importing.values.numbers import read_numbers, sign_question
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.messages.wording import counted
from ecosystem_graph.tables.schema.columns import is_identifier
from ecosystem_graph.tables.schema.definitions import TABLES


def typed(
    text: pl.Series, expression: Expression, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    """Values of a column in its declared type, where they can be read.

    A column with a value that cannot be read stays text as a whole: dates as YYYY-MM-DD, numbers
    with a point, and the others as they are, so that the tables' own check names each with its row.
    """
    column = TABLES[place.rule.table].columns()[place.column]
    if isinstance(column, dy.Date):
        return _dates(text, expression, given, context, place)
    if isinstance(column, dy.Float64 | dy.Int64):
        return _numbers(text, expression, given, context, place)
    if isinstance(column, dy.String):
        _check_nobody(text, expression, given, context, place)
        if is_identifier(place.column, column):
            _check_whole_ids(text, expression, given, context, place)
    return text


def label_of(expression: Expression, given: LoadedInput, column: str) -> str:
    """Name in the source of the field that an expression reads first."""
    names = [*expression.fields, *(name for one in expression.first for name in one.fields)]
    for name in names:
        if own := given.column(name):
            return given.labels[own]
    return names[0].name if names else column


def _dates(
    text: pl.Series, expression: Expression, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    settings = context.mapping.settings
    found = read_dates(
        text,
        order=settings.date_order,
        timezone=expression.timezone or settings.timezone,
        format=expression.format,
    )
    if len(found.undecided) or found.both_orders:
        rows = int(text.is_in(found.undecided.implode()).sum())
        label = label_of(expression, given, place.column)
        context.ask(place, given, order_question(label, found, rows), "order of dates")
        return found.days
    return _as_far_as_read(text, found.days)


def _numbers(
    text: pl.Series, expression: Expression, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    # Only text files write numbers in the sign of a country; every other format has the point.
    plain = "." if not any(raw.layout.delimiter for raw in given.raws) else None
    stated = expression.decimal or context.mapping.settings.decimal or plain
    found = read_numbers(text, decimal="," if stated == "," else "." if stated else None)
    if len(found.undecided):
        rows = int(text.is_in(found.undecided.implode()).sum())
        label = label_of(expression, given, place.column)
        context.ask(place, given, sign_question(label, found, rows), "decimal sign")
        return found.values
    return _as_far_as_read(text, found.values)


def _as_far_as_read(text: pl.Series, values: pl.Series) -> pl.Series:
    failed = values.is_null() & text.is_not_null()
    if not failed.any():
        return values
    return values.cast(pl.String).zip_with(~failed, text)


def _check_nobody(
    text: pl.Series, expression: Expression, given: LoadedInput, context: Context, place: Place
) -> None:
    if expression.keeps_nothing or expression.const is not None:
        return
    label = label_of(expression, given, place.column)
    if label in context.mapping.settings.personal:
        return
    if what := looks_personal(text):
        context.ask(
            place,
            given,
            f"{label} is mapped to {place.rule.table}.{place.column}, and values in it look like "
            f'{what}: personal. Use as = "domain", or allow it in settings.personal.',
            "personal data",
        )


def _check_whole_ids(
    text: pl.Series, expression: Expression, given: LoadedInput, context: Context, place: Place
) -> None:
    """Refuse ids that have lost digits or the case of their letters on the way."""
    label = label_of(expression, given, place.column)
    spoilt = text.filter(lost_digits(text))
    if len(spoilt):
        context.ask(
            place,
            given,
            f"{label}: {counted(len(spoilt), 'id')} such as {quoted(spoilt[0])} lost digits in a "
            "spreadsheet: export them as text.",
            "shortened by a spreadsheet",
        )
    elif lost_case(text):
        context.ask(
            place,
            given,
            f"{label}: the ids of Salesforce are all in one case, such as "
            f"{quoted(text.drop_nulls()[0])}, so that different ones look equal: export them as "
            "they are.",
            "ids in one case",
        )
