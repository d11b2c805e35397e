"""What is wrong with the header of a table, and what is worth knowing of it."""

from typing import Final

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.opening.raw_table import RawTable
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.values.names import ColumnMatch

_FEW: Final = 3
"""Ignored columns that are told one by one."""
_MANY: Final = 1_000


def header_problems(raw: RawTable, found: ColumnMatch) -> list[Problem]:
    """Required columns that are missing, and those that several columns claim to be."""
    problems = []
    for name, column in TABLES[raw.name].columns().items():
        if rivals := found.rivals.get(name):
            listed = " and ".join(f"'{rival}'" for rival in rivals)
            message = f"column '{name}' is there {len(rivals)} times ({listed}): keep one."
            problems.append(Problem(raw.name, raw.file, None, name, None, message, "column twice"))
        elif name not in found.place and not column.nullable:
            hint = did_you_mean(name, found.unknown).replace("Did you mean", "Is it")
            there = ", ".join(raw.headers) or "none"
            message = f"column '{name}' is missing.{hint} Found: {there}."
            problems.append(
                Problem(raw.name, raw.file, None, name, None, message, "column missing")
            )
    return problems


def header_notes(raw: RawTable, found: ColumnMatch) -> list[Note]:
    """Columns that are ignored, and those that are read under another name than their own."""
    notes = []
    missing = [name for name in TABLES[raw.name].columns() if name not in found.place]
    hints = {
        name: did_you_mean(name, missing) or did_you_mean(name.rpartition("_")[2], missing)
        for name in found.unknown[:_MANY]
    }
    plain = [name for name in found.unknown if not hints.get(name)]
    for name in found.unknown if len(plain) <= _FEW else [name for name in hints if hints[name]]:
        message = f"unknown column '{name}': ignored.{hints.get(name, '')}"
        notes.append(Note(raw.name, raw.file, name, message))
    if len(plain) > _FEW:
        listed = ", ".join(f"'{name}'" for name in plain)
        message = f"{len(plain)} unknown columns: ignored. They are {listed}."
        notes.append(Note(raw.name, raw.file, None, message))
    for name, header in found.by_table.items():
        notes.append(Note(raw.name, raw.file, name, f"column '{header}' is read as '{name}'."))
    return notes
