"""Demand for capabilities by market and year, and how it drifts."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import INDUSTRIES
from ecosystem_graph.synthetic.draws import Floats, Ints, stream
from ecosystem_graph.synthetic.partners.skills import Taxonomy

YEARS = given.AS_OF.year - given.FIRST_DAY.year


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Shares of capabilities in every market (territory x industry) and year.

    Attributes
    ----------
    shares : ndarray of float, shape (n_countries, n_industries, n_years, n_capabilities)
        The last axis sums to 1.
    cumulative : ndarray of float, shape (n_countries * n_industries * n_years * n_capabilities,)
        Running sums, every market and year ending on the next whole number.
    """

    shares: Floats
    cumulative: Floats

    def drawn(self, rng: np.random.Generator, market_years: Ints) -> Ints:
        """A random required capability for each market and year."""
        place = np.searchsorted(
            self.cumulative, market_years + rng.random(len(market_years)), side="right"
        )
        return np.asarray(place % self.shares.shape[-1], dtype=np.int32)

    def by_territory(self) -> Floats:
        """Demand of the last year over all industries, shape (n_countries, n_capabilities)."""
        last: Floats = self.shares[:, :, -1].mean(axis=1)
        return last


def market_year(territory: Ints, industry: Ints, year: Ints) -> Ints:
    """Position of a market and year."""
    return ((territory * len(INDUSTRIES) + industry) * YEARS + year).astype(np.int32)


def demand(skills: Taxonomy, seed: int) -> Demand:
    """Draw the demand of every market: popularity, tastes of industry and territory, and drift."""
    rng = stream(seed, "demand")
    n = len(INDUSTRIES)
    family_taste = rng.gamma(given.FAMILY_TASTE, size=(n, skills.n_families)) + 0.02
    taste = rng.gamma(given.TASTE, size=(n, skills.n)) * family_taste[:, skills.family]
    local = np.exp(given.LOCAL_TASTE * rng.standard_normal((given.N_COUNTRIES, skills.n)))
    steps = given.YEARLY_DRIFT * rng.standard_normal((n, YEARS, skills.n))
    drift = np.exp(np.cumsum(steps, axis=1))
    shares = skills.popularity * taste[None, :, None] * local[:, None, None] * drift[None]
    shares /= shares.sum(axis=-1, keepdims=True)
    return Demand(shares, _running_sums(shares))


def _running_sums(shares: Floats) -> Floats:
    rows = shares.reshape(-1, shares.shape[-1])
    sums = np.minimum(np.cumsum(rows, axis=1), 1.0)
    # Rounding must not leave a probability to capabilities without demand.
    last = shares.shape[-1] - 1 - np.argmax(rows[:, ::-1] > 0, axis=1)
    sums[np.arange(shares.shape[-1]) >= last[:, None]] = 1.0
    return np.asarray((sums + np.arange(len(rows))[:, None]).ravel(), dtype=float)
