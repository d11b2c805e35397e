"""Introductions, and their outcomes."""

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.deals.simulation import LOST as DEAL_LOST
from ecosystem_graph.synthetic.deals.simulation import WON as DEAL_WON
from ecosystem_graph.synthetic.deals.teams import World, are_rivals
from ecosystem_graph.synthetic.draws import Flags, Floats, Ints, Longs, probabilities, stream
from ecosystem_graph.synthetic.partners.population import Population
from ecosystem_graph.synthetic.records.deal_records import Records

PROPOSED, INTRODUCED, ACCEPTED, DECLINED, WON, LOST = range(6)


def introductions(world: World, barred: pl.DataFrame, records: Records, seed: int) -> pl.DataFrame:
    """Introductions of the last two years, half of them within a community.

    Partners that opted out, are not active or are exclusive are not introduced, and neither are
    pairs with any restriction, past ones included. Acceptance follows `ACCEPTING`. Introductions
    that were won or lost are of pairs that won, or lost, a recorded deal together afterwards.
    """
    rng, people = stream(seed, "introductions"), world.people
    n = round(given.INTRODUCTIONS_PER_PARTNER * people.n)
    partner = rng.integers(0, people.n, n).astype(np.int32)
    near = world.by_community.drawn(people.community[partner], rng.random(n))
    far = world.by_territory.drawn(people.country[partner], rng.random(n))
    other = np.where(rng.random(n) < 0.5, near, far).astype(np.int32)
    kept = _may_meet(people, partner, other, barred)
    partner, other = partner[kept], other[kept]
    introduced = np.sort(given.END - rng.integers(1, given.INTRODUCTION_DAYS, len(partner)))
    decided = introduced + rng.integers(3, 60, len(partner))
    betas, kind = given.ACCEPTING, _kind(people, partner, other)
    log_odds = (
        betas["intercept"]
        + betas["same_community"] * (kind & _SAME_COMMUNITY > 0)
        + betas["rivals"] * (kind & _RIVALS > 0)
    )
    status = _statuses(rng, probabilities(log_odds), decided)
    frame = pl.DataFrame(
        {
            "partner": partner,
            "other": other,
            "introduced": introduced.astype(np.int32),
            "decided": np.where(status > INTRODUCED, decided, -1).astype(np.int32),
            "status": status.astype(np.int8),
            "reason": np.where(status == DECLINED, rng.integers(0, 4, len(status)), -1),
        }
    )
    return _supported(_as_deals_went(frame, kind, world, barred, records, seed), seed)


def _may_meet(people: Population, partner: Ints, other: Ints, barred: pl.DataFrame) -> Flags:
    bound = np.zeros(people.n, dtype=bool)
    bound[barred.filter("exclusive")["partner"].to_numpy()] = True
    takes_part = people.participates & (people.status == 0) & ~bound
    named = _pairs(people.n, barred["partner"].to_numpy(), barred["other"].to_numpy())
    kept: Flags = takes_part[partner] & takes_part[other] & (partner != other) & (other >= 0)
    return kept & ~np.isin(_pairs(people.n, partner, other), named)


def _statuses(rng: np.random.Generator, chance: Floats, decided: Ints) -> Ints:
    """How far each came; what would be decided on `AS_OF` or later is not decided yet."""
    accepted = rng.random(len(chance)) < chance
    after = rng.random(len(chance))
    won, lost = after < given.WON_AFTERWARDS, after > 1.0 - given.LOST_AFTERWARDS
    status = np.where(accepted, np.where(won, WON, np.where(lost, LOST, ACCEPTED)), DECLINED)
    waiting = np.where(rng.random(len(chance)) < 0.3, PROPOSED, INTRODUCED)
    return np.where(decided < given.END, status, waiting).astype(np.int32)


_SAME_COMMUNITY, _RIVALS = 1, 2


def _kind(people: Population, partner: Ints, other: Ints) -> Ints:
    """What acceptance depends on, as one number for each pair."""
    near = people.community[partner] == people.community[other]
    rivals = are_rivals(people, partner, other)
    kinds: Ints = (_SAME_COMMUNITY * near + _RIVALS * rivals).astype(np.int32)
    return kinds


