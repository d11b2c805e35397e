"""Plain values -> TOML text, as a mapping is written down."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """TOML of nested plain values: tables of tables get headings, everything below is inline.

    Examples
    --------
    >>> print(
    ...     toml_text({"schema": 1, "tables": {"deals": {"own": {"columns": {"deal_id": "Id"}}}}})
    ... )
    schema = 1
    <BLANKLINE>
    [tables.deals.own]
    columns.deal_id = "Id"
    <BLANKLINE>
    """
    lines = [f"{key_text(key)} = {value_text(value)}" for key, value in _plain(document)]
    for key, value in _nested(document):
        depth = {"tables": 2, "inputs": 1, "lookups": 1}.get(key, 0)
        for path, table in _at_depth((key,), value, depth):
            lines += ["", f"[{'.'.join(map(key_text, path))}]"]
            lines += _lines(table)
    return "\n".join(lines) + "\n"


def value_text(value: Any) -> str:
    """A value as TOML writes it on one line.

    Examples
    --------
    >>> value_text({"field": "Amount", "values": {"": "none"}, "part": 1})
    '{ field = "Amount", values = { "" = "none" }, part = 1 }'
    """
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key_text(key)} = {value_text(part)}" for key, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def key_text(key: str) -> str:
    """A key as TOML writes it: bare if that is possible.

    Examples
    --------
    >>> key_text("deal_id"), key_text("Closed Won")
    ('deal_id', '"Closed Won"')
    """
    return key if _BARE.fullmatch(key) else value_text(key)


def _plain(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in table.items() if not isinstance(value, Mapping)]


def _nested(table: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(key, value) for key, value in table.items() if isinstance(value, Mapping)]


def _at_depth(
    path: tuple[str, ...], table: Mapping[str, Any], depth: int
) -> list[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if not depth:
        return [(path, table)]
    return [
        found
        for key, value in _nested(table)
        for found in _at_depth((*path, key), value, depth - 1)
    ]


def _lines(table: Mapping[str, Any]) -> list[str]:
    """Lines of a table; `columns`, `fields` and `systems` have a line per key."""
    lines = []
    for key, value in table.items():
        if key in ("columns", "fields", "systems") and isinstance(value, Mapping) and value:
            lines += [
                f"{key}.{key_text(name)} = {value_text(part)}" for name, part in value.items()
            ]
        else:
            lines.append(f"{key_text(key)} = {value_text(value)}")
    return lines
