"""Capabilities, who truly holds them, and what is declared."""

from dataclasses import dataclass

import numpy as np

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.draws import (
    Flags,
    Floats,
    Ints,
    Longs,
    Sets,
    categories,
    power_law,
    stream,
)
from ecosystem_graph.synthetic.partners.population import Population


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """Families, then the capabilities within them; every array has shape (n,).

    Attributes
    ----------
    family : ndarray of int32
        Family of each capability; -1 for the families themselves, which no partner holds.
    successor : ndarray of int32
        Capability that replaced it; -1 for those in use.
    popularity : ndarray of float
        Sums to 1; 0 for families and for what was replaced.
    """

    n: int
    n_families: int
    family: Ints
    successor: Ints
    popularity: Floats

    @property
    def in_use(self) -> Flags:
        """Capabilities that are held and required today."""
        return self.popularity > 0


def taxonomy(n_partners: int, seed: int) -> Taxonomy:
    """Draw the capabilities of a program of this size."""
    rng = stream(seed, "capabilities")
    wanted = round(given.CAPABILITIES_PER_ROOT * n_partners**0.5)
    n = min(max(wanted, given.FEWEST_CAPABILITIES), given.MOST_CAPABILITIES)
    n_families = n // given.FAMILY
    family = np.concatenate([np.full(n_families, -1), np.arange(n - n_families) % n_families])
    successor = np.full(n, -1, dtype=np.int32)
    # The last of a family is replaced by the one before it, which stays.
    n_replaced = max(1, round(given.REPLACED * n))
    old = np.arange(n - n_replaced, n)
    successor[old] = old - n_families
    in_use = (family >= 0) & (successor < 0)
    popularity = np.zeros(n)
    popularity[in_use] = rng.permutation(power_law(int(in_use.sum()), given.CAPABILITY_EXPONENT))
    return Taxonomy(n, n_families, family.astype(np.int32), successor, popularity)


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """True holdings: pairs in the order of partners and capabilities."""

    partner: Ints
    capability: Ints
    held: Sets


