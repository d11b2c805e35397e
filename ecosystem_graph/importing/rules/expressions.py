"""Expressions of a mapping -> text for each row, computed column by column."""

import re
from typing import Final

import polars as pl

from ecosystem_graph.importing.inputs.loaded import ROW, LoadedInput
from ecosystem_graph.importing.mapping.grammar import Expression
from ecosystem_graph.importing.mapping.toml.expressions import text_fields
from ecosystem_graph.importing.mapping.toml_text import value_text
from ecosystem_graph.importing.rules.conditions import compared, compared_text, fulfilled
from ecosystem_graph.importing.rules.context import Context, Place
from ecosystem_graph.importing.values.identifiers import in_form
from ecosystem_graph.tables.messages.notes import quoted

KEEP: Final = "keep"
"""Word for a value that is not listed and stays as it is."""
_SHOWN: Final = 10
"""Unknown values that a message lists."""
_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def axis_of(expression: Expression) -> str | None:
    """Name of what makes several rows of one: a pattern of columns, or a list in a field.

    Expressions with the same name are made of the same row.

    Examples
    --------
    >>> from ecosystem_graph.importing.mapping.toml.reader import field_name
    >>> axis_of(Expression(fields=(field_name("Partner *"),)))
    'axis Partner *'
    """
    if len(expression.fields) == 1:
        name = expression.fields[0].name
        if "*" in name or expression.split is not None:
            return f"axis {name}{'' if expression.split is None else expression.split}"
    return None


def axes_of(expression: Expression) -> list[Expression]:
    """Expression, or alternatives in it, that make several rows of one."""
    inner = [found for one in expression.first for found in axes_of(one)]
    return ([expression] if axis_of(expression) else []) + inner


