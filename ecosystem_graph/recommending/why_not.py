"""Why somebody is not in a list, and what would have to be otherwise."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.graph import EcosystemGraph, Eligibility, Ledger
from ecosystem_graph.graph.sparse import entries_at
from ecosystem_graph.ranking import CandidateFinder, Policy
from ecosystem_graph.ranking.comparison import Difference, differences
from ecosystem_graph.recommending.capacity import Room
from ecosystem_graph.recommending.ranked import Ranked
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.signals import SIGNALS

#: What a partner is that takes no part, by the reason eligibility counts it under.
_STANDING = {
    "partners that opted out": "opted out",
    "partners not active": "is not active",
    "partners bound exclusively": "is bound exclusively to another",
}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a collaborator is not in a partner's list of new collaborators, by the score alone.

    Attributes
    ----------
    partner_id, collaborator_id : str
    k : int
        Length of the list.
    barred : tuple of str
        What keeps the pair out whatever its score, in words; nothing else is told then.
    capacity : int or None
        Introductions the collaborator can take; where it is full it misses lists it is good
        enough for.
    places_taken : int
        How many of them introductions under way have taken.
    candidate : bool
        Whether it is among the candidates that were scored.
    n_candidates : int
        How many there are, of those that may be proposed.
    connected : bool
        Whether any evidence leads from the partner to it, however many others it leads to before.
    score : float or None
    rank : int or None
        Its place among the candidates by score; the place it would have if it is none.
    last_id : str or None
        The last of the list; None where the list is not full.
    last_score : float or None
    differences : tuple of Difference
        What separates it from the last of the list; they add up to the difference of the scores.
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

    @property
    def listed(self) -> bool:
        """Whether it is in the list after all."""
        return not self.barred and self.candidate and self.rank is not None and self.rank <= self.k


def why_not(
    recommender: Recommender,
    graph: EcosystemGraph,
    partner: str,
    collaborator: str,
    k: int = 10,
    *,
    max_competition: float | None = None,
) -> WhyNot:
    """Say why a collaborator is not in a partner's list of new collaborators.

    Of the plain list, in the order of the score: what capacities and other wishes move is told by
    the rows they moved.

    Parameters
    ----------
    recommender : Recommender
    graph : EcosystemGraph
    partner, collaborator : str
        Ids or exact names.
    k : int, default 10
        Length of the list, >= 1.
    max_competition : float, optional
        As for :meth:`Recommender.recommend`.

    Returns
    -------
    WhyNot

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph.
    """
    source, target = (int(place) for place in graph.index.positions([partner, collaborator]))
    names = str(graph.index.ids[source]), str(graph.index.ids[target])
    finder = recommender.finder(graph)
    policy = Policy(recommender.competition_price, max_competition)
    ledger = Ledger.from_graph(graph)
    room = Room.of(graph, ledger)
    capacity = None if room is None else int(room.capacity[target])
    taken = 0 if room is None else int(room.taken[target])
    barred = [
        *_barred(graph, finder.eligibility, source, target),
        *ledger.why_barred(graph, source, target),
        *_full_before(_who(graph, target), capacity, taken),
        *_too_competitive(finder, policy, source, target),
    ]
    if barred:
        return WhyNot(*names, k, tuple(barred), capacity, taken)
    sources, targets = np.array([source]), np.array([target])
    scorer = recommender.scorer("new", graph)
    pairs, scores = scorer.candidates(sources)
    term, allowed = policy.terms(finder.evidence, pairs.sources, pairs.targets)
    allowed &= ledger.permits(pairs.sources, pairs.targets)
    if room is not None:
        allowed &= room.left[pairs.targets] > 0
    a, b, scores = pairs.sources[allowed], pairs.targets[allowed], (scores + term)[allowed]
    ranked = Ranked.best(a, b, scores, np.zeros(len(a), dtype=bool), k=max(len(a), 1))
    price, _ = policy.terms(finder.evidence, sources, targets)
    score = float(scorer.log_odds(sources, targets)[0] + price[0])
    ahead = (ranked.scores > score) | ((ranked.scores == score) & (ranked.targets < target))
    rank, last = int(ahead.sum()) + 1, min(k, len(ranked)) - 1
    candidate = bool((ranked.targets == target).any())
    behind = len(ranked) >= k and rank > k
    return WhyNot(
        *names,
        k,
        capacity=capacity,
        places_taken=taken,
        candidate=candidate,
        n_candidates=len(ranked),
        connected=candidate or _connected(finder, source, target),
        score=score,
        rank=rank,
        last_id=str(graph.index.ids[ranked.targets[last]]) if behind else None,
        last_score=float(ranked.scores[last]) if behind else None,
        differences=differences(scorer, policy, source, target, int(ranked.targets[last]))
        if behind
        else (),
    )


def _barred(graph: EcosystemGraph, eligibility: Eligibility, source: int, target: int) -> list[str]:
    """What keeps two partners apart before anything is scored."""
    reasons = [
        f"{_who(graph, partner)} {what}"
        for partner in (source, target)
        for reason, what in _STANDING.items()
        if eligibility.reasons[reason][partner]
    ]
    sides = np.array([source]), np.array([target])
    if eligibility.family[source] == eligibility.family[target]:
        reasons.append("the two are of one family")
    if entries_at(eligibility.forbidden, *sides)[0]:
        reasons.append("the two are not to be paired (do_not_pair)")
    wins = int(entries_at(graph.joint_wins, *sides)[0])
    if wins:
        reasons.append(
            f"the two know each other: {wins} joint {'win' if wins == 1 else 'wins'} so far "
            "(--include-known proposes such pairs)"
        )
    return reasons


def _full_before(who: str, capacity: int | None, taken: int) -> list[str]:
    """That a partner has no place left before any list is made."""
    if capacity is None or taken < capacity:
        return []
    if capacity == 0:
        return [f"{who} takes no introductions"]
    return [f"{taken} of {capacity} places of {who} are taken by introductions under way"]


def _too_competitive(
    finder: CandidateFinder, policy: Policy, source: int, target: int
) -> list[str]:
    sides = np.array([source]), np.array([target])
    _, allowed = policy.terms(finder.evidence, *sides)
    if allowed[0]:
        return []
    share = float(SIGNALS["competition"].values(finder.evidence, *sides)[0])
    return [f"the two compete in {share:.0%} of business, more than {policy.max_competition:.0%}"]


def _connected(finder: CandidateFinder, source: int, target: int) -> bool:
    """Whether any evidence leads from one partner to another when no list is ever cut."""
    evidence = finder.evidence
    everybody = CandidateFinder(evidence, n_candidates=max(evidence.graph.n_partners, 1))
    return bool((everybody.new(np.array([source])).targets == target).any())


def _who(graph: EcosystemGraph, partner: int) -> str:
    return str(graph.index.names[partner])
