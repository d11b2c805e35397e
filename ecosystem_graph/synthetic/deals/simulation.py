"""Six years of deals, quarter by quarter: requirements, teams, outcomes and joint wins."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import INDUSTRIES
from ecosystem_graph.synthetic.deals.demand import Demand, market_year
from ecosystem_graph.synthetic.deals.history import JointWins
from ecosystem_graph.synthetic.deals.teams import (
    Merits,
    Requirements,
    World,
    leads,
    merits,
    pairs,
    teams,
)
from ecosystem_graph.synthetic.draws import (
    Ints,
    categories,
    first_of_each,
    stream,
)

_BLOCK = 40_000
_SMALL = len(given.TEAM_SIZES)
WON, LOST, OPEN, WITHDRAWN = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """Who buys; every array has shape (n_customers,).

    Attributes
    ----------
    territory, industry : ndarray of int32
    mood : ndarray of float32
        What a customer adds to every score it gives, in points from 1 to 5.
    """

    territory: Ints
    industry: Ints
    mood: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Deals opened in one quarter, or some of them; one row per deal."""

    first: int  # number of the first deal
    customer: Ints
    requirements: Requirements
    team: Ints
    merits: Merits
    closed: Ints
    outcome: Ints


@dataclass(slots=True, eq=False)
class Pending:
    """Joint wins to be known from a later quarter on."""

    by_quarter: dict[int, list[tuple[Ints, Ints]]] = field(default_factory=dict)

    def add(self, quarter: Ints, left: Ints, right: Ints) -> None:
        """Keep pairs that win in a quarter."""
        for closing in np.flatnonzero(np.bincount(quarter)).tolist():
            now = quarter == closing
            self.by_quarter.setdefault(closing, []).append((left[now], right[now]))

    def release(self, quarter: int, joint: JointWins) -> None:
        """Count the wins of a quarter that has passed."""
        if won := self.by_quarter.pop(quarter, []):
            joint.add(*(np.concatenate(side) for side in zip(*won, strict=True)))


