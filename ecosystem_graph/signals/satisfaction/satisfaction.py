"""Customer satisfaction with each partner, shrunk towards its peers where responses are few."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.typing import Positions, Values
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals.satisfaction.shrinkage import (
    Sample,
    Variances,
    posterior,
    variance_components,
)
from ecosystem_graph.tables import parent_market

#: Linear map from a kind's fraction of its scale to the main kind's: offset and slope.
Line = tuple[float, float]

_AS_IT_IS: Line = (0.0, 1.0)

#: Correlation of the responses behind one published average: they share the survey, its season,
#: and the customers that the partner let it ask.
_SURVEY_CORRELATION = 0.1

#: Standard deviations from a normal distribution's mean down to its 10 % quantile.
_TO_LOWER_TENTH = 1.2815515655446004


@dataclass(frozen=True, eq=False)
class Satisfaction:
    """Estimated satisfaction with each partner, in the order of ``graph.index``.

    Where `known` is False there are no responses: every mean is half the scale, and outputs have no
    satisfaction columns.

    Attributes
    ----------
    mean : ndarray of shape (n_partners,)
        Posterior mean, 0..1 of the scale: the score. That of the peers where there is no response.
    low : ndarray of shape (n_partners,)
        Lower 10 % quantile, 0..1: for limits and flags. As a score it would disadvantage newcomers.
    sd : ndarray of shape (n_partners,)
        Posterior standard deviation, > 0.
    n_effective : ndarray of shape (n_partners,)
        Recent customers that the responses are worth, >= 0.
    n_responses : ndarray of int, shape (n_partners,)
        Responses used, those behind published averages included.
    peer_mean : ndarray of shape (n_partners,)
        Posterior mean of the partner's region.
    variances : Variances
        How much customers, partners and regions differ.
    kinds : tuple of str
        Kinds of score used, by name.
    left_out : dict of str to int
        Responses not used, by their kind.
    """

    mean: Values
    low: Values
    sd: Values
    n_effective: Values
    n_responses: NDArray[np.int64]
    peer_mean: Values
    variances: Variances = field(default_factory=Variances)
    kinds: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether there is any response."""
        return bool(self.n_responses.any())

    @cached_property
    def above_average(self) -> Values:
        """Each mean less the mean over all partners, -1..1; 0 if there is no response at all."""
        return self.mean - self.mean.mean() if self.known else np.zeros_like(self.mean)


def satisfaction(
    graph: EcosystemGraph,
    *,
    half_life_days: float = 540.0,
    kinds: Mapping[str, Line] | None = None,
) -> Satisfaction:
    """Satisfaction with each partner, from the responses before the date.

    Responses become fractions of their scale; customers are the sample (:func:`customers`); a
    partner's mean is shrunk towards that of its region, which is shrunk towards the ecosystem's, by
    how much partners and customers are seen to differ
    (:mod:`~ecosystem_graph.signals.satisfaction.shrinkage`). A region is a country, and partners
    without one are one; neither tier nor size plays a part.

    With the variances held fixed, raising a score never lowers its partner's mean, and a new
    customer with a score below the mean lowers it. A returning customer may not: a new response,
    even a worse one, makes the customer's earlier responses count as recent.

    Parameters
    ----------
    graph : EcosystemGraph
    half_life_days : float, default 540
        Days after which a response counts half, > 0.
    kinds : mapping of str to (float, float), optional
        Further kinds of score to use, each with the line from a fraction of its scale to one of the
        main kind's: ``offset + slope * fraction``, clipped to 0..1. The main kind is the one with
        most responses among those not named, ties by name. If a kind is named with ``(0, 1)``, it
        is the main kind, and only the kinds named are used.

    Returns
    -------
    Satisfaction

    Raises
    ------
    ValueError
        If `half_life_days` or a line is out of range.

    Examples
    --------
    >>> from ecosystem_graph import read_tables
    >>> response = {"partner_id": "ann", "responded_on": "2024-06-01", "kind": "csat_mean"}
    >>> scores = [{"score": score, "scale_min": 1, "scale_max": 5} for score in (3, 4, 5)]
    >>> csat = [{"response_id": f"r-{n}", **response, **score} for n, score in enumerate(scores)]
    >>> tables = read_tables(
    ...     {
    ...         "partners": pl.DataFrame({"partner_id": ["ann", "bob"], "name": ["Ann", "Bob"]}),
    ...         "partner_capabilities": pl.DataFrame(
    ...             {"partner_id": ["ann", "bob"], "capability_id": ["crm", "erp"]}
    ...         ),
    ...         "csat": pl.DataFrame(csat),
    ...     }
    ... )
    >>> belief = satisfaction(EcosystemGraph.from_tables(tables, "2025-01-01"))
    >>> belief.mean, belief.n_responses
    (array([0.75, 0.75]), array([3, 0]))
    >>> belief.sd.round(2), belief.low.round(2)
    (array([0.16, 0.21]), array([0.54, 0.48]))
    """
    if not 0 < half_life_days < np.inf:
        raise ValueError(f"half_life_days must be positive and finite. Got {half_life_days!r}.")
    responses = _responses(graph)
    counts = _counts(responses)
    lines = _lines(counts, _checked(kinds or {}))
    used = _in_one_unit(responses, lines)
    sample, regions = customers(used, half_life_days), _regions(graph)
    variances = variance_components(sample, regions)
    mean, n_effective = sample.means(graph.n_partners)
    belief = posterior(mean, n_effective, regions, variances)
    sd = np.sqrt(belief.variance)
    return Satisfaction(
        mean=belief.mean,
        low=np.clip(belief.mean - _TO_LOWER_TENTH * sd, 0.0, 1.0),
        sd=sd,
        n_effective=n_effective,
        n_responses=_responses_by_partner(used, graph.n_partners),
        peer_mean=belief.peer_mean,
        variances=variances,
        kinds=tuple(kind for kind in counts if kind in lines),
        left_out={kind: n for kind, n in counts.items() if kind not in lines},
    )


