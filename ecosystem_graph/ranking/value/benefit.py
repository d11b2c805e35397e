"""Benefit of an introduction: what two partners would be better at together than one alone."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit

from ecosystem_graph.arrays.csr import entries_at, row_of_entries, tidy
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.arrays.value_kernels import mean_chances
from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.ranking.value.accepting import acceptance_terms
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import worth
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.signals.demand.complementarity import gain, met_already
from ecosystem_graph.signals.demand.partner_demand import needs_by_partner

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: Log-odds of a score per log-odds of winning that an introduction is expected to add. Chosen on
#: the frontier of planted value against nDCG of history (docs/benchmarks/value.md).
UPLIFT_WEIGHT: Final = 6.0

#: Gaps of a partner through which candidates are looked up, the ones most in demand.
_WIDEST_GAPS = 16

#: Standard normal quantile of a 90 % interval.
_NINETY = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Uplift:
    """What introductions add to the probability of winning, in points from -1 to 1.

    Attributes
    ----------
    mean, low, high : ndarray of shape (n_pairs,)
        Expected value and 90 % interval, by the uncertainty of the weights of winning.
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Benefit:
    """Models of winning and of accepting at work on one graph.

    The needs of a partner
    (:func:`~ecosystem_graph.signals.demand.partner_demand.needs_by_partner`) stand for the deals it
    goes for: each capability is a deal that requires it, by its share. The benefit of an
    introduction is the probability that it is accepted times the log-odds of winning such deals
    together less those of winning them alone.

    Attributes
    ----------
    features : GraphFeatures
    winning : Logit
        Log-odds that a team wins a deal.
    accepting : Logit
        Log-odds that an introduction is accepted.
    """

    features: GraphFeatures
    winning: Logit
    accepting: Logit

    @property
    def known(self) -> bool:
        """Whether anything says what is required of partners."""
        return bool(self.needs.nnz)

    @cached_property
    def needs(self) -> csr_array:
        """Shares of what each partner's deals require, (n_partners, n_capabilities)."""
        return needs_by_partner(self.features.graph, self.features.half_life_days)

    @cached_property
    def worth(self) -> csr_array:
        """Log-odds that each capability adds, by who holds it, (n_partners, n_capabilities)."""
        return worth(self.winning, self.features.graph.held)

    @cached_property
    def met(self) -> csr_array:
        """Log-odds that each partner's own capabilities add to its needs, stored as those are."""
        return met_already(self.needs, self.worth)

    @cached_property
    def lookup(self) -> tuple[csr_array, csr_array]:
        """Sparse factors whose product ranks partners by the benefit they are likely to bring.

        The widest gaps of each partner, (n_partners, n_capabilities), and the log-odds that a
        partner adds to a deal that requires a capability, (n_capabilities, n_partners).
        """
        features = self.features
        gaps = self.needs.copy()
        gaps.data = np.where(self.met.data > 0, 0.0, gaps.data)
        adds = self.worth.copy()
        quality = self.winning.weight("satisfaction") * features.satisfaction.above_average / 2
        adds.data = np.maximum(adds.data + quality[row_of_entries(adds)], 0.0)
        return largest_per_row(tidy(gaps), _WIDEST_GAPS), tidy(csr_array(adds.T))

    def changes(self, sources: Positions, targets: Positions) -> dict[str, Floats]:
        """Change of each term of winning, in its own unit, when the target joins the source.

        The change of coverage is in log-odds: its weights depend on the evidence.
        """
        covered = gain(self.needs, self.worth, sources, targets, self.met)
        return {"coverage": covered, **self._changes_beside_coverage(sources, targets)}

    def _changes_beside_coverage(self, sources: Positions, targets: Positions) -> dict[str, Floats]:
        """Changes of the terms that do not depend on what is required."""
        features = self.features
        belief = features.satisfaction.above_average
        together = entries_at(features.graph.joint_wins, sources, targets)
        return {
            "satisfaction": (belief[targets] - belief[sources]) / 2,
            "trust": np.log1p(together),
            "competition": SIGNALS["competition"].values(features, sources, targets),
            "size": np.full(len(sources), np.log(2.0)),
        }

    def acceptance(self, sources: Positions, targets: Positions) -> Floats:
        """Probability that an introduction of each pair is accepted, 0..1."""
        if not self.accepting.names:
            return np.full(len(sources), float(expit(self.accepting.intercept)))
        return self.accepting.probability(acceptance_terms(self.features, sources, targets))

    def terms(self, sources: Positions, targets: Positions, weight: float) -> dict[str, Floats]:
        """What each term adds to the score of each pair, on the grid of scores.

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.
        weight : float
            Log-odds of a score per log-odds of winning, > 0.

        Returns
        -------
        dict of str to ndarray of shape (n_pairs,)
            Log-odds: the change of the term, times its weight, the probability of acceptance and
            `weight`.
        """
        accepted = weight * self.acceptance(sources, targets)
        changes = self.changes(sources, targets)
        return {
            name: on_grid(accepted * self._weight(name) * change)
            for name, change in changes.items()
        }

    def uplift(self, sources: Positions, targets: Positions) -> Uplift:
        """What introducing each target adds to the probability that the source wins a deal.

        The probability of acceptance times the mean over the demand of the source of the
        probability of winning together less that of winning alone. The interval is that of the
        delta method.

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions; the pairs.

        Returns
        -------
        Uplift
        """
        changes = self._changes_beside_coverage(sources, targets)
        names = tuple(changes)
        added = np.stack(list(changes.values()), axis=1)
        weights = np.array([self._weight(name) for name in names])
        own = self.features.satisfaction.above_average[sources]
        alone = self.winning.intercept + self._weight("satisfaction") * own
        chances = mean_chances(
            self.needs,
            self.met,
            self.worth,
            (sources, targets),
            alone,
            alone + added @ weights,
        )
        # By the intercept, by the size of all weights of coverage, and by the other weights.
        slopes = [chances.slope_both - chances.slope_alone]
        slopes.append(chances.slope_covered_both - chances.slope_covered_alone)
        totals = added.copy()
        totals[:, 0] += own
        before = np.zeros_like(added)
        before[:, 0] = own
        slopes += list((chances.slope_both * totals.T) - (chances.slope_alone * before.T))
        gradient = np.stack(slopes, axis=1)
        accepted = self.acceptance(sources, targets)
        mean = accepted * (chances.both - chances.alone)
        variance = np.einsum("ij,jk,ik->i", gradient, self._covariance(names), gradient)
        margin = _NINETY * accepted * np.sqrt(np.maximum(variance, 0.0))
        return Uplift(mean, mean - margin, mean + margin)

    def _weight(self, name: str) -> float:
        """Weight of a term; coverage is in log-odds already."""
        return 1.0 if name == "coverage" else self.winning.weight(name)

    def _covariance(self, names: tuple[str, ...]) -> Floats:
        """Covariance of the intercept, of coverage as a whole (as a factor), and of some terms."""
        model = self.winning
        places = {name: place + 1 for place, name in enumerate(model.names)}
        levels = [place for name, place in places.items() if name.startswith("covered")]
        into = np.zeros((2 + len(names), len(model.names) + 1))
        into[0, 0] = 1.0
        total = sum(model.coefficients[place - 1] for place in levels)
        into[1, levels] = 1.0 / total if total > 0 else 0.0
        for row, name in enumerate(names, start=2):
            into[row, places[name]] = 1.0
        covariance: Floats = into @ model.covariance @ into.T
        return covariance
