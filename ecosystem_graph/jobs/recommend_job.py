"""One batch job: tables in, lists for every partner out, and a record of how they came about."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arguments import check_kind
from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.compiling import compile_loops, is_compiled
from ecosystem_graph.jobs.compiling import place as code_folder
from ecosystem_graph.jobs.output import Output, write_json
from ecosystem_graph.jobs.record import run_record
from ecosystem_graph.jobs.run_folder import write_run
from ecosystem_graph.jobs.shard_files import read_parts, write_part
from ecosystem_graph.jobs.shards import Shards, finished_lists
from ecosystem_graph.jobs.stages import Stages, measured
from ecosystem_graph.jobs.staging_folder import StagingFolder, check_unfinished, staging
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.listing import listing
from ecosystem_graph.lists.results.ranked_lists import of_one_score
from ecosystem_graph.printing import Printed
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.recommending.fitted_model import DEFAULTS, FittedModel
from ecosystem_graph.recommending.graph_ranker import DEFAULT_REQUEST, GraphRanker
from ecosystem_graph.recommending.model_source import (
    ASKED_FOR,
    LEARNT,
    ChosenModel,
    choose_model,
    kept_model,
)
from ecosystem_graph.recommending.requests.absence import require_facts
from ecosystem_graph.recommending.requests.request import Request, ResolvedRequest
from ecosystem_graph.tables import Tables

_LOG = logging.getLogger(__name__)

#: No other process takes part.
THIS_PROCESS = Backend()


@dataclass(frozen=True, slots=True)
class Run(Printed):
    """What a batch job gave.

    Attributes
    ----------
    recommendations : polars.DataFrame
        One row per (partner_id, rank): all of them, or those of `typical` partners where the
        output was asked to keep no more.
    graph : EcosystemGraph
    model : FittedModel
        The model that ranked.
    record : dict
        What `run.json` holds: everything needed to replay the run.
    timings : dict of str to dict
        What each stage took: `seconds`, `peak_memory_bytes` and `rows`.
    typical : tuple of str
        Three partners with a list: of many, of some, and of few collaborators so far.
    """

    recommendations: pl.DataFrame
    graph: EcosystemGraph
    model: FittedModel
    record: dict[str, Any]
    timings: dict[str, dict[str, Any]]
    typical: tuple[str, ...]


def run(
    tables: Tables,
    request: Request = DEFAULT_REQUEST,
    *,
    as_of: date | str | None = None,
    model: str | None = None,
    seed: int = 0,
    output: Output | None = None,
    backend: Backend = THIS_PROCESS,
    progress: Progress = silent,
) -> Run:
    """Rank collaborators as of a day and record how.

    What a run that is written found of an earlier one, and what is worth knowing about its lists,
    is logged.

    Parameters
    ----------
    tables : Tables
    request : Request, optional
        Ten new collaborators for everybody unless given.
    as_of : datetime.date or ISO str, optional
        By default as :meth:`Tables.default_as_of` says.
    model : str, optional
        A model's folder or the name of one that ships. Without it one is fitted to the tables,
        or `default` is taken where they hold too little history.
    seed : int, default 0
    output : Output, optional
        A folder to write the run to. It is made in shards of partners, each kept beside that
        folder as it is finished, so that a run that dies can be resumed, and no more than a shard
        of the rows is in memory.
    backend : Backend, optional
        Where the shards of a run that is written are worked on: this process unless given.
    progress : Progress, optional
        Called with stages and how far they are; a :class:`Stages` measures them for the caller.

    Returns
    -------
    Run

    Raises
    ------
    UnknownPartnerError
        If a partner the request names is not in the graph.
    HistoryError
        If no date is given and the tables hold none, or too little was learnt for the request.
    RequirementError
        If there is no such deal, or the requirement cannot be served by anybody.
    DataError
        If lists are to be reciprocal and nothing says what anybody needs.
    OutputError
        If the output cannot be written, or what is to be resumed was begun otherwise.
    FinishedError
        If what is to be resumed is finished.
    ValueError
        If workers elsewhere are to apply a pair rule of the caller's.
    """
    check_kind("tables", tables, Tables, "Tables, from read_tables or load_dataset")
    check_kind("request", request, Request, "a Request")
    if request.pair_rule is not None and not backend.here:
        raise ValueError("a pair_rule is applied in this process only: leave out the backend.")
    with measured(progress) as stages:
        _compile(stages)
        stages("building the graph")
        resolved = request.on(EcosystemGraph.from_tables(tables, as_of), tables)
        require_facts(resolved.graph)
        stages.rows = resolved.graph.n_partners
        job = _Job(tables, resolved, seed, output, backend, stages)
        if model is None:
            return job.done()
        stages("reading the model")
        return job.done(job.chosen(model), model)


def _compile(stages: Stages) -> None:
    if not is_compiled():
        kept = code_folder() is not None
        stages("compiling (first run only)" if kept else "compiling (nowhere to keep it)")
        compile_loops()


@dataclass(frozen=True, slots=True)
class _Lists:
    """Finished lists of a job: positions of both sides of each row, and the rows or their files."""

    pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
    of_one_score: int
    rows: pl.DataFrame | None
    parts: Sequence[Path] = ()
    allocation: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """A run on its way: what is asked, of which tables, and where it goes."""

    tables: Tables
    resolved: ResolvedRequest
    seed: int
    output: Output | None
    backend: Backend
    stages: Stages

    def chosen(self, name: str | None = None) -> ChosenModel:
        """The model it ranks with."""
        return choose_model(
            self.tables,
            self.resolved.graph.as_of,
            name,
            seed=self.seed,
            for_requirements=self.resolved.requirement is not None,
        )

    def done(self, given: ChosenModel | None = None, name: str | None = None) -> Run:
        """Make the run, by a model given or by one learnt now."""
        plan, output = self._plan(given), self.output
        if output is not None and output.resume:
            entire = {key: entry for key, entry in plan.items() if key != "partners_in_a_shard"}
            entire |= {"format": output.format}
            check_unfinished(output.target, entire, _planned, overwrite=output.overwrite)
        with ExitStack() as stack:
            folder = None
            if output is not None:
                inputs = [Path(path) for path in (self.tables.source, name) if path is not None]
                folder = stack.enter_context(
                    staging(output, plan, shared=self.backend.shared, inputs=inputs)
                )
            if given is None:
                self.stages("learning from the past")
                given = self.chosen() if folder is None else kept_model(folder.files, self.chosen)
            return self._made(given, folder)

    def _made(self, chosen: ChosenModel, folder: StagingFolder | None) -> Run:
        """Lists by a model, written to where they belong if they are to be written."""
        stages, resolved, graph = self.stages, self.resolved, self.resolved.graph
        stages("deriving signals")
        builder = GraphRanker(chosen.model, graph).builder(resolved)
        sources = resolved.positions[builder.finder.eligibility.takes_part[resolved.positions]]
        lists = self._lists(builder, sources, folder)
        parameters = {**resolved.parameters(), "seed": self.seed, **chosen.model.params}
        record = run_record(
            self.tables,
            builder,
            parameters,
            chosen.facts,
            sources,
            lists.pairs,
            more_left_out=resolved.unserved(),
            of_one_score=lists.of_one_score,
            allocation=lists.allocation,
        )
        typical = typical_partners(np.unique(lists.pairs[0]), graph)
        rows = lists.rows
        if rows is None:
            keep_all = self.output is None or self.output.keep_rows
            rows = read_parts(lists.parts, None if keep_all else typical)
        if folder is not None and self.output is not None:
            stages("writing")
            write_run(folder.new, lists.parts, self.output.format, record)
            stages.rows = record["counts"]["rows"]
        stages.end()
        _log_findings(resolved, record)
        timings = stages.summary()
        if folder is not None:
            write_json(folder.new / "timings.json", timings)
            folder.commit()
        return Run(rows, graph, chosen.model, record, timings, typical)

    def _lists(
        self, builder: ListBuilder, sources: NDArray[np.intp], folder: StagingFolder | None
    ) -> _Lists:
        """Lists in shards where they are written, all in memory where they are not."""
        k, stages, graph = self.resolved.request.k, self.stages, self.resolved.graph
        if folder is not None and self.output is not None and self.resolved.requirement is None:
            shards = Shards(builder, k, sources, folder.files, self.output.shard_size)
            summary = finished_lists(shards, self.backend, stages)
            finished = shards.finished()
            pairs = finished.sources, finished.targets
            return _Lists(pairs, finished.of_one_score, None, shards.files("rows"), summary)
        stages("ranking")
        made = listing(builder, sources, k, lambda done: stages("ranking", done, len(sources)))
        stages.rows = made.rows.height
        parts = []
        if folder is not None:
            parts = [folder.files / "rows" / "00000.arrow"]
            write_part(parts[0], made.rows)
        a, b = (graph.index.encode(made.rows[side]) for side in ("partner_id", "collaborator_id"))
        n_tied = of_one_score(a, made.rows["score"].to_numpy())
        return _Lists((a, b), n_tied, made.rows, parts, made.allocation)

    def _plan(self, given: ChosenModel | None) -> dict[str, Any]:
        """All that the bytes of a run depend on, its model's weights where they are given."""
        model: Any = LEARNT
        if given is not None:
            model = {**given.model.params, "weights": given.model.digest()}
        return {
            "ecosystem_graph": version("ecosystem-graph"),
            "inputs": dict(sorted(self.tables.digests.items())),
            "as_of": self.resolved.graph.as_of.isoformat(),
            "parameters": {**self.resolved.parameters(), "seed": self.seed},
            "model": model,
            "partners_in_a_shard": None if self.output is None else self.output.shard_size,
            "source": folder_name(self.tables.source),
        }


