"""What is in a source, and what an import would make of it; nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ecosystem_graph.importing.assembling.all_tables import made_tables
from ecosystem_graph.importing.inputs.fields import absent_fields, fields_of
from ecosystem_graph.importing.inputs.finding.finder import Found
from ecosystem_graph.importing.inputs.loading import (
    Loaded,
    absent_inputs,
    found_inputs,
    load_inputs,
    unlike_any,
)
from ecosystem_graph.importing.inputs.privacy import is_personal
from ecosystem_graph.importing.mapping.grammar import FieldName, TableMapping
from ecosystem_graph.importing.reading.raw_table import RawTable, folded_field
from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import ImportSource
from ecosystem_graph.importing.rules.context import Context

_EXAMPLES: Final = 3
_NOT_USED: Final = "not used"
_PERSONAL: Final = "personal: never read"


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """One column of a source.

    Attributes
    ----------
    name : str
    used_for : tuple of str
        Columns of tables and other parts of the mapping; empty if it is not used.
    personal : bool
        Whether its name says that it holds personal data; it is only read if the mapping allows it.
    examples : tuple of str
        Three values at most; none of a personal column.
    """

    name: str
    used_for: tuple[str, ...] = ()
    personal: bool = False
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        use = ", ".join(self.used_for) or (_PERSONAL if self.personal else _NOT_USED)
        return f"{self.name} -> {use}" + (
            f"  [{', '.join(self.examples)}]" if self.examples else ""
        )


@dataclass(frozen=True, slots=True)
class InputDescription:
    """One file or sheet of a source.

    Attributes
    ----------
    file, sheet, input : str
        Empty if there is no sheet, or the mapping has no such input.
    encoding, delimiter : str
    header : tuple of int
        Rows of the header.
    rows : int
        Rows of data.
    left_out : dict of str to int
        Rows that are no data, by reason.
    columns : tuple of ColumnDescription
    notes : tuple of str
    """

    file: str
    sheet: str
    input: str
    encoding: str
    delimiter: str
    header: tuple[int, ...]
    rows: int
    left_out: dict[str, int]
    columns: tuple[ColumnDescription, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What is in a source, and what an import would ask.

    Attributes
    ----------
    inputs : tuple of InputDescription
    questions : tuple of str
        What stands in the way of an import, with the line of TOML that answers it where one does.
    presets : tuple of str
        Those that were recognised or named.
    """

    inputs: tuple[InputDescription, ...]
    questions: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {"schema": 1, **asdict(self)}

    def __str__(self) -> str:
        lines = [f"presets: {', '.join(self.presets) or 'none'}"]
        for one in self.inputs:
            lines += _input_lines(one)
        lines += [f"? {question}" for question in self.questions]
        return "\n".join(lines)


def describe_source(
    source: ImportSource, mapping: str | Path | None = None, *, presets: Sequence[str] = ()
) -> SourceDescription:
    """Describe the files of a source, and what a mapping or the presets would make of them.

    Parameters
    ----------
    source, mapping, presets
        As for `import_tables`.

    Raises
    ------
    DataError
        If the source does not exist.
    MappingError
        If the mapping cannot be read.
    """
    loaded = found_inputs(source, mapping, presets)
    raws = [_read_openly(one) for one in loaded.found]
    described = [
        _described(one, raw, loaded.mapping) for one, raw in zip(loaded.found, raws, strict=True)
    ]
    return SourceDescription(tuple(described), tuple(_questions(loaded)), loaded.mapping.presets)


def _questions(loaded: Loaded) -> Iterator[str]:
    """Everything that an import would refuse or ask, each once."""
    asked: dict[str, None] = {}
    for one in loaded.found:
        for question in one.head.layout.questions:
            asked[f"{one.location.file}  {question.text} Add: {question.answer}"] = None
    if any(one.input is None for one in loaded.found):
        asked |= {str(problem): None for problem in unlike_any(loaded)}
    if any(one.input for one in loaded.found):
        load_inputs(loaded)
        asked |= dict.fromkeys(absent_inputs(loaded) + absent_fields(loaded.mapping, loaded.inputs))
        context = Context(loaded.mapping, loaded.inputs, problems=list(loaded.problems))
        made = made_tables(context)
        asked |= {str(problem): None for problem in context.problems + made.problems}
    yield from asked


def _read_openly(one: Found) -> RawTable:
    """Columns that hold nothing personal by their names, for their examples."""
    if one.unreadable:
        return one.head
    open_columns = [name for name in one.head.layout.headers if not is_personal(name)]
    return read_input(one.location, one.options, columns=open_columns)


def _described(one: Found, raw: RawTable, mapping: TableMapping) -> InputDescription:
    uses = _uses(one.input, mapping)
    columns = []
    for name in one.head.layout.headers:
        examples: tuple[str, ...] = ()
        if name in raw.frame.columns:
            examples = tuple(
                raw.frame[name].drop_nulls().unique(maintain_order=True).head(_EXAMPLES)
            )
        used = tuple(uses.get(folded_field(name), ()))
        columns.append(ColumnDescription(name, used, is_personal(name), examples))
    layout = raw.layout
    return InputDescription(
        one.location.file,
        raw.sheet or "",
        one.input or "",
        layout.encoding,
        layout.delimiter,
        layout.header,
        len(raw.rows),
        dict(layout.left_out),
        tuple(columns),
        layout.notes,
    )


def _uses(name: str | None, mapping: TableMapping) -> dict[str, list[str]]:
    """What each field of an input is used for, by its folded names."""
    found: dict[str, dict[str, None]] = {}
    stated = mapping.inputs.get(name or "")

    def add(field: FieldName, use: str) -> None:
        names = [field.name, *(stated.fields.get(field.name, ()) if stated else ())]
        for one in names:
            found.setdefault(folded_field(one), {})[use] = None

    for rule in mapping.rules:
        if rule.source != name:
            continue
        for column, expression in rule.columns.items():
            for field in fields_of(expression):
                add(field, f"{rule.table}.{column}")
        for group in (rule.where, *rule.any_of):
            for condition in group:
                add(condition.field, f"rows of {rule.table}")
    for lookup in mapping.lookups.values():
        if lookup.source == name:
            for expression in (lookup.key, lookup.value):
                for field in fields_of(expression):
                    add(field, f"lookup {lookup.name}")
    identity = mapping.identity
    if identity.source == name:
        for system, expression in identity.systems.items():
            for field in fields_of(expression):
                add(field, f"identifier {system}")
    if identity.merged is not None and identity.merged.source == name:
        add(identity.merged.old, "merged records")
        add(identity.merged.new, "merged records")
    return {key: list(uses) for key, uses in found.items()}


def _input_lines(one: InputDescription) -> list[str]:
    sheet = f" [{one.sheet}]" if one.sheet else ""
    layout = ", ".join(
        text
        for text in (
            one.encoding,
            {"\t": "tabs", "": ""}.get(one.delimiter, f"separated by {one.delimiter}"),
            f"header in row {', '.join(map(str, one.header))}" if one.header else "",
            f"{one.rows:,} rows",
            *(f"{n:,} left out ({reason})" for reason, n in one.left_out.items()),
        )
        if text
    )
    lines = [f"{one.file}{sheet}: {one.input or 'no input'} ({layout})"]
    lines += [f"  {column}" for column in one.columns]
    return lines + [f"  note: {note}" for note in one.notes]
