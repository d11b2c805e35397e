"""Many requirements in one file: JSON Lines, one requirement a line."""

from collections import Counter
from pathlib import Path

from ecosystem_graph.errors import RequirementError
from ecosystem_graph.files.small_files import json_from, read_text
from ecosystem_graph.recommending.requests.requirement import Requirement, is_text, requirement_from
from ecosystem_graph.tables.messages.wording import counted

#: Bytes of a file: a million requirements take less.
_LIMIT = 1_000_000_000

#: Problems that an error lists.
_SHOWN = 20


def read_requirements(path: str | Path) -> dict[str, Requirement]:
    """Read requirements from JSON Lines: one object a line, with the fields of a requirement.

    `id` is optional and defaults to the number of the line. Empty lines are skipped.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict of str to Requirement
        By id, in the order of the file.

    Raises
    ------
    RequirementError
        If it cannot be read, or with the problems of all lines and their numbers.
    """
    file = Path(path)
    try:
        lines = read_text(file, limit=_LIMIT).split("\n")
    except (OSError, ValueError) as error:
        raise RequirementError(f"{file} cannot be read: {error}") from error
    found: list[tuple[str, Requirement]] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_requirement(line, number))
        except RequirementError as error:
            problems.append(f"  {file.name}:{number}  {error}")
    problems += _repeated_ids(file, found)
    if problems:
        raise RequirementError(_all_problems(file, problems))
    if not found:
        raise RequirementError(f"{file} holds no requirement: one JSON object a line is needed.")
    return dict(found)


def _repeated_ids(file: Path, found: list[tuple[str, Requirement]]) -> list[str]:
    times = Counter(name for name, _ in found)
    return [
        f"  {file.name}  the id {name!r} is given {n} times" for name, n in times.items() if n > 1
    ]


def _all_problems(file: Path, problems: list[str]) -> str:
    lines = [f"{file} has {counted(len(problems), 'problem')}:", *problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"  and {len(problems) - _SHOWN:,} more")
    return "\n".join(lines)


def _requirement(line: str, number: int) -> tuple[str, Requirement]:
    try:
        content = json_from(line)
    except ValueError as error:
        raise RequirementError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise RequirementError(f"not an object with `capabilities`. Got {content!r:.80}.")
    name = content.pop("id", number)
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise RequirementError(f"id must be text or a whole number. Got {name!r:.80}.")
    if not is_text(str(name)):
        raise RequirementError(f"id must be text in Unicode. Got {name!r:.80}.")
    try:
        return str(name), requirement_from(content)
    except RequirementError as error:
        raise RequirementError("; ".join(str(error).split("\n")[1:])) from error
