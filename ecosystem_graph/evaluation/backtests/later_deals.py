"""Deals won after a cutoff, of which the other members are to be found: two tasks rank for them."""

from dataclasses import dataclass
from datetime import date

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.progress import Progress
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.training.requirement_set import LedDeals, led_deals
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.tables import Tables


@dataclass(frozen=True, eq=False, slots=True)
class LaterDeals:
    """A model that ranks for requirements and tells what wins, and the deals it is tested on."""

    ranker: tuple[RequirementRanker, AdditiveRanker]
    deals: LedDeals
    winning: Logit


def later_deals(
    tables: Tables, protocol: BacktestProtocol, model: FittedModel | None, progress: Progress
) -> LaterDeals:
    """The deals won after the cutoff that name a lead, another member and what they required.

    Parameters
    ----------
    tables : Tables
        Everything on record, later deals included.
    protocol : BacktestProtocol
    model : FittedModel or None
        One is fitted unless given.
    progress : Progress

    Returns
    -------
    LaterDeals

    Raises
    ------
    HistoryError
        If there are no such deals, too few before the cutoff to learn from, or the model was
        fitted on days after it.
    """
    protocol.check(model)
    graph = EcosystemGraph.from_tables(tables, protocol.cutoff)
    progress("model")
    model = model or protocol.fitted(tables, for_requirements=True)
    ranker = GraphRanker(model, graph).requirement_ranker
    until = protocol.until or date.max
    deals = led_deals(ranker[0].finder, tables, until, protocol.n_lists, protocol.rng())
    if deals is None:
        raise HistoryError(
            f"nothing to test on: no deal won after {protocol.cutoff} names a lead, another member "
            "and what it required."
        )
    return LaterDeals(ranker, deals, model.winning)
