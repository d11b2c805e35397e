"""The vendor's records of deals, block by block, as rows of numbers."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import COUNTRIES, CURRENCIES
from ecosystem_graph.synthetic.deals.simulation import LOST, OPEN, WON, Block, Customers
from ecosystem_graph.synthetic.draws import Ints, categories, stream
from ecosystem_graph.synthetic.partners.population import Population
from ecosystem_graph.synthetic.records.satisfaction import answers

REASONS = ("capability_gap", *given.LOST_REASONS)
ROLES = ("lead", "resale", "delivery", "product", "managed service", "supply")
"""The lead, then one role for each type of partner."""

_RATES = np.array([CURRENCIES[country][1] for country in COUNTRIES])


@dataclass(slots=True, eq=False)
class Records:
    """Rows so far by table; partners, capabilities, deals and customers are positions."""

    people: Population
    buyers: Customers
    seed: int
    parts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def keep(self, block: Block) -> None:
        """Add the records of a block of deals."""
        rng = stream(self.seed, "records", block.first)
        tagged, untagged = _memberships(block, self.people, rng)
        for name, frame in (
            ("deals", _deals(block, rng)),
            ("deal_partners", tagged),
            ("deal_requirements", _requirements(block)),
            ("csat", answers(block, tagged, self.people, self.buyers, rng)),
            ("untagged", untagged),
            ("teams", _teams(block)),
        ):
            self.parts.setdefault(name, []).append(frame)

    def so_far(self, name: str) -> pl.DataFrame:
        """All rows of a table so far."""
        return pl.concat(self.parts[name], rechunk=False)

    def frame(self, name: str) -> pl.DataFrame:
        """All rows of a table, which are then removed from here."""
        return pl.concat(self.parts.pop(name), rechunk=False)


def _deals(block: Block, rng: np.random.Generator) -> pl.DataFrame:
    n = len(block.customer)
    closed = block.outcome != OPEN
    spread = np.exp(given.SPREAD_OF_AMOUNTS * rng.standard_normal(n))
    members = (block.team >= 0).sum(axis=1)
    amount = given.MEDIAN_AMOUNT * spread * np.sqrt(members) * _RATES[block.requirements.territory]
    return pl.DataFrame(
        {
            "deal": np.arange(block.first, block.first + n, dtype=np.int32),
            "customer": block.customer,
            "territory": block.requirements.territory.astype(np.int8),
            "amount": np.round(amount, -2),
            "opened": block.requirements.opened,
            "closed": np.where(closed, block.closed, -1),
            "outcome": block.outcome.astype(np.int8),
            "lost_reason": _lost_reasons(block, rng).astype(np.int8),
        }
    )


def _lost_reasons(block: Block, rng: np.random.Generator) -> Ints:
    """Position in `REASONS`; -1 for none."""
    n = len(block.customer)
    other = 1 + categories(rng, given.LOST_REASONS.values(), n)
    lacking = rng.random(n) < given.GAP_TOLD * (1.0 - block.merits.coverage)
    has_reason = (block.outcome == LOST) & (rng.random(n) >= given.NO_REASON)
    return np.where(has_reason, np.where(lacking, 0, other), -1)


def _memberships(
    block: Block, people: Population, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Recorded partners of deals, and those of joint wins that are missing from the record."""
    team = np.sort(block.team, axis=1)
    row, slot = np.nonzero(team >= 0)
    partner = team[row, slot]
    leading = partner == block.team[row, 0]
    frame = pl.DataFrame(
        {
            "deal": (block.first + row).astype(np.int32),
            "partner": partner,
            "role": np.where(leading, 0, 1 + people.type[partner]).astype(np.int8),
        }
    )
    lost_tag = (block.outcome[row] == WON) & ~leading & (rng.random(len(row)) < given.UNTAGGED)
    return frame.filter(~lost_tag), frame.filter(lost_tag)


def _requirements(block: Block) -> pl.DataFrame:
    order = np.argsort(block.requirements.capability, axis=1)
    weight = np.take_along_axis(block.requirements.weight, order, axis=1)
    row, slot = np.nonzero(weight > 0)
    return pl.DataFrame(
        {
            "deal": (block.first + row).astype(np.int32),
            "capability": block.requirements.capability[row, order[row, slot]].astype(np.int16),
            "weight": weight[row, slot],
        }
    )


def _teams(block: Block) -> pl.DataFrame:
    decided = block.merits
    return pl.DataFrame(
        {
            "deal": np.arange(block.first, block.first + len(block.customer), dtype=np.int32),
            "size": (block.team >= 0).sum(axis=1).astype(np.int16),
            "coverage": decided.coverage.astype(np.float32),
            "mean_quality": decided.mean_quality.astype(np.float32),
            "mean_log1p_joint_wins": decided.mean_log1p_joint_wins.astype(np.float32),
            "rivals": decided.rivals,
            "log_odds": decided.log_odds.astype(np.float32),
        }
    )
