"""Questions about one pair, answered by the model that would rank it."""

from datetime import date

from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending.choosing_model import recommender_for
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.why_not import WhyNot, why_not
from ecosystem_graph.tables import Tables


def explained(
    tables: Tables,
    partner: str,
    collaborator: str,
    *,
    as_of: date | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[Explanation, EcosystemGraph]:
    """One pair's score taken apart, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    as_of, model, seed
        As for :func:`~ecosystem_graph.recommending.batch.run`.

    Returns
    -------
    Explanation
    EcosystemGraph
        What it was seen on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    recommender, graph = _at_work(tables, partner, collaborator, as_of, model, seed)
    return recommender.explain(graph, partner, collaborator), graph


def absence_explained(
    tables: Tables,
    partner: str,
    collaborator: str,
    *,
    k: int = 10,
    max_competition: float | None = None,
    as_of: date | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[WhyNot, EcosystemGraph]:
    """Why a collaborator is not in a partner's list, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    k, max_competition, as_of, model, seed
        As for :func:`~ecosystem_graph.recommending.batch.run`.

    Returns
    -------
    WhyNot
    EcosystemGraph
        What it was seen on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    recommender, graph = _at_work(tables, partner, collaborator, as_of, model, seed)
    told = why_not(recommender, graph, partner, collaborator, k, max_competition=max_competition)
    return told, graph


def _at_work(
    tables: Tables,
    partner: str,
    collaborator: str,
    as_of: date | None,
    model: str | None,
    seed: int,
) -> tuple[Recommender, EcosystemGraph]:
    """The model and the graph it would rank two partners on, once it is sure that they are two."""
    graph = EcosystemGraph.from_tables(tables, as_of)
    source, target = graph.index.positions([partner, collaborator])
    if source == target:
        raise UnknownPartnerError(
            f"{partner!r} and {collaborator!r} are the same partner: name two that differ."
        )
    return recommender_for(tables, graph.as_of, model, seed)[0], graph