def customers(world: World, seed: int) -> Customers:
    """Draw customers: more where partners are more active, in industries by territory."""
    rng = stream(seed, "customers")
    n_deals = round(given.DEALS_PER_PARTNER * world.people.n)
    n = max(1, n_deals // given.DEALS_PER_CUSTOMER)
    listed = np.diff(world.by_territory.starts)
    territory = categories(rng, listed, n)
    mix = rng.gamma(1.0, size=(given.N_COUNTRIES, len(INDUSTRIES))) + 0.2
    cumulative = np.cumsum(mix, axis=1)
    wanted = rng.random(n) * cumulative[territory, -1]
    industry = (cumulative[territory] <= wanted[:, None]).sum(axis=1)
    mood = given.MOOD * rng.standard_normal(n)
    return Customers(territory, industry.astype(np.int32), mood.astype(np.float32))


def simulated(
    world: World,
    wanted: Demand,
    buyers: Customers,
    seed: int,
    keep: Callable[[Block], None],
    progress: Callable[[int], None],
) -> JointWins:
    """Hand over the deals block by block, in the order they were opened; return all joint wins.

    A quarter's teams know the joint wins that closed before it.
    """
    joint, pending, first, n_opened = JointWins(world.people.n), Pending(), 0, 0
    for quarter, n_deals in enumerate(_deals_per_quarter(world.people.n)):
        pending.release(quarter - 1, joint)
        for block, start in enumerate(range(0, n_deals, _BLOCK)):
            rng = stream(seed, "deals", quarter, block)
            opened = _days(quarter, start, min(start + _BLOCK, n_deals), n_deals)
            done = _deals(world, wanted, buyers, joint, opened, first, rng)
            keep(done)
            _remember(pending, done)
            first += len(done.customer)
            n_opened += len(opened)
            progress(n_opened)
    return joint


def quarter_starts() -> Ints:
    """First days of the quarters, and of the one after them."""
    first = np.datetime64(given.FIRST_DAY, "M")
    months = first + 3 * np.arange(given.QUARTERS + 1)
    return months.astype("datetime64[D]").astype(np.int32)


def _deals_per_quarter(n_partners: int) -> list[int]:
    weights = (1.0 + given.QUARTERLY_GROWTH) ** np.arange(given.QUARTERS)
    so_far = np.round(given.DEALS_PER_PARTNER * n_partners * np.cumsum(weights) / weights.sum())
    return [int(number) for number in np.diff(so_far, prepend=0)]


def _days(quarter: int, first: int, last: int, n_deals: int) -> Ints:
    """Opening days of deals `first` to `last` of a quarter, evenly spread."""
    start, end = quarter_starts()[quarter : quarter + 2].tolist()
    days = start + (end - start) * np.arange(first, last) // n_deals
    return np.asarray(days, dtype=np.int32)


def _deals(
    world: World,
    wanted: Demand,
    buyers: Customers,
    joint: JointWins,
    opened: Ints,
    first: int,
    rng: np.random.Generator,
) -> Block:
    # Some customers buy often: the square of a uniform number favours the first of them.
    customer = (len(buyers.mood) * rng.random(len(opened)) ** 2).astype(np.int32)
    requirements = _needs(wanted, buyers, customer, opened, rng)
    lead = leads(world, requirements, rng)
    led = lead >= 0
    customer, requirements, lead = customer[led], requirements.of(led), lead[led]
    team = _all_teams(world, joint, requirements, lead, rng)
    decided = merits(world, joint, requirements, team)
    closed, outcome = _outcomes(requirements.opened, decided, rng)
    return Block(first, customer, requirements, team, decided, closed, outcome)


def _needs(
    wanted: Demand, buyers: Customers, customer: Ints, opened: Ints, rng: np.random.Generator
) -> Requirements:
    territory, industry = buyers.territory[customer], buyers.industry[customer]
    year = opened.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    market = market_year(territory, industry, year - given.FIRST_DAY.year)
    asked = (
        np.arange(len(given.REQUIREMENTS))
        <= categories(rng, given.REQUIREMENTS, len(opened))[:, None]
    )
    capability = np.zeros(asked.shape, dtype=np.int32)
    capability[asked] = wanted.drawn(rng, market[np.nonzero(asked)[0]])
    required = asked & first_of_each(capability)
    share = wanted.shares.reshape(-1, wanted.shares.shape[-1])[market[:, None], capability]
    weight = np.where(required, np.sqrt(share) * (0.5 + rng.random(share.shape)), 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    return Requirements(territory, opened, capability, weight.astype(np.float32))


def _all_teams(
    world: World, joint: JointWins, requirements: Requirements, lead: Ints, rng: np.random.Generator
) -> Ints:
    """Small teams and large ones, which meet more people, in one array."""
    size = _team_sizes(rng, len(lead))
    widest = given.LARGEST_TEAM if (size > _SMALL).any() else _SMALL
    team = np.full((len(lead), widest), -1, dtype=np.int32)
    for rows, met in (
        (np.flatnonzero(size <= _SMALL), given.MET),
        (np.flatnonzero(size > _SMALL), given.MET_BY_LARGE_TEAMS),
    ):
        if len(rows):
            formed = teams(world, joint, requirements.of(rows), lead[rows], size[rows], met, rng)
            team[rows, : formed.shape[1]] = formed
    return team


def _team_sizes(rng: np.random.Generator, n: int) -> Ints:
    size = 1 + categories(rng, given.TEAM_SIZES, n)
    least = _SMALL + 1
    large = least * ((given.LARGEST_TEAM + 1) / least) ** rng.random(n)
    return np.where(rng.random(n) < given.LARGE_TEAMS, large, size).astype(np.int32)


def _outcomes(opened: Ints, decided: Merits, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Closing days and outcomes; what would close on `AS_OF` or later is open."""
    days = given.MEDIAN_DAYS * np.exp(given.SPREAD_OF_DAYS * rng.standard_normal(len(opened)))
    closed = opened + 1 + days.astype(np.int32)
    won = rng.random(len(opened)) < decided.chance()
    outcome = np.where(won, WON, LOST)
    outcome[rng.random(len(opened)) < given.WITHDRAWN] = WITHDRAWN
    outcome[closed >= given.END] = OPEN
    return closed.astype(np.int32), outcome.astype(np.int32)


def _remember(pending: Pending, done: Block) -> None:
    won = np.flatnonzero(done.outcome == WON)
    deal, left, right = pairs(done.team[won])
    closing = np.searchsorted(quarter_starts(), done.closed[won], side="right") - 1
    pending.add(closing[deal].astype(np.int32), left, right)
