"""A kind of folder that this package writes, and how it is recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecosystem_graph.files.small_files import json_from, read_text

#: Left in any folder by those who look at it; nobody misses them.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

#: Names of foreign files that are told.
_TOLD = 3


@dataclass(frozen=True, slots=True)
class FolderKind:
    """A kind of folder: only one that is certainly of the kind is ever replaced.

    Attributes
    ----------
    name : str
        As a message says it, such as `a run`.
    mark : str
        The file that says what the folder is.
    says : mapping of str to object
        Entries of the mark and the value each must have; None for any.
    files : frozenset of str
        Everything such a folder may hold, by the way to it.
    """

    name: str
    mark: str
    says: Mapping[str, Any]
    files: frozenset[str]

    def why_not(self, folder: Path) -> str | None:
        """Say why a folder is not of this kind, or holds more; None if it is and does not."""
        content = self.marked(folder)
        if content is None:
            return f"is not {self.name} (no {self.mark} in it says so)"
        held = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
        foreign = sorted(
            path.relative_to(folder).as_posix()
            for path in held
            if path.name not in _LITTER and path.relative_to(folder).as_posix() not in self.files
        )
        if not foreign:
            return None
        more = len(foreign) - _TOLD
        names = ", ".join(foreign[:_TOLD]) + (f" and {more:,} more" if more > 0 else "")
        return f"holds what does not belong to {self.name}: {names}"

    def marked(self, folder: Path) -> dict[str, Any] | None:
        """What the mark of a folder says, if it is one of this kind."""
        mark = folder / self.mark
        if not mark.is_file():
            return None
        try:
            content = json_from(read_text(mark))
        except (OSError, ValueError):
            return None
        if not isinstance(content, dict):
            return None
        fits = all(
            name in content and value in (None, content[name]) for name, value in self.says.items()
        )
        return content if fits else None
