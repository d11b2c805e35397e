"""The two models with known coefficients: how teams form, and which of them win."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.deals.history import JointWins
from ecosystem_graph.synthetic.draws import (
    Flags,
    Floats,
    Groups,
    Ints,
    Sets,
    first_of_each,
    probabilities,
)
from ecosystem_graph.synthetic.partners.population import Population


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What teams are formed from: partners, their capabilities, and where they meet."""

    people: Population
    held: Sets
    by_community: Groups
    by_territory: Groups
    anywhere: Groups


@dataclass(frozen=True, slots=True, eq=False)
class Requirements:
    """What deals require; one row per deal.

    Attributes
    ----------
    territory, opened : ndarray of int32, shape (n_deals,)
    capability : ndarray of int32, shape (n_deals, 6)
        Required capabilities; unused places have a weight of 0.
    weight : ndarray of float32, shape (n_deals, 6)
        Rows sum to 1.
    """

    territory: Ints
    opened: Ints
    capability: Ints
    weight: NDArray[np.float32]

    def of(self, rows: NDArray[np.generic]) -> "Requirements":
        """Requirements of some of the deals."""
        return Requirements(
            self.territory[rows], self.opened[rows], self.capability[rows], self.weight[rows]
        )


def leads(world: World, requirements: Requirements, rng: np.random.Generator) -> Ints:
    """Lead of each deal, likelier one that covers more of it; -1 if no candidate has joined."""
    shape = (len(requirements.territory), given.LEAD_CANDIDATES)
    candidates = world.by_territory.drawn(requirements.territory[:, None], rng.random(shape))
    coverage = np.zeros(shape)
    for column in range(requirements.capability.shape[1]):
        held = world.held.hold(candidates, requirements.capability[:, column, None])
        coverage += requirements.weight[:, column, None] * held
    appeal = given.LEAD_COVERAGE * coverage + rng.gumbel(size=shape)
    appeal[world.people.joined[candidates] > requirements.opened[:, None]] = -np.inf
    best = appeal.argmax(axis=1)[:, None]
    joined = np.take_along_axis(appeal, best, axis=1) > -np.inf
    return np.where(joined, np.take_along_axis(candidates, best, axis=1), -1)[:, 0].astype(np.int32)


def teams(
    world: World,
    joint: JointWins,
    requirements: Requirements,
    lead: Ints,
    size: Ints,
    met: int,
    rng: np.random.Generator,
) -> Ints:
    """Members of each team, the lead first, -1 padded, shape (n_deals, largest size).

    A lead meets partners in the stated ways and asks those of the highest log-odds plus Gumbel
    noise, which draws without replacement in proportion to the odds (Plackett-Luce).
    """
    candidates = _met(world, joint, requirements, lead, met, rng)
    appeal = _log_odds_of_asking(world, joint, requirements, lead, candidates)
    appeal += rng.gumbel(size=appeal.shape)
    possible = first_of_each(candidates) & (candidates >= 0) & (candidates != lead[:, None])
    possible &= world.people.joined[candidates] <= requirements.opened[:, None]
    appeal[~possible] = -np.inf
    asked = max(int(size.max()) - 1, 0)
    best = np.argsort(-appeal, axis=1, kind="stable")[:, :asked]
    wanted = np.arange(best.shape[1]) < size[:, None] - 1
    wanted &= np.take_along_axis(appeal, best, axis=1) > -np.inf
    members = np.where(wanted, np.take_along_axis(candidates, best, axis=1), -1)
    return np.column_stack([lead, members]).astype(np.int32)


def _met(
    world: World,
    joint: JointWins,
    requirements: Requirements,
    lead: Ints,
    met: int,
    rng: np.random.Generator,
) -> Ints:
    """Partners each lead meets, shape (n_deals, met); some more than once, -1 for none."""
    uniform = rng.random((len(lead), met))
    bounds = np.round(np.cumsum([0.0, *given.MEETING.values()]) * met).astype(int)
    community, territory, past, anywhere = (
        uniform[:, first:last] for first, last in pairwise(bounds)
    )
    nowhere = np.zeros((len(lead), 1), dtype=np.int32)
    return np.concatenate(
        [
            world.by_community.drawn(world.people.community[lead][:, None], community),
            world.by_territory.drawn(requirements.territory[:, None], territory),
            joint.random_collaborators(lead, past),
            world.anywhere.drawn(nowhere, anywhere),
        ],
        axis=1,
    )


