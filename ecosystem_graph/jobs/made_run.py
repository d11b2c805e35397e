"""A run that was written, read again: what it was asked, and the lists that came out."""

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

import polars as pl

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.jobs.output import RUN
from ecosystem_graph.lists.reranking import Reranking
from ecosystem_graph.lists.results.made_list import MadeList
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A run that was written: what it was asked, and what came out.

    Attributes
    ----------
    record : dict
        Its `run.json`.
    rows : polars.LazyFrame
        Its recommendations: `partner_id`, `rank`, `collaborator_id` and `flags`, a list.
    """

    record: dict[str, Any]
    rows: pl.LazyFrame

    @classmethod
    def read(cls, folder: Path, tables: Tables) -> Self:
        """Read a run that was made on some tables.

        Raises
        ------
        ArtifactError
            If the folder is no run of lists of collaborators, or one on other tables.
        """
        record = RUN.read_mark(folder)
        rows = _rows(folder)
        if record is None or rows is None or "parameters" not in record:
            raise ArtifactError(f"{folder} is not a run: name a folder that a run was written to.")
        need = next((n for n in ("deal", "requirement") if record["parameters"].get(n)), None)
        if need is not None:
            raise ArtifactError(
                f"{folder} ranks for a {need}, not for a list of collaborators: name a run that "
                "asked for no customer's need."
            )
        ours, theirs = tables.digests, record["inputs"]
        differ = sorted(t for t in {*ours, *theirs} if ours.get(t) != theirs.get(t))
        if differ:
            raise ArtifactError(
                f"{folder} was made on other tables: {', '.join(differ)} differ. Give the tables "
                "the run was made on, or make the run anew."
            )
        return cls(record, rows)

    @property
    def ignored_roles(self) -> tuple[str, ...]:
        """Roles of members of deals that were no collaboration in it."""
        return tuple(self.record["parameters"].get("ignored_roles", ()))

    @property
    def as_of(self) -> date:
        """The day it was seen from."""
        return date.fromisoformat(self.record["as_of"])

    @property
    def seed(self) -> int:
        """What seeded everything drawn at random in it."""
        return int(self.record["parameters"]["seed"])

    @property
    def model(self) -> str | None:
        """Name of the model that ranked; None if it was learnt from the tables."""
        name = self.record["model"]["name"]
        return None if name == "fitted" else str(name)

    def check_model(self, weights: str) -> None:
        """Refuse a model that is not the one of the run, where the run says which it was.

        Raises
        ------
        ArtifactError
        """
        if self.record["model"].get("weights", weights) != weights:
            raise ArtifactError(
                f"the run was ranked by the model {self.record['model']['name']!r}, whose weights "
                "are others: give the one it was made with.",
                remedy="model",
            )

    def list_of(self, partner_id: str, collaborator_id: str) -> MadeList:
        """What became of a collaborator in a partner's list."""
        asked = self.record["parameters"]["partners"]
        own = self.rows.filter(pl.col("partner_id") == partner_id).sort("rank").collect()
        here = own.filter(pl.col("collaborator_id") == collaborator_id)
        load = self.rows.filter(pl.col("collaborator_id") == collaborator_id).select(pl.len())
        flags = here["flags"].to_list()[0] if here.height else []
        return MadeList(
            self.record["run_id"],
            asked is None or partner_id in asked,
            tuple(own["collaborator_id"].to_list()),
            int(here["rank"][0]) if here.height else None,
            tuple(flag for flag in flags or () if flag.startswith("moved_by_")),
            int(load.collect().item()),
            int(self.record["counts"]["lists"]),
        )

    def request(self) -> Request:
        """What it was asked, but for which partners lists were made."""
        asked = self.record["parameters"]
        of_lists = {one.name: asked[one.name] for one in fields(Reranking) if one.name in asked}
        names = {one.name for one in fields(Request)} - {"partners", "changed_since", "pair_rule"}
        return Request(
            **{name: asked[name] for name in names & asked.keys()},
            reranking=Reranking(**of_lists),
        )


def _rows(folder: Path) -> pl.LazyFrame | None:
    """The rows of a run in whichever format it was written."""
    columns = ("partner_id", "rank", "collaborator_id", "flags")
    if (path := folder / "recommendations.parquet").is_file():
        return pl.scan_parquet(path).select(columns)
    if (path := folder / "recommendations.jsonl").is_file():
        return pl.scan_ndjson(path).select(columns)
    if (path := folder / "recommendations.csv").is_file():
        as_text = {"partner_id": pl.String, "collaborator_id": pl.String, "flags": pl.String}
        rows = pl.scan_csv(path, schema_overrides=as_text).select(columns)
        # An id that a spreadsheet would run as a formula was written with an apostrophe before it.
        ids = pl.col("partner_id", "collaborator_id").str.replace(r"^'([=+\-@\t\r])", "${1}")
        return rows.with_columns(ids, pl.col("flags").fill_null("").str.split(";"))
    return None