def holdings(people: Population, skills: Taxonomy, seed: int) -> Holdings:
    """Draw portfolios: mostly from the families of the community, the rest by popularity."""
    parts = [_held_keys(people, skills, seed, block) for block in _blocks(people.n)]
    keys = np.concatenate(parts)
    partner, capability = (keys // skills.n).astype(np.int32), (keys % skills.n).astype(np.int32)
    return Holdings(partner, capability, Sets.of(partner, capability, people.n, skills.n))


_BLOCK = 50_000


def _blocks(n: int) -> range:
    return range(0, n, _BLOCK)


def _held_keys(people: Population, skills: Taxonomy, seed: int, first: int) -> Longs:
    """Sorted `partner * n_capabilities + capability` of a block of partners."""
    rng = stream(seed, "holdings", first // _BLOCK)
    partners = np.arange(first, min(first + _BLOCK, people.n))
    growth = np.exp(given.DRAWS_OF_SIZE * people.size[partners])
    mean = given.MEAN_DRAWS / np.exp(given.DRAWS_OF_SIZE**2 / 2)
    draws = (1 + rng.poisson(mean * growth)).clip(max=given.MOST_DRAWS)
    partner = np.repeat(partners, draws)
    special = _special_draws(rng, people.community[partner], people, skills, seed)
    popular = categories(rng, skills.popularity, len(partner))
    from_community = rng.random(len(partner)) < given.FROM_COMMUNITY
    capability = np.where(from_community, special, popular)
    return np.unique(partner.astype(np.int64) * skills.n + capability)


def _special_draws(
    rng: np.random.Generator, community: Ints, people: Population, skills: Taxonomy, seed: int
) -> Ints:
    """Capability of a family that the community specialises in, by popularity."""
    families = specialities(people, skills, seed)
    slot = rng.integers(0, families.shape[1], len(community))
    return within_families(rng, families[community, slot], skills)


def specialities(people: Population, skills: Taxonomy, seed: int) -> Ints:
    """Families each community specialises in, shape (n_communities, COMMUNITY_FAMILIES)."""
    rng = stream(seed, "specialities")
    shape = (people.n_communities, given.COMMUNITY_FAMILIES)
    return rng.integers(0, skills.n_families, shape).astype(np.int32)


def within_families(rng: np.random.Generator, family: Ints, skills: Taxonomy) -> Ints:
    """A capability in use of each family named, in proportion to popularity."""
    order = np.argsort(skills.family, kind="stable")  # the families themselves come first
    cumulative = np.cumsum(skills.popularity[order])
    ends = np.searchsorted(skills.family[order], np.arange(skills.n_families), side="right")
    highs = cumulative[ends - 1]
    lows = np.concatenate([[0.0], highs[:-1]])
    wanted = lows[family] + rng.random(len(family)) * (highs - lows)[family]
    drawn: Ints = order[np.searchsorted(cumulative, wanted, side="right")].astype(np.int32)
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """Rows of `partner_capabilities`; codes and days, -1 or the largest int32 where empty."""

    partner: Ints
    capability: Ints
    evidence: Ints
    level: Ints
    valid_from: Ints
    valid_to: Ints


NEVER = np.iinfo(np.int32).max


def declared(people: Population, skills: Taxonomy, held: Holdings, seed: int) -> Declared:
    """Declared capabilities: two thirds of those held, a few not held, and replaced ones."""
    rng = stream(seed, "declared")
    is_declared = rng.random(len(held.partner)) >= given.UNDECLARED
    partner, capability = held.partner[is_declared], held.capability[is_declared]
    extra = _overclaims(rng, people, skills, held)
    old = _old_badges(rng, skills, partner, capability)
    keys = np.concatenate([partner.astype(np.int64) * skills.n + capability, extra, old])
    keys = np.sort(keys)
    partner, capability = (keys // skills.n).astype(np.int32), (keys % skills.n).astype(np.int32)
    evidence = categories(rng, given.EVIDENCE.values(), len(keys))
    level = categories(rng, given.LEVELS.values(), len(keys))
    valid_from = _days_since_joining(rng, people.joined[partner])
    valid_to = _last_days(rng, valid_from, skills.successor[capability] >= 0)
    return Declared(
        partner, capability, evidence, np.where(evidence == 0, level, -1), valid_from, valid_to
    )


def _overclaims(
    rng: np.random.Generator, people: Population, skills: Taxonomy, held: Holdings
) -> Longs:
    """Declared, but not held."""
    n = round(given.OVERCLAIMED * len(held.partner))
    partner = rng.integers(0, people.n, n)
    capability = categories(rng, skills.popularity, n)
    keys = partner * skills.n + capability
    return np.unique(keys[~held.held.hold(partner, capability)])


def _old_badges(
    rng: np.random.Generator, skills: Taxonomy, partner: Ints, capability: Ints
) -> Longs:
    """Half of those who declare a successor once had the capability it replaced."""
    old = np.full(skills.n, -1)
    replaced = np.flatnonzero(skills.successor >= 0)
    old[skills.successor[replaced]] = replaced
    had = (old[capability] >= 0) & (rng.random(len(partner)) < 0.5)
    keys: Longs = partner[had].astype(np.int64) * skills.n + old[capability[had]]
    return keys


def _days_since_joining(rng: np.random.Generator, joined: Ints) -> Ints:
    days = rng.random(len(joined)) * (given.END - 1 - joined)
    return np.asarray(joined + days, dtype=np.int32)


def _last_days(rng: np.random.Generator, valid_from: Ints, replaced: Flags) -> Ints:
    """Last valid days: some within two years around `AS_OF`; those of replaced ones in the past."""
    around = given.END + rng.integers(-365, 730, len(valid_from))
    ending = np.where(rng.random(len(valid_from)) < given.ENDING, around, NEVER)
    ended = given.END - rng.integers(1, 365, len(valid_from))
    last = np.where(replaced, ended, ending)
    return np.asarray(np.maximum(last, valid_from), dtype=np.int32)
