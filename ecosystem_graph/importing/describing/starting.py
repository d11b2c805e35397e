"""A first mapping for a source, to be completed by hand."""

from collections.abc import Container, Iterator
from pathlib import PurePosixPath

from ecosystem_graph.importing.describing.description import InputDescription, SourceDescription
from ecosystem_graph.importing.mapping.toml_text import key_text, value_text
from ecosystem_graph.importing.reading.raw_table import folded_field
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import match_columns


def starter_mapping(described: SourceDescription) -> str:
    """TOML with the presets that were recognised, and what is open as comments.

    Each question becomes a line that begins with `# ?`. Each file or sheet that fits no preset
    becomes an input, and a rule in comments for the table whose columns it has most of.

    Parameters
    ----------
    described : SourceDescription

    Examples
    --------
    >>> question = "Opportunity.csv  StageName: 'Verbal'"
    >>> print(starter_mapping(SourceDescription((), (question,), ("salesforce",))))
    schema = 1
    presets = ["salesforce"]
    <BLANKLINE>
    # ? Opportunity.csv StageName: 'Verbal'
    <BLANKLINE>
    """
    lines = ["schema = 1", f"presets = {value_text(list(described.presets))}", ""]
    lines += [f"# ? {_on_one_line(question)}" for question in described.questions]
    taken = {one.input for one in described.inputs}
    for one in described.inputs:
        if not one.input and (one.columns or one.unreadable):
            name = _free_name(one, taken)
            taken.add(name)
            lines += ["", *_input(name, one)]
            lines += _rule(name, [column.name for column in one.columns if not column.personal])
    return "\n".join(lines) + "\n"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _free_name(one: InputDescription, taken: Container[str]) -> str:
    """Name for an input: that of the file, else with its sheet, else with a number."""
    stem = folded_field(PurePosixPath(one.file).stem) or "input"
    with_sheet = f"{stem}_{folded_field(one.sheet)}" if one.sheet else stem
    numbered = (f"{with_sheet}_{n}" for n in range(2, 10_000))
    return next(name for name in (stem, with_sheet, *numbered) if name not in taken)


def _input(name: str, one: InputDescription) -> Iterator[str]:
    yield f"[inputs.{key_text(name)}]"
    yield f"file = {value_text(one.file)}"
    if one.sheet:
        yield f"sheet = {value_text(one.sheet)}"
    if one.unreadable:
        yield f"# ? {_on_one_line(one.unreadable)}"
    elif one.header:
        yield f"# header = {list(one.header)}"


def _rule(name: str, columns: list[str]) -> Iterator[str]:
    """Rule in comments for the table whose columns are most like some names."""
    if not columns:
        return
    found = {
        table: match_columns(columns, schema.column_names(), table).place
        for table, schema in TABLES.items()
    }
    table = max(found, key=lambda one: len(found[one]))
    listed = ", ".join(map(_on_one_line, columns))
    yield ""
    yield f"# ? Which table do its rows belong to? Columns it has: {listed}"
    yield f"# [tables.{table}.{key_text(name)}]"
    yield f"# from = {value_text(name)}"
    for column in TABLES[table].column_names():
        place = found[table].get(column)
        yield f"# columns.{column} = {value_text('?' if place is None else columns[place])}"
