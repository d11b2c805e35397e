"""Shrinkage: means of small samples pulled towards those of their peers, by a hierarchical model.

An observation differs from its partner's true quality, a partner from its region, a region from the
ecosystem, all normally. Three variances, estimated from all partners, say how far to shrink.
"""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.arrays.typing import Positions, Values

#: Observations that the expected variance counts as, so that few equal ones do not make it 0.
_PRIOR_OBSERVATIONS = 4.0

#: Without any observation: the uniform distribution from 0 to 1.
_UNKNOWN_MEAN, _UNKNOWN_VARIANCE = 0.5, 1.0 / 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Observations, each about one partner.

    Attributes
    ----------
    partner : ndarray of shape (n_observations,)
        Positions.
    value : ndarray of shape (n_observations,)
        0..1.
    decay : ndarray of shape (n_observations,)
        Weight left of it at its age, in (0, 1].
    size : ndarray of shape (n_observations,)
        Observations it is the mean of, > 0; its variance is that of one divided by this.
    """

    partner: Positions
    value: Values
    decay: Values
    size: Values

    def means(self, n_partners: int) -> tuple[Values, Values]:
        """Mean of each partner's observations, 0 where it has none, and their effective number.

        That number is the sum of the weights ``decay * size``: old observations are discounted,
        not only outweighed, so that a partner with old ones alone fades to its peers (power
        prior: Ibrahim, J. G., Chen, M.-H. (2000). Statistical Science 15(1).
        doi:10.1214/ss/1009212673).

        Examples
        --------
        >>> both, one = np.array([0, 0]), np.ones(2)
        >>> Sample(both, np.array([0.4, 1.0]), np.array([0.5, 1.0]), one).means(n_partners=1)
        (array([0.8]), array([1.5]))
        """
        return _means(self.value, self.decay * self.size, self.partner, n_partners)


@dataclass(frozen=True, slots=True)
class Variances:
    """Variances of values between 0 and 1 at each level; all > 0.

    The defaults are what to expect of satisfaction without any data: customers of one partner
    differ by a standard deviation of one point on a scale from 1 to 5, partners by 0.4, regions by
    0.2 (averages of whole programs lie around 4.4, and most partners' between 4.0 and 4.8).

    Attributes
    ----------
    customers : float
        Between single observations of one partner.
    partners : float
        Between the true qualities of partners of one region.
    regions : float
        Between regions.
    """

    customers: float = 0.25**2
    partners: float = 0.10**2
    regions: float = 0.05**2


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Posterior mean and variance of each partner, and posterior mean of its region."""

    mean: Values
    variance: Values
    peer_mean: Values


def variance_components(sample: Sample, regions: Positions) -> Variances:
    """Variances between observations of a partner, partners of a region, and regions.

    Level by level, by :func:`within_variance` and, twice, :func:`between_variance`, each of which
    adds a few observations of the expected variance: the default one, scaled to the total spread of
    the sample. A partner's mean has noise
    ``customers * sum w decay / (sum w)**2`` with ``w = decay * size``: age lowers the
    weight of an observation, but does not make it noisier.

    Parameters
    ----------
    sample : Sample
    regions : ndarray of shape (n_partners,)
        Position of each partner's region.

    Returns
    -------
    Variances
        The default ones without any observation.
    """
    expected, n_partners = _expected(sample), len(regions)
    customers = within_variance(sample, expected.customers)
    mean, weight = sample.means(n_partners)
    doubled = _totals(sample.decay**2 * sample.size, sample.partner, n_partners)
    seen = weight > 0
    mean, noise, regions = mean[seen], customers * doubled[seen] / weight[seen] ** 2, regions[seen]
    partners = between_variance(mean, noise, regions, expected.partners)
    mean, precision = _means(mean, 1.0 / (partners + noise), regions, _count(regions))
    mean, precision = mean[precision > 0], precision[precision > 0]
    everywhere = np.zeros(len(mean), dtype=np.intp)
    between = between_variance(mean, 1.0 / precision, everywhere, expected.regions)
    return Variances(customers, partners, between)


def _expected(sample: Sample) -> Variances:
    default = Variances()
    each = default.customers / sample.size + default.partners + default.regions
    one_group = np.zeros(len(each), dtype=np.intp)
    scale = within_variance(Sample(one_group, sample.value, sample.decay, 1.0 / each), 1.0)
    return Variances(scale * default.customers, scale * default.partners, scale * default.regions)


def within_variance(sample: Sample, expected: float) -> float:
    """Variance of single observations around the mean of their partner, pooled over partners.

    With weights ``w = decay * size`` and weighted means m, the sum of ``w (x - m)**2`` is expected
    to be the variance times ``freedom = sum decay - sum w decay / sum w`` of each partner: k - 1
    where all weights are 1. Four observations of the expected variance are added to both, so that
    it is never 0.

    Parameters
    ----------
    sample : Sample
    expected : float
        Variance to expect, > 0.

    Returns
    -------
    float
        > 0.

    References
    ----------
    Method of moments: Searle, S. R., Casella, G., McCulloch, C. E. (1992). Variance Components,
    chapter 3. A prior that keeps off zero: Chung, Y., et al. (2013). Psychometrika 78(4).
    doi:10.1007/s11336-013-9328-2

    Examples
    --------
    >>> partner, one = np.repeat([0, 1], 99), np.ones(198)
    >>> sample = Sample(partner, np.tile([0.0, 0.5, 1.0], 66), one, one)
    >>> round(within_variance(sample, expected=0.1), 4)
    0.167
    """
    partner, decay, weight = sample.partner, sample.decay, sample.decay * sample.size
    n_partners = _count(partner)
    mean, total = sample.means(n_partners)
    doubled = _ratio(_totals(weight * decay, partner, n_partners), total)
    # Rounding may leave a partner with one observation -1e-16 degrees of freedom.
    freedom = max(float(decay.sum() - doubled.sum()), 0.0)
    squares = float(weight @ (sample.value - mean[partner]) ** 2)
    return (squares + _PRIOR_OBSERVATIONS * expected) / (freedom + _PRIOR_OBSERVATIONS)


def between_variance(values: Values, noise: Values, groups: Positions, expected: float) -> float:
    """Variance of true values around the mean of their group, beyond the noise of each.

    The v that explains the spread together with the noise: the root of Paule and Mandel's equation,
    with four values of the expected variance among the others::

        sum (x - m)**2 / (v + noise) + 4 expected / v = n_values - n_groups + 4

    where m are the means of the groups under weights ``1 / (v + noise)``. The left side falls as v
    grows, from above the right to below it, so that there is just one root and it is never 0.

    Parameters
    ----------
    values : ndarray of shape (n_values,)
        0..1, each a true value plus noise.
    noise : ndarray of shape (n_values,)
        Variance of the noise in each, > 0.
    groups : ndarray of shape (n_values,)
        Positions.
    expected : float
        Variance to expect, > 0 and < 1.

    Returns
    -------
    float
        In (0, 1).

    References
    ----------
    Paule, R. C., Mandel, J. (1982). Consensus values and weighting factors. Journal of Research
    of the National Bureau of Standards 87(5). doi:10.6028/jres.087.022. Preferred by the review of
    Veroniki, A. A., et al. (2016). Research Synthesis Methods 7(1). doi:10.1002/jrsm.1164

    Examples
    --------
    >>> values, groups = np.tile([0.4, 0.6], 500), np.zeros(1000, dtype=np.intp)
    >>> round(between_variance(values, np.full(1000, 0.006), groups, expected=0.01), 3)
    0.004
    """
    from scipy.optimize import brentq

    n_groups = _count(groups)
    freedom = len(values) - np.count_nonzero(np.bincount(groups, minlength=n_groups))

    def unexplained(log_variance: float) -> float:
        variance = np.exp(log_variance)
        weight = 1.0 / (variance + noise)
        mean, _ = _means(values, weight, groups, n_groups)
        spread = weight @ (values - mean[groups]) ** 2 - freedom
        return float(spread + _PRIOR_OBSERVATIONS * (expected / variance - 1.0))

    return float(np.exp(brentq(unexplained, np.log(1e-9 * expected), 0.0, xtol=1e-10)))


def posterior(
    mean: Values, n_effective: Values, regions: Positions, variances: Variances
) -> Posterior:
    """Posterior of the true quality of each partner, the variances held fixed.

    Partners inform their region and regions the ecosystem; then each is shrunk towards the level
    above by :func:`shrunk_towards`. This is the exact posterior of::

        mean[p] ~ Normal(quality[p], customers / n_effective[p])
        quality[p] ~ Normal(region[r], partners)
        region[r] ~ Normal(ecosystem, regions), with a flat prior of the ecosystem

    so that one more observation never raises a variance, and one below the posterior mean of its
    partner lowers that mean.

    Parameters
    ----------
    mean : ndarray of shape (n_partners,)
        Of each partner's sample, 0..1; 0 where there is none.
    n_effective : ndarray of shape (n_partners,)
        Effective number of observations, >= 0.
    regions : ndarray of shape (n_partners,)
        Positions.
    variances : Variances

    Returns
    -------
    Posterior
        Arrays of shape (n_partners,); without any observation, a mean of 0.5.

    References
    ----------
    Lindley, D. V., Smith, A. F. M. (1972). Bayes estimates for the linear model. Journal of the
    Royal Statistical Society B 34(1). doi:10.1111/j.2517-6161.1972.tb00885.x

    Examples
    --------
    >>> some, none = 3.0, 0.0
    >>> variances = Variances(customers=0.06, partners=0.02)
    >>> everywhere = np.array([0, 0])
    >>> belief = posterior(np.array([0.9, 0.0]), np.array([some, none]), everywhere, variances)
    >>> belief.mean, belief.variance
    (array([0.9, 0.9]), array([0.02, 0.06]))
    """
    precision = n_effective / variances.customers
    informing = precision / (1.0 + variances.partners * precision)
    by_region = _means(mean, informing, regions, _count(regions))
    peers = shrunk_towards(
        *_ecosystem(*by_region, variances.regions), *by_region, variances.regions
    )
    peer_mean, peer_variance = (part[regions] for part in peers)
    own = shrunk_towards(peer_mean, peer_variance, mean, precision, variances.partners)
    return Posterior(*own, peer_mean)


def shrunk_towards(
    prior_mean: Values, prior_variance: Values, mean: Values, precision: Values, spread: float
) -> tuple[Values, Values]:
    """Mean and variance of true values around a prior mean that is itself uncertain.

    With ``pull = 1 / (1 + spread * precision)`` the mean is ``(1 - pull) mean + pull prior_mean``
    and the variance ``spread pull + pull**2 prior_variance``, where the mean and variance
    of the prior are already conditional on the samples. Without a sample the prior remains; a large
    sample remains almost unchanged.

    References
    ----------
    Efron, B., Morris, C. (1975). Data analysis using Stein's estimator and its generalizations.
    Journal of the American Statistical Association 70. doi:10.1080/01621459.1975.10479864

    Examples
    --------
    >>> shrunk_towards(np.array([0.5]), np.array([0.0]), np.array([0.9]), np.array([100.0]), 0.01)
    (array([0.7]), array([0.005]))
    """
    pull = 1.0 / (1.0 + spread * precision)
    shrunk = (1.0 - pull) * mean + pull * prior_mean
    return shrunk, spread * pull + pull**2 * prior_variance


def _ecosystem(mean: Values, precision: Values, spread: float) -> tuple[Values, Values]:
    """Mean over regions, each weighing what is known of it, and the variance of that mean."""
    informing = precision / (1.0 + spread * precision)
    total = informing.sum()
    if total == 0:
        return np.array(_UNKNOWN_MEAN), np.array(_UNKNOWN_VARIANCE)
    return np.array(informing @ mean / total), np.array(1.0 / total)


def _means(
    values: Values, weights: Values, groups: Positions, n_groups: int
) -> tuple[Values, Values]:
    """Weighted mean of each group's values, 0 where it has none, and the sum of its weights."""
    total = _totals(weights, groups, n_groups)
    return _ratio(_totals(weights * values, groups, n_groups), total), total


def _totals(values: Values, groups: Positions, n_groups: int) -> Values:
    return np.bincount(groups, values, n_groups).astype(np.float64, copy=False)


def _ratio(numerator: Values, denominator: Values) -> Values:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def _count(positions: Positions) -> int:
    return int(positions.max(initial=-1)) + 1
