"""The folder in which somebody decides what no rule can: `matches.csv` and `duplicates.csv`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.identity.decisions import Decisions, decision_keys
from ecosystem_graph.importing.identity.directory import FREE_MAIL, PartnerDirectory
from ecosystem_graph.importing.identity.review_file import DECISION, ReviewFile, review_file
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.opening.raw_table import ROW

MATCHES: Final = "matches.csv"
DUPLICATES: Final = "duplicates.csv"
MATCH_COLUMNS: Final = (
    "value",
    "input",
    "rows",
    "first_row",
    "candidate_id",
    "candidate_name",
    "candidate_country",
    "how",
    "likeness",
)
DUPLICATE_COLUMNS: Final = (
    "partner_id",
    "name",
    "country",
    "deals",
    "other_id",
    "other_name",
    "other_country",
    "other_deals",
    "why",
)


@dataclass(frozen=True, slots=True)
class Review:
    """The decisions of a folder, and the questions it is completed with.

    Attributes
    ----------
    folder : Path
        It need not exist.

    Examples
    --------
    >>> import tempfile
    >>> review = Review(Path(tempfile.mkdtemp()) / "acme.review")
    >>> review.decisions().matches.is_empty()
    True
    """

    folder: Path

    @property
    def matches(self) -> ReviewFile:
        """Values that may mean a partner: `yes`, `no`, or `new` for a partner not known yet."""
        key = ("value", "input", "candidate_id")
        return review_file(self.folder / MATCHES, MATCH_COLUMNS, key, ("yes", "no", "new"))

    @property
    def duplicates(self) -> ReviewFile:
        """Pairs of partners: the `same`, a `family` (the first is the parent), or `different`."""
        key = ("partner_id", "other_id")
        answers = ("same", "family", "different")
        return review_file(self.folder / DUPLICATES, DUPLICATE_COLUMNS, key, answers)

    def decisions(self) -> Decisions:
        """What was decided so far.

        Raises
        ------
        DataError
            With every row that cannot be read, or contradicts another.
        """
        matches, problems = self.matches.read()
        duplicates, more = self.duplicates.read()
        problems += more + _two_answers(matches) + _two_relations(duplicates)
        if problems:
            raise data_error(str(self.folder), problems)
        return Decisions(matches.drop_nulls(DECISION), duplicates.drop_nulls(DECISION))

    def complete(self, matches: pl.DataFrame, duplicates: pl.DataFrame) -> tuple[int, int]:
        """Add questions that the folder does not hold yet; what is in it stays as it is.

        Parameters
        ----------
        matches : DataFrame
            As `match_questions` returns them.
        duplicates : DataFrame
            As `likely_duplicates` returns them.

        Returns
        -------
        int, int
            Questions that were added to each file.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        return self.matches.complete(_as_text(matches)), self.duplicates.complete(
            _as_text(duplicates)
        )


def match_questions(undecided: pl.DataFrame, directory: PartnerDirectory) -> pl.DataFrame:
    """Questions about values that no way of matching decides, with the partners they may mean.

    Parameters
    ----------
    undecided : DataFrame
        value, input, row (as the source counts) and ways (list of str): one row for each row of an
        input that was matched with nobody.
    directory : PartnerDirectory

    Returns
    -------
    DataFrame
        One row for each value of an input and candidate, three for each value at most, in the
        order of inputs and values. A value that is alike to nobody has none.
    """
    named = undecided.drop_nulls("value").filter(pl.col("value") != FREE_MAIL)
    named = named.with_columns(key=decision_keys(named["value"]))
    counted = (
        named.sort("input", "key", "row")
        .group_by("input", "key", maintain_order=True)
        .agg(
            pl.col("value").first(),
            pl.len().alias("rows"),
            pl.col("row").min().alias("first_row"),
            pl.col("ways").explode().unique(maintain_order=True),
        )
    )
    proposed = [
        directory.proposals(part["value"], part["ways"][0].to_list(), source=part["input"][0])
        .join(part, on="value", maintain_order="left")
        .select(MATCH_COLUMNS)
        for part in counted.partition_by("input", "ways", maintain_order=True)
    ]
    schema = dict.fromkeys(MATCH_COLUMNS, pl.String)
    return pl.concat([pl.DataFrame(schema=schema), *map(_as_text, proposed)])


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.all().cast(pl.String))


def _two_answers(matches: pl.DataFrame) -> list[Problem]:
    """Values that were decided to mean two partners."""
    chosen = matches.filter(pl.col(DECISION).is_in(["yes", "new"])).drop_nulls("value")
    keyed = chosen.with_columns(
        key=decision_keys(chosen["value"]),
        input=pl.col("input").fill_null(""),
        answer=pl.when(pl.col(DECISION) == "yes").then("candidate_id").otherwise(pl.lit("new")),
    )
    twice = keyed.filter(pl.col("answer").n_unique().over("key", "input") > 1)
    rows = twice.unique(["key", "input"], keep="last", maintain_order=True)
    return [
        Problem(
            "matches",
            MATCHES,
            row,
            DECISION,
            value,
            f"{quoted(value)} is decided to mean several partners: let one decision stay.",
            "two decisions",
        )
        for value, row in rows.select("value", ROW).iter_rows()
    ]


def _two_relations(duplicates: pl.DataFrame) -> list[Problem]:
    """Pairs of partners on which different decisions were made."""
    decided = duplicates.drop_nulls(DECISION)
    pairs = decided.with_columns(
        one=pl.min_horizontal("partner_id", "other_id"),
        two=pl.max_horizontal("partner_id", "other_id"),
    )
    twice = pairs.filter(pl.col(DECISION).n_unique().over("one", "two") > 1)
    rows = twice.unique(["one", "two"], keep="last", maintain_order=True)
    return [
        Problem(
            "duplicates",
            DUPLICATES,
            row,
            DECISION,
            one,
            f"{quoted(one)} and {quoted(other)} are decided on in two ways: let one stay.",
            "two decisions",
        )
        for one, other, row in rows.select("partner_id", "other_id", ROW).iter_rows()
    ]
