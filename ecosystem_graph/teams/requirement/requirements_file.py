"""Many requirements in one file: JSON Lines, one requirement a line."""

from collections import Counter
from pathlib import Path

from ecosystem_graph.errors import RequirementError
from ecosystem_graph.files.small_files import json_from, read_text
from ecosystem_graph.recommending.requirement import Requirement, is_text, requirement_from
from ecosystem_graph.tables.messages.wording import counted

#: Bytes of a file: a million requirements take less.
_LIMIT = 1_000_000_000

#: Lines whose problems are told.
_TOLD = 20


def read_requirements(path: str | Path) -> dict[str, Requirement]:
    """Read requirements from JSON Lines: one object a line, with the fields of a requirement.

    `id` may be given; without it a requirement goes by the number of its line. Empty lines are
    passed over.

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
        If it cannot be read; with everything that is wrong with any line, and its number.
    """
    file = Path(path)
    try:
        lines = read_text(file, limit=_LIMIT).split("\n")
    except (OSError, ValueError) as error:
        raise RequirementError(f"{file} cannot be read: {error}") from error
    found: list[tuple[str, Requirement]] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_requirement(line, number))
            except RequirementError as error:
                wrong.append(f"  {file.name}:{number}  {error}")
    times = Counter(name for name, _ in found)
    wrong += [
        f"  {file.name}  the id {name!r} is given {n} times" for name, n in times.items() if n > 1
    ]
    if wrong:
        more = [f"  and {len(wrong) - _TOLD:,} more"] if len(wrong) > _TOLD else []
        raise RequirementError(
            "\n".join([f"{file} has {counted(len(wrong), 'problem')}:", *wrong[:_TOLD], *more])
        )
    if not found:
        raise RequirementError(f"{file} holds no requirement: one JSON object a line is needed.")
    return dict(found)


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
