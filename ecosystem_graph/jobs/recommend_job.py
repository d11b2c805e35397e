"""The batch job: tables in, lists for every partner out, with a record to replay it."""

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
from ecosystem_graph.jobs.compiling import code_folder, compile_loops, is_compiled
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

#: All shards are computed in this process.
THIS_PROCESS = Backend()


@dataclass(frozen=True, slots=True)
class Run(Printed):
    """Result of a batch job.

    Attributes
    ----------
    recommendations : polars.DataFrame
        One row per (partner_id, rank): all rows, or only those of `typical` partners if
        the output does not keep rows.
    graph : EcosystemGraph
    model : FittedModel
        The model that ranked.
    record : dict
        Content of `run.json`: everything needed to replay the run.
    timings : dict of str to dict
        Of each stage: `seconds`, `peak_memory_bytes` and `rows`.
    typical : tuple of str
        Three partners with a list: with many, some, and few collaborators so far.
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
    """Rank collaborators as of a day, with a record to replay it.

    Whether an earlier run was resumed, and findings that concern all lists, are logged.

    Parameters
    ----------
    tables : Tables
    request : Request, optional
        By default ten new collaborators for every partner.
    as_of : datetime.date or ISO str, optional
        By default :meth:`Tables.default_as_of`.
    model : str, optional
        A model's folder or the name of one that ships. By default one is fitted to the
        tables; if they hold too little history, `default` is used.
    seed : int, default 0
    output : Output, optional
        A folder to write the run to. The run is made in shards of partners, each stored beside that
        folder as it is finished, so that an interrupted run can be resumed, and the rows of only
        one shard are in memory.
    backend : Backend, optional
        Where the shards of a run with an output are computed; by default in this process.
    progress : Progress, optional
        Called with each stage and its progress; a :class:`Stages` measures them for the caller.

    Returns
    -------
    Run

    Raises
    ------
    UnknownPartnerError
        If a partner the request names is not in the graph.
    HistoryError
        If no date is given and the tables hold none, or the model has no ranker for the request.
    RequirementError
        If there is no such deal, or no partner can serve the requirement.
    DataError
        If lists are to be reciprocal and the tables state no needs.
    OutputError
        If the output cannot be written, or the run to be resumed was begun by another plan.
    FinishedError
        If the run to be resumed is finished.
    ValueError
        If a backend other than this process is given with a pair rule.
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
    """A run in progress: its tables, request and output."""

    tables: Tables
    resolved: ResolvedRequest
    seed: int
    output: Output | None
    backend: Backend
    stages: Stages

    def chosen(self, name: str | None = None) -> ChosenModel:
        """Choose the model to rank with."""
        return choose_model(
            self.tables,
            self.resolved.graph.as_of,
            name,
            seed=self.seed,
            for_requirements=self.resolved.requirement is not None,
        )

    def done(self, given: ChosenModel | None = None, name: str | None = None) -> Run:
        """Make the run, by the given model or by one fitted now."""
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
        """Make the lists by a model, and write the run if it has a folder."""
        stages, resolved, graph = self.stages, self.resolved, self.resolved.graph
        stages("deriving signals")
        builder = GraphRanker(chosen.model, graph).builder(resolved)
        sources = resolved.positions[builder.finder.eligibility.takes_part[resolved.positions]]
        lists = self._lists(builder, sources, folder)
        # What a request asks for counts instead of the same parameter of the model.
        asked = resolved.parameters()
        parameters = {**asked, "seed": self.seed, **chosen.model.params} | asked
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
        """Lists in shards if the run is written, else in memory."""
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
        """Everything that the bytes of a run depend on; the weights only of a named model."""
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
    """The plan of a finished run, from its record and its files."""
    options = {name: value for name, value in record["parameters"].items() if name not in DEFAULTS}
    recipe = {name: value for name, value in record["parameters"].items() if name in DEFAULTS}
    model = record["model"]
    return {
        "ecosystem_graph": record["ecosystem_graph"],
        "inputs": record["inputs"],
        "as_of": record["as_of"],
        "parameters": options,
        "model": {**recipe, "weights": model["weights"]} if model["why"] == ASKED_FOR else LEARNT,
        "source": record["source"],
        "format": next((path.suffix[1:] for path in folder.glob("recommendations.*")), None),
    }


def _log_findings(resolved: ResolvedRequest, record: Mapping[str, Any]) -> None:
    """Log findings that concern all lists."""
    if resolved.requirement is None and not resolved.graph.adjacency.nnz:
        _LOG.warning(
            "no pair has won together yet: lists are ordered by what an introduction adds, less "
            "the price on competition. Where nothing sets candidates apart, as no gap is filled on "
            "either side, a list is short or empty."
        )
    if n_tied := record["counts"]["lists_of_one_score"]:
        _LOG.warning(
            "in %s of %s lists all candidates have the same score: they are ordered by the gap "
            "they fill, then by what they gain in return, then by satisfaction, then by a hash.",
            f"{n_tied:,}",
            f"{record['counts']['lists']:,}",
        )


def typical_partners(listed: NDArray[np.intp], graph: EcosystemGraph) -> tuple[str, ...]:
    """Three partners with a list: with many, some, and few collaborators so far."""
    order = np.lexsort((listed, -graph.degree[listed]))
    picks = sorted({0, len(order) // 20, len(order) // 2}) if len(order) else []
    return tuple(graph.index.ids[listed[order[picks]]].tolist())
