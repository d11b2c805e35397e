"""Problems grouped by cause: a fault that a thousand rows share is reported once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.messages.wording import counted

SHOWN: Final = 20
"""Lines in the text of an error; all problems are in its `problems`."""
_EXAMPLES: Final = 3


@dataclass(frozen=True)
class Cause:
    """One kind of fault in one column of one file.

    Attributes
    ----------
    problems : tuple of Problem
        Problems with this cause, one or more, in the order of rows.
    followers : dict of str to int
        Rows that cannot be used only because they refer to the rows above, per file.

    Examples
    --------
    >>> bad = [
    ...     Problem("deals", "deals.csv", row, "outcome", None, "outcome is empty.")
    ...     for row in range(2, 9)
    ... ]
    >>> print(Cause(tuple(bad)))
    deals.csv:2  outcome is empty.
        the same in 6 more rows: 3, 4, ...
    """

    problems: tuple[Problem, ...]
    followers: dict[str, int] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """File with the fault."""
        return self.problems[0].file

    @property
    def column(self) -> str | None:
        """Column with the fault."""
        return self.problems[0].column

    @property
    def kind(self) -> str:
        """Kind of fault, in a few words."""
        return self.problems[0].kind

    @cached_property
    def rows(self) -> int:
        """Number of rows that cannot be used because of it, followers included."""
        return len({problem.row for problem in self.problems}) + sum(self.followers.values())

    @cached_property
    def examples(self) -> list[Problem]:
        """Up to three problems, with different values if there are any."""
        by_value: dict[str | None, Problem] = {}
        for problem in self.problems:
            by_value.setdefault(problem.value, problem)
        first = list(by_value.values())[:_EXAMPLES]
        shown = first + [problem for problem in self.problems[:_EXAMPLES] if problem not in first]
        return sorted(shown[:_EXAMPLES], key=lambda problem: problem.row or 0)

    @property
    def shown_in_full(self) -> bool:
        """Whether the text shows every problem."""
        return len(self.problems) == len(self.examples) and not self.followers

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        first = self.problems[0]
        return {
            "table": first.table,
            "file": self.file,
            "column": self.column,
            "kind": self.kind,
            "rows": len({problem.row for problem in self.problems}),
            "followers": dict(self.followers),
            "examples": [asdict(problem) for problem in self.examples],
        }

    def __str__(self) -> str:
        first, *others = self.examples
        lines = [str(first)]
        if more := len(self.problems) - 1:
            shown = [_example(problem) for problem in others]
            shown += ["..."] if more > len(others) else []
            lines.append(f"the same in {counted(more, 'more row')}: {', '.join(shown)}")
        if self.followers:
            tables = ", ".join(f"{file} {n:,}" for file, n in self.followers.items())
            lines.append(f"rows that refer to it and cannot be used without it: {tables}")
        return "\n    ".join(lines)


def _example(problem: Problem) -> str:
    return f"{problem.row}" + (f" {quoted(problem.value)}" if problem.value is not None else "")


def causes_of(problems: Sequence[Problem]) -> list[Cause]:
    """Problems grouped by cause: whole tables first, then by the number of unusable rows.

    A problem that follows from the fault of another row counts as a follower of that fault.

    Parameters
    ----------
    problems : sequence of Problem
        In the order of tables and rows.
    """
    groups: dict[tuple[object, ...], list[Problem]] = {}
    at: dict[tuple[str, int | None], tuple[object, ...]] = {}
    for problem in problems:
        if problem.follows_from is None:
            key = _fault(problem)
            groups.setdefault(key, []).append(problem)
            at.setdefault((problem.file, problem.row), key)
    followers: dict[tuple[object, ...], dict[str, set[int | None]]] = {}
    for problem in problems:
        if problem.follows_from in at:
            hanging = followers.setdefault(at[problem.follows_from], {})
            hanging.setdefault(problem.file, set()).add(problem.row)
        elif problem.follows_from is not None:
            groups.setdefault(_fault(problem), []).append(problem)
    causes = [
        Cause(tuple(group), {file: len(rows) for file, rows in followers.get(key, {}).items()})
        for key, group in groups.items()
    ]
    return sorted(causes, key=lambda cause: (cause.problems[0].row is not None, -cause.rows))


def _fault(problem: Problem) -> tuple[object, ...]:
    """Key that problems of one cause share; a problem of a whole table is its own cause."""
    alone = problem.message if problem.row is None else None
    return problem.file, problem.column, problem.kind, alone


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in the tables of one source.

    Attributes
    ----------
    source : str
        What was read.
    problems, notes : tuple
        In the order of the tables and their rows.
    rows : dict of str to int
        Rows of every table that was given, the bad ones included.
    """

    source: str
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    rows: dict[str, int]

    def causes(self) -> list[Cause]:
        """Problems grouped by cause, the one with most unusable rows first."""
        return causes_of(self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON: every problem, and every cause with examples."""
        return {
            "schema": 1,
            "source": self.source,
            "rows": dict(self.rows),
            "causes": [cause.to_dict() for cause in self.causes()],
            "problems": [asdict(problem) for problem in self.problems],
            "notes": [asdict(note) for note in self.notes],
        }


def cause_lines(source: str, causes: Sequence[Cause], most: int | None = None) -> list[str]:
    """Lines with the number of problems of a source and their causes; about `most` lines."""
    count = sum(len(cause.problems) for cause in causes)
    kinds = f", of {counted(len(causes), 'kind')}" if len(causes) < count else ""
    lines = [f"{source} has {counted(count, 'problem') if count else 'no problems'}{kinds}"]
    for n_shown, cause in enumerate(causes):
        if most is not None and len(lines) >= most:
            left = len(causes) - n_shown
            lines.append(f"  ... and {left} more; `ecosystem-graph check {source}` lists them all")
            break
        lines += f"  {cause}".split("\n")
    return lines


def data_error(source: str, problems: Sequence[Problem]) -> DataError:
    """Error with a text by cause, and every problem in `problems`."""
    return DataError("\n".join(cause_lines(source, causes_of(problems), SHOWN)), problems)
