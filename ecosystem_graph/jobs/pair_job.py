"""Explanations of one pair from tables, by the model that would rank it."""

from datetime import date
from pathlib import Path

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.made_run import MadeRun
from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending.graph_ranker import DEFAULT_REQUEST, GraphRanker, pair_of
from ecosystem_graph.recommending.model_source import choose_model
from ecosystem_graph.recommending.requests.absence import require_facts
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.tables import Tables


def explain_pair(
    tables: Tables,
    partner: str,
    collaborator: str,
    request: Request = DEFAULT_REQUEST,
    *,
    as_of: date | str | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[Explanation, EcosystemGraph]:
    """Explain the score of one pair, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    request : Request, optional
        As for :meth:`GraphRanker.explain`.
    as_of, model, seed
        As for :func:`~ecosystem_graph.jobs.recommend_job.run`.

    Returns
    -------
    Explanation
    EcosystemGraph
        The graph it was ranked on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    graph = EcosystemGraph.from_tables(tables, as_of)
    pair_of(graph, partner, collaborator)  # fail before a model is fitted
    chosen = choose_model(
        tables, graph.as_of, model, seed=seed, for_requirements=request.for_requirement
    )
    return GraphRanker(chosen.model, graph).explain(partner, collaborator, request), graph


def why_not_listed(
    tables: Tables,
    partner: str,
    collaborator: str,
    request: Request = DEFAULT_REQUEST,
    *,
    run: Path | None = None,
    as_of: date | str | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[WhyNot, EcosystemGraph]:
    """Explain why a collaborator is not in a partner's list, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    request : Request, optional
        Request that the list is made for. With a capacity or a price on exposure the lists of all
        partners are made, because they depend on each other.
    run : Path, optional
        Folder of a run: its request and its lists are used instead.
    as_of, model, seed
        As for :func:`~ecosystem_graph.jobs.recommend_job.run`. With `run`, a model must be named
        only if it is neither a shipped one nor fitted to the tables.

    Returns
    -------
    WhyNot
    EcosystemGraph
        The graph it was ranked on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    ArtifactError
        If the folder is not a run, or was made on other tables or with another model.
    """
    written = None if run is None else MadeRun.read(run, tables)
    if written is not None:
        tables = tables.without_roles(written.ignored_roles)
        request, as_of, seed = written.request(), written.as_of, written.seed
        model = model or written.model
    graph = EcosystemGraph.from_tables(tables, as_of)
    source, target = pair_of(graph, partner, collaborator)
    require_facts(graph)
    chosen = choose_model(
        tables, graph.as_of, model, seed=seed, for_requirements=request.for_requirement
    )
    made = None
    if written is not None:
        written.check_model(chosen.model.digest())
        made = written.list_of(str(graph.index.ids[source]), str(graph.index.ids[target]))
    ranker = GraphRanker(chosen.model, graph)
    return ranker.why_not(partner, collaborator, request, made=made), graph
