"""A source and a mapping -> what is in it, where it goes, and what an import would ask."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing.assembling.all_tables import made_tables
from ecosystem_graph.importing.describing.description import (
    ColumnDescription,
    InputDescription,
    SourceDescription,
    shown_value,
)
from ecosystem_graph.importing.describing.uses import uses_by_field
from ecosystem_graph.importing.inputs.fields import absent_fields
from ecosystem_graph.importing.inputs.finding.finder import Found
from ecosystem_graph.importing.inputs.loading import (
    Loaded,
    absent_inputs,
    found_inputs,
    load_inputs,
    unlike_any,
)
from ecosystem_graph.importing.inputs.privacy import is_personal, looks_personal
from ecosystem_graph.importing.mapping.grammar import TableMapping
from ecosystem_graph.importing.reading.raw_table import RawTable, folded_field
from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import ImportSource
from ecosystem_graph.importing.rules.context import Context

_EXAMPLES: Final = 3


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
    inputs: list[InputDescription] = []
    questions: dict[str, None] = {}
    for one in loaded.found:
        try:
            raw = _read_openly(one)
        except DataError as error:
            inputs.append(_unreadable(one, error))
            questions |= {str(problem): None for problem in error.problems}
            continue
        inputs.append(_described(one, raw, loaded.mapping))
        for question in raw.layout.questions:
            questions[f"{one.location.shown}  {question.text} Add: {question.answer}"] = None
    questions |= dict.fromkeys(_questions(loaded))
    return SourceDescription(tuple(inputs), tuple(questions), loaded.mapping.presets)


def _questions(loaded: Loaded) -> Iterator[str]:
    """Everything that an import would refuse or ask."""
    if any(one.input is None for one in loaded.found):
        yield from map(str, unlike_any(loaded))
    yield from map(str, loaded.problems)
    if not any(one.input for one in loaded.found):
        return
    try:
        load_inputs(loaded)
    except DataError as error:
        yield from map(str, error.problems)
        return
    yield from absent_inputs(loaded) + absent_fields(loaded.mapping, loaded.inputs)
    context = Context(loaded.mapping, loaded.inputs, problems=list(loaded.problems))
    made = made_tables(context)
    yield from map(str, context.problems + made.problems)


def _read_openly(one: Found) -> RawTable:
    """Columns that hold nothing personal by their names, for their examples."""
    if one.unreadable:
        raise DataError("", one.unreadable)
    return read_input(
        one.location, one.options, columns=[name for name in one.headers if not is_personal(name)]
    )


def _unreadable(one: Found, error: DataError) -> InputDescription:
    reason = "; ".join(problem.message for problem in error.problems)
    return InputDescription(
        one.location.file, one.location.sheet or "", one.input or "", unreadable=reason
    )


def _described(one: Found, raw: RawTable, mapping: TableMapping) -> InputDescription:
    uses = uses_by_field(one.input, mapping)
    layout = raw.layout
    return InputDescription(
        one.location.file,
        raw.sheet or "",
        one.input or "",
        layout.encoding,
        layout.encoding_from,
        layout.delimiter,
        layout.header,
        len(raw.rows),
        dict(layout.left_out),
        tuple(_column(name, raw.frame, uses.get(folded_field(name), ())) for name in one.headers),
        layout.notes,
    )


def _column(name: str, frame: pl.DataFrame, used_for: tuple[str, ...]) -> ColumnDescription:
    if name not in frame.columns:
        return ColumnDescription(name, used_for, "never read" if is_personal(name) else "")
    values = frame[name]
    if looks := looks_personal(values):
        return ColumnDescription(name, used_for, f"values that look like {looks}")
    distinct = values.drop_nulls().unique(maintain_order=True).head(_EXAMPLES)
    return ColumnDescription(name, used_for, "", tuple(map(shown_value, distinct)))
