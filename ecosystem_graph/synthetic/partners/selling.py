"""What partners sell and where; rivals sell the same in the same markets."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.draws import (
    Groups,
    Ints,
    categories,
    first_of_each,
    power_law,
    stream,
)
from ecosystem_graph.synthetic.partners.population import Population
from ecosystem_graph.synthetic.partners.skills import Taxonomy, specialities

ROLES = ("sell", "resell", "build", "service")
ROLE_OF_TYPE = {
    "reseller": (1, 1),
    "integrator": (3, 3),
    "ISV": (2, 0),
    "MSP": (3, 3),
    "distributor": (1, 1),
}
"""Role in which a partner of each type sells its first product, and its others."""


@dataclass(frozen=True, slots=True, eq=False)
class Markets:
    """Territories of every partner, its home country first.

    Attributes
    ----------
    territory : ndarray of int32, shape (n_partners, 5)
        -1 where there is no further one.
    share : ndarray of float32, shape (n_partners, 5)
        Rows sum to 1.
    """

    territory: Ints
    share: NDArray[np.float32]


def rival_model(people: Population) -> Ints:
    """Partner whose offerings and markets each one has: itself, or the first of its rivals."""
    model = np.arange(people.n, dtype=np.int32)
    among = np.flatnonzero(people.rival_group >= 0)
    groups, first = np.unique(people.rival_group[among], return_index=True)
    model[among] = among[first[np.searchsorted(groups, people.rival_group[among])]]
    return model


def markets(people: Population, seed: int) -> Markets:
    """Draw the territories of partners: mostly at home, elsewhere by the size of the market."""
    rng = stream(seed, "markets")
    shape = (people.n, len(given.MARKETS))
    weights = power_law(given.N_COUNTRIES, given.COUNTRY_EXPONENT)
    territory = categories(rng, weights, people.n * shape[1]).reshape(shape)
    territory[:, 0] = people.country
    wanted = 1 + categories(rng, given.MARKETS, people.n)
    kept = first_of_each(territory) & (np.arange(shape[1]) < wanted[:, None])
    share = np.where(kept, rng.gamma(1.0, size=shape), 0.0)
    share[:, 0] += 2.0 + share.sum(axis=1) / 2
    share /= share.sum(axis=1, keepdims=True)
    model = rival_model(people)
    return Markets(
        np.where(kept, territory, -1)[model].astype(np.int32), share[model].astype(np.float32)
    )


def active_by_territory(people: Population, where: Markets) -> Groups:
    """Partners of every territory, each listed as often as it is active there."""
    partner, slot = np.nonzero(where.territory >= 0)
    weights = np.ceil(people.activity[partner] * where.share[partner, slot]).astype(np.int32)
    territory = where.territory[partner, slot]
    return Groups.of(territory, partner.astype(np.int32), weights, given.N_COUNTRIES)


def products(people: Population, skills: Taxonomy, seed: int) -> Ints:
    """Products every partner sells, -1 padded, shape (n_partners, 4).

    A product belongs to a family of capabilities; partners sell those of their community's.
    """
    rng = stream(seed, "offerings")
    shape = (people.n, len(given.OFFERINGS))
    families = specialities(people, skills, seed)[people.community]
    slot = rng.integers(0, families.shape[1], shape)
    family = np.take_along_axis(families, slot, axis=1)
    product = family * given.PRODUCTS_PER_FAMILY + rng.integers(0, given.PRODUCTS_PER_FAMILY, shape)
    wanted = 1 + categories(rng, given.OFFERINGS, people.n)
    kept = first_of_each(product) & (np.arange(shape[1]) < wanted[:, None])
    return np.where(kept, product, -1)[rival_model(people)].astype(np.int32)


def offerings(people: Population, product: Ints, seed: int) -> pl.DataFrame:
    """Rows of `offerings`, in the role that goes with the partner's type.

    A few offerings of partners without rivals ended.
    """
    rng = stream(seed, "offering days")
    partner, slot = np.nonzero(product >= 0)
    last = given.END - 1
    joined = people.joined[partner]
    since = joined + rng.random(len(partner)) * (last - joined)
    ended = (rng.random(len(partner)) < given.OFFERINGS_ENDED) & (people.rival_group[partner] < 0)
    until = np.where(ended, since + rng.random(len(partner)) * (last - since), -1)
    roles = np.array(list(ROLE_OF_TYPE.values()))[people.type[partner], np.minimum(slot, 1)]
    return pl.DataFrame(
        {
            "partner": partner.astype(np.int32),
            "product": product[partner, slot].astype(np.int16),
            "role": roles.astype(np.int8),
            "since": since.astype(np.int32),
            "until": until.astype(np.int32),
        }
    ).sort("partner", "product")
