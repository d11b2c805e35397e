"""JSON and JSON Lines -> records with nested names joined by dots."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ecosystem_graph.importing.reading.grid import UnreadableInputError

_MOST_NAMED: Final = 5
_USUAL: Final = ("data", "items", "records", "results", "rows", "value", "values")
"""Names of the list of records in the answers of most systems."""
Record = dict[str, Any]


def json_records(
    text: str, rows: str | None = None, each: str | None = None
) -> tuple[list[Record], list[int]]:
    r"""Records of a JSON text, flat, and the number of each.

    Nested names are joined by dots; a list of values is joined by `;`, a list of objects field by
    field.

    Parameters
    ----------
    text : str
        A list of objects, one object, an object with such a list, or one object per line.
    rows : str, optional
        Where the list is, such as `data.opportunities`.
    each : str, optional
        A list in each object, whose elements make a row each; its fields keep their full names.

    Returns
    -------
    records : list of dict
        Numbers as they are written.
    numbers : list of int
        Place of each record's object in the list, or its line, from 1.

    Raises
    ------
    UnreadableInputError
        If it is not JSON, or it is not clear where the records are.

    Examples
    --------
    >>> text = '{"deals": [{"Id": "d-1", "LifeCycle": {"Stage": "Launched"}, "Tags": ["a", "b"]}]}'
    >>> json_records(text)
    ([{'Id': 'd-1', 'LifeCycle.Stage': 'Launched', 'Tags': 'a;b'}], [1])
    >>> json_records('[{"Id": 1, "Spend": [{"n": 1.50}, {"n": 2}]}]', each="Spend")[0]
    [{'Id': '1', 'Spend.n': '1.50'}, {'Id': '1', 'Spend.n': '2'}]
    """
    objects = _lines(text) or list(enumerate(_objects(_value(text), rows), start=1))
    records: list[Record] = []
    numbers: list[int] = []
    try:
        for number, entry in objects:
            for record in _rows_of(entry, each):
                records.append(record)
                numbers.append(number)
    except RecursionError as error:
        raise UnreadableInputError("is nested too deeply.") from error
    return records, numbers


def _value(text: str) -> Any:
    """Value of a JSON text, with numbers as they are written."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_not_a_number)
    except RecursionError as error:
        raise UnreadableInputError("is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise UnreadableInputError(
            f"is not JSON: {error.msg} in line {error.lineno:,}, column {error.colno:,}."
        ) from error


def _not_a_number(_: str) -> None:
    """NaN and infinities, which some programs write for a missing number."""
    return None


def _lines(text: str) -> list[tuple[int, Any]]:
    """Objects of JSON Lines with their line numbers; empty if the text is something else."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) < 2 or not all(line.strip().startswith("{") for _, line in lines[:2]):
        return []
    objects: list[tuple[int, Any]] = []
    for number, line in lines:
        try:
            value = json.loads(line, parse_float=str, parse_int=str, parse_constant=_not_a_number)
        except json.JSONDecodeError as error:
            if not objects:
                return []
            raise UnreadableInputError(
                f"is not JSON in line {number:,}: {error.msg} in column {error.colno:,}."
            ) from error
        except RecursionError as error:
            raise UnreadableInputError("is nested too deeply.") from error
        objects.append((number, value))
    return objects


def _objects(value: Any, rows: str | None) -> list[Any]:
    """The list of objects in a JSON value; an object that is no more than a wrapper is opened."""
    if rows is not None:
        return _named_list(value, rows)
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise UnreadableInputError("holds no records: a list of objects is expected.")
    lists = dict(_lists_of_objects(value))
    usual = [name for name in lists if name.casefold() in _USUAL]
    if len(usual) == 1:
        return lists[usual[0]]
    around = [part for name, part in value.items() if name not in lists]
    if not lists or any(isinstance(part, dict | list) for part in around):
        return [value]
    if len(lists) == 1:
        return next(iter(lists.values()))
    named = list(lists)[:_MOST_NAMED]
    raise UnreadableInputError(
        f"holds several lists of records: {', '.join(named)}. Name the one that is meant.",
        f'rows = "{named[0]}"',
    )


def _lists_of_objects(value: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Lists of objects in an object, by their names."""
    for name, part in value.items():
        if isinstance(part, list) and part and all(isinstance(entry, dict) for entry in part):
            yield name, part


def _named_list(value: Any, rows: str) -> list[Any]:
    at = value
    for depth, name in enumerate(parts := rows.split(".")):
        if not isinstance(at, dict) or name not in at:
            known = ", ".join(list(at)[:_MOST_NAMED]) if isinstance(at, dict) else "a list"
            where = ".".join(parts[:depth]) or "the file"
            raise UnreadableInputError(
                f"has no {name!r} (rows = {rows!r}) in {where}. Found: {known}."
            )
        at = at[name]
    return at if isinstance(at, list) else [at]


def _rows_of(entry: Any, each: str | None) -> list[Record]:
    if not isinstance(entry, dict):
        raise UnreadableInputError(
            f"holds {type(entry).__name__} {str(entry)[:40]!r} in its list of records: only "
            "objects are expected."
        )
    if each is None:
        return [_flat(entry)]
    whole = _flat(entry, skipped=each)
    at: Any = entry
    for name in each.split("."):
        at = at.get(name) if isinstance(at, dict) else None
    elements = at if isinstance(at, list) else [] if at is None else [at]
    return [whole | _flat({each: element}) for element in elements]


def _flat(value: Mapping[str, Any], prefix: str = "", skipped: str = "") -> Record:
    flat: Record = {}
    for key, part in value.items():
        name = f"{prefix}{key}"
        if name == skipped:
            continue
        if isinstance(part, dict):
            flat |= _flat(part, f"{name}.", skipped)
        elif isinstance(part, list):
            flat |= _joined(name, part)
        else:
            flat[name] = _scalar(part)
    return flat


def _scalar(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def _joined(name: str, values: Sequence[Any]) -> Record:
    """Values of a list joined by `;`, those of its objects field by field."""
    fields: dict[str, list[str]] = {}
    for value in values:
        for key, text in _flat({name: value}).items():
            fields.setdefault(key, []).append(text or "")
    return {key: ";".join(text for text in texts if text) for key, texts in fields.items()}
