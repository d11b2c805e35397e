"""TOML of conditions and expressions -> their values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecosystem_graph.importing.mapping.grammar import Alternatives, Condition, Expression, FieldName
from ecosystem_graph.importing.mapping.toml.reader import (
    Faults,
    TableReader,
    field_name,
    plain_text,
    shown,
)

_SOURCES: Final = ("field", "fields", "const", "text", "first", "count")
_MODIFIERS: Final = (
    "lookup",
    "match",
    "values",
    "otherwise",
    "split",
    "part",
    "as",
    "format",
    "timezone",
    "decimal",
    "take",
    "of",
)
TAKES: Final = ("min", "max", "first")
_FORMS: Final = ("domain", "digits", "salesforce_id")
_FIELD_IN_TEXT: Final = re.compile(r"\{([^{}]*)\}")
_NAMELESS: Final = "a field must have a name."
_DEPTH: Final = 8
"""Alternatives within alternatives that are read."""


def expression(value: Any, where: str, faults: Faults, depth: int = 0) -> Expression | None:
    """Expression of a column; None, and faults, if it cannot be read."""
    if isinstance(value, str):
        if not value.strip("?"):
            faults.add(where, _NAMELESS)
            return None
        return Expression(fields=(field_name(value),))
    if not isinstance(value, Mapping):
        faults.add(where, f"must be a field or an expression. Got {shown(value)}.")
        return None
    table = TableReader(value, where, faults)
    table.only([*_SOURCES, *_MODIFIERS])
    given = [key for key in _SOURCES if key in value]
    if len(given) != 1:
        what = "none" if not given else " and ".join(given)
        table.fault(f"exactly one of {', '.join(_SOURCES)} says what it is made of. Got {what}.")
        return None
    if given == ["count"]:
        return _count(table)
    fields, alternatives = _fields(table), _alternatives(table, depth)
    if None in fields or None in alternatives:
        return None
    return Expression(
        fields=tuple(one for one in fields if one),
        const=table.text("const"),
        text=table.text("text"),
        first=tuple(one for one in alternatives if one),
        lookup=table.text("lookup"),
        match=table.texts("match"),
        values=_values(table),
        otherwise=table.text("otherwise"),
        split=_separator(table),
        part=table.whole("part"),
        form=table.choice("as", _FORMS),
        format=table.text("format"),
        timezone=table.text("timezone"),
        decimal=table.choice("decimal", (".", ",")),
        take=_take(table),
    )


def all_expressions(whole: Expression) -> Iterator[Expression]:
    """Expression itself, and every alternative in it."""
    yield whole
    for alternative in whole.first:
        yield from all_expressions(alternative)


def text_fields(text: str) -> tuple[FieldName, ...]:
    """Fields in braces in a text.

    Examples
    --------
    >>> [str(name) for name in text_fields("{Deal}-{Line?}")]
    ['Deal', 'Line?']
    """
    return tuple(field_name(name) for name in _FIELD_IN_TEXT.findall(text) if name.strip("?"))


def conditions(table: TableReader) -> tuple[Condition, ...]:
    """Conditions that must all hold, of a table from fields to tests."""
    read = [_condition(key, value, table) for key, value in table.content.items()]
    return tuple(one for one in read if one is not None)


def alternatives(table: TableReader, key: str) -> Alternatives:
    """Groups of conditions, of which one suffices."""
    value = table.content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        table.fault(f"{key} must be a list of tables of conditions. Got {shown(value)}.")
        return ()
    groups = (TableReader(one, f"{table.where}.{key}", table.faults) for one in value)
    return tuple(conditions(group) for group in groups)


def _condition(key: str, value: Any, table: TableReader) -> Condition | None:
    where = f"{table.where}, condition on {key}"
    if not isinstance(value, Mapping):
        listed = value if isinstance(value, list) else [value]
        texts = [plain_text(one) for one in listed]
        if not texts or None in texts:
            table.faults.add(where, f"must be a value or a list of values. Got {shown(value)}.")
            return None
        return Condition(field_name(key), one_of=tuple(text for text in texts if text is not None))
    test = TableReader(value, where, table.faults)
    test.only(("not", "empty", "in"))
    if len(value) != 1:
        test.fault("takes one of not, empty and in.")
        return None
    if "not" in value:
        return Condition(field_name(key), none_of=test.texts("not"))
    if "empty" in value:
        return Condition(field_name(key), empty=test.flag("empty"))
    other, dot, column = (test.text("in") or "").partition(".")
    if not (other and dot and column.strip("?")):
        test.fault('in must name an input and a field, such as "opportunity_partner.AccountToId".')
        return None
    return Condition(field_name(key), among=(other, field_name(column)))


def _count(table: TableReader) -> Expression | None:
    counted = table.field_name("of")
    if counted is None:
        table.fault("count needs the field whose distinct values are counted, in `of`.")
        return None
    return Expression(count=counted)


def _fields(table: TableReader) -> list[FieldName | None]:
    if "field" in table.content:
        name = table.field_name("field")
        if name is None or not name.name.strip():
            table.fault(_NAMELESS)
            return [None]
        return [name]
    names = table.texts("fields")
    if "fields" in table.content and not names:
        table.fault("fields must list at least one field.")
        return [None]
    if len(names) > 1 and not table.content.get("match") and not table.content.get("lookup"):
        table.fault("several fields need `match`; `first` takes the first that is not empty.")
    if not all(name.strip("?") for name in names):
        table.fault(_NAMELESS)
        return [None]
    return [field_name(name) for name in names]


def _alternatives(table: TableReader, depth: int) -> list[Expression | None]:
    listed = table.content.get("first", [])
    if not isinstance(listed, list) or ("first" in table.content and not listed):
        table.fault(f"first must be a list of expressions. Got {shown(listed)}.")
        return [None]
    if listed and depth >= _DEPTH:
        table.fault(f"alternatives are nested more than {_DEPTH} deep.")
        return [None]
    where = f"{table.where}.first"
    return [expression(one, where, table.faults, depth + 1) for one in listed]


def _values(table: TableReader) -> dict[str, str] | None:
    if "values" not in table.content:
        if "otherwise" in table.content:
            table.fault("otherwise needs values: it is for those that are not listed.")
        return None
    listed = table.table("values")
    read = {key: listed.text(key) or "" for key in listed.content}
    return {key.strip().casefold(): value for key, value in read.items()}


def _take(table: TableReader) -> tuple[str, ...]:
    value = table.content.get("take", [])
    if isinstance(value, list):
        return table.texts("take")
    chosen = table.choice("take", TAKES)
    return () if chosen is None else (chosen,)


def _separator(table: TableReader) -> str | None:
    separator = table.text("split")
    if separator == "":
        table.fault("split must be the separator, such as ;.")
        return None
    return separator
