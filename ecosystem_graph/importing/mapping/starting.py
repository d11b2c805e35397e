"""A first mapping for a source, to be completed by hand."""

from collections.abc import Mapping, Sequence

from ecosystem_graph.importing.mapping.toml_text import key_text, value_text
from ecosystem_graph.importing.reading.raw_table import folded_field
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import match_columns


def starter_mapping(
    presets: Sequence[str], questions: Sequence[str], unknown: Mapping[str, Sequence[str]]
) -> str:
    """TOML with the presets that were recognised, and what is open as comments.

    Parameters
    ----------
    presets : sequence of str
    questions : sequence of str
        Each becomes a line that begins with `# ?`.
    unknown : mapping of str to sequence of str
        Files that fit no preset, with the names of their columns: each gets an input, and a rule
        for the table whose columns it has most of.

    Examples
    --------
    >>> print(starter_mapping(["salesforce"], ["Opportunity.csv StageName: 'Verbal'"], {}))
    schema = 1
    presets = ["salesforce"]
    <BLANKLINE>
    # ? Opportunity.csv StageName: 'Verbal'
    <BLANKLINE>
    """
    lines = ["schema = 1", f"presets = {value_text(list(presets))}", ""]
    lines += [f"# ? {' '.join(question.split())}" for question in questions]
    for file, columns in unknown.items():
        lines += ["", *_rule(file, columns)]
    return "\n".join(lines) + "\n"


def _rule(file: str, columns: Sequence[str]) -> list[str]:
    name = folded_field(file.rpartition("/")[2].rpartition(".")[0]) or "input"
    found = {
        table: match_columns(columns, schema.column_names(), table).place
        for table, schema in TABLES.items()
    }
    table = max(found, key=lambda one: len(found[one]))
    lines = [f"[inputs.{key_text(name)}]", f"file = {value_text(file)}", ""]
    lines += [
        f"# ? Which table do the rows of {' '.join(file.split())} belong to? Columns it has: "
        f"{', '.join(' '.join(column.split()) for column in columns)}",
        f"# [tables.{table}.{key_text(name)}]",
        f"# from = {value_text(name)}",
    ]
    for column in TABLES[table].column_names():
        place = found[table].get(column)
        lines.append(f"# columns.{column} = {value_text('?' if place is None else columns[place])}")
    return lines
