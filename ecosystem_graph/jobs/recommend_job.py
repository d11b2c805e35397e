"""One batch job: tables in, lists for every partner out, and a record of how they came about."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.graph import EcosystemGraph, Ledger
from ecosystem_graph.jobs import answer as answering
from ecosystem_graph.jobs.answer import answer_to, typical_partners
from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.compiling import compile_loops, is_compiled
from ecosystem_graph.jobs.compiling import place as code_place
from ecosystem_graph.jobs.record import run_record
from ecosystem_graph.jobs.run_folder import Output, write_json, write_run
from ecosystem_graph.jobs.shard_files import read_parts
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.jobs.staging import StagingFolder, check_unfinished, workplace
from ecosystem_graph.lists.reranking import PLAIN, Reranking
from ecosystem_graph.printing import Printed
from ecosystem_graph.recommending.model_source import (
    ASKED_FOR,
    LEARNT,
    kept_recommender,
    recommender_for,
    weights_digest,
)
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.request import Asked, Question, asked_on
from ecosystem_graph.recommending.requirement import Requirement
from ecosystem_graph.tables import Tables

#: No other process takes part.
THIS_PROCESS = Backend()


@dataclass(frozen=True, slots=True)
class Run(Printed):
    """What a batch job gave.

    Attributes
    ----------
    recommendations : polars.DataFrame
        One row per (partner_id, rank): all of them, or those of `typical` partners where a run
        that is written was asked to keep no more.
    graph : EcosystemGraph
    recommender : Recommender
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
    recommender: Recommender
    record: dict[str, Any]
    timings: dict[str, dict[str, Any]]
    typical: tuple[str, ...]


def run(
    tables: Tables,
    *,
    as_of: date | None = None,
    k: int = 10,
    partners: Sequence[str] | None = None,
    changed_since: date | None = None,
    territories: Sequence[str] = (),
    types: Sequence[str] = (),
    include_known: bool = False,
    max_competition: float | None = None,
    wishes: Reranking = PLAIN,
    deal: str | None = None,
    requirement: Requirement | None = None,
    model: str | None = None,
    seed: int = 0,
    output: Output | None = None,
    crew: Backend = THIS_PROCESS,
    keep_all: bool = True,
    stages: Stages | None = None,
    note: Callable[[str], object] = lambda _: None,
) -> Run:
    """Rank collaborators as of a day and record how.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date, optional
        By default as :meth:`Tables.default_as_of` says.
    k : int, default 10
        Length of a list.
    partners : sequence of str, optional
        Ids or exact names of the partners to make lists for; everybody unless given.
    changed_since : datetime.date, optional
        Make lists for those with a dated event from this day on, and their collaborators, as
        :func:`~ecosystem_graph.recommending.changed.changed_since` says; not with partners, a
        deal or a requirement.
    territories, types : sequence of str
        Only collaborators in one of these territories, of one of these types, are proposed.
    include_known : bool, default False
        Whether partners that have won together may be proposed to each other again.
    max_competition : float, optional
        Partners that compete in more of their business than this, 0..1, are not proposed.
    wishes : Reranking, optional
        What reorders the lists; not with a deal or a requirement.
    deal : str, optional
        Rank for what this deal asks for, with its lead, or the one partner asked for, as the one
        who looks for others.
    requirement : Requirement, optional
        The same for a need described in a file.
    model : str, optional
        A model's folder or the name of one that ships. Without it one is fitted to the tables,
        or `default` is taken where they hold too little history.
    seed : int, default 0
    output : Output, optional
        A folder to write the run to. It is made in shards of partners, each kept beside that
        folder as it is finished, so that a run that dies can be resumed, and no more than a shard
        of the rows is in memory.
    crew : Backend, optional
        Who works on the shards of a run that is written: this process unless others are named.
    keep_all : bool, default True
        Whether a run that is written gives all its rows back as well.
    stages : Stages, optional
        Told how far the run is; keeps the account of what it took.
    note : callable, optional
        Told in words what a run that is written found of an earlier one, and where nothing tells
        who is likelier.

    Returns
    -------
    Run

    Raises
    ------
    UnknownPartnerError
        If a partner asked for is not in the graph.
    HistoryError
        If no date is given and the tables hold none, or they teach nothing about needs.
    RequirementError
        If there is no such deal, or the requirement cannot be served by anybody.
    DataError
        If lists are to be reciprocal and nothing says what anybody needs.
    OutputError
        If the output cannot be written, or what is to be resumed was begun otherwise.
    FinishedError
        If what is to be resumed is finished.
    ValueError
        If one list for one need is to be reordered, or partners are named in two ways.
    """
    question = Question(
        k,
        partners,
        changed_since,
        territories,
        types,
        include_known,
        max_competition,
        wishes,
        deal,
        requirement,
        seed,
    )
    with stages or Stages() as stages:
        if not is_compiled():
            kept = code_place() is not None
            stages("compiling (first run only)" if kept else "compiling (nowhere to keep it)")
            compile_loops()
        stages("building the graph")
        asked = asked_on(EcosystemGraph.from_tables(tables, as_of), tables, question)
        stages.rows = asked.graph.n_partners
        given = None
        if model is not None:
            stages("reading the model")
            given = _recommender(tables, asked, model)
        plan = _plan(tables, asked, given[0] if given else None)
        if output is not None and output.resume:
            whole = {name: entry for name, entry in plan.items() if name != "partners_in_a_shard"}
            whole |= {"format": output.format}
            check_unfinished(output.target, whole, _planned, overwrite=output.overwrite)
        inputs = [Path(name) for name in (tables.source, model) if name is not None]
        with _place(output, crew, plan, inputs, note) as place:
            if given is None:
                stages("learning from the past")
                given = (
                    _recommender(tables, asked)
                    if place is None
                    else kept_recommender(place.files, lambda: _recommender(tables, asked))
                )
            return _made(tables, asked, *given, output, crew, place, keep_all, stages, note)


