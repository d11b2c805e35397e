"""Why a collaborator is not in a list, and what would have to change."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.graph import EcosystemGraph, Eligibility
from ecosystem_graph.graph.eligibility import why_no_part
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.results.made_list import MadeList
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking import CandidateFinder, Policy
from ecosystem_graph.ranking.explanation.comparison import Difference, differences
from ecosystem_graph.ranking.tie_breaking import by_gap_filled
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.tables.messages.wording import counted


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a collaborator is not in a partner's list.

    Attributes
    ----------
    partner_id, collaborator_id : str
    k : int
        Length of the list.
    barred : tuple of str
        Hard filters that exclude the pair, in words; the fields from `candidate` on are then empty.
    capacity : int or None
        Introductions the collaborator can take; once it is full it is missing from further lists,
        even where its score is high enough.
    places_taken : int
        How many of them are taken by introductions under way.
    candidate : bool
        Whether it is among the candidates that were scored.
    n_candidates : int
        Number of scored candidates that may be proposed.
    connected : bool
        Whether any evidence connects the two, if the number of candidates is not limited.
    score : float or None
    rank : int or None
        Its rank among the candidates by score; if it is no candidate, the rank it would have.
    last_id : str or None
        The last collaborator of the list; None if the list is not full.
    last_score : float or None
    differences : tuple of Difference
        Differences from the last of the list, by signal; they add up to the difference of scores.
    moved_out : bool
        Whether its score is high enough for the list that was made, and it is not in it.
    made : MadeList or None
        Its result in a run, or in lists made for this question; None if only the order of the score
        is considered.
    """

    partner_id: str
    collaborator_id: str
    k: int
    barred: tuple[str, ...] = ()
    capacity: int | None = None
    places_taken: int = 0
    candidate: bool = False
    n_candidates: int = 0
    connected: bool = False
    score: float | None = None
    rank: int | None = None
    last_id: str | None = None
    last_score: float | None = None
    differences: tuple[Difference, ...] = ()
    moved_out: bool = False
    made: MadeList | None = None

    @property
    def listed(self) -> bool:
        """Whether the collaborator is in the list."""
        if self.made is not None:
            return self.made.rank is not None
        return not self.barred and self.candidate and self.rank is not None and self.rank <= self.k

    @property
    def full(self) -> bool:
        """Whether the lists that were made use up its capacity."""
        if self.made is None or self.capacity is None:
            return False
        return self.made.lists_of_it + self.places_taken >= self.capacity


def why_not(
    lists: ListBuilder,
    partner: str,
    collaborator: str,
    k: int = 10,
    *,
    made: MadeList | None = None,
) -> WhyNot:
    """Say why a collaborator is not in a partner's list.

    Parameters
    ----------
    lists : ListBuilder
        Builder of the list.
    partner, collaborator : str
        Ids or exact names.
    k : int, default 10
        Length of the list, >= 1.
    made : MadeList, optional
        Its result in lists that were made; without it the answer considers the order of the score
        only, not reranking.

    Returns
    -------
    WhyNot

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph.
    """
    finder, room = lists.finder, lists.room
    graph = finder.features.graph
    source, target = (int(position) for position in graph.index.positions([partner, collaborator]))
    names = str(graph.index.ids[source]), str(graph.index.ids[target])
    capacity = None if room is None else int(room.capacity[target])
    taken = 0 if room is None else int(room.taken[target])
    known_too = lists.includes_known
    barred = (
        *_barred(graph, finder.eligibility, source, target, include_known=known_too),
        *lists.ledger.why_barred(graph, source, target, include_known=known_too),
        *_not_open(finder, target),
        *_masked(lists, source, target),
        *_full_before(_who(graph, target), capacity, taken),
        *_too_competitive(finder, lists.policy, source, target),
    )
    answer = WhyNot(*names, k, barred, capacity, taken, made=made)
    return answer if barred else _compared(answer, lists, source, target)


def _compared(answer: WhyNot, lists: ListBuilder, source: int, target: int) -> WhyNot:
    """The answer for a pair that may be proposed, with its rank and the last of the list."""
    finder, graph = lists.finder, lists.finder.features.graph
    sources, targets = np.array([source]), np.array([target])
    task = lists.task_of(source, target)
    scorer = lists.scorers[task]
    ranked = lists.best_of(sources, graph.n_partners, finder.n_scored)
    price, _ = lists.policy.terms(finder.features, sources, targets)
    score = float(scorer.log_odds(sources, targets)[0] + price[0])
    rank = 1 + int(_ahead(ranked, score, finder.features, source, target).sum())
    candidate = bool((ranked.targets == target).any())
    answer = replace(
        answer,
        candidate=candidate,
        n_candidates=len(ranked),
        connected=candidate or _connected(finder, source, target),
        score=score,
        rank=rank,
    )
    answer = replace(answer, moved_out=_moved_out(answer, ranked, graph))
    behind = _index_of_last(answer, ranked, graph)
    if behind is None:
        return answer
    last = int(ranked.targets[behind])
    answer = replace(
        answer,
        last_id=str(graph.index.ids[last]),
        last_score=float(ranked.scores[behind]),
    )
    if lists.task_of(source, last) != task:
        return answer
    return replace(answer, differences=differences(scorer, lists.policy, source, target, last))


