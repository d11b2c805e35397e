"""What the rules of one import share: the inputs, who is known, and what was found to be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.directory import PartnerDirectory
from ecosystem_graph.importing.inputs.loaded import LoadedInput
from ecosystem_graph.importing.mapping.grammar import Rule, TableMapping


@dataclass(frozen=True, slots=True)
class Place:
    """The column that an expression is for, and the rule it stands in."""

    rule: Rule
    column: str

    @property
    def path(self) -> str:
        """Where it stands in a mapping, such as `[tables.deals.crm] columns.outcome`."""
        return f"[{self.rule.path}] columns.{self.column}"


@dataclass(slots=True)
class Context:
    """What the rules of one import share.

    Attributes
    ----------
    mapping : TableMapping
    inputs : mapping of str to LoadedInput
        Those that were found.
    partners : PartnerDirectory
        Who is known so far.
    decisions : Decisions
        What was decided in a review.
    problems : list of Problem
        Of columns as a whole; their file is that of the source.
    asked : set of (str, str)
        Table and column of those problems, so that no row of them is reported again.
    notes : dict of str to None
        What the user should know, each once.
    matches : list of DataFrame
        Values of columns that are matched: `partner_id`, `how`, `value`, `target`,
        `input`, `row` and `ways`.
    lookups : dict of str to DataFrame
        Code lists that were read: `key` and `value`.
    """

    mapping: TableMapping
    inputs: Mapping[str, LoadedInput]
    partners: PartnerDirectory = field(default_factory=PartnerDirectory)
    decisions: Decisions = field(default_factory=Decisions)
    problems: list[Problem] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    notes: dict[str, None] = field(default_factory=dict)
    matches: list[pl.DataFrame] = field(default_factory=list)
    lookups: dict[str, pl.DataFrame] = field(default_factory=dict)

    def ask(self, place: Place, given: LoadedInput, message: str, kind: str) -> None:
        """Report a problem of a column as a whole."""
        self.asked.add((place.rule.table, place.column))
        problem = Problem(place.rule.table, given.file, None, place.column, None, message, kind)
        if problem not in self.problems:
            self.problems.append(problem)

    def note(self, message: str) -> None:
        """Add a note, once."""
        self.notes[message] = None


@dataclass(slots=True)
class LeftOut:
    """Why rows of an input are not in a table; the first reason of a row counts.

    Attributes
    ----------
    codes : ndarray of int32, shape (n_rows,)
        Position of the reason in `reasons`; -1 where there is none.
    reasons : list of str
    """

    codes: NDArray[np.int32]
    reasons: list[str] = field(default_factory=list)

    @classmethod
    def none(cls, height: int) -> "LeftOut":
        """No row is left out."""
        return cls(np.full(height, -1, dtype=np.int32))

    def add(self, rows: NDArray[np.int64], reason: str) -> None:
        """Leave rows out for a reason, unless they already are."""
        if len(rows) == 0:
            return
        if reason not in self.reasons:
            self.reasons.append(reason)
        fresh = rows[self.codes[rows] < 0]
        self.codes[fresh] = self.reasons.index(reason)

    def counts(self, written: NDArray[np.bool_], otherwise: str) -> dict[str, int]:
        """Rows that are not written, by reason; `otherwise` is the reason of all others."""
        gone = self.codes[~written]
        counted: dict[str, Any] = {
            reason: int((gone == code).sum()) for code, reason in enumerate(self.reasons)
        }
        if rest := int((gone < 0).sum()):
            counted[otherwise] = counted.get(otherwise, 0) + rest
        return {reason: n for reason, n in counted.items() if n}
