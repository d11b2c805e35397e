"""Facts of a declared table: its key, references, types, ranges and rules."""

import re
from dataclasses import dataclass
from typing import Any

import dataframely as dy
import polars as pl


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values must occur in another table (or another column of the same one)."""

    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class RowRule:
    """A condition on each row; null counts as fulfilled."""

    columns: tuple[str, ...]  # named in the message; the first one is reported
    holds: pl.Expr
    message: str

    @property
    def kind(self) -> str:
        """Kind of the problem of rows that break it, in a few words."""
        words = re.sub(r"'?{\w+}'?", "", self.message.partition(":")[0])
        return re.sub(r"\s+", " ", words).strip(" .")


def key_of(schema: type[dy.Schema]) -> list[str]:
    """Columns that identify a row together; an empty part of a key is a value like any other.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> key_of(TABLES["offerings"])
    ['partner_id', 'product_id', 'role']
    """
    return [name for name, column in schema.columns().items() if column_fact(column, "key")]


def references(schema: type[dy.Schema]) -> list[Reference]:
    """Columns of a table that refer to other tables.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> references(TABLES["partners"])
    [Reference(column='parent_id', table='partners', key='partner_id')]
    """
    targets = {name: column_fact(column, "refers_to") for name, column in schema.columns().items()}
    return [Reference(name, *target.split(".")) for name, target in targets.items() if target]


def market_columns(schema: type[dy.Schema]) -> list[str]:
    """Columns that hold countries or other market codes."""
    return [name for name, column in schema.columns().items() if column_fact(column, "market")]


def is_identifier(name: str, column: dy.Column) -> bool:
    """Whether a column holds ids, in which invisible characters must not matter.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> deals = TABLES["deals"].columns()
    >>> (
    ...     is_identifier("customer_id", deals["customer_id"]),
    ...     is_identifier("industry", deals["industry"]),
    ... )
    (True, False)
    """
    if not isinstance(column, dy.String) or column_fact(column, "market"):
        return False
    required_key = bool(column_fact(column, "key")) and not column.nullable
    return required_key or bool(column_fact(column, "refers_to")) or name.endswith("_id")


def kind_of(column: dy.Column) -> str:
    """Type of the values of a column, as users read it.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> kind_of(TABLES["deals"].columns()["opened_on"])
    'date'
    """
    kinds = {
        dy.Bool: "true or false",
        dy.Date: "date",
        dy.Enum: "choice",
        dy.Float64: "number",
        dy.Int64: "whole number",
        dy.String: "text",
    }
    return kinds[type(column)]


def allowed(column: dy.Column) -> str:
    """Allowed values of a column, as users read it; empty if all of its type are allowed.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> allowed(TABLES["territories"].columns()["share"])
    '0 to 1'
    >>> allowed(TABLES["deals"].columns()["outcome"])
    'one of won, lost, open, withdrawn'
    """
    if isinstance(column, dy.Enum):
        return f"one of {', '.join(column.categories)}"
    least, most = getattr(column, "min", None), getattr(column, "max", None)
    if least is None:
        return ""
    return f"{_plain(least)} or more" if most is None else f"{_plain(least)} to {_plain(most)}"


def _plain(bound: Any) -> str:
    """Bound of a range as users write it, not as 1e12."""
    return f"{bound:,.0f}" if isinstance(bound, float | int) and abs(bound) >= 1e6 else str(bound)


def row_rules(schema: type[dy.Schema]) -> list[RowRule]:
    """Ranges of the columns, then the rules across columns, each with its message.

    Examples
    --------
    >>> from ecosystem_graph.tables.schema.definitions import TABLES
    >>> row_rules(TABLES["offerings"])[-1].message
    'until {until} is before since {since}.'
    """
    ranges = [_range(name, column) for name, column in schema.columns().items()]
    return [rule for rule in ranges if rule] + _cross_column_rules(schema)


def _range(name: str, column: dy.Column) -> RowRule | None:
    if not allowed(column) or isinstance(column, dy.Enum):
        return None
    expressions = column.validation_rules(pl.col(name))
    expressions.pop("nullability", None)  # checked in conversion, where the text is known
    holds = pl.all_horizontal(*expressions.values())
    return RowRule((name,), holds, f"{name} {{{name}}} is out of range: {allowed(column)}.")


def _cross_column_rules(schema: type[dy.Schema]) -> list[RowRule]:
    """Rules of the class itself; the inherited rule of the key is checked elsewhere."""
    rules = []
    for member in vars(schema).values():
        if (function := getattr(member, "validation_fn", None)) is None:
            continue
        message = function.__doc__
        rules.append(RowRule(tuple(re.findall(r"{(\w+)}", message)), function(schema), message))
    return rules


def column_fact(column: dy.Column, fact: str) -> Any:
    """A fact of a column beyond its type, such as `key` or `refers_to`; None if not declared."""
    return (column.metadata or {}).get(fact)
