"""The recommendations of a run folder, with the names that a table of partners gives."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from ecosystem_graph.errors import ArtifactError, UnknownPartnerError
from ecosystem_graph.jobs.output import RUN
from ecosystem_graph.tables import Tables, did_you_mean
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.messages.wording import counted, first_few

LISTS: Final = ("gaps_filled", "brings", "covers", "contested", "evidence", "flags")
"""Columns that hold a list of texts."""

_FACTS: Final = ("name", "country", "tier")
_CAPABILITIES: Final = ("gaps_filled", "brings", "covers")
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class RunRows:
    """The lists of a run.

    Attributes
    ----------
    record : mapping
        Content of its `run.json`.
    rows : DataFrame
        Its recommendations in the order of partners and ranks, with name, country and tier of both
        sides, and with names of capabilities in place of their ids.
    """

    record: Mapping[str, Any]
    rows: pl.DataFrame

    def of_partners(self, partners: Collection[str]) -> "RunRows":
        """The lists of some partners, as far as they have one."""
        return RunRows(self.record, self.rows.filter(pl.col("partner_id").is_in(list(partners))))


def read_run(folder: Path, tables: Tables, partners: Collection[str] = ()) -> RunRows:
    """Read the recommendations of a run.

    Parameters
    ----------
    folder : Path
        A run that `recommend` wrote, in any format.
    tables : Tables
        Where names are looked up; those the run was made on, or later ones.
    partners : collection of str, optional
        Ids of the partners whose lists are read; empty for all.

    Raises
    ------
    ArtifactError
        If the folder is no such run, or names partners that the tables do not have.
    UnknownPartnerError
        If a partner has no list in the run.
    """
    record = RUN.read_mark(folder)
    rows = None if record is None else _stored_rows(folder)
    if record is None or rows is None:
        raise ArtifactError(
            f"{folder} is not a run of recommendations: name a folder that recommend wrote."
        )
    # A list that is empty in every row of a JSON file has no type of its own.
    rows = rows.with_columns(
        pl.col(name).cast(pl.List(pl.String)) for name in LISTS if name in rows.columns
    )
    _check_known(rows, tables, folder)
    if partners:
        rows = _of_partners(rows, partners)
    return RunRows(record, _with_names(rows, tables).sort("partner_id", "rank"))


def _stored_rows(folder: Path) -> pl.DataFrame | None:
    path = folder / "recommendations.parquet"
    if path.is_file():
        return pl.read_parquet(path, glob=False)
    path = folder / "recommendations.jsonl"
    if path.is_file():
        return pl.read_ndjson(path)
    path = folder / "recommendations.csv"
    return _from_csv(path) if path.is_file() else None


def _from_csv(path: Path) -> pl.DataFrame:
    """Rows of a CSV file: lists split again, and apostrophes before formulas taken off."""
    texts = ("partner_id", "collaborator_id", "partner_name", "collaborator_name")
    text = pl.read_csv(
        path, schema_overrides=dict.fromkeys((*texts, *LISTS), pl.String), glob=False
    )
    plain = text.with_columns(pl.col(pl.String).str.replace(r"^'([=+\-@\t\r])", "${1}"))
    return plain.with_columns(
        pl.Series(name, [_split(cell) for cell in plain[name]], dtype=pl.List(pl.String))
        for name in LISTS
        if name in plain.columns
    )


def _split(cell: str | None) -> list[str]:
    parts = re.split(r"(?<!\\);", cell) if cell else []
    return [re.sub(r"\\([\\;])", r"\1", part) for part in parts]


def _check_known(rows: pl.DataFrame, tables: Tables, folder: Path) -> None:
    ids = pl.concat([rows["partner_id"], rows["collaborator_id"]]).unique().sort()
    lost = ids.filter(~ids.is_in(tables["partners"]["partner_id"].implode())).to_list()
    if lost:
        raise ArtifactError(
            f"{folder} names {counted(len(lost), 'partner')} that {tables.source} does not have: "
            f"{first_few(list(map(quoted, lost)), _SHOWN)}. Give the tables the run was made on."
        )


def _of_partners(rows: pl.DataFrame, partners: Collection[str]) -> pl.DataFrame:
    with_lists = rows["partner_id"].unique()
    for partner in partners:
        if partner not in with_lists:
            hint = did_you_mean(partner, with_lists)
            raise UnknownPartnerError(f"no partner {quoted(partner)} has a list in this run.{hint}")
    return rows.filter(pl.col("partner_id").is_in(list(partners)))


def _with_names(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    partners = tables["partners"].select("partner_id", *_FACTS)
    kept = rows.drop(
        f"{side}_{fact}"
        for side in ("partner", "collaborator")
        for fact in _FACTS
        if f"{side}_{fact}" in rows.columns
    )
    for side in ("partner", "collaborator"):
        facts = partners.rename({fact: f"{side}_{fact}" for fact in _FACTS})
        kept = kept.join(facts.rename({"partner_id": f"{side}_id"}), on=f"{side}_id", how="left")
    named = tables["capabilities"].drop_nulls("name")
    names = dict(named.select("capability_id", "name").iter_rows())
    return kept.with_columns(
        pl.col(column).list.eval(pl.element().replace(names))
        for column in _CAPABILITIES
        if column in kept.columns
    )


def shown_list(parts: Sequence[str] | None, most: int | None = None) -> str:
    """Entries of a list as one text, the first few of them.

    Examples
    --------
    >>> shown_list(["Backup", "Identity", "Routing"], 2)
    'Backup; Identity; and 1 more'
    """
    entries = list(parts or ())
    few = entries if most is None else entries[:most]
    more = [f"and {len(entries) - len(few)} more"] if len(entries) > len(few) else []
    return "; ".join([*few, *more])
