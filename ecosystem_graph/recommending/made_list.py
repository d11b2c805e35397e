"""One partner's list as it was made, in a run or now, beside all the others."""

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.recommending.folder_kinds import RUN
from ecosystem_graph.recommending.lists import ListMaker
from ecosystem_graph.recommending.question import Question
from ecosystem_graph.recommending.ranked import Ranked
from ecosystem_graph.recommending.wishes import Wishes
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, slots=True)
class MadeList:
    """What became of one collaborator in one partner's list.

    Attributes
    ----------
    run_id : str or None
        Of the run it was made in; None if it was made to answer.
    asked_for : bool
        Whether a list was asked for.
    listed : tuple of str
        Collaborators in it, in order.
    rank : int or None
        The place of the collaborator; None if it is not listed.
    moved_by : tuple of str
        Flags that say what moved it there.
    lists_of_it : int
        Lists the collaborator stands in, of all that were made.
    n_lists : int
        How many were made.
    """

    run_id: str | None
    asked_for: bool
    listed: tuple[str, ...]
    rank: int | None
    moved_by: tuple[str, ...]
    lists_of_it: int
    n_lists: int

    @classmethod
    def of_run(cls, run: "MadeRun", partner_id: str, collaborator_id: str) -> Self:
        """Read it off a run that was written."""
        asked = run.record["parameters"]["partners"]
        own = run.rows.filter(pl.col("partner_id") == partner_id).sort("rank").collect()
        here = own.filter(pl.col("collaborator_id") == collaborator_id)
        load = run.rows.filter(pl.col("collaborator_id") == collaborator_id).select(pl.len())
        flags = here["flags"].to_list()[0] if here.height else []
        return cls(
            run.record["run_id"],
            asked is None or partner_id in asked,
            tuple(own["collaborator_id"].to_list()),
            int(here["rank"][0]) if here.height else None,
            tuple(flag for flag in flags or () if flag.startswith("moved_by_")),
            int(load.collect().item()),
            int(run.record["counts"]["lists"]),
        )

    @classmethod
    def made_now(
        cls, lists: ListMaker, sources: NDArray[np.intp], k: int, source: int, target: int
    ) -> Self:
        """Make the lists of some partners, and look at one of them."""
        made = Ranked.joined(lists.pools(sources, k))
        if lists.shares_out:
            made, _ = lists.settled(made, k)
        ids = lists.finder.evidence.graph.index.ids
        own = np.flatnonzero(made.sources == source)
        here = own[made.targets[own] == target]
        return cls(
            None,
            bool(np.isin(source, sources)),
            tuple(ids[made.targets[own]].tolist()),
            int(made.ranks[here[0]]) if len(here) else None,
            tuple(by for by, moved in made.moved.items() if len(here) and moved[here[0]]),
            int((made.targets == target).sum()),
            len(np.unique(made.sources)),
        )


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
        record = RUN.marked(folder)
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

    def question(self) -> Question:
        """What it was asked, but for whom lists were made."""
        asked = self.record["parameters"]
        wishes = {one.name: asked[one.name] for one in fields(Wishes) if one.name in asked}
        names = ("k", "territories", "types", "include_known", "max_competition", "seed")
        return Question(**{name: asked[name] for name in names}, wishes=Wishes(**wishes))


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
