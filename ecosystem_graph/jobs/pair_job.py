"""Questions about one pair, answered by the model that would rank it."""

from datetime import date
from pathlib import Path

from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.jobs.made_run import MadeRun
from ecosystem_graph.lists.made_list import MadeList
from ecosystem_graph.lists.why_not import WhyNot, why_not
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending.model_source import recommender_for, weights_digest
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.request import Question, asked_on
from ecosystem_graph.tables import Tables

#: The ten best by score, among everybody that is new.
PLAINLY = Question()


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
        As for :func:`~ecosystem_graph.jobs.recommend_job.run`.

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
    question: Question = PLAINLY,
    run: Path | None = None,
    as_of: date | None = None,
    model: str | None = None,
) -> tuple[WhyNot, EcosystemGraph]:
    """Why a collaborator is not in a partner's list, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    question : Question, optional
        What the list is asked with. Where a capacity or a price on exposure is among it, the lists
        of everybody are made, for they share out places.
    run : Path, optional
        Instead: a run that was written. What it was asked, and what came of it, is answered by.
    as_of, model
        As for :func:`~ecosystem_graph.jobs.recommend_job.run`; of a run, only a model that does
        not ship and was not learnt from the tables has to be named.

    Returns
    -------
    WhyNot
    EcosystemGraph
        What it was seen on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    ArtifactError
        If the run is none, was made on other tables or with another model.
    """
    written = None if run is None else MadeRun.read(run, tables)
    if written is not None:
        tables = tables.without_roles(written.ignored_roles)
        question, as_of = written.question(), written.as_of
        model = model or written.model
    recommender, graph = _at_work(tables, partner, collaborator, as_of, model, question.seed)
    asked = asked_on(graph, tables, question)
    if written is not None:
        written.check_model(weights_digest(recommender))
    lists = recommender.lists(
        recommender.finder(graph, open_to=asked.open_to),
        include_known=question.include_known,
        max_competition=question.max_competition,
        wishes=question.wishes,
    )
    source, target = (int(place) for place in graph.index.positions([partner, collaborator]))
    made = None
    if written is not None:
        made = written.list_of(str(graph.index.ids[source]), str(graph.index.ids[target]))
    elif question.wishes.asked():
        everybody = question.wishes.capacity is not None or question.wishes.exposure_price > 0
        who = lists.sources(None if everybody else [partner])
        made = MadeList.made_now(lists, who, question.k, source, target)
    return why_not(lists, partner, collaborator, question.k, made=made), graph


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
