"""Responses of customers after won deals: the partner's quality, the customer's mood, noise."""

from math import erf

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.deals.simulation import WON, Block, Customers
from ecosystem_graph.synthetic.draws import Floats, Ints, categories
from ecosystem_graph.synthetic.partners.population import Population

KINDS = tuple(given.KINDS)
SCALES = {"csat_mean": (1.0, 5.0), "csat_top2": (0.0, 1.0), "nps": (-100.0, 100.0)}

_SATISFIED = 3.5
_PROMOTER = 4.5
"""Points of five from which an answer counts as one of the two best, and as one of the best."""


def answers(
    block: Block,
    tagged: pl.DataFrame,
    people: Population,
    buyers: Customers,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Responses about the partners on won deals; active partners get fewer per deal.

    Responses that would be given on `AS_OF` or later are left out.
    """
    deal, partner = tagged["deal"].to_numpy() - block.first, tagged["partner"].to_numpy()
    often = given.ANSWERED * people.activity[partner] ** -given.ANSWERED_LESS
    asked = (block.outcome[deal] == WON) & (rng.random(len(deal)) < often)
    deal, partner = deal[asked], partner[asked]
    responded = block.closed[deal] + rng.integers(7, 60, len(deal))
    known = responded < given.END
    deal, partner, responded = deal[known], partner[known], responded[known]
    customer = block.customer[deal]
    opinion = (
        given.LEAST_SCORE + given.SCORE_OF_QUALITY * people.quality[partner] + buyers.mood[customer]
    )
    kind = categories(rng, given.KINDS.values(), len(deal))
    n = _responses(rng, len(deal))
    return pl.DataFrame(
        {
            "partner": partner,
            "deal": (block.first + deal).astype(np.int32),
            "customer": customer,
            "responded": responded.astype(np.int32),
            "score": _scores(rng, opinion, kind, n),
            "kind": kind.astype(np.int8),
            "n": n.astype(np.int16),
        }
    )


def _responses(rng: np.random.Generator, size: int) -> Ints:
    """Mostly one; some scores are published averages."""
    several = rng.integers(2, given.MOST_RESPONSES + 1, size)
    return np.where(rng.random(size) < given.SEVERAL, several, 1).astype(np.int32)


def _scores(rng: np.random.Generator, opinion: Floats, kind: Ints, n: Ints) -> Floats:
    """Scores on the scale of each kind."""
    noisy = opinion + given.NOISE * rng.standard_normal(len(n)) / np.sqrt(n)
    mean = np.round(noisy, 1).clip(*SCALES["csat_mean"])
    satisfied = rng.binomial(n, _above(_SATISFIED, opinion))
    delighted = _above(_PROMOTER, opinion)
    promoters = rng.binomial(n, delighted)
    unhappy = (1.0 - _above(_SATISFIED, opinion)) / np.maximum(1.0 - delighted, 1e-9)
    detractors = rng.binomial(n - promoters, unhappy.clip(0, 1))
    top2 = np.round(satisfied / n, 3)
    nps = np.round(100.0 * (promoters - detractors) / n)
    return np.asarray(np.choose(kind, [mean, top2, nps]), dtype=float)


def _above(bound: float, opinion: Floats) -> Floats:
    """Probability that an answer is at least `bound` points of five."""
    grid = np.linspace(-4.0, 4.0, 801)
    normal = np.array([0.5 * (1.0 + erf(z / 2**0.5)) for z in grid])
    return np.asarray(np.interp((opinion - bound) / given.NOISE, grid, normal), dtype=float)
