"""Facts about one pair that stand behind its score: trust, satisfaction, rivalry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.signals import SIGNALS, GraphFeatures, PairFeatures
from ecosystem_graph.signals.competition.competition import competition, head_on, standing_in
from ecosystem_graph.signals.competition.contested import contested_labels, substitute_labels

#: Contested cells that are named.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Trust:
    """Trust of one partner in another, and the evidence for it.

    Attributes
    ----------
    mean : float
        Expected share of joint deals that the two win, 0..1.
    wins, losses : float
        Their own outcomes, weighted by team size and age.
    hearsay : float
        Equivalent wins from what shared collaborators vouch for.
    prior_wins, prior_losses : float
        Prior outcomes, assumed of a pair without a record.
    propagated : float
        Share of the trust propagated from the partner along its ties that reaches the
        collaborator, 0..1.
    """

    mean: float
    wins: float
    losses: float
    hearsay: float
    prior_wins: float
    prior_losses: float
    propagated: float


@dataclass(frozen=True, slots=True)
class Belief:
    """Estimated satisfaction with a partner: mean and lower bound, 0..1."""

    mean: float
    low: float
    n_responses: int


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Where two partners compete.

    Attributes
    ----------
    competition : float
        0..1, what `max_competition` limits.
    share, share_of_collaborator : float
        Of the business of either, the part done in market cells where the other sells too, 0..1,
        less where few lines of business tell of it.
    lines, lines_of_collaborator : float
        Lines of business on record of either, that the shares rest on.
    opposite_sides : float
        Chance that the two are rivals, from tenders one won and the other lost, 0..1.
    substitutes : float
        How far the two are of kinds that hardly ever win together, 0..1.
    instead : str or None
        Those kinds, their joint wins, and how many were to be expected.
    contested : tuple of str
        Cells where the two meet among what they would bring, as `product @ territory`.
    """

    competition: float
    share: float
    share_of_collaborator: float
    lines: float
    lines_of_collaborator: float
    opposite_sides: float
    substitutes: float
    instead: str | None
    contested: tuple[str, ...]


def trust(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> Trust | None:
    """Trust of one source in one target, taken apart; None where nobody won or lost together."""
    relationships = features.relationships
    if not relationships.known:
        return None
    pairs = PairFeatures(features, sources, targets)
    wins, losses = relationships.record(sources, targets)
    prior = relationships.prior
    return Trust(
        mean=float(pairs.trust[0]),
        wins=float(wins[0]),
        losses=float(losses[0]),
        hearsay=float(relationships.indirect_wins(pairs.shared.vouched[0])),
        prior_wins=prior.wins,
        prior_losses=prior.losses,
        propagated=float(SIGNALS["propagated_trust"].of(pairs)[0]),
    )


def belief(features: GraphFeatures, partner: int) -> Belief | None:
    """Satisfaction with one partner; None without any survey response about any partner."""
    believed = features.satisfaction
    if not believed.known:
        return None
    n_responses = int(believed.n_responses[partner])
    return Belief(float(believed.mean[partner]), float(believed.low[partner]), n_responses)


def rivalry(
    features: GraphFeatures, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> Rivalry | None:
    """Competition of one source and one target; None where nobody's offerings are known."""
    markets = features.markets
    if not markets.known:
        return None
    cells = contested_labels(features, sources, targets, _NAMED)
    return Rivalry(
        competition=float(competition(markets, sources, targets)[0]),
        share=float(head_on(markets, sources, targets)[0]),
        share_of_collaborator=float(head_on(markets, targets, sources)[0]),
        lines=float(markets.lines[sources][0]),
        lines_of_collaborator=float(markets.lines[targets][0]),
        opposite_sides=float(entries_at(markets.against, sources, targets)[0]),
        substitutes=float(standing_in(markets, sources, targets)[0]),
        instead=substitute_labels(features, sources, targets)[0],
        contested=tuple(cells.to_list()[0]),
    )