def _recommender(
    tables: Tables, asked: Asked, model: str | None = None
) -> tuple[Recommender, dict[str, Any]]:
    seed, for_need = asked.question.seed, asked.need is not None
    return recommender_for(tables, asked.graph.as_of, model, seed, for_need=for_need)


def _plan(tables: Tables, asked: Asked, given: Recommender | None) -> dict[str, Any]:
    """All that the bytes of a run depend on, its model's weights where they are given."""
    return {
        "ecosystem_graph": version("ecosystem-graph"),
        "inputs": dict(sorted(tables.digests.items())),
        "as_of": asked.graph.as_of.isoformat(),
        "parameters": asked.parameters(),
        "model": (
            LEARNT if given is None else {**given.get_params(), "weights": weights_digest(given)}
        ),
        "partners_in_a_shard": answering.SHARD,
        "source": folder_name(tables.source),
    }


def _planned(record: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The plan a finished run was made by, as its record and its files tell it."""
    learnt = set(Recommender().get_params())
    asked = {name: value for name, value in record["parameters"].items() if name not in learnt}
    recipe = {name: value for name, value in record["parameters"].items() if name in learnt}
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


def _place(
    output: Output | None,
    crew: Backend,
    plan: dict[str, Any],
    inputs: Sequence[Path],
    note: Callable[[str], object],
) -> Any:
    if output is None:
        return nullcontext()
    return workplace(
        output.target,
        plan,
        overwrite=output.overwrite,
        resume=output.resume,
        shared=crew.shared,
        inputs=inputs,
        tell=note,
    )


def _made(
    tables: Tables,
    asked: Asked,
    recommender: Recommender,
    told: dict[str, Any],
    output: Output | None,
    crew: Backend,
    place: StagingFolder | None,
    keep_all: bool,
    stages: Stages,
    note: Callable[[str], object],
) -> Run:
    """Lists by a model, written to where they belong if they are to be written."""
    stages("working out the evidence")
    graph = asked.graph
    finder = recommender.finder(graph, open_to=asked.open_to)
    sources = asked.positions[finder.eligibility.takes_part[asked.positions]]
    answer = answer_to(asked, recommender, finder, sources, crew, place, stages)
    parameters = {**asked.parameters(), **recommender.get_params()}
    wishes = asked.question.wishes
    ledger = Ledger.from_graph(graph, wishes.rest_days, wishes.stale_days)
    record = run_record(
        tables,
        graph,
        parameters,
        told,
        finder,
        answer.pairs,
        sources,
        {**ledger.left_out, **asked.unserved()},
        answer.undecided,
        answer.account,
    )
    typical = typical_partners(np.unique(answer.pairs[0]), graph)
    if answer.rows is None:
        rows = read_parts(answer.parts, None if keep_all else typical)
    else:
        rows = answer.rows
    if place is not None and output is not None:
        stages("writing")
        write_run(place.new, answer.parts, output.format, record)
        stages.rows = record["counts"]["rows"]
    stages.end()
    if asked.need is None and not graph.adjacency.nnz:
        note(
            "nobody has won together yet: lists are in the order of the gap that is filled, "
            "less the price on competition."
        )
    if answer.undecided:
        note(
            f"in {answer.undecided:,} of {record['counts']['lists']:,} lists nothing tells who is "
            "likelier to win together: all have one score there, and stand in the order of the gap "
            "they fill, then of what they gain in return, then of satisfaction, then by chance."
        )
    timings = stages.account()
    if place is not None:
        write_json(place.new / "timings.json", timings)
        place.publish()
    return Run(rows, graph, recommender, record, timings, typical)
