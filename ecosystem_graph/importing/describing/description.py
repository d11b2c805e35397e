"""What is in a source, as values and as text."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from ecosystem_graph.printable import printable
from ecosystem_graph.tables.messages.wording import counted

_LONGEST: Final = 40
"""Most letters of a value that is shown."""
_DELIMITERS: Final = {"\t": "tabs", " ": "blanks"}


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """One column of a source.

    Attributes
    ----------
    name : str
    used_for : tuple of str
        Columns of tables and other parts of the mapping; empty if it is not used.
    personal : str
        `never read` if its name says that it holds personal data, or what its values look like
        if they say so; else empty.
    examples : tuple of str
        Three values at most, cut after 40 letters; none of a personal column.
    """

    name: str
    used_for: tuple[str, ...] = ()
    personal: str = ""
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        use = ", ".join(self.used_for)
        if not use:
            use = f"personal: {self.personal}" if self.personal else "not used"
        elif self.personal:
            use += " (personal)"
        shown = f"  [{', '.join(self.examples)}]" if self.examples else ""
        return printable(f"{self.name} -> {use}{shown}")


@dataclass(frozen=True, slots=True)
class InputDescription:
    """One file or sheet of a source.

    Attributes
    ----------
    file, sheet, input : str
        Empty if there is no sheet, or the mapping has no such input.
    encoding, encoding_from : str
        Of a text file, and how it was decided.
    delimiter : str
    header : tuple of int
        Rows of the header.
    rows : int
        Rows of data.
    left_out : dict of str to int
        Rows that are no data, by reason.
    columns : tuple of ColumnDescription
    notes : tuple of str
    unreadable : str
        Why it cannot be read; empty if it can.
    """

    file: str
    sheet: str = ""
    input: str = ""
    encoding: str = ""
    encoding_from: str = ""
    delimiter: str = ""
    header: tuple[int, ...] = ()
    rows: int = 0
    left_out: dict[str, int] | None = None
    columns: tuple[ColumnDescription, ...] = ()
    notes: tuple[str, ...] = ()
    unreadable: str = ""

    def __str__(self) -> str:
        lines = [printable(f"{self.shown}: {self.input or 'no input'} ({self._layout()})")]
        lines += [f"  {column}" for column in self.columns]
        return "\n".join(lines + [f"  note: {printable(note)}" for note in self.notes])

    @property
    def shown(self) -> str:
        """File, and sheet if it has one."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    def _layout(self) -> str:
        if self.unreadable:
            return self.unreadable
        apart = _DELIMITERS.get(self.delimiter, f"'{self.delimiter}'")
        rows = "row" if len(self.header) == 1 else "rows"
        parts = [
            f"{self.encoding}: {self.encoding_from}" if self.encoding else "",
            f"columns apart by {apart}" if self.delimiter else "",
            f"header in {rows} {', '.join(map(str, self.header))}" if self.header else "",
            f"{counted(self.rows, 'row')} of data",
            *(f"{n:,} left out as {reason}" for reason, n in (self.left_out or {}).items()),
        ]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What is in a source, and what an import would ask.

    Attributes
    ----------
    inputs : tuple of InputDescription
    questions : tuple of str
        What stands in the way of an import, with the line of TOML that answers it where one does.
    presets : tuple of str
        Those that were recognised or named.
    """

    inputs: tuple[InputDescription, ...]
    questions: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {"schema": 1, **asdict(self)}

    def __str__(self) -> str:
        lines = [f"presets: {', '.join(self.presets) or 'none'}"]
        lines += map(str, self.inputs)
        return "\n".join(lines + [f"? {question}" for question in self.questions])


def shown_value(value: str) -> str:
    r"""A value on one line, cut if it is long.

    Examples
    --------
    >>> shown_value("two\nlines"), len(shown_value("x" * 500))
    ('two lines', 43)
    """
    text = " ".join(value.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
