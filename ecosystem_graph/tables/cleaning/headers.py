"""Problems of the header of a table, and notes on columns that are ignored or renamed."""

from typing import Final

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.opening.raw_table import RawTable
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import ColumnMatch

_FEW: Final = 3
"""Most ignored columns with a note each."""
_MANY: Final = 1_000


def header_problems(raw: RawTable, found: ColumnMatch) -> list[Problem]:
    """Required columns that are missing, and those given more than once."""
    problems = []
    for name, column in TABLES[raw.name].columns().items():
        if rivals := found.rivals.get(name):
            listed = " and ".join(f"'{rival}'" for rival in rivals)
            message = f"column '{name}' is there {len(rivals)} times ({listed}): keep one."
            problems.append(Problem(raw.name, raw.file, None, name, None, message, "column twice"))
        elif name not in found.place and not column.nullable:
            hint = did_you_mean(name, found.unknown).replace("Did you mean", "Is it")
            found_names = ", ".join(raw.headers) or "none"
            message = f"column '{name}' is missing.{hint} Found: {found_names}."
            problems.append(
                Problem(raw.name, raw.file, None, name, None, message, "column missing")
            )
    return problems


def header_notes(raw: RawTable, found: ColumnMatch) -> list[Note]:
    """Columns that are ignored, and those that are read under another name than their own."""
    renamed = [
        Note(raw.name, raw.file, name, f"column '{header}' is read as '{name}'.")
        for name, header in found.by_table.items()
    ]
    return _ignored_columns(raw, found) + renamed


def _ignored_columns(raw: RawTable, found: ColumnMatch) -> list[Note]:
    """A note for each ignored column with a hint, and for the others if they are few."""
    notes = []
    missing = [name for name in TABLES[raw.name].columns() if name not in found.place]
    hints = {
        name: did_you_mean(name, missing) or did_you_mean(name.rpartition("_")[2], missing)
        for name in found.unknown[:_MANY]
    }
    plain = [name for name in found.unknown if not hints.get(name)]
    many = len(plain) > _FEW
    for name in [name for name in hints if hints[name]] if many else found.unknown:
        message = f"unknown column '{name}': ignored.{hints.get(name, '')}"
        notes.append(Note(raw.name, raw.file, name, message))
    if many:
        listed = ", ".join(map("'{}'".format, plain))
        message = f"{len(plain)} unknown columns: ignored. They are {listed}."
        notes.append(Note(raw.name, raw.file, None, message))
    return notes