def _log_odds_of_asking(
    world: World, joint: JointWins, requirements: Requirements, lead: Ints, candidates: Ints
) -> Floats:
    """`CHOOSING` applied to each candidate."""
    people, betas = world.people, given.CHOOSING
    head = lead[:, None]
    alike = people.community[candidates] == people.community[head]
    rivals = are_rivals(people, head, candidates)
    return np.asarray(
        betas["same_community"] * alike
        + betas["log1p_joint_wins"] * np.log1p(joint.between(head, candidates))
        + betas["complementarity"] * _complementarity(world.held, requirements, lead, candidates)
        + betas["rivals"] * rivals
        + betas["log_activity"] * np.log(people.activity[candidates])
    )


def are_rivals(people: Population, left: Ints, right: Ints) -> Flags:
    """Whether two partners are in one group of rivals."""
    group = people.rival_group
    rivals: Flags = (group[left] == group[right]) & (group[left] >= 0)
    return rivals


def _complementarity(
    held: Sets, requirements: Requirements, lead: Ints, candidates: Ints
) -> Floats:
    """Share of the requirements that the candidate covers and the lead does not."""
    gains = np.zeros(candidates.shape)
    for column in range(requirements.capability.shape[1]):
        capability = requirements.capability[:, column]
        missing = (requirements.weight[:, column] > 0) & ~held.hold(lead, capability)
        rows = np.flatnonzero(missing)
        covered = held.hold(candidates[rows], capability[rows, None])
        gains[rows] += requirements.weight[rows, column, None] * covered
    return gains


@dataclass(frozen=True, slots=True, eq=False)
class Merits:
    """Inputs and log-odds of winning for each team; shape (n_deals,) each."""

    coverage: Floats
    mean_quality: Floats
    mean_log1p_joint_wins: Floats
    rivals: Flags
    log_odds: Floats

    def chance(self) -> Floats:
        """Probability of winning, if the deal is not withdrawn."""
        return probabilities(self.log_odds)


def merits(world: World, joint: JointWins, requirements: Requirements, team: Ints) -> Merits:
    """`WINNING` applied to each team."""
    betas, people = given.WINNING, world.people
    is_member = team >= 0
    n_members = is_member.sum(axis=1)
    coverage = _coverage(world.held, requirements, team)
    quality = np.where(is_member, people.quality[team], 0).sum(axis=1) / n_members
    trust, rivals = _within(people, joint, team)
    average = given.QUALITY[0] / sum(given.QUALITY)
    log_odds = (
        betas["intercept"]
        + betas["coverage"] * coverage
        + betas["mean_quality"] * (quality - average)
        + betas["mean_log1p_joint_wins"] * trust
        + betas["rivals"] * rivals
    )
    return Merits(coverage, quality, trust, rivals, log_odds)


def _coverage(held: Sets, requirements: Requirements, team: Ints) -> Floats:
    """Share of the requirements that the team covers."""
    coverage = np.zeros(len(team))
    for column in range(requirements.capability.shape[1]):
        rows = np.flatnonzero(requirements.weight[:, column] > 0)
        holds = held.hold(team[rows], requirements.capability[rows, column, None]) & (
            team[rows] >= 0
        )
        coverage[rows] += requirements.weight[rows, column] * holds.any(axis=1)
    return coverage


def _within(people: Population, joint: JointWins, team: Ints) -> tuple[Floats, Flags]:
    """Mean log1p of joint wins over the pairs of each team, and whether any are rivals."""
    deal, left, right = pairs(team)
    trust = np.bincount(deal, np.log1p(joint.between(left, right)), minlength=len(team))
    n_pairs = np.bincount(deal, minlength=len(team))
    rivals = np.bincount(deal, are_rivals(people, left, right), minlength=len(team))
    return trust / np.maximum(n_pairs, 1), rivals > 0


def pairs(team: Ints) -> tuple[NDArray[np.intp], Ints, Ints]:
    """Every pair of every team, by the row of the team.

    Examples
    --------
    >>> row, left, right = pairs(np.array([[4, 7, 9], [5, -1, -1]], dtype=np.int32))
    >>> row.tolist(), left.tolist(), right.tolist()
    ([0, 0, 0], [4, 4, 7], [7, 9, 9])
    """
    sizes = (team >= 0).sum(axis=1)
    parts = [(np.empty(0, dtype=np.intp), *[np.empty(0, dtype=np.int32)] * 2)]
    for size in np.unique(sizes[sizes > 1]):
        rows = np.flatnonzero(sizes == size)
        first, second = np.triu_indices(size, k=1)
        members = team[rows]
        parts.append(
            (np.repeat(rows, len(first)), members[:, first].ravel(), members[:, second].ravel())
        )
    deal, left, right = (np.concatenate(column) for column in zip(*parts, strict=True))
    return deal, left, right