def parity(satisfaction: Satisfaction, sources: Positions, targets: Positions) -> Values:
    """Difference in satisfaction of two partners, in standard deviations between partners.

    ``|mean[a] - mean[b]| / sqrt(variances.partners + variances.regions)``: Cohen's d, where the
    standard deviation is that of true quality in the ecosystem. The means are shrunk already, so
    that few responses make no large difference. Divided by the standard errors of the two instead,
    any difference would grow without bound as responses come in.

    Parameters
    ----------
    satisfaction : Satisfaction
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        >= 0, symmetric; 0 for equal means, and where neither has a response.

    References
    ----------
    Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, chapter 2.

    Examples
    --------
    >>> none, variances = np.zeros(3), Variances(partners=0.01, regions=0.0)
    >>> some = Satisfaction(np.array([0.9, 0.7, 0.8]), none, none, none, np.array([4, 2, 0]), none)
    >>> parity(some, np.array([0, 0, 2]), np.array([1, 2, 2])).round(2)
    array([1.79, 0.89, 0.  ])
    """
    spread = np.sqrt(satisfaction.variances.partners + satisfaction.variances.regions)
    apart = np.abs(satisfaction.mean[sources] - satisfaction.mean[targets]) / spread
    any_response = satisfaction.n_responses[sources] + satisfaction.n_responses[targets] > 0
    return np.where(any_response, apart, 0.0)


def customers(responses: pl.DataFrame, half_life_days: float) -> Sample:
    """One observation for each customer of each partner, from one or more responses.

    A response of age t weighs ``2 ** (-t / half_life_days)``. The responses of a named
    customer are averaged with weights times n (the n responses of a score being that customer's)
    and count as one customer, as recent as its newest response. A response without a customer
    counts as one customer; an average of n of them as ``n / (1 + (n - 1) * 0.1)`` (Kish's design
    effect), never more than ten.

    Parameters
    ----------
    responses : DataFrame
        partner (position), customer_id (or null), age_days, value (0..1), n (>= 1).
    half_life_days : float
        Days, > 0.

    Returns
    -------
    Sample
        Responses so old that their weight is 0 are left out.

    References
    ----------
    Kish, L. (1965). Survey Sampling, chapter 5.

    Examples
    --------
    >>> columns = ["partner", "customer_id", "age_days", "value", "n"]
    >>> rows = [(0, "c-1", 540, 0.4, 1), (0, "c-1", 540, 0.6, 1), (0, None, 1080, 0.9, 11)]
    >>> sample = customers(pl.DataFrame(rows, columns, orient="row"), half_life_days=540.0)
    >>> sample.value, sample.decay, sample.size
    (array([0.5, 0.9]), array([0.5 , 0.25]), array([1. , 5.5]))
    """
    fading, named = -np.log(2.0) / half_life_days, pl.col("customer_id").is_not_null()
    weighed = responses.with_columns(decay=(pl.col("age_days") * fading).exp())
    counting = pl.col("decay") > 0
    both = [_together(weighed.filter(counting & named)), _alone(weighed.filter(counting & ~named))]
    columns = ["partner", "value", "decay", "size"]
    observations = pl.concat([some.select(columns) for some in both])
    partner, *others = (observations[column].to_numpy() for column in columns)
    return Sample(partner.astype(np.intp), *others)