def evaluated(
    expression: Expression, rows: pl.DataFrame, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    """Text of an expression for some rows of an input.

    Parameters
    ----------
    expression : Expression
    rows : DataFrame
        Columns by folded name and by axis, and `ROW`.
    given : LoadedInput
    context : Context
        Values that are not listed are reported there.
    place : Place

    Returns
    -------
    Series of String, shape (n_rows,)
        Null where it is empty.
    """
    if expression.match:
        return _matched(expression, rows, given, context, place)
    values = _base(expression, rows, given, context, place)
    if expression.part is not None:
        position = expression.part - 1
        values = values.str.split(",").list.get(position, null_on_oob=True).str.strip_chars()
    if expression.form is not None:
        values = in_form(values, expression.form)
    if expression.lookup is not None:
        values = _looked_up(values, expression.lookup, context, place)
    if expression.values is not None:
        values = _replaced(values, expression, given, context, place, rows[ROW])
    return _empty_is_null(values)


def _base(
    expression: Expression, rows: pl.DataFrame, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    if expression.const is not None:
        return _constant(expression.const, rows.height)
    if expression.text is not None:
        return _template(expression.text, rows, given)
    if expression.first:
        return _first(expression, rows, given, context, place)
    axis = axis_of(expression)
    if axis is not None and axis in rows.columns:
        return rows[axis]
    if expression.lookup is not None and len(expression.fields) > 1:
        return _template(" ".join(f"{{{name}}}" for name in expression.fields), rows, given)
    column = given.column(expression.fields[0]) if expression.fields else None
    return rows[column] if column in rows.columns else _constant(None, rows.height)


def _constant(value: str | None, height: int) -> pl.Series:
    return pl.Series("value", [value], dtype=pl.String).new_from_index(0, height)


def _template(text: str, rows: pl.DataFrame, given: LoadedInput) -> pl.Series:
    parts: list[pl.Expr] = []
    names = iter(text_fields(text))
    for position, piece in enumerate(_IN_BRACES.split(text)):
        if position % 2 == 0:
            parts += [pl.lit(piece)] if piece else []
            continue
        column = given.column(next(names)) if piece.strip("?") else None
        inside = column is not None and column in rows.columns
        parts.append(pl.col(column) if inside and column else pl.lit(None, pl.String))
    joined = pl.concat_str(parts, ignore_nulls=False) if parts else pl.lit(text)
    found = rows.select(joined.alias("value"))["value"]
    return found.new_from_index(0, rows.height) if len(found) != rows.height else found


def _first(
    expression: Expression, rows: pl.DataFrame, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    """First alternative that is not empty; one is only asked where those before it are empty."""
    result = _constant(None, rows.height)
    for alternative in expression.first:
        missing = result.is_null()
        if not missing.any():
            break
        if missing.all():
            result = evaluated(alternative, rows, given, context, place)
            continue
        more = evaluated(alternative, rows.filter(missing), given, context, place)
        result = result.clone().scatter(missing.arg_true(), more)
    return result


def _looked_up(values: pl.Series, name: str, context: Context, place: Place) -> pl.Series:
    listed = _lookup(name, context, place)
    if listed.is_empty():
        return _constant(None, len(values))
    keys = pl.DataFrame({"key": values})
    return keys.join(listed, on="key", how="left", maintain_order="left")["value"]


def _lookup(name: str, context: Context, place: Place) -> pl.DataFrame:
    """Key and value of a code list, each key once."""
    if name in context.lookups:
        return context.lookups[name]
    nothing = pl.DataFrame(schema={"key": pl.String, "value": pl.String})
    context.lookups[name] = nothing  # a list that refers to itself finds nothing
    lookup = context.mapping.lookups[name]
    given = context.inputs.get(lookup.source)
    if given is None:
        return nothing
    rows = given.frame
    for condition in lookup.where:
        rows = rows.filter(fulfilled(condition, given, context.inputs).gather(rows[ROW]))
    read = {
        part: evaluated(expression, rows, given, context, place)
        for part, expression in (
            ("key", lookup.key),
            ("value", lookup.value),
            ("rank", lookup.highest or Expression(const="0")),
        )
    }
    listed = pl.DataFrame(read).with_columns(
        pl.col("rank").cast(pl.Float64, strict=False).fill_null(0)
    )
    listed = listed.drop_nulls(["key", "value"]).unique()
    highest = listed.filter(pl.col("rank") == pl.col("rank").max().over("key"))
    several = highest.group_by("key").agg(pl.col("value").n_unique().alias("n"))
    if unclear := several.filter(pl.col("n") > 1).height:
        context.note(
            f"{given.file}: {unclear:,} keys of lookups.{name} stand for several values, and are "
            "left empty."
        )
    result = highest.join(several.filter(pl.col("n") == 1), on="key", how="semi").unique("key")
    context.lookups[name] = result.select("key", "value")
    return context.lookups[name]


def _replaced(
    values: pl.Series,
    expression: Expression,
    given: LoadedInput,
    context: Context,
    place: Place,
    positions: pl.Series,
) -> pl.Series:
    listed = {compared_text(key): value for key, value in (expression.values or {}).items()}
    frame = pl.DataFrame({"own": values}).with_columns(compared(pl.col("own")).alias("key"))
    distinct = frame["key"].unique().drop_nulls()
    unknown = distinct.filter(~distinct.is_in(list(listed)))
    by_key = {key: listed[key] for key in distinct if key in listed}
    otherwise: pl.Expr = pl.lit(None, pl.String)
    if expression.otherwise == KEEP:
        otherwise = pl.col("own")
    elif expression.otherwise is not None:
        otherwise = pl.lit(expression.otherwise)
    elif len(unknown):
        _ask_values(
            frame.filter(pl.col("key").is_in(unknown.implode())), given, context, place, expression
        )
    mapped = pl.col("key").replace_strict(by_key, default=None, return_dtype=pl.String)
    empty = listed.get("")
    return frame.select(
        pl.when(pl.col("key").is_null())
        .then(pl.lit(empty, pl.String))
        .when(pl.col("key").is_in(list(by_key)))
        .then(mapped)
        .otherwise(otherwise)
        .alias("value")
    )["value"]


def _ask_values(
    unknown: pl.DataFrame,
    given: LoadedInput,
    context: Context,
    place: Place,
    expression: Expression,
) -> None:
    """Ask what values that are not listed stand for, the most frequent first."""
    counted = unknown.group_by("own").len().sort(["len", "own"], descending=[True, False])
    shown = [
        f"{quoted(value)} ({n:,} row{'' if n == 1 else 's'})"
        for value, n in counted.head(_SHOWN).iter_rows()
    ]
    more = f" and {counted.height - _SHOWN:,} more" if counted.height > _SHOWN else ""
    label = ", ".join(
        given.labels.get(given.column(name) or "", name.name) for name in expression.fields
    )
    meant = sorted(set((expression.values or {}).values()) - {""})
    lines = {str(value): "?" for value in counted["own"].head(_SHOWN)}
    verb = "stand" if counted.height > 1 else "stands"
    context.ask(
        place,
        given,
        f"{label or place.column}: {', '.join(shown)}{more} {verb} for none of "
        f"{', '.join(meant) or 'the values listed'}. Add to {context.mapping.name}: "
        f"[{place.rule.path}] columns.{place.column}.values = {value_text(lines)}",
        "value not listed",
    )


def _matched(
    expression: Expression, rows: pl.DataFrame, given: LoadedInput, context: Context, place: Place
) -> pl.Series:
    """Partners that the fields mean; who is not found is noted with the value."""
    plain = [
        evaluated(
            Expression(fields=(name,), split=expression.split, part=expression.part),
            rows,
            given,
            context,
            place,
        ).alias(f"{number} {name.name}")
        for number, name in enumerate(expression.fields)
    ]
    values = pl.DataFrame(plain)
    found = context.partners.match(values, expression.match, source=given.name)
    context.matches.append(
        found.with_columns(
            _constant(f"{place.rule.table}.{place.column}", rows.height).alias("target"),
            _constant(given.name, rows.height).alias("input"),
            rows[ROW].alias("row"),
            pl.concat_list(map(pl.lit, expression.match)).alias("ways"),
        ).filter(pl.col("value").is_not_null())
    )
    return found["partner_id"]


def _empty_is_null(values: pl.Series) -> pl.Series:
    empty = (values == "").fill_null(False)
    return values.set(empty, None) if empty.any() else values
