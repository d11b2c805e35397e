"""Merged TOML -> a mapping, or one error with everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ecosystem_graph.errors import MappingError
from ecosystem_graph.importing.mapping.grammar import (
    REPAIRS,
    Expression,
    Identity,
    InputMapping,
    Lookup,
    Merged,
    Rule,
    Settings,
    TableMapping,
)
from ecosystem_graph.importing.mapping.toml.expressions import (
    all_expressions,
    alternatives,
    conditions,
    expression,
)
from ecosystem_graph.importing.mapping.toml.merging import Document, MergedDocument, merged
from ecosystem_graph.importing.mapping.toml.reader import Faults, TableReader, field_name
from ecosystem_graph.importing.reading.raw_table import InputOptions
from ecosystem_graph.tables.messages.notes import did_you_mean
from ecosystem_graph.tables.schema.definitions import TABLES

SCHEMA: Final = 1
_KEYS: Final = (
    "schema",
    "title",
    "presets",
    "settings",
    "inputs",
    "lookups",
    "identity",
    "tables",
)
_INPUT_KEYS: Final = (
    "file",
    "files",
    "sheet",
    "table",
    "header",
    "rows",
    "each",
    "query",
    "database",
    "encoding",
    "delimiter",
    "recognise",
    "fields",
    "complete",
    "use",
)
_RULE_KEYS: Final = ("from", "where", "any", "group", "columns", "use")


def table_mapping(documents: Sequence[Document]) -> TableMapping:
    """Mapping of presets and the user's file, the file last.

    Raises
    ------
    MappingError
        If anything in it is unknown, of the wrong type or incomplete; it lists everything.

    Examples
    --------
    >>> rule = {"from": "deals", "columns": {"deal_id": "Deal", "outcome": {"const": "won"}}}
    >>> own = {"schema": 1, "tables": {"deals": {"sheet": rule}}}
    >>> table_mapping([Document("acme.toml", own, own=True)]).rules[0].path
    'tables.deals.sheet'
    """
    both = merged(documents)
    name = next((one.origin for one in reversed(documents) if one.own), None)
    name = name or " + ".join(one.origin for one in documents) or "the mapping"
    faults = Faults()
    top = TableReader(both.content, "", faults)
    _check_top(documents, faults)
    mapping = TableMapping(
        name,
        _settings(_at(both, top.table("settings"), name)),
        {key: _input(key, _at(both, table, name)) for key, table in _used(top, "inputs")},
        _lookups(both, top, name),
        _identity(_at(both, top.table("identity"), name)),
        _rules(both, top, name),
        both.content,
        tuple(one.origin for one in documents if not one.own),
    )
    _check_names(mapping, faults)
    if faults.found:
        raise mapping_error(name, list(faults.found))
    return mapping


def _check_names(mapping: TableMapping, faults: Faults) -> None:
    """Add a fault for each lookup and time zone that an expression names and that is not there."""
    stated = [
        (f"{rule.origin}, {rule.path}.columns.{column}", value)
        for rule in mapping.rules
        for column, value in rule.columns.items()
    ]
    for lookup in mapping.lookups.values():
        parts = (lookup.key, lookup.value, lookup.highest)
        stated += [(f"{mapping.name}, lookups.{lookup.name}", part) for part in parts if part]
    systems = mapping.identity.systems
    stated += [(f"{mapping.name}, identity.systems.{key}", part) for key, part in systems.items()]
    for where, whole in stated:
        for value in all_expressions(whole):
            if value.lookup is not None and value.lookup not in mapping.lookups:
                hint = did_you_mean(value.lookup, mapping.lookups)
                known = f" Known: {', '.join(mapping.lookups) or 'none'}."
                faults.add(where, f"there is no lookup '{value.lookup}'.{hint or known}")
            if value.timezone is not None and not is_timezone(value.timezone):
                faults.add(
                    where,
                    f"timezone must be a name such as Europe/Berlin. Got {value.timezone!r:.60}.",
                )


def mapping_error(name: str, faults: Sequence[str]) -> MappingError:
    """Error with one fault in a line, or with all of them below each other."""
    if len(faults) == 1:
        return MappingError(faults[0], faults)
    lines = "\n".join(f"  {fault}" for fault in faults)
    return MappingError(f"{name} has {len(faults)} faults\n{lines}", faults)


def _check_top(documents: Sequence[Document], faults: Faults) -> None:
    for document in documents:
        table = TableReader(document.content, document.origin, faults)
        table.only(_KEYS)
        if (given := document.content.get("schema")) != SCHEMA:
            got = f"Got {given!r}." if "schema" in document.content else "It is missing."
            table.fault(f"the first line must be schema = {SCHEMA}. {got}")


def _at(both: MergedDocument, table: TableReader, name: str) -> TableReader:
    """The same table, its place beginning with the file that states it."""
    origin = both.origin(*table.where.split("."))
    where = f"{origin.origin if origin else name}, {table.where}"
    return TableReader(table.content, where, table.faults)


def _used(top: TableReader, key: str) -> list[tuple[str, TableReader]]:
    """Tables below a key that are not switched off."""
    return [(name, table) for name, table in top.tables(key) if table.flag("use", True)]


def _settings(table: TableReader) -> Settings:
    table.only(Settings.__dataclass_fields__)
    repairs = table.texts("repairs", REPAIRS)
    for repair in set(repairs) - set(REPAIRS):
        table.fault(f"repairs must be among {', '.join(REPAIRS)}. Got {repair!r:.60}.")
    timezone = table.text("timezone", "UTC") or "UTC"
    if not is_timezone(timezone):
        table.fault(f"timezone must be a name such as Europe/Berlin. Got {timezone!r:.60}.")
    currency = table.text("currency")
    if currency is not None and not (currency.isascii() and len(currency) == 3):
        table.fault(f"currency must be a code such as EUR. Got {currency!r:.60}.")
    return Settings(
        timezone=timezone,
        date_order=table.choice("date_order", ("dmy", "mdy")),  # type: ignore[arg-type]
        decimal=table.choice("decimal", (".", ",")),  # type: ignore[arg-type]
        currency=currency.upper() if currency else None,
        encoding=table.text("encoding"),
        delimiter=table.text("delimiter"),
        personal=table.texts("personal"),
        repairs=repairs,
    )


def is_timezone(name: str) -> bool:
    """Whether a name is a time zone of the IANA database.

    Examples
    --------
    >>> is_timezone("Europe/Berlin"), is_timezone("Berlin")
    (True, False)
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _input(name: str, table: TableReader) -> InputMapping:
    table.only(_INPUT_KEYS)
    if "query" in table.content and "database" not in table.content:
        table.fault('query needs database = "env:NAME", an environment variable with its address.')
    options = InputOptions(
        name=name,
        files=(*table.texts("file"), *table.texts("files")),
        sheet=table.text("sheet"),
        table=table.text("table"),
        header=table.wholes("header"),
        encoding=table.text("encoding"),
        delimiter=table.text("delimiter"),
        rows=table.text("rows"),
        each=table.text("each"),
        database=table.text("database"),
        query=table.text("query"),
    )
    others = table.table("fields")
    return InputMapping(
        name,
        options,
        table.texts("recognise"),
        {field: others.texts(field) for field in others.content},
        table.flag("complete"),
    )


