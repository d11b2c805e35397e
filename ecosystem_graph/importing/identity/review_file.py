"""One file of a review: a CSV file that somebody answers, and that only ever grows."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ecosystem_graph.errors import OutputError, Problem
from ecosystem_graph.files.plain_file import write_plain
from ecosystem_graph.tables.messages.notes import did_you_mean, quoted
from ecosystem_graph.tables.opening.csv_text import CsvText, csv_text
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.values.names import match_columns

DECISION: Final = "decision"

_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FORMULA: Final = r"^([=+\-@'])"
_GUARDED: Final = r"^'([=+\-@'])"


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A file of a review.

    Attributes
    ----------
    path : Path
    columns : tuple of str
        `decision` first.
    key : tuple of str
        Columns that identify a question; one is asked once.
    answers : tuple of str
        What may be decided; empty is undecided.
    """

    path: Path
    columns: tuple[str, ...]
    key: tuple[str, ...]
    answers: tuple[str, ...]

    def read(self) -> tuple[pl.DataFrame, list[Problem]]:
        """Rows as text, with their row numbers, and what is wrong; no rows if there is no file."""
        nothing = pl.DataFrame(schema={**dict.fromkeys(self.columns, pl.String), ROW: pl.Int64})
        if not self.path.is_file():
            return nothing, []
        text = csv_text(_as_utf8(self.path.read_bytes()), self.columns)
        problems = [self._problem(None, None, None, fault) for fault in text.faults]
        problems += [
            self._problem(one.row, None, None, one.message) for one in text.unreadable_rows
        ]
        place = match_columns(text.columns, self.columns, "").place
        absent = [column for column in (DECISION, *self.key) if column not in place]
        if absent and not text.faults:
            what = f"has no column {', '.join(map(quoted, absent))}: the header of a review stays."
            problems.append(self._problem(None, None, None, what))
        if problems:
            return nothing, problems
        frame = self._declared(text, place)
        return frame, self._unknown_answers(frame)

    def complete(self, questions: pl.DataFrame) -> int:
        """Add the questions that the file does not hold yet, undecided, after all others.

        What is in the file stays as it is, byte for byte.

        Returns
        -------
        int
            Questions that were added.

        Raises
        ------
        OutputError
            If the file cannot be written, or is in an encoding that lacks a letter of them.
        """
        held, _ = self.read()
        on_one_line = pl.col(pl.String).str.replace_all(r"[\s\p{Cc}]+", " ").str.strip_chars()
        new = questions.with_columns(on_one_line).join(
            held, on=self.key, how="anti", nulls_equal=True, maintain_order="left"
        )
        if new.is_empty():
            return 0
        before = self.path.read_bytes() if self.path.is_file() else b""
        after = before + self._written(new, before)
        try:
            write_plain(self.path, lambda half: half.write_bytes(after))
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}.") from error
        return new.height

    def _declared(self, text: CsvText, place: dict[str, int]) -> pl.DataFrame:
        names = text.frame.columns
        unguarded = {
            column: pl.col(names[place[column]]).str.replace(_GUARDED, "$1")
            if column in place
            else pl.lit(None, pl.String)
            for column in self.columns
        }
        frame = text.frame.select(**unguarded, **{ROW: pl.col(ROW)}).with_columns(
            pl.col(self.columns).replace("", None)
        )
        answer = pl.col(DECISION).str.strip_chars().str.to_lowercase().replace("", None)
        return frame.with_columns(answer)

    def _unknown_answers(self, frame: pl.DataFrame) -> list[Problem]:
        unknown = frame.drop_nulls(DECISION).filter(~pl.col(DECISION).is_in(self.answers))
        return [
            self._problem(
                row,
                DECISION,
                answer,
                f"decision {quoted(answer)} is none of {', '.join(self.answers)}."
                f"{did_you_mean(answer, self.answers)} Leave it empty to decide later.",
            )
            for answer, row in unknown.select(DECISION, ROW).iter_rows()
        ]

    def _problem(
        self, row: int | None, column: str | None, value: str | None, message: str
    ) -> Problem:
        return Problem(
            self.path.stem, self.path.name, row, column, value, message, "review not readable"
        )

    def _written(self, rows: pl.DataFrame, before: bytes) -> bytes:
        """Bytes of new rows, in the dialect of the file that they are added to."""
        encoding = _encoding(before)
        text = csv_text(_as_utf8(before), self.columns) if before.strip() else CsvText()
        place = match_columns(text.columns, self.columns, "").place
        header = text.columns or list(self.columns)
        named = {header[position]: column for column, position in place.items()}
        named = named or {column: column for column in self.columns}
        end = "\r\n" if b"\r" in before else "\n"
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=text.separator, lineterminator=end)
        if not text.columns:
            writer.writerow(header)
        guarded = rows.with_columns(pl.col(pl.String).str.replace(_FORMULA, "'$1"))
        for row in guarded.iter_rows(named=True):
            writer.writerow([row.get(named.get(name, "")) for name in header])
        last_line_open = text.columns and not before.decode(encoding).endswith(("\n", "\r"))
        try:
            return ((end if last_line_open else "") + lines.getvalue()).encode(encoding)
        except UnicodeEncodeError as error:
            raise OutputError(
                f"{self.path} is in {encoding}, which has no {quoted(error.object[error.start])}: "
                "save it as 'CSV UTF-8'."
            ) from error


def review_file(
    path: Path, columns: Sequence[str], key: Sequence[str], answers: Sequence[str]
) -> ReviewFile:
    """File with a column for the decision before all others."""
    return ReviewFile(path, (DECISION, *columns), tuple(key), tuple(answers))


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"  # which office programs write
    return "utf-8"


def _as_utf8(data: bytes) -> bytes:
    return data.decode("cp1252", "replace").encode() if _encoding(data) == "cp1252" else data
