"""What an update cannot know, because inputs that a row is made of are not in its source."""

from collections.abc import Collection, Iterator
from typing import Final

from ecosystem_graph.importing.mapping.grammar import Expression, TableMapping

_ONE_ROW_EACH: Final = ("partners", "capabilities", "deals")
"""Tables whose rows several inputs may make up together."""


def absent_notes(mapping: TableMapping, read: Collection[str]) -> list[str]:
    """Notes on inputs that would add something to the rows of those that were read.

    Parameters
    ----------
    mapping : TableMapping
    read : collection of str
        Inputs that were read.
    """
    rules = [rule for rule in mapping.rules if rule.source in read]
    looked_up = {
        (rule.table, mapping.lookups[name].source): None
        for rule in rules
        for expression in rule.columns.values()
        for name in _lookups(expression, mapping)
        if mapping.lookups[name].source not in read
    }
    beside = {
        (rule.table, other.source): None
        for rule in rules
        for other in mapping.rules
        if rule.table == other.table in _ONE_ROW_EACH and other.source not in read
    }
    return [
        f"{table} of this update have nothing of {source}, which is not in the source: give both "
        "together, or what it adds to a row is lost where the row is replaced."
        for table, source in {**looked_up, **beside}
    ]


def _lookups(expression: Expression, mapping: TableMapping) -> Iterator[str]:
    """Names of the code lists that an expression is looked up in, and they in turn."""
    if expression.lookup is not None:
        yield expression.lookup
    for one in expression.first:
        yield from _lookups(one, mapping)
