"""A fitted model applied to one graph."""

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arguments import check_kind
from ecosystem_graph.errors import HistoryError, UnknownPartnerError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.listing import Listing, listing
from ecosystem_graph.lists.results.made_list import MadeList
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.lists.why_not import WhyNot, why_not
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.ranking import (
    AdditiveRanker,
    Explanation,
    Policy,
    Scorer,
    Task,
    pair_explanation,
    reference_scale,
)
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.requirements.requirement_scorer import RequirementScorer
from ecosystem_graph.ranking.scorer import PairScorer
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.recommending.fitted_model import FittedModel, candidate_finder
from ecosystem_graph.recommending.requests.absence import warn_without_part
from ecosystem_graph.recommending.requests.request import Request, ResolvedRequest
from ecosystem_graph.recommending.requests.requirement import Requirement, needs_of
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables.opening.forking import check_alive

#: Ten new collaborators for every partner.
DEFAULT_REQUEST = Request()


class GraphRanker:
    """A fitted model applied to one graph: lists, explanations, and why a partner is not listed.

    It is made once for a graph and serves many requests. Intermediate results are cached, and no
    request changes the result of another, so any number of threads may share one.

    Parameters
    ----------
    model : FittedModel
    graph : EcosystemGraph

    Raises
    ------
    TypeError
        If one of them is of another type.

    Examples
    --------
    >>> import ecosystem_graph as eg
    >>> graph = eg.EcosystemGraph.from_tables(eg.load_dataset("channel-demo"))
    >>> ranker = eg.GraphRanker(eg.load_model("default"), graph)
    >>> lists = ranker.lists(eg.Request(partners=["p-0042"], k=3)).rows
    >>> lists["rank"].to_list()
    [1, 2, 3]
    """

    def __init__(self, model: FittedModel, graph: EcosystemGraph) -> None:
        check_kind("model", model, FittedModel, "a FittedModel, by load_model or Recommender.fit")
        check_kind(
            "graph", graph, EcosystemGraph, "an EcosystemGraph, by EcosystemGraph.from_tables"
        )
        check_alive()
        self.model = model
        self.graph = graph
        self.finder = candidate_finder(model.params, graph)
        self._scorers: dict[Task, Scorer] = {}

    def __repr__(self) -> str:
        return f"GraphRanker of {self.model!r} on {self.graph!r}"

    @property
    def features(self) -> GraphFeatures:
        """The graph and the features that signals use."""
        return self.finder.features

    def lists(self, request: Request = DEFAULT_REQUEST, *, progress: Progress = silent) -> Listing:
        """Ranked collaborators of every partner, or of the requested partners.

        If requested partners take no part, a warning with the reason of each is logged: opted out,
        not active, or bound exclusively.

        Parameters
        ----------
        request : Request, optional
            By default ten new collaborators for every partner.
        progress : Progress, optional
            Called with how many more partners are done.

        Returns
        -------
        Listing
            Rows, and the effect of capacities on the lists.

        Raises
        ------
        UnknownPartnerError
            If a partner in the request is not in the graph.
        UnknownValueError
            If no partner has a territory, type, tier or country of the request.
        RequirementError
            If there is no such deal, or no partner can serve the requirement.
        HistoryError
            If nothing to rank by is known before the graph's day, or the model has no ranker for
            the request.
        DataError
            If lists are to be reciprocal and the tables state no needs.
        """
        check_kind("request", request, Request, "a Request")
        resolved = request.on(self.graph)
        builder = self.builder(resolved)
        sources = resolved.positions[builder.finder.eligibility.takes_part[resolved.positions]]
        if request.partners is not None:
            warn_without_part(self.graph, builder.finder.eligibility, request.partners)
        n_sources = len(sources)
        return listing(
            builder, sources, request.k, lambda done: progress("ranking", done, n_sources)
        )

    def explain(
        self, partner: str, collaborator: str, request: Request = DEFAULT_REQUEST
    ) -> Explanation:
        """Explain the score of one pair: contributions of the signals, and the evidence.

        Parameters
        ----------
        partner, collaborator : str
            Ids or exact names.
        request : Request, optional
            Its filters decide whether the pair may be proposed; with a deal or a requirement the
            score is that of joining its lead, which is the partner.

        Returns
        -------
        Explanation

        Raises
        ------
        UnknownPartnerError
            If one of them is not in the graph, or both are the same.
        HistoryError
            If the model has no ranker for the pair.
        """
        source, target = pair_of(self.graph, partner, collaborator)
        known = bool(self.graph.adjacency[source, target])
        builder = self._about_one(replace(request, include_known=known), partner)
        sides = np.array([source]), np.array([target])
        permitted = builder.finder.permits(*sides)
        permitted &= builder.ledger.permits(*sides, include_known=known)
        if builder.pair_mask is not None:
            permitted &= builder.pair_mask(*sides)
        scorer = builder.scorers[builder.task_of(source, target)]
        return pair_explanation(
            scorer, builder.policy, source, target, permitted=bool(permitted[0])
        )

    def why_not(
        self,
        partner: str,
        collaborator: str,
        request: Request = DEFAULT_REQUEST,
        *,
        made: MadeList | None = None,
    ) -> WhyNot:
        """Explain why a collaborator is not in a partner's list.

        If the request reorders lists, the list is made. If it has a capacity or a price on
        exposure, the lists of all partners are made, which takes as long as a full run.

        Parameters
        ----------
        partner, collaborator : str
            Ids or exact names.
        request : Request, optional
            Request that the list is made for.
        made : MadeList, optional
            Result for the collaborator in lists that were made before, instead of making them.

        Returns
        -------
        WhyNot

        Raises
        ------
        UnknownPartnerError
            If one of them is not in the graph, or both are the same.
        """
        source, target = pair_of(self.graph, partner, collaborator)
        builder = self._about_one(request, partner)
        reranking = request.reranking
        if made is None and reranking.requested():
            all_partners = reranking.capacity is not None or reranking.exposure_price > 0
            sources = builder.sources(None if all_partners else [partner])
            made = _made_now(builder, sources, request.k, source, target)
        return why_not(builder, partner, collaborator, request.k, made=made)

    def builder(self, resolved: ResolvedRequest) -> ListBuilder:
        """Builder of the lists of a request."""
        request, finder = resolved.request, self.finder
        if resolved.open_to is not None:
            finder = finder.open_only_to(resolved.open_to)
        scorers: dict[str, PairScorer] = {}
        if resolved.requirement is not None:
            scorers["requirement"] = self.requirement_scorer(resolved.requirement)
        else:
            scorers["new"] = self.scorer("new")
            if request.include_known:
                scorers["repeat"] = self.scorer("repeat")
        policy = self.policy(request.max_competition, request.uplift_weight)
        if resolved.requirement is not None:
            policy = replace(policy, benefit=None)
        return ListBuilder(finder, scorers, policy, request.reranking, resolved.pair_mask)

    def scorer(self, task: Task) -> Scorer:
        """Scorer of pairs for a task, on the graph.

        Raises
        ------
        HistoryError
            If the model has no ranker for the task.
        """
        if task not in self._scorers:
            ranker = self.model.ranker(task)
            if not self.graph.adjacency.nnz:
                ranker = ranker.without_history()
            ranker = ranker.on(reference_scale(self.finder, task, ranker.names))
            scorer = Scorer(self.finder, ranker, task, self.model.calibrations.get(task))
            self._scorers.setdefault(task, scorer)
        return self._scorers[task]

    @cached_property
    def requirement_ranker(self) -> tuple[RequirementRanker, AdditiveRanker]:
        """Candidates of requirements, and the weights that rank them.

        Raises
        ------
        HistoryError
            If the model has no ranker for requirements.
        """
        if self.model.requirement_ranker is None:
            raise HistoryError(
                "this model has not learnt to rank for a requirement: it was fitted without "
                "for_requirements, or too few won deals with requirements name their lead. Fit it "
                "on deals whose deal_partners rows have a leading role, or rank without a "
                "requirement."
            )
        weights = self.model.requirement_ranker
        ranker = RequirementRanker(self.finder, weights.names)
        return ranker, weights.on(ranker.usual_scale())

    def requirement_scorer(self, requirement: Requirement) -> RequirementScorer:
        """Scorer of the partners that could join the lead of a requirement."""
        ranker, weights = self.requirement_ranker
        return RequirementScorer(ranker, weights, needs_of(self.features, requirement))

    def policy(
        self, max_competition: float | None = None, uplift_weight: float | None = None
    ) -> Policy:
        """Policy with the model's price on competition and weight of benefit, and a limit."""
        params = self.model.params
        weight = params["uplift_weight"] if uplift_weight is None else uplift_weight
        return Policy(params["competition_price"], max_competition, self.benefit, weight)

    @cached_property
    def benefit(self) -> Benefit:
        """What introductions add, on the graph."""
        return Benefit(self.features, self.model.winning, self.model.accepting)

    def _about_one(self, request: Request, partner: str) -> ListBuilder:
        """Builder of one partner's list; for a requirement the partner is its lead."""
        partners = (partner,) if request.for_requirement else None
        return self.builder(replace(request, partners=partners, changed_since=None).on(self.graph))


