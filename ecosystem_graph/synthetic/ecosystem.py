"""One synthetic ecosystem in numbers: all random draws, before ids and names are made."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.deals.demand import Demand, demand
from ecosystem_graph.synthetic.deals.simulation import Customers, customers, simulated
from ecosystem_graph.synthetic.deals.teams import World
from ecosystem_graph.synthetic.draws import Ints
from ecosystem_graph.synthetic.partners.population import (
    Population,
    in_proportion_to_activity,
    population,
)
from ecosystem_graph.synthetic.partners.selling import (
    Markets,
    active_by_territory,
    markets,
    products,
)
from ecosystem_graph.synthetic.partners.skills import (
    Declared,
    Holdings,
    Taxonomy,
    declared,
    holdings,
    taxonomy,
)
from ecosystem_graph.synthetic.records.deal_records import Records
from ecosystem_graph.synthetic.records.introductions import introductions
from ecosystem_graph.synthetic.records.program import gaps, objectives, restrictions

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """All draws; partners, capabilities, customers and deals are positions.

    Attributes
    ----------
    product : ndarray of int32, shape (n_partners, 4)
        What partners sell, -1 padded.
    records : Records
        Deals and the rows that refer to them.
    gaps, rivals, objectives, introductions, restrictions : DataFrame
        Rows of numbers.
    """

    seed: int
    people: Population
    skills: Taxonomy
    held: Holdings
    declared: Declared
    where: Markets
    product: Ints
    wanted: Demand
    buyers: Customers
    records: Records
    gaps: pl.DataFrame
    rivals: pl.DataFrame
    objectives: pl.DataFrame
    introductions: pl.DataFrame
    restrictions: pl.DataFrame


def drawn(n_partners: int, seed: int, progress: Progress) -> Drawn:
    """Draw an ecosystem.

    Raises
    ------
    ValueError
        If there are fewer than two partners.
    """
    if n_partners < 2:
        raise ValueError(f"n_partners must be 2 or more. Got {n_partners!r}.")
    progress("drawing partners")
    people, skills = population(n_partners, seed), taxonomy(n_partners, seed)
    held, where = holdings(people, skills, seed), markets(people, seed)
    wanted = demand(skills, seed)
    world = _world(people, held, where)
    buyers = customers(world, seed)
    records = Records(people, buyers, seed)
    n_deals = round(given.DEALS_PER_PARTNER * n_partners)
    simulated(
        world,
        wanted,
        buyers,
        seed,
        records.keep,
        lambda done: progress("making deals", done, n_deals),
    )
    lacking, rivals = gaps(where, held.held, wanted), _rivals(people)
    barred = restrictions(people, rivals, seed)
    return Drawn(
        seed=seed,
        people=people,
        skills=skills,
        held=held,
        declared=declared(people, skills, held, seed),
        where=where,
        product=products(people, skills, seed),
        wanted=wanted,
        buyers=buyers,
        records=records,
        gaps=lacking,
        rivals=rivals,
        objectives=objectives(people, lacking, seed),
        introductions=introductions(world, barred, records, seed),
        restrictions=barred,
    )


def _world(people: Population, held: Holdings, where: Markets) -> World:
    return World(
        people,
        held.held,
        in_proportion_to_activity(people, people.community, people.n_communities),
        active_by_territory(people, where),
        in_proportion_to_activity(people, np.zeros(people.n, dtype=np.int32), 1),
    )


def _rivals(people: Population) -> pl.DataFrame:
    """Every pair of rivals once, the lower position first."""
    among = np.flatnonzero(people.rival_group >= 0)
    frame = pl.DataFrame({"partner": among.astype(np.int32), "group": people.rival_group[among]})
    both = frame.join(frame, on="group", suffix="_2").filter(
        pl.col("partner") < pl.col("partner_2")
    )
    return both.select("partner", other="partner_2").sort("partner", "other")
