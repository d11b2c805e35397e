"""A run read back from its folder: its request and its lists."""

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
    """A run read back from its folder: its record and its rows.

    Attributes
    ----------
    record : dict
        Content of its `run.json`.
    rows : polars.LazyFrame
        Its recommendations: `partner_id`, `rank`, `collaborator_id` and `flags`, a list.
    """

    record: dict[str, Any]
    rows: pl.LazyFrame

    @classmethod
    def read(cls, folder: Path, tables: Tables) -> Self:
        """Read a run, and check that it was made on the given tables.

        Raises
        ------
        ArtifactError
            If the folder is not a run of lists of collaborators, or was made on other tables.
        """
        record = RUN.read_mark(folder)
        rows = _rows(folder)
        if record is None or rows is None or "parameters" not in record:
            raise ArtifactError(f"{folder} is not a run: name a folder that a run was written to.")
        need = next((n for n in ("deal", "requirement") if record["parameters"].get(n)), None)
        if need is not None:
            raise ArtifactError(
                f"{folder} ranks for a {need}, not for a list of collaborators: name a run that "
                "was made without one."
            )
        if rule := record["parameters"].get("pair_rule"):
            raise ArtifactError(
                f"{folder} was made with a pair rule of the caller's, {rule}, which a run does not "
                "hold: ask about a request with that rule instead."
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
        """Roles of deal members that the run did not count as collaboration."""
        return tuple(self.record["parameters"].get("ignored_roles", ()))

    @property
    def as_of(self) -> date:
        """The day of the run: it used only what was known before."""
        return date.fromisoformat(self.record["as_of"])

    @property
    def seed(self) -> int:
        """Random seed of the run."""
        return int(self.record["parameters"]["seed"])

    @property
    def model(self) -> str | None:
        """Name of the model that ranked; None if it was fitted to the tables."""
        name = self.record["model"]["name"]
        return None if name == "fitted" else str(name)

    def check_model(self, weights: str) -> None:
        """Refuse a model with other weights than the run's, if the run records them.

        Raises
        ------
        ArtifactError
        """
        if self.record["model"].get("weights", weights) != weights:
            raise ArtifactError(
                f"the run was ranked by the model {self.record['model']['name']!r} with other "
                "weights: give the model it was made with.",
                remedy="model",
            )

    def list_of(self, partner_id: str, collaborator_id: str) -> MadeList:
        """Result for a collaborator in a partner's list."""
        requested = self.record["parameters"]["partners"]
        own = self.rows.filter(pl.col("partner_id") == partner_id).sort("rank").collect()
        here = own.filter(pl.col("collaborator_id") == collaborator_id)
        load = self.rows.filter(pl.col("collaborator_id") == collaborator_id).select(pl.len())
        flags = here["flags"].to_list()[0] if here.height else []
        return MadeList(
            self.record["run_id"],
            requested is None or partner_id in requested,
            tuple(own["collaborator_id"].to_list()),
            int(here["rank"][0]) if here.height else None,
            tuple(flag for flag in flags or () if flag.startswith("moved_by_")),
            int(load.collect().item()),
            int(self.record["counts"]["lists"]),
        )

    def request(self) -> Request:
        """The request of the run, without the choice of partners."""
        known = self.record["parameters"]
        of_lists = {one.name: known[one.name] for one in fields(Reranking) if one.name in known}
        names = {one.name for one in fields(Request)} - {"partners", "changed_since", "pair_rule"}
        return Request(
            **{name: known[name] for name in names & known.keys()},
            reranking=Reranking(**of_lists),
        )


def _rows(folder: Path) -> pl.LazyFrame | None:
    """The rows of a run, in any of the formats; None if there are none."""
    columns = ("partner_id", "rank", "collaborator_id", "flags")
    if (path := folder / "recommendations.parquet").is_file():
        return pl.scan_parquet(path).select(columns)
    if (path := folder / "recommendations.jsonl").is_file():
        return pl.scan_ndjson(path).select(columns)
    if (path := folder / "recommendations.csv").is_file():
        as_text = {"partner_id": pl.String, "collaborator_id": pl.String, "flags": pl.String}
        rows = pl.scan_csv(path, schema_overrides=as_text).select(columns)
        # Ids that a spreadsheet would run as a formula are written with a leading apostrophe.
        ids = pl.col("partner_id", "collaborator_id").str.replace(r"^'([=+\-@\t\r])", "${1}")
        return rows.with_columns(ids, pl.col("flags").fill_null("").str.split(";"))
    return None