def _ahead(
    ranked: RankedLists, score: float, features: GraphFeatures, source: int, target: int
) -> NDArray[np.bool_]:
    """Mask of the candidates that rank before a partner with a score."""
    order = by_gap_filled(
        features, np.append(ranked.sources, source), np.append(ranked.targets, target)
    )
    first = (order[:-1] < order[-1]) & (ranked.targets != target)
    ahead: NDArray[np.bool_] = (ranked.scores > score) | ((ranked.scores == score) & first)
    return ahead


def _moved_out(answer: WhyNot, ranked: RankedLists, graph: EcosystemGraph) -> bool:
    """Whether a list that was made is not full, or holds a partner of a lower rank by score."""
    made = answer.made
    if made is None or answer.listed or not made.asked_for or not answer.candidate:
        return False
    ahead = ranked.targets[: (answer.rank or 1) - 1]
    is_ahead = np.isin(graph.index.positions(made.listed), ahead)
    return len(made.listed) < answer.k or not is_ahead.all()


def _index_of_last(answer: WhyNot, ranked: RankedLists, graph: EcosystemGraph) -> int | None:
    """Index by score of the last of a full list, if a lower score is the reason; else None."""
    if answer.listed or answer.moved_out:
        return None
    if answer.made is None:
        full = len(ranked) >= answer.k and answer.rank is not None and answer.rank > answer.k
        return answer.k - 1 if full else None
    listed = np.isin(ranked.targets, graph.index.positions(answer.made.listed))
    full = answer.made.asked_for and len(answer.made.listed) >= answer.k and bool(listed.any())
    return int(np.flatnonzero(listed)[-1]) if full else None


def _barred(
    graph: EcosystemGraph,
    eligibility: Eligibility,
    source: int,
    target: int,
    *,
    include_known: bool,
) -> list[str]:
    """Hard filters that exclude a pair before scoring, in words."""
    reasons = [
        f"{_who(graph, partner)} {what}"
        for partner in (source, target)
        for what in why_no_part(graph, partner)
    ]
    sides = np.array([source]), np.array([target])
    if eligibility.family[source] == eligibility.family[target]:
        reasons.append("the two are of one family")
    if entries_at(eligibility.one_company, *sides)[0]:
        reasons.append("the two are likely one company: one name in one country (see aliases)")
    elif entries_at(eligibility.forbidden, *sides)[0]:
        reasons.append("the two are not to be paired (do_not_pair)")
    wins = int(entries_at(graph.joint_wins, *sides)[0])
    if wins and not include_known:
        reasons.append(
            f"the two know each other: {counted(wins, 'joint win')} so far "
            "(known collaborators are proposed where they are asked for)"
        )
    return reasons


def _not_open(finder: CandidateFinder, target: int) -> list[str]:
    """A reason, if a filter of the request excludes the partner."""
    if finder.open_to[target] or not finder.eligibility.takes_part[target]:
        return []
    who = _who(finder.features.graph, target)
    return [f"{who} is not among the collaborators asked for (by territory, type, tier, ...)"]


def _masked(lists: ListBuilder, source: int, target: int) -> list[str]:
    """A reason, if a pair rule or the requirement excludes the partner."""
    if lists.pair_mask is None or lists.pair_mask(np.array([source]), np.array([target]))[0]:
        return []
    graph = lists.finder.features.graph
    return [f"{_who(graph, target)} is left out by the requirement or by your own pair rule"]


def _full_before(who: str, capacity: int | None, taken: int) -> list[str]:
    """A reason, if introductions under way use up the capacity of a partner."""
    if capacity is None or taken < capacity:
        return []
    if capacity == 0:
        return [f"{who} takes no introductions"]
    return [f"{taken} of {capacity} places of {who} are taken by introductions under way"]


def _too_competitive(
    finder: CandidateFinder, policy: Policy, source: int, target: int
) -> list[str]:
    """A reason, if the competition of a pair exceeds the limit."""
    sides = np.array([source]), np.array([target])
    _, allowed = policy.terms(finder.features, *sides)
    if allowed[0]:
        return []
    share = float(SIGNALS["competition"].values(finder.features, *sides)[0])
    return [f"the competition of the two is {share:.0%}, more than {policy.max_competition:.0%}"]


def _connected(finder: CandidateFinder, source: int, target: int) -> bool:
    """Whether any evidence connects two partners, with all candidates kept."""
    features = finder.features
    unlimited = CandidateFinder(features, n_candidates=max(features.graph.n_partners, 1))
    return bool((unlimited.new(np.array([source])).targets == target).any())


def _who(graph: EcosystemGraph, partner: int) -> str:
    return str(graph.index.names[partner])