def _pairs(n: int, left: Ints, right: Ints) -> Longs:
    """One number for each pair, whichever way round."""
    pair: Longs = np.minimum(left, right).astype(np.int64) * n + np.maximum(left, right)
    return pair


def _as_deals_went(
    drawn: pl.DataFrame,
    kind: Ints,
    world: World,
    barred: pl.DataFrame,
    records: Records,
    seed: int,
) -> pl.DataFrame:
    """Put two that won (lost) a deal together where two were to win (lose) one afterwards.

    They are of the same kind, so that who accepts is what it was; where no deal went so, the
    introduction stays accepted.
    """
    rng, people = stream(seed, "introductions that led to deals"), world.people
    deals = _joint_deals(people, barred, records, rng)
    taken = _pairs(people.n, drawn["partner"].to_numpy(), drawn["other"].to_numpy())
    deals = deals.filter(~pl.Series(np.isin(deals["pair"].to_numpy(), taken)))
    ends = drawn["status"].to_numpy()
    parts = [drawn.filter(pl.Series((ends != WON) & (ends != LOST)))]
    for end, outcome in ((WON, DEAL_WON), (LOST, DEAL_LOST)):
        for of_kind in np.unique(kind):
            wanted = drawn.filter(pl.Series((ends == end) & (kind == of_kind)))
            led = deals.filter(outcome=outcome, kind=of_kind).head(wanted.height)
            rest = wanted.slice(led.height).with_columns(status=pl.lit(ACCEPTED, pl.Int8))
            dated = wanted.head(led.height).with_columns(
                led.select("partner", "other", "introduced", decided="closed").get_columns()
            )
            parts += [dated, rest]
    return pl.concat(parts).sort("introduced", "partner", "other")


def _joint_deals(
    people: Population, barred: pl.DataFrame, records: Records, rng: np.random.Generator
) -> pl.DataFrame:
    """Deals won or lost by a lead and one more who may have met for them, in no order.

    They were introduced up to two months before the deal was opened. No two are of one pair, and
    it is the first of the pair.
    """
    deals, rows = records.so_far("deals"), records.so_far("deal_partners")
    decided = deals.filter(pl.col("outcome").is_in([DEAL_WON, DEAL_LOST]))
    leads = rows.filter(role=0).select("deal", "partner")
    met = (
        rows.filter(pl.col("role") != 0)
        .select("deal", other="partner")
        .join(decided.select("deal", "opened", "closed", "outcome"), on="deal")
        .join(leads, on="deal")
    )
    sides = met["partner"].to_numpy(), met["other"].to_numpy()
    pair, kind = _pairs(people.n, *sides), _kind(people, *sides)
    met = met.with_columns(pair=pair, kind=kind, may=_may_meet(people, *sides, barred))
    first = met.sort("closed", "deal", "other").unique("pair", keep="first", maintain_order=True)
    joined = people.joined[first["partner"].to_numpy()], people.joined[first["other"].to_numpy()]
    earliest = np.maximum(np.maximum(*joined), given.END - given.INTRODUCTION_DAYS)
    before = first["opened"].to_numpy() - rng.integers(1, 60, first.height)
    introduced = np.maximum(before, earliest).astype(np.int32)
    eligible = first.with_columns(introduced=introduced, order=rng.random(first.height)).filter(
        "may", pl.col("introduced") < pl.col("opened")
    )
    return eligible.sort("order")


def _supported(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Introductions with the support that the vendor gave to some of those made."""
    rng = stream(seed, "support of introductions")
    given_with = rng.random(frame.height) < given.SUPPORTED
    what = np.where(given_with, rng.integers(0, given.KINDS_OF_SUPPORT, frame.height), -1)
    proposed = pl.col("status") == PROPOSED
    return frame.with_columns(support=pl.when(proposed).then(-1).otherwise(pl.Series(what)))
