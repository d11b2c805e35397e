"""One input of a source -> a raw table with the columns that are wanted."""

import hashlib
from collections.abc import Collection
from typing import Final

import numpy as np
import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.reading.raw_table import (
    InputOptions,
    Layout,
    RawTable,
    folded_field,
    numbered_names,
)
from ecosystem_graph.importing.reading.sources import InputLocation
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.opening.csv_text import csv_text

_PLAIN: Final = InputOptions()


def read_input(
    location: InputLocation,
    options: InputOptions = _PLAIN,
    columns: Collection[str] | None = None,
) -> RawTable:
    """Raw table of one input.

    Parameters
    ----------
    location : InputLocation
    options : InputOptions
    columns : collection of str, optional
        Names of the fields to keep, compared after folding; None: all. The values of others are
        in nothing that is returned.

    Raises
    ------
    DataError
        If the input cannot be read as a whole.
    """
    path = location.path
    if path is None:
        raise TypeError("only files can be read.")
    data = path.read_bytes()
    text = csv_text(data)
    if text.faults:
        problems = [
            Problem(location.name, location.file, None, None, None, fault, "unreadable file")
            for fault in text.faults
        ]
        raise data_error(location.file, problems)
    names = numbered_names(text.columns)
    wanted = None if columns is None else {folded_field(name) for name in columns}
    cells = text.frame.drop(text.frame.columns[-1])
    cells.columns = names
    kept = [name for name in names if wanted is None or folded_field(name) in wanted]
    frame = cells.select(pl.col(kept).replace({"": None})) if kept else cells.select([])
    return RawTable(
        location.name,
        location.file,
        None,
        frame,
        text.frame[text.frame.columns[-1]].to_numpy().astype(np.int64),
        Layout(
            encoding="utf-8",
            delimiter=text.separator,
            header=(1,),
            headers=tuple(names),
            digest=hashlib.sha256(data).hexdigest(),
        ),
    )