def _lookups(both: MergedDocument, top: TableReader, name: str) -> dict[str, Lookup]:
    return {
        key: lookup
        for key, table in top.tables("lookups")
        if (lookup := _lookup(key, _at(both, table, name)))
    }


def _lookup(name: str, table: TableReader) -> Lookup | None:
    table.only(("from", "key", "value", "where", "highest"))
    source = table.text("from")
    parts = {part: _expression(table, part) for part in ("key", "value", "highest")}
    for part in ("from", "key", "value"):
        if part not in table.content:
            table.fault(f"{part} is missing.")
    if source is None or parts["key"] is None or parts["value"] is None:
        return None
    where = conditions(table.table("where"))
    return Lookup(name, source, parts["key"], parts["value"], where, parts["highest"])


def _expression(table: TableReader, key: str) -> Expression | None:
    if key not in table.content:
        return None
    return expression(table.content[key], f"{table.where}.{key}", table.faults)


def _identity(table: TableReader) -> Identity:
    table.only(("system", "from", "systems", "merged", "mentioned"))
    systems = table.table("systems")
    read = {system: _expression(systems, system) for system in systems.content}
    merges = None
    if "merged" in table.content:
        stated = table.table("merged")
        stated.only(("from", "old", "new"))
        source, old, new = (stated.text(key) for key in ("from", "old", "new"))
        if source and old and new:
            merges = Merged(source, field_name(old), field_name(new))
        else:
            stated.fault("from, old and new are all needed.")
    return Identity(
        table.text("system") or "",
        table.text("from") or "",
        {system: one for system, one in read.items() if one is not None},
        merges,
        table.choice("mentioned", ("add", "problem"), "problem"),  # type: ignore[arg-type]
    )


def _rules(both: MergedDocument, top: TableReader, name: str) -> tuple[Rule, ...]:
    rules = []
    stated = dict(top.tables("tables"))
    for key in stated:
        if key not in TABLES:
            hint = did_you_mean(key, TABLES) or f" Known: {', '.join(TABLES)}."
            _at(both, stated[key], name).fault(f"there is no table '{key}'.{hint}")
    for key in TABLES:
        if key in stated:
            for rule_name, table in _used(top.table("tables"), key):
                rules.append(_rule(key, rule_name, both, table, name))
    return tuple(rule for rule in rules if rule is not None)


def _rule(
    table_name: str, name: str, both: MergedDocument, plain: TableReader, file: str
) -> Rule | None:
    table = _at(both, plain, file)
    table.only(_RULE_KEYS)
    columns = _columns(table_name, table)
    if (source := table.text("from")) is None:
        table.fault("from is missing: the name of the input that its rows come from.")
        return None
    if not columns:
        table.fault("columns are missing: what each column of the table is made of.")
        return None
    if table.flag("group") is False:
        for column, value in columns.items():
            if value.take or value.count:
                what = "take" if value.take else "count"
                table.fault(f"columns.{column}: {what} needs group = true.")
    origin = both.origin("tables", table_name, name)
    return Rule(
        table_name,
        name,
        source,
        conditions(table.table("where")),
        alternatives(table, "any"),
        table.flag("group"),
        columns,
        origin.origin if origin else file,
        bool(origin and origin.own),
    )


def _columns(table_name: str, table: TableReader) -> Mapping[str, Expression]:
    below = table.table("columns")
    known = TABLES[table_name].column_names()
    read = {}
    for column in below.content:
        if column not in known:
            hint = did_you_mean(column, known) or f" Known: {', '.join(known)}."
            below.fault(f"table {table_name} has no column '{column}'.{hint}")
        elif (value := _expression(below, column)) is not None:
            read[column] = value
    return read
