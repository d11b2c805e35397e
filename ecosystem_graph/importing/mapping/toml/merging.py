"""Several mappings put over each other: presets first, the user's file last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_ADDED: Final = frozenset({"values", "otherwise"})
"""Keys of an expression that, alone, are added to the expression of an earlier mapping."""


@dataclass(frozen=True, slots=True)
class Document:
    """TOML of one mapping, and where it comes from.

    Attributes
    ----------
    origin : str
        File name or preset, for messages.
    content : mapping
    own : bool
        Whether it is the user's own mapping, not a preset.
    """

    origin: str
    content: Mapping[str, Any]
    own: bool = False


@dataclass(slots=True)
class MergedDocument:
    """The mappings as one, and for each path of keys the last one that states it.

    Attributes
    ----------
    content : dict
    origins : dict of tuple of str to Document
    """

    content: dict[str, Any] = field(default_factory=dict)
    origins: dict[tuple[str, ...], Document] = field(default_factory=dict)

    def origin(self, *path: str) -> Document | None:
        """Mapping that states a path, or the nearest path above it."""
        for end in range(len(path), 0, -1):
            if found := self.origins.get(path[:end]):
                return found
        return None


def merged(documents: Sequence[Document]) -> MergedDocument:
    """Later mappings over earlier ones, key by key; lists and expressions replace.

    An expression with `values` (and `otherwise`) alone is added to the earlier one: to the last
    of its alternatives, if it has several.

    Examples
    --------
    >>> stage = {"field": "Stage", "values": {"Won": "won"}}
    >>> preset = {"tables": {"deals": {"crm": {"columns": {"outcome": stage}}}}}
    >>> added = {"values": {"Dead": "lost"}}
    >>> own = {"tables": {"deals": {"crm": {"columns": {"outcome": added}}}}}
    >>> both = merged([Document("crm", preset), Document("acme.toml", own, own=True)])
    >>> both.content["tables"]["deals"]["crm"]["columns"]["outcome"]
    {'field': 'Stage', 'values': {'Won': 'won', 'Dead': 'lost'}}
    """
    both = MergedDocument()
    for document in documents:
        _put(both.content, document.content, ())
        for path in _paths(document.content, ()):
            both.origins[path] = document
    return both


def _put(target: dict[str, Any], content: Mapping[str, Any], path: tuple[str, ...]) -> None:
    for key, value in content.items():
        here = (*path, key)
        if _is_expression(here):
            target[key] = _over(target.get(key), value)
        elif isinstance(value, Mapping):
            below = target.get(key)
            target[key] = below if isinstance(below, dict) else {}
            _put(target[key], value, here)
        else:
            target[key] = value


def _is_expression(path: tuple[str, ...]) -> bool:
    """Whether a path is that of a column's expression, or of an identifier's."""
    column = len(path) == 5 and path[0] == "tables" and path[3] == "columns"
    return column or path[:2] == ("identity", "systems")


def _over(earlier: Any, value: Any) -> Any:
    if not isinstance(value, Mapping) or not value.keys() <= _ADDED or not value:
        return value
    if isinstance(earlier, str):
        earlier = {"field": earlier}
    if not isinstance(earlier, Mapping):
        return value
    if isinstance(earlier.get("first"), list) and earlier["first"]:
        *others, last = earlier["first"]
        return {**earlier, "first": [*others, _over(last, value)]}
    known = earlier.get("values")
    both = {**(known if isinstance(known, Mapping) else {}), **value.get("values", {})}
    return {**earlier, **value, "values": both}


def _paths(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in content.items():
        here = (*path, key)
        yield here
        if isinstance(value, Mapping) and not _is_expression(here):
            yield from _paths(value, here)
