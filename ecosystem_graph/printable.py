"""Text that somebody else wrote, as it may be shown to a person."""

import re
from typing import Final

#: Characters that control a terminal or the direction of writing, or cannot be written at all.
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str, *, keep: str = "") -> str:
    r"""Text with its control characters shown escaped, those to keep apart.

    What JSON may hold unescaped is escaped as JSON would, so that it stays the same JSON.

    Examples
    --------
    >>> print(printable("Acme \x1b[2J \u202e Ltd"))
    Acme \x1b[2J \u202e Ltd
    """
    return _CONTROL.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    number = ord(character)
    return _SHORT.get(character, f"\\x{number:02x}" if number < 0x20 else f"\\u{number:04x}")
