"""Kinds of folders that this package writes, and how they are recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecosystem_graph.files.small_files import json_from, read_text

#: Files that desktops leave in folders, which may be deleted.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

#: Foreign files that a message names.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FolderKind:
    """A kind of folder; only a folder recognised as of the kind is ever replaced.

    Attributes
    ----------
    name : str
        Name in messages, such as `a run`.
    mark : str
        The file that identifies the folder.
    entries : mapping of str to object
        Entries the mark must have, and their values; None for any value.
    files : frozenset of str
        Relative paths of all files such a folder may hold.
    """

    name: str
    mark: str
    entries: Mapping[str, Any]
    files: frozenset[str]

    def mismatch(self, folder: Path) -> str | None:
        """Why a folder is not of this kind or holds other files as well; None if it is sound."""
        content = self.read_mark(folder)
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
        more = len(foreign) - _SHOWN
        names = ", ".join(foreign[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
        return f"holds what does not belong to {self.name}: {names}"

    def read_mark(self, folder: Path) -> dict[str, Any] | None:
        """Content of the mark of a folder, or None if the folder is not of this kind."""
        mark = folder / self.mark
        if not mark.is_file():
            return None
        try:
            content = json_from(read_text(mark))
        except (OSError, ValueError):
            return None
        if not isinstance(content, dict):
            return None
        expected = self.entries.items()
        fits = all(name in content and value in (None, content[name]) for name, value in expected)
        return content if fits else None
