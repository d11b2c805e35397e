"""Every error that a user can put right, and the problems in tables that one of them carries.

::

    EcosystemGraphError
    ├── DataError               tables that cannot be used as they are; carries every problem
    ├── MappingError            a mapping of exports to tables that cannot be read or applied
    ├── UnknownPartnerError     a partner id or name that is not in the ecosystem
    ├── UnknownValueError       a territory, a type or a role that no partner has
    ├── RequirementError        a customer's requirement that cannot be read or served
    ├── NotFittedError          a recommender that is asked before it has learnt
    ├── HistoryError            a date that leaves nothing to learn from, rank or test on
    ├── SignalError             a signal whose values are not one finite number per pair
    ├── UnknownSignalError      a signal that is not registered in this process
    ├── ScoreError              a score that is not a finite number; nothing is written then
    ├── ArtifactError           a dataset or model that is missing or does not match its description
    ├── OutputError             a path that results cannot be written to
    └── FinishedError           a run to resume that is finished already

`ForkedError` and everything else (`ValueError`, `TypeError`) is a mistake of the calling program.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ecosystem_graph.printable import printable


class EcosystemGraphError(Exception):
    """Base of every error a user can put right; its text is one clear message.

    Attributes
    ----------
    remedy : str or None
        Name of the parameter that would put it right, where one would, such as `overwrite`.
    """

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be put right before the tables can be used.

    Attributes
    ----------
    table, file : str
        The table, and the file it comes from (`deals.csv`; the table's name for a dataframe).
    row : int or None
        As a spreadsheet shows it for CSV (the header is row 1); the first row of data is row 1 in
        Parquet files and dataframes. None if it is about the table as a whole.
    column, value : str or None
        The column, and the value in it.
    message : str
        What is wrong, what is allowed and what to do, in one sentence or two.
    kind : str
        The kind of problem in a few words, the same for every row that has it, such as
        `not a date`.
    follows_from : (str, int) or None
        File and row of the problem that caused this one.

    Examples
    --------
    >>> print(Problem("partners", "partners.csv", 7, "name", None, "name is empty."))
    partners.csv:7  name is empty.
    """

    table: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    kind: str = ""
    follows_from: tuple[str, int] | None = None

    def __str__(self) -> str:
        location = self.file if self.row is None else f"{self.file}:{self.row}"
        return printable(f"{location}  {self.message}")


class DataError(EcosystemGraphError):
    """Tables that cannot be used as they are.

    Attributes
    ----------
    problems : tuple of Problem
        Every problem found, in the order of the tables and rows.
    """

    def __init__(
        self, message: str, problems: Sequence[Problem] = (), *, remedy: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)


class MappingError(EcosystemGraphError):
    """A mapping that cannot be read, or that names a field, input, table or preset unknown to it.

    Attributes
    ----------
    faults : tuple of str
        Everything that is wrong with it, a sentence or two each.
    """

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class UnknownPartnerError(EcosystemGraphError):
    """A partner id or name that is not in the ecosystem."""


class UnknownValueError(EcosystemGraphError):
    """A territory, a type or a role on deals that no partner has."""


class RequirementError(EcosystemGraphError):
    """A customer's requirement that cannot be read, or that names something unknown."""


class NotFittedError(EcosystemGraphError, ValueError, AttributeError):
    """A recommender that is asked before it has learnt.

    It is a `ValueError` and an `AttributeError` as well, as scikit-learn's own is.
    """


class HistoryError(EcosystemGraphError):
    """A date that leaves nothing to learn from, rank or test on."""


class SignalError(EcosystemGraphError):
    """A signal whose values are not one finite number per pair."""


class UnknownSignalError(EcosystemGraphError, KeyError):
    """A signal that is not registered in this process."""

    __str__ = Exception.__str__


class ScoreError(EcosystemGraphError):
    """A score that is not finite, from inputs too large for the model; nothing is written."""


class ArtifactError(EcosystemGraphError):
    """A dataset or model that is missing or does not match its description."""


class OutputError(EcosystemGraphError):
    """A path that results cannot be written to."""


class FinishedError(EcosystemGraphError):
    """A run that was to be resumed, and is finished already."""


class ForkedError(RuntimeError):
    """Work on tables in a process that was forked from one that had worked on them."""