def pair_of(graph: EcosystemGraph, partner: str, collaborator: str) -> tuple[int, int]:
    """Positions of two partners that differ, named by id or exact name.

    Raises
    ------
    TypeError
        If one of them is not text.
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    for name, value in (("partner", partner), ("collaborator", collaborator)):
        check_kind(name, value, str, "an id or a name")
    source, target = (int(one) for one in graph.index.positions([partner, collaborator]))
    if source == target:
        raise UnknownPartnerError(
            f"{partner!r} and {collaborator!r} are the same partner: name two that differ."
        )
    return source, target


def _made_now(
    builder: ListBuilder, sources: NDArray[np.intp], k: int, source: int, target: int
) -> MadeList:
    """Make the lists of some partners, and return the result for one pair."""
    lists = RankedLists.joined(builder.pools(sources, k))
    if builder.allocates_jointly:
        lists, _ = builder.settled(lists, k)
    ids = builder.finder.features.graph.index.ids
    own = np.flatnonzero(lists.sources == source)
    listed = own[lists.targets[own] == target]
    return MadeList(
        None,
        bool(np.isin(source, sources)),
        tuple(ids[lists.targets[own]].tolist()),
        int(lists.ranks[listed[0]]) if len(listed) else None,
        tuple(by for by, moved in lists.moved.items() if len(listed) and moved[listed[0]]),
        int((lists.targets == target).sum()),
        len(np.unique(lists.sources)),
    )
