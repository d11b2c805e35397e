"""Gaps and objectives of partners, and restrictions between them."""

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import INDUSTRIES
from ecosystem_graph.synthetic.deals.demand import Demand
from ecosystem_graph.synthetic.draws import (
    Floats,
    Ints,
    Longs,
    Sets,
    categories,
    stream,
)
from ecosystem_graph.synthetic.partners.population import Population
from ecosystem_graph.synthetic.partners.selling import Markets
from ecosystem_graph.synthetic.partners.skills import NEVER

GAPS = 5
_WANTED = 12
_BLOCK = 100_000


def gaps(where: Markets, held: Sets, wanted: Demand) -> pl.DataFrame:
    """Up to five capabilities most in demand in each partner's territories that it lacks.

    Demand is that of the last year, by the partner's shares of its territories; of every territory
    the twelve most wanted capabilities are looked at.
    """
    shares = wanted.by_territory()
    top = np.argsort(-shares, axis=1, kind="stable")[:, :_WANTED]
    blocks = range(0, len(where.territory), _BLOCK)
    return pl.concat([_gaps(where, held, shares, top, first) for first in blocks])


def _gaps(where: Markets, held: Sets, shares: Floats, top: Longs, first: int) -> pl.DataFrame:
    territory = where.territory[first : first + _BLOCK]
    row, slot = np.nonzero(territory >= 0)
    market = territory[row, slot]
    capability = top[market]
    partner = np.broadcast_to((first + row)[:, None], capability.shape).astype(np.int32)
    faced = shares[market[:, None], capability] * where.share[first + row, slot][:, None]
    lacking = ~held.hold(partner, capability)
    keys = partner[lacking].astype(np.int64) * shares.shape[1] + capability[lacking]
    owner, wanted, faced = _summed(keys, faced[lacking], shares.shape[1])
    best = np.lexsort((wanted, -faced, owner))
    first_place = np.searchsorted(owner, owner)  # rows are in the order of partners
    kept = np.sort(best[np.arange(len(best)) - first_place < GAPS])
    return pl.DataFrame(
        {
            "partner": owner[kept].astype(np.int32),
            "capability": wanted[kept].astype(np.int16),
            "demand": faced[kept].astype(np.float32),
        }
    )


def _summed(keys: Longs, values: Floats, n: int) -> tuple[Longs, Longs, Floats]:
    """Sum of the values of each key, keys in order and taken apart by `n`."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    unique = keys[order[starts]]
    return unique // n, unique % n, np.add.reduceat(values[order], starts)


def objectives(people: Population, lacking: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One to three goals of some partners: a capability they lack, a territory, an industry.

    `target` is the position of a capability, a country or an industry, as `kind` says.
    """
    rng = stream(seed, "objectives")
    some = np.flatnonzero(rng.random(people.n) < given.OBJECTIVES)
    partner = np.repeat(some, rng.integers(1, 4, len(some))).astype(np.int32)
    kind = categories(rng, given.OBJECTIVE_KINDS, len(partner))
    uniform = rng.random(len(partner))
    start = given.END - rng.integers(1, 700, len(partner))
    frame = pl.DataFrame(
        {
            "partner": partner,
            "kind": kind.astype(np.int8),
            "target": _targets(partner, kind, uniform, lacking),
            "weight": np.round(rng.uniform(0.2, 1.0, len(partner)), 2),
            "first": start.astype(np.int32),
            "last": (start + rng.choice([180, 365, 730], len(partner))).astype(np.int32),
        }
    )
    found = frame.filter(pl.col("target") >= 0)
    return found.unique(["partner", "kind", "target"], keep="first", maintain_order=True).sort(
        "partner", "kind", "target"
    )


def _targets(partner: Ints, kind: Ints, uniform: Floats, lacking: pl.DataFrame) -> Ints:
    owners = lacking["partner"].to_numpy()
    first = np.searchsorted(owners, partner)
    number = np.searchsorted(owners, partner, side="right") - first
    place = first + (uniform * number).astype(np.int64)
    gap = np.where(number > 0, np.append(lacking["capability"].to_numpy(), -1)[place], -1)
    territory = uniform * given.N_COUNTRIES
    industry = uniform * len(INDUSTRIES)
    return np.choose(kind, [gap, territory.astype(int), industry.astype(int)]).astype(np.int32)


def restrictions(people: Population, rivals: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Some rivals and a few others kept apart, and exclusive bonds, one per partner at most.

    A third of them ended before `AS_OF`; the valid exclusive ones are of the last half-year.
    They are drawn without regard to deals.
    """
    rng = stream(seed, "restrictions")
    some = rivals.filter(rng.random(rivals.height) < given.RIVALS_KEPT_APART)
    n_others, n_bonds = round(given.KEPT_APART * people.n), round(given.EXCLUSIVE * people.n)
    bound = rng.choice(people.n, n_bonds, replace=False)
    partner = np.concatenate([some["partner"], rng.integers(0, people.n, n_others), bound])
    other = np.concatenate([some["other"], rng.integers(0, people.n, n_others + n_bonds)])
    exclusive = np.arange(len(partner)) >= len(partner) - n_bonds
    ended = rng.random(len(partner)) < 1 / 3
    start = given.END - rng.integers(1, 180, len(partner)) - 365 * (ended | ~exclusive)
    last = np.where(ended, start + rng.integers(30, 365, len(partner)), NEVER)
    frame = pl.DataFrame(
        {
            "partner": partner.astype(np.int32),
            "other": other.astype(np.int32),
            "exclusive": exclusive,
            "first": start.astype(np.int32),
            "last": last.astype(np.int32),
        }
    )
    kept = frame.filter(pl.col("partner") != pl.col("other")).unique(
        ["partner", "other", "exclusive"], keep="first", maintain_order=True
    )
    return kept.sort("partner", "other", "exclusive")
