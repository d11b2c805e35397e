"""What can go wrong that a user can put right.

::

    EcosystemGraphError
    ├── DataError               tables that cannot be used as they are; carries every problem
    ├── UnknownPartnerError     a partner id or name that is not in the ecosystem
    ├── UnknownValueError       a territory, a type or a role that no partner has
    ├── RequirementError        a customer's need that cannot be read, or that nobody could serve
    ├── HistoryError            a date that leaves nothing to learn from, rank or test on
    ├── ScoreError              a score that is no finite number; nothing is published then
    ├── ArtifactError           a dataset or model that is not there, or not what it says it is
    ├── OutputError             a place that results cannot be written to
    └── FinishedError           a run to go on with that is finished: nothing is left to do

`ForkedError` and everything else (`ValueError`, `TypeError`) is a mistake of the calling program.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecosystem_graph.tables.problems import Problem


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


class DataError(EcosystemGraphError):
    """Tables that cannot be used as they are.

    Attributes
    ----------
    problems : tuple of Problem
        Every problem found, in the order of the tables and rows.
    """

    def __init__(
        self, message: str, problems: Sequence["Problem"] = (), *, remedy: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)


class UnknownPartnerError(EcosystemGraphError):
    """A partner id or name that is not in the ecosystem."""


class UnknownValueError(EcosystemGraphError):
    """A territory, a type or a role on deals that no partner has."""


class RequirementError(EcosystemGraphError):
    """A customer's need that cannot be read, or names what nobody has heard of."""


class HistoryError(EcosystemGraphError):
    """A date that leaves nothing to learn from, rank or test on."""


class ScoreError(EcosystemGraphError):
    """A score that is no number, out of numbers too large for a model; nothing is published."""


class ArtifactError(EcosystemGraphError):
    """A dataset or model that is not there, or not what it says it is."""


class OutputError(EcosystemGraphError):
    """A place that results cannot be written to."""


class FinishedError(EcosystemGraphError):
    """A run that was to be resumed is finished already, by the same plan: nothing is left to do."""


class ForkedError(RuntimeError):
    """Work on tables in a process that was forked from one that had worked on them."""
