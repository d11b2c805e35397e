"""Which fields a mapping reads: the allow-list of each input, and those that are not there."""

from collections.abc import Iterable, Iterator, Mapping

from ecosystem_graph.importing.inputs.loaded import LoadedInput, fields_like, found_field
from ecosystem_graph.importing.inputs.privacy import is_personal
from ecosystem_graph.importing.mapping.grammar import (
    Expression,
    FieldName,
    Rule,
    TableMapping,
)
from ecosystem_graph.importing.mapping.toml.expressions import text_fields
from ecosystem_graph.importing.reading.raw_table import folded_field
from ecosystem_graph.tables.messages.notes import did_you_mean
from ecosystem_graph.tables.messages.wording import first_few


def fields_of(expression: Expression) -> Iterator[FieldName]:
    """Every field that an expression reads."""
    yield from expression.fields
    if expression.text is not None:
        yield from text_fields(expression.text)
    if expression.count is not None:
        yield expression.count
    for alternative in expression.first:
        yield from fields_of(alternative)


def fields_kept(expression: Expression) -> Iterator[FieldName]:
    """Fields of an expression whose values may reach a table."""
    if expression.keeps_nothing:
        return
    if expression.first:
        for alternative in expression.first:
            yield from fields_kept(alternative)
    else:
        yield from fields_of(expression)


def needed(mapping: TableMapping) -> dict[str, dict[FieldName, str]]:
    """Fields that a mapping reads, by input, each with the place that names it first."""
    found: dict[str, dict[FieldName, str]] = {}

    def add(source: str, names: Iterable[FieldName], where: str) -> None:
        for name in names:
            found.setdefault(source, {}).setdefault(name, where)

    for rule in mapping.rules:
        place = f"{rule.origin}, {rule.path}"
        for expression in rule.columns.values():
            add(rule.source, fields_of(expression), place)
        for condition in rule.conditions:
            add(rule.source, [condition.field], place)
            if condition.among is not None:
                add(condition.among[0], [condition.among[1]], place)
    for lookup in mapping.lookups.values():
        place = f"{mapping.name}, lookups.{lookup.name}"
        for part in (lookup.key, lookup.value, lookup.highest):
            if part is not None:
                add(lookup.source, fields_of(part), place)
        add(lookup.source, (condition.field for condition in lookup.where), place)
    identity, place = mapping.identity, f"{mapping.name}, identity"
    for expression in identity.systems.values():
        add(identity.source, fields_of(expression), place)
    if identity.merged is not None:
        add(identity.merged.source, [identity.merged.old, identity.merged.new], place)
    return found


def absent_fields(mapping: TableMapping, inputs: Mapping[str, LoadedInput]) -> list[str]:
    """Faults: fields that a mapping names without `?` and that its input does not have."""
    faults = []
    for source, fields in needed(mapping).items():
        given = inputs.get(source)
        if given is None:
            continue
        for name, where in fields.items():
            if name.optional or _is_there(name.name, given):
                continue
            hint = did_you_mean(name.name, given.headers)
            some = first_few(list(given.headers), 30)
            faults.append(
                f"{given.file} has no field '{name.name}' ({where}).{hint} Found: {some}."
            )
    return list(dict.fromkeys(faults))


def columns_wanted(
    fields: Iterable[FieldName], headers: Iterable[str], others: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Headers of a file that some fields are found under; only these columns are read."""
    labels = {folded_field(header): header for header in reversed(list(headers))}
    wanted: dict[str, None] = {}
    for name in fields:
        if "*" in name.name:
            wanted |= dict.fromkeys(fields_like(name.name, labels, list(labels.values())))
        elif (own := found_field(name, labels, others)) is not None:
            wanted[own] = None
    return [labels[own] for own in wanted]


def personal_fields(
    mapping: TableMapping, inputs: Mapping[str, LoadedInput]
) -> list[tuple[Rule, str, str]]:
    """Rules, columns and fields where personal data would reach a table, by the field's name."""
    allowed = {folded_field(name) for name in mapping.settings.personal}
    found = []
    for rule in mapping.rules:
        given = inputs.get(rule.source)
        if given is None:
            continue
        for column, expression in rule.columns.items():
            for name in fields_kept(expression):
                own = given.column(name)
                label = given.labels.get(own or "", "")
                if own and own not in allowed and (is_personal(label) or is_personal(name.name)):
                    found.append((rule, column, label))
    return found


def _is_there(name: str, given: LoadedInput) -> bool:
    return bool(given.columns_like(name)) if "*" in name else given.column(name) is not None
