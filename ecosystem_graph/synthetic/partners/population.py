"""Partners: their community, activity and quality, and what the program records of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.draws import (
    Flags,
    Groups,
    Ints,
    categories,
    normal_rank,
    power_law,
    stream,
)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Partners by position; every array has shape (n,).

    Attributes
    ----------
    community, country, type, second_type, tier, status : ndarray of int32
        Codes; a second type of -1 is none.
    activity : ndarray of int32
        How often a partner is drawn, relative to the least active (1).
    size, quality : ndarray of float32
        Log size in standard deviations; latent quality, 0..1.
    participates : ndarray of bool
    capacity, owner, rival_group : ndarray of int32
        -1 where there is none; the owner is a position.
    joined : ndarray of int32
        Day the partner joined, counted from 1970-01-01.
    """

    n: int
    n_communities: int
    community: Ints
    country: Ints
    type: Ints
    second_type: Ints
    tier: Ints
    status: Ints
    activity: Ints
    size: NDArray[np.float32]
    quality: NDArray[np.float32]
    participates: Flags
    capacity: Ints
    owner: Ints
    rival_group: Ints
    joined: Ints


def population(n_partners: int, seed: int) -> Population:
    """Draw all partners."""
    rng = stream(seed, "partners")
    n_communities = max(2, n_partners // given.PARTNERS_PER_COMMUNITY)
    community = categories(rng, power_law(n_communities, given.COMMUNITY_EXPONENT), n_partners)
    country = _countries(rng, community, n_communities)
    tail = (1.0 - rng.random(n_partners)) ** (-1.0 / given.ACTIVITY_TAIL)
    most = min(given.MOST_ACTIVE, max(10.0, given.MOST_ACTIVE_PER_PARTNER * n_partners))
    activity = np.minimum(tail, most).astype(np.int32)
    size = normal_rank(given.SIZE_OF_ACTIVITY * np.log(tail) + rng.standard_normal(n_partners))
    quality = rng.beta(*given.QUALITY, n_partners) + given.QUALITY_OF_SIZE * size
    types = categories(rng, given.TYPES.values(), n_partners)
    return Population(
        n=n_partners,
        n_communities=n_communities,
        community=community,
        country=country,
        type=types,
        second_type=_second_types(rng, types),
        tier=_tiers(size + rng.standard_normal(n_partners)),
        status=categories(rng, given.STATUSES.values(), n_partners),
        activity=activity,
        size=size.astype(np.float32),
        quality=quality.clip(0, 1).astype(np.float32),
        participates=rng.random(n_partners) >= given.OPTED_OUT,
        capacity=_capacities(rng, n_partners),
        owner=_owners(rng, activity),
        rival_group=_rival_groups(rng, country, community),
        joined=_joining_days(rng, n_partners),
    )


def in_proportion_to_activity(people: Population, groups: Ints, n_groups: int) -> Groups:
    """Partners by group, each listed as often as it is active."""
    return Groups.of(groups, np.arange(people.n, dtype=np.int32), people.activity, n_groups)


_GOLDEN = (5**0.5 - 1) / 2


def _countries(rng: np.random.Generator, community: Ints, n_communities: int) -> Ints:
    weights = power_law(given.N_COUNTRIES, given.COUNTRY_EXPONENT)
    # Evenly spread, so that a few large communities of one country do not make it too large.
    spread = (rng.random() + np.arange(2 * n_communities) * _GOLDEN) % 1.0
    homes = np.searchsorted(np.cumsum(weights), spread).clip(max=given.N_COUNTRIES - 1)
    homes = homes.astype(np.int32).reshape(2, n_communities).T
    anywhere = categories(rng, weights, len(community))
    options = np.column_stack([homes[community], anywhere])
    chosen = categories(rng, given.COMMUNITY_COUNTRIES, len(community))
    return options[np.arange(len(community)), chosen]


def _second_types(rng: np.random.Generator, types: Ints) -> Ints:
    others = (types + rng.integers(1, len(given.TYPES), len(types))) % len(given.TYPES)
    return np.where(rng.random(len(types)) < given.SECOND_TYPE, others, -1).astype(np.int32)


def _tiers(merit: NDArray[np.float64]) -> Ints:
    """Shares of partners in every tier, the lowest first."""
    bounds = np.quantile(merit, np.cumsum(list(given.TIERS.values()))[:-1])
    return np.searchsorted(bounds, merit).astype(np.int32)


def _capacities(rng: np.random.Generator, n: int) -> Ints:
    stated = 1 + rng.poisson(given.MEAN_CAPACITY - 1, n)
    return np.where(rng.random(n) < given.STATES_CAPACITY, stated, -1).astype(np.int32)


def _owners(rng: np.random.Generator, activity: Ints) -> Ints:
    """Position of the owner, drawn by activity; no owner is owned, so there are no cycles."""
    n = len(activity)
    owned = rng.random(n) < given.OWNED
    everyone = Groups.of(np.zeros(n, dtype=np.int32), np.arange(n, dtype=np.int32), activity, 1)
    owner = everyone.drawn(np.zeros(n, dtype=np.int32), rng.random(n))
    return np.where(owned & ~owned[owner], owner, -1).astype(np.int32)


def _rival_groups(rng: np.random.Generator, country: Ints, community: Ints) -> Ints:
    """Groups of two to four of one country, most of them of one community too."""
    chosen = np.flatnonzero(rng.random(len(country)) < given.RIVALS)
    order = chosen[np.lexsort((rng.random(len(chosen)), community[chosen], country[chosen]))]
    starts = np.cumsum(np.tile([2, 3, 4], len(order) // 9 + 1))
    group = np.searchsorted(starts, np.arange(len(order)), side="right")
    group = group * given.N_COUNTRIES + country[order]
    _, group, size = np.unique(group, return_inverse=True, return_counts=True)
    groups = np.full(len(country), -1, dtype=np.int32)
    groups[order] = np.where(size[group] > 1, group, -1)
    return groups


def _joining_days(rng: np.random.Generator, n: int) -> Ints:
    first = given.START
    last = given.END
    before = first - rng.integers(0, round(given.YEARS_BEFORE * 365.25), n)
    since = rng.integers(first, last - 90, n)
    return np.where(rng.random(n) < given.JOINED_BEFORE, before, since).astype(np.int32)