def _together(responses: pl.DataFrame) -> pl.DataFrame:
    """Responses of named customers, one row for each customer of a partner."""
    weight = pl.col("decay") * pl.col("n")
    # In the order of the rows, so that sums come out the same to the last bit.
    groups = responses.group_by("partner", "customer_id", maintain_order=True)
    return groups.agg(
        value=(pl.col("value") * weight).sum() / weight.sum(),
        decay=pl.col("decay").max(),
        size=pl.lit(1.0),
    )


def _alone(responses: pl.DataFrame) -> pl.DataFrame:
    """Responses without a customer, each with its effective number of customers."""
    n = pl.col("n")
    return responses.with_columns(size=n / (1.0 + (n - 1) * _SURVEY_CORRELATION))


def _responses(graph: EcosystemGraph) -> pl.DataFrame:
    """Responses about partners of the graph, as fractions of their scales."""
    ids, low = graph.tables["partners"]["partner_id"], pl.col("scale_min")
    about = graph.tables["csat"].lazy().filter(pl.col("partner_id").is_in(ids.implode()))
    fractions = about.select(
        "partner_id",
        "customer_id",
        "kind",
        age_days=(pl.lit(graph.as_of) - pl.col("responded_on")).dt.total_days(),
        value=(pl.col("score") - low) / (pl.col("scale_max") - low),
        n=pl.col("n").fill_null(1),
    ).collect()
    positions = graph.index.encode(fractions["partner_id"])
    return fractions.drop("partner_id").with_columns(partner=positions)


def answers_of_other_kinds(graph: EcosystemGraph) -> dict[str, int]:
    """Number of responses that are not used because most are of another kind, by kind.

    Of two kinds with equally many responses, the first by name is used.
    """
    responses = graph.tables["csat"].select("kind", n=pl.col("n").fill_null(1))
    counts = _counts(responses)
    return {kind: n for kind, n in counts.items() if kind not in _lines(counts, {})}


def _counts(responses: pl.DataFrame) -> dict[str, int]:
    """Responses of each kind, by name."""
    return dict(responses.group_by("kind").agg(pl.col("n").sum()).sort("kind").iter_rows())


def _lines(counts: Mapping[str, int], kinds: Mapping[str, Line]) -> dict[str, Line]:
    """Linear map of each kind used: those named, and the main one unchanged."""
    others = [kind for kind in counts if kind not in kinds]
    if _AS_IT_IS in kinds.values() or not others:
        return dict(kinds)
    return {**kinds, max(others, key=lambda kind: counts[kind]): _AS_IT_IS}


def _in_one_unit(responses: pl.DataFrame, lines: Mapping[str, Line]) -> pl.DataFrame:
    """Responses of the kinds used, mapped to the unit of the main kind."""
    kind, value = pl.col("kind"), pl.col("value")
    moved = [
        pl.when(kind == name).then(offset + slope * value)
        for name, (offset, slope) in lines.items()
    ]
    in_unit = pl.coalesce(pl.lit(None, pl.Float64), *moved)
    return responses.with_columns(value=in_unit.clip(0.0, 1.0)).drop_nulls("value")


def _responses_by_partner(responses: pl.DataFrame, n_partners: int) -> NDArray[np.int64]:
    n = np.bincount(responses["partner"].to_numpy(), responses["n"].to_numpy(), n_partners)
    return n.astype(np.int64)


def _regions(graph: EcosystemGraph) -> Positions:
    """Country of each partner as a position; those without one are one region."""
    markets = graph.tables["partners"]["country"].fill_null("")
    countries = {market: parent_market(market) or market for market in markets.unique()}
    regions = markets.replace_strict(countries, return_dtype=pl.String).rank("dense") - 1
    return regions.to_numpy().astype(np.intp)


def _checked(kinds: Mapping[str, Line]) -> dict[str, Line]:
    for kind, line in kinds.items():
        if len(line) != 2 or not np.isfinite(line).all() or line[1] == 0:
            raise ValueError(
                f"kinds[{kind!r}] must be a finite offset and a slope other than 0. Got {line!r}."
            )
    return {kind: (float(offset), float(slope)) for kind, (offset, slope) in kinds.items()}
