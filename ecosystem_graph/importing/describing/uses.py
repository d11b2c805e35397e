"""What each field of an input is used for by a mapping."""

from collections.abc import Iterator

from ecosystem_graph.importing.inputs.fields import fields_of
from ecosystem_graph.importing.mapping.grammar import FieldName, Rule, TableMapping
from ecosystem_graph.importing.reading.raw_table import folded_field

Use = tuple[FieldName, str]


def uses_of(name: str, mapping: TableMapping) -> Iterator[Use]:
    """Each field of an input that a mapping reads, and what for.

    Parameters
    ----------
    name : str
        Of the input.
    mapping : TableMapping
    """
    for rule in mapping.rules:
        if rule.source == name:
            yield from _of_rule(rule)
    for lookup in mapping.lookups.values():
        if lookup.source == name:
            for expression in (lookup.key, lookup.value):
                for field in fields_of(expression):
                    yield field, f"lookup {lookup.name}"
    identity = mapping.identity
    if identity.source == name:
        for system, expression in identity.systems.items():
            for field in fields_of(expression):
                yield field, f"identifier {system}"
    if identity.merged is not None and identity.merged.source == name:
        yield identity.merged.old, "merged records"
        yield identity.merged.new, "merged records"


def _of_rule(rule: Rule) -> Iterator[Use]:
    for column, expression in rule.columns.items():
        for field in fields_of(expression):
            yield field, f"{rule.table}.{column}"
    for group in (rule.where, *rule.any_of):
        for condition in group:
            yield condition.field, f"rows of {rule.table}"


def uses_by_field(name: str | None, mapping: TableMapping) -> dict[str, tuple[str, ...]]:
    """What each field of an input is used for, by its folded names.

    Examples
    --------
    >>> from ecosystem_graph.importing.mapping.presets import load_mapping
    >>> uses = uses_by_field("opportunity", load_mapping(None, ["salesforce"]))
    >>> uses["closedate"], uses["isdeleted"][:1]
    (('deals.closed_on',), ('rows of deals',))
    """
    if name is None:
        return {}
    stated = mapping.inputs.get(name)
    found: dict[str, dict[str, None]] = {}
    for field, use in uses_of(name, mapping):
        others = stated.fields.get(field.name, ()) if stated else ()
        for one in (field.name, *others):
            found.setdefault(folded_field(one), {})[use] = None
    return {field: tuple(uses) for field, uses in found.items()}
