"""A fitted model at work on one graph."""

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
from ecosystem_graph.ranking.without_history import by_gain_alone
from ecosystem_graph.recommending.fitted_model import FittedModel, candidate_finder
from ecosystem_graph.recommending.requests.absence import warn_of_those_without_part
from ecosystem_graph.recommending.requests.request import Request, ResolvedRequest
from ecosystem_graph.recommending.requests.requirement import Requirement, needs_of
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables.opening.forking import check_alive

#: Ten new collaborators for everybody.
EVERYBODY = Request()


class GraphRanker:
    """A fitted model at work on one graph: lists, explanations, and why somebody is not listed.

    It is made once and asked many times. What it works out is kept, and asking changes no answer,
    so any number of threads may share one.

    Parameters
    ----------
    model : FittedModel
    graph : EcosystemGraph

    Raises
    ------
    TypeError
        If one of them is something else.

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
        """The graph, and what signals derive from it."""
        return self.finder.features

    def lists(self, request: Request = EVERYBODY, *, progress: Progress = silent) -> Listing:
        """Ranked collaborators of every partner, or of those asked for.

        Of partners asked for that take no part a warning is logged that says why: opted out, not
        active, or bound exclusively.

        Parameters
        ----------
        request : Request, optional
            Ten new collaborators for everybody unless given.
        progress : Progress, optional
            Called with how many more partners are done.

        Returns
        -------
        Listing
            Rows, and what capacities made of the lists.

        Raises
        ------
        UnknownPartnerError
            If a partner it names is not in the graph.
        UnknownValueError
            If no partner has a territory, type, tier or country it names.
        RequirementError
            If there is no such deal, or nobody can serve the requirement.
        HistoryError
            If nothing is known yet to rank by, or nothing was learnt for what is asked.
        DataError
            If lists are to be reciprocal and nothing says what anybody needs.
        """
        check_kind("request", request, Request, "a Request")
        resolved = request.on(self.graph)
        builder = self.builder(resolved)
        sources = resolved.positions[builder.finder.eligibility.takes_part[resolved.positions]]
        if request.partners is not None:
            warn_of_those_without_part(self.graph, builder.finder.eligibility, request.partners)
        n_sources = len(sources)
        return listing(
            builder, sources, request.k, lambda done: progress("ranking", done, n_sources)
        )

    def explain(self, partner: str, collaborator: str, request: Request = EVERYBODY) -> Explanation:
        """Take one pair's score apart into contributions, with the evidence behind it.

        Parameters
        ----------
        partner, collaborator : str
            Ids or exact names.
        request : Request, optional
            Whether the pair may be proposed is said under its filters; with a deal or a
            requirement the score is that of joining its lead, who is the partner.

        Returns
        -------
        Explanation

        Raises
        ------
        UnknownPartnerError
            If one of them is not in the graph, or both are the same.
        HistoryError
            If too little was learnt to score the pair.
        """
        source, target = self._pair(partner, collaborator)
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
        request: Request = EVERYBODY,
        *,
        made: MadeList | None = None,
    ) -> WhyNot:
        """Say why a collaborator is not in a partner's list, and what would bring it there.

        Where the request reorders lists they are made; where it shares out places, those of
        everybody, which takes as long as all lists do.

        Parameters
        ----------
        partner, collaborator : str
            Ids or exact names.
        request : Request, optional
            What the list is asked with.
        made : MadeList, optional
            What became of the collaborator in lists that were made before; instead of making them.

        Returns
        -------
        WhyNot

        Raises
        ------
        UnknownPartnerError
            If one of them is not in the graph, or both are the same.
        """
        source, target = self._pair(partner, collaborator)
        builder = self._about_one(request, partner)
        asked = request.reranking
        if made is None and asked.requested():
            everybody = asked.capacity is not None or asked.exposure_price > 0
            sources = builder.sources(None if everybody else [partner])
            made = _made_now(builder, sources, request.k, source, target)
        return why_not(builder, partner, collaborator, request.k, made=made)

    def builder(self, resolved: ResolvedRequest) -> ListBuilder:
        """What builds the lists of a request, in positions."""
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
        policy = self.policy(request.max_competition)
        return ListBuilder(finder, scorers, policy, request.reranking, resolved.pair_mask)

    def scorer(self, task: Task) -> Scorer:
        """What was learnt for a task, at work on the graph.

        Raises
        ------
        HistoryError
            If there was too little history to learn it.
        """
        if task not in self._scorers:
            ranker = self.model.ranker(task)
            if not self.graph.adjacency.nnz:
                ranker = by_gain_alone(ranker)
            ranker = ranker.on(reference_scale(self.finder, task, ranker.names))
            scorer = Scorer(self.finder, ranker, task, self.model.calibrations.get(task))
            self._scorers.setdefault(task, scorer)
        return self._scorers[task]

    @cached_property
    def requirement_ranker(self) -> tuple[RequirementRanker, AdditiveRanker]:
        """What finds partners for requirements, and the weights that rank them.

        Raises
        ------
        HistoryError
            If nothing was learnt of requirements.
        """
        if self.model.requirement_ranker is None:
            raise HistoryError(
                "this model has not learnt to rank for a requirement: too few won deals with "
                "requirements name their lead, or it was not asked to. Learn from deals whose "
                "deal_partners rows say who led, or rank without a requirement."
            )
        weights = self.model.requirement_ranker
        ranker = RequirementRanker(self.finder, weights.names)
        return ranker, weights.on(ranker.usual_scale())

    def requirement_scorer(self, requirement: Requirement) -> RequirementScorer:
        """What scores the partners that could join the lead of a requirement."""
        ranker, weights = self.requirement_ranker
        return RequirementScorer(ranker, weights, needs_of(self.features, requirement))

    def policy(self, max_competition: float | None = None) -> Policy:
        """The model's price on competition, and a limit to it."""
        return Policy(self.model.params["competition_price"], max_competition)

    def _pair(self, partner: str, collaborator: str) -> tuple[int, int]:
        for name, value in (("partner", partner), ("collaborator", collaborator)):
            check_kind(name, value, str, "an id or a name")
        source, target = (int(one) for one in self.graph.index.positions([partner, collaborator]))
        if source == target:
            raise UnknownPartnerError(
                f"{partner!r} and {collaborator!r} are the same partner: name two that differ."
            )
        return source, target

    def _about_one(self, request: Request, partner: str) -> ListBuilder:
        """What builds one partner's list, who leads where the list is for a requirement."""
        partners = (partner,) if request.for_requirement else None
        return self.builder(replace(request, partners=partners, changed_since=None).on(self.graph))


def _made_now(
    builder: ListBuilder, sources: NDArray[np.intp], k: int, source: int, target: int
) -> MadeList:
    """Make the lists of some partners, and look at one of them."""
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
