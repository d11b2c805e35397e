"""What happens to tables on their way: one function per kind of corruption, drawn at random.

Each takes a random generator and the tables (a dict of polars frames, changed in place), and says
what it did, or None if there was nothing to do it to.
"""

from contextlib import suppress

import polars as pl

from attacks.ecosystems import TYPES, ecosystem
from attacks.values import FAR, NUMBERS, TEXTS

#: Types a column may arrive in, whatever it holds.
DTYPES = [
    pl.Float64,
    pl.Float32,
    pl.Int8,
    pl.Int64,
    pl.UInt64,
    pl.Boolean,
    pl.String,
    pl.Categorical,
    pl.Binary,
    pl.Date,
    pl.Datetime("ms"),
    pl.Datetime("ns"),
    pl.Datetime("us", "America/New_York"),
    pl.Duration,
    pl.Time,
    pl.Decimal(20, 4),
    pl.Null,
    pl.Object,
    pl.List(pl.String),
    pl.Array(pl.String, 1),
    pl.Struct({"a": pl.String}),
]


def place(rng, tables, kind=None):
    """A table that has rows and a column of it, of one kind if one is asked for."""
    places = [
        (name, column)
        for name, table in tables.items()
        for column in table.columns
        if table.height and (kind is None or TYPES.get(column, pl.String) in kind)
    ]
    return places[rng.integers(len(places))] if places else (None, None)


def some_cells(rng, tables, values, kind=None):
    """Put hostile values in one, some or all cells of a column."""
    name, column = place(rng, tables, kind)
    if name is None:
        return None
    table = tables[name]
    old = table[column].to_list()
    share = rng.choice([0.0, 0.3, 1.0])
    hit = [rng.random() < share for _ in old]
    hit[rng.integers(len(old))] = True
    one = values[rng.integers(len(values))]
    many = rng.random() < 0.3
    new = [
        (values[rng.integers(len(values))] if many else one) if h else v
        for v, h in zip(old, hit, strict=True)
    ]
    typed = {type(v) for v in new if v is not None}
    if len(typed) > 1:
        new = [None if v is None else str(v) for v in new]
    tables[name] = table.with_columns(pl.Series(column, new, strict=False))
    return f"{name}.{column}: {one!r} in {sum(hit)} of {len(old)} cells"


def texts(rng, tables):
    return some_cells(rng, tables, TEXTS)


def numbers(rng, tables):
    return some_cells(rng, tables, NUMBERS, (pl.Float64, pl.Int64))


def dates(rng, tables):
    return some_cells(rng, tables, FAR, (pl.Date,))


def nothing(rng, tables):
    return some_cells(rng, tables, [None])


def other_type(rng, tables):
    name, column = place(rng, tables)
    dtype = DTYPES[rng.integers(len(DTYPES))]
    values = tables[name][column]
    if dtype == pl.Object:
        values = pl.Series(column, values.to_list(), pl.Object)
    elif dtype.is_nested():
        packed = {pl.List: lambda v: [str(v)], pl.Array: lambda v: [str(v)]}
        make = packed.get(dtype.base_type(), lambda v: {"a": str(v)})
        values = pl.Series(column, [make(v) for v in values.to_list()], dtype)
    else:
        try:
            values = values.cast(dtype, strict=False)
        except pl.exceptions.PolarsError:
            values = pl.Series(column, [None] * len(values), dtype)
    tables[name] = tables[name].with_columns(values.alias(column))
    return f"{name}.{column} as {dtype}"


def row_twice(rng, tables):
    name, _ = place(rng, tables)
    table = tables[name]
    again = rng.integers(0, table.height, int(rng.choice([1, 3, table.height])))
    tables[name] = pl.concat([table, table[again.tolist()]])
    return f"{name}: {len(again)} rows again"


def rows_gone(rng, tables):
    name, _ = place(rng, tables)
    keep = rng.random(tables[name].height) < rng.choice([0.0, 0.5, 0.95])
    tables[name] = tables[name].filter(pl.Series(keep))
    return f"{name}: {(~keep).sum()} rows gone"


def rows_mixed(rng, tables):
    name, _ = place(rng, tables)
    tables[name] = tables[name][rng.permutation(tables[name].height).tolist()]
    return f"{name}: rows in another order"