def _planned(record: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The plan a finished run was made by, from its record and its files."""
    asked = {name: value for name, value in record["parameters"].items() if name not in DEFAULTS}
    recipe = {name: value for name, value in record["parameters"].items() if name in DEFAULTS}
    model = record["model"]
    return {
        "ecosystem_graph": record["ecosystem_graph"],
        "inputs": record["inputs"],
        "as_of": record["as_of"],
        "parameters": asked,
        "model": {**recipe, "weights": model["weights"]} if model["why"] == ASKED_FOR else LEARNT,
        "source": record["source"],
        "format": next((path.suffix[1:] for path in folder.glob("recommendations.*")), None),
    }


def _log_findings(resolved: ResolvedRequest, record: Mapping[str, Any]) -> None:
    """Log what a reader of the lists should know of all of them."""
    if resolved.requirement is None and not resolved.graph.adjacency.nnz:
        _LOG.warning(
            "nobody has won together yet: lists are in the order of the gap that is filled, "
            "less the price on competition."
        )
    if n_tied := record["counts"]["lists_of_one_score"]:
        _LOG.warning(
            "in %s of %s lists all candidates have the same score: they are ordered by the gap "
            "they fill, then by what they gain in return, then by satisfaction, then by a hash.",
            f"{n_tied:,}",
            f"{record['counts']['lists']:,}",
        )


def typical_partners(listed: NDArray[np.intp], graph: EcosystemGraph) -> tuple[str, ...]:
    """Three of the partners listed: of many, of some, and of few collaborators so far."""
    order = np.lexsort((listed, -graph.degree[listed]))
    picks = sorted({0, len(order) // 20, len(order) // 2}) if len(order) else []
    return tuple(graph.index.ids[listed[order[picks]]].tolist())