def header_again(rng, tables):
    name, _ = place(rng, tables)
    table = tables[name].with_columns(pl.all().cast(pl.String, strict=False))
    header = pl.DataFrame({column: [column] for column in table.columns})
    at = int(rng.integers(table.height + 1))
    tables[name] = pl.concat([table[:at], header, table[at:]])
    return f"{name}: the header again before row {at + 1}"


def total_row(rng, tables):
    name, _ = place(rng, tables)
    table = tables[name].with_columns(pl.all().cast(pl.String, strict=False))
    last = {c: ["Total" if i == 0 else None] for i, c in enumerate(table.columns)}
    tables[name] = pl.concat([table, pl.DataFrame(last, schema=table.schema)])
    return f"{name}: a line of totals"


def column_gone(rng, tables):
    name, column = place(rng, tables)
    tables[name] = tables[name].drop(column)
    return f"{name} without {column}"


def column_renamed(rng, tables):
    name, column = place(rng, tables)
    new = [
        column.upper(),
        column.title().replace("_", " "),
        column.replace("_", "-"),
        f" {column} ",
        f"\ufeff{column}",
        f"{column}\u200b",
        f"{column}\x00",
        "",
        "x" * 5_000,
        "row",
        column[::-1],
    ][rng.integers(11)]
    if new in tables[name].columns:
        return None
    tables[name] = tables[name].rename({column: new})
    return f"{name}: {column} is {new[:30]!r}"


def columns_mixed(rng, tables):
    name, _ = place(rng, tables)
    tables[name] = tables[name].select(rng.permutation(tables[name].columns).tolist())
    return f"{name}: columns in another order"


def columns_swapped(rng, tables):
    name, a = place(rng, tables)
    b = tables[name].columns[rng.integers(tables[name].width)]
    if a == b:
        return None
    tables[name] = tables[name].with_columns(pl.col(a).alias(b), pl.col(b).alias(a))
    return f"{name}: {a} and {b} swapped"


def column_more(rng, tables):
    name, column = place(rng, tables)
    new = ["extra", f"{column}_2", "Unnamed: 0", "__index_level_0__", "name2"][rng.integers(5)]
    tables[name] = tables[name].with_columns(pl.col(column).alias(new))
    return f"{name}: a column {new!r}"


def ids_changed(rng, tables):
    """Every id of one column in another dress: what refers to it may find it or not."""
    name, column = place(rng, tables)
    change = [
        pl.col(column).cast(pl.String, strict=False).str.to_uppercase(),
        pl.concat_str(pl.lit("  "), pl.col(column).cast(pl.String, strict=False)),
        pl.concat_str(pl.lit("001x00000"), pl.col(column).cast(pl.String, strict=False)),
        pl.col(column)
        .cast(pl.String, strict=False)
        .str.extract(r"(\d+)")
        .cast(pl.Float64, strict=False),
        pl.col(column).shift(1),
        pl.col(column).reverse(),
    ][int(rng.integers(6))]
    tables[name] = tables[name].with_columns(change.alias(column))
    return f"{name}.{column}: ids changed"


def table_gone(rng, tables):
    name, _ = place(rng, tables)
    del tables[name]
    return f"{name} is not there"


def table_of_another(rng, tables):
    """A table of an ecosystem that has nothing to do with this one."""
    other = ecosystem(rng)
    name = list(other)[rng.integers(len(other))]
    tables[name] = other[name]
    return f"{name} of another ecosystem"


def tables_swapped(rng, tables):
    a, b = (place(rng, tables)[0] for _ in range(2))
    tables[a], tables[b] = tables[b], tables[a]
    return f"{a} and {b} swapped"


MUTATIONS = [
    *[texts] * 4,
    *[numbers] * 3,
    *[dates] * 3,
    *[other_type] * 3,
    *[ids_changed, nothing] * 2,
    row_twice,
    rows_gone,
    rows_mixed,
    header_again,
    total_row,
    column_gone,
    column_renamed,
    columns_mixed,
    columns_swapped,
    column_more,
    table_gone,
    table_of_another,
    tables_swapped,
]


def mutated(rng, tables):
    """Tables after a few corruptions, and what those were."""
    done = []
    for _ in range(int(rng.choice([1, 1, 1, 2, 3, 6]))):
        if place(rng, tables)[0] is not None:
            with suppress(pl.exceptions.PolarsError):  # not with columns of that type
                done.append(MUTATIONS[rng.integers(len(MUTATIONS))](rng, tables))
    return [what for what in done if what]
