"""What introductions add in an invented world, by the truth planted in it.

The value of introducing B to A is P(B accepts) times the mean, over needs of A that B serves, of
the probability that the two win a deal less that A wins it alone. Every number in it is from the
truth of the world, which nothing that ranks ever reads.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.special import expit

from ecosystem_graph import EcosystemGraph, GraphRanker, read_tables
from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.lists.allocation.assignment import allocated
from ecosystem_graph.lists.reranking import Reranking
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.synthetic.assumptions.parameters import SCORE_OF_QUALITY

K = 10
NEEDS = 12  # deals that stand for what a partner needs
DOUBT = 4  # answers that the mean of all weighs as much as, where a partner has few


@dataclass(frozen=True, eq=False)
class Belief:
    """What is known of partners: capabilities (n, n_capabilities), quality (n,), rivals (n, n)."""

    held: np.ndarray
    quality: np.ndarray
    rivals: np.ndarray


def added(winning, average, belief, source, needs):
    """Mean change of the probability that a source wins its needs, with each partner, shape (n,).

    For partners that have never won together. `needs` are pairs of capabilities and their shares.
    """
    base = winning["intercept"] + winning["mean_quality"] * (belief.quality - average)
    alone = base[source]
    both = (base + alone) / 2 + winning["rivals"] * belief.rivals[source]
    total = np.zeros(len(base))
    for capabilities, shares in needs:
        own = belief.held[source, capabilities]
        covered = (belief.held[:, capabilities] | own) @ shares
        total += expit(both + winning["coverage"] * covered)
        total -= expit(alone + winning["coverage"] * (own @ shares))
    return total / len(needs)


def acceptance(accepting, community, rivals, source):
    """Probability that each partner accepts an introduction to a source, shape (n,)."""
    near = accepting["same_community"] * (community == community[source])
    return expit(accepting["intercept"] + near + accepting["rivals"] * rivals[source])


class PlantedWorld:
    """An invented world: its graph, what is true of it, and what its records show of that."""

    def __init__(self, made, seed=0):
        self.made, self.seed = made, seed
        self.tables = read_tables(made.tables)
        self.graph = EcosystemGraph.from_tables(self.tables)
        self.ids = self.graph.tables["partners"]["partner_id"]
        self.capabilities = (
            pl.concat(
                [
                    made.truth["held"]["capability_id"],
                    made.tables["partner_capabilities"]["capability_id"],
                    made.tables["deal_requirements"]["capability_id"],
                ]
            )
            .unique()
            .sort()
        )

    def _held(self, table):
        places = (table["partner_id"], self.ids, table["capability_id"], self.capabilities)
        return label_matrix(*places).toarray() > 0

    @cached_property
    def truth(self):
        """What holds: capabilities, quality, rivals."""
        people = self.made.truth["partners"]
        quality = np.full(len(self.ids), self.made.models["mean_quality"])
        quality[self.graph.index.encode(people["partner_id"])] = people["quality"]
        rivals = np.zeros((len(self.ids),) * 2, dtype=bool)
        pairs = self.made.truth["rivals"]
        a, b = (self.graph.index.encode(pairs[side]) for side in ("partner_id", "collaborator_id"))
        rivals[a, b] = rivals[b, a] = True
        return Belief(self._held(self.made.truth["held"]), quality, rivals)

    @cached_property
    def records(self):
        """What the records show: declared capabilities, mean answers, no rivals."""
        said = self.made.tables["csat"].filter(pl.col("kind") == "csat_mean")
        share = (pl.col("score") - pl.col("scale_min")) / (
            pl.col("scale_max") - pl.col("scale_min")
        )
        said = said.group_by("partner_id").agg(mean=share.mean(), n=pl.len())
        average = float((said["mean"] * said["n"]).sum() / said["n"].sum())
        distance = (said["mean"] - average) * said["n"] / (said["n"] + DOUBT)
        quality = np.full(len(self.ids), self.made.models["mean_quality"])
        answered = self.graph.index.encode(said["partner_id"])
        quality[answered] += distance.to_numpy() * 4 / SCORE_OF_QUALITY
        nobody = np.zeros((len(self.ids),) * 2, dtype=bool)
        return Belief(self._held(self.made.tables["partner_capabilities"]), quality, nobody)

    @cached_property
    def needs(self):
        """Of each partner: deals of its own of the last two years, filled up from its country's."""
        rng = np.random.default_rng(self.seed)
        required = self.made.tables["deal_requirements"].sort("deal_id", "capability_id")
        required = required.with_columns(
            at=pl.Series(self.capabilities.search_sorted(required["capability_id"])),
            weight=pl.col("weight").fill_null(1.0),
        )
        asked = {
            deal: (np.array(at), np.array(weight) / sum(weight))
            for deal, at, weight in required.group_by("deal_id", maintain_order=True)
            .agg("at", "weight")
            .iter_rows()
        }
        since = self.graph.as_of.replace(year=self.graph.as_of.year - 2)
        recent = self.made.tables["deals"].filter(pl.col("opened_on") >= since).sort("deal_id")
        recent = recent.filter(pl.col("deal_id").is_in(list(asked)))
        members = self.made.tables["deal_partners"].select("deal_id", "partner_id").unique()
        members = recent.join(members, on="deal_id").sort("deal_id", "partner_id")
        own = dict(members.group_by("partner_id", maintain_order=True).agg("deal_id").iter_rows())
        there = dict(recent.group_by("territory", maintain_order=True).agg("deal_id").iter_rows())
        everywhere = recent["deal_id"].to_list()
        partners = self.graph.tables["partners"]
        chosen = []
        for partner, country in partners.select("partner_id", "country").iter_rows():
            deals = own.get(partner, [])
            if len(deals) > NEEDS:
                deals = list(rng.choice(deals, NEEDS, replace=False))
            pool = there.get(country) or everywhere
            deals = deals + list(rng.choice(pool, NEEDS - len(deals)))
            chosen.append([asked[deal] for deal in deals])
        return chosen

    def _added(self, belief):
        """Mean change of the probability of winning, of each pair, (n, n)."""
        winning, average = self.made.models["winning"], self.made.models["mean_quality"]
        rows = enumerate(self.needs)
        return np.stack([added(winning, average, belief, a, needs) for a, needs in rows])

    @cached_property
    def values(self):
        """Value of introducing each partner (column) to each other one (row), (n, n)."""
        people = self.made.truth["partners"]
        community = np.full(len(self.ids), -1)
        community[self.graph.index.encode(people["partner_id"])] = people["community"]
        accepting, rivals = self.made.models["accepting"], self.truth.rivals
        takes = [acceptance(accepting, community, rivals, a) for a in range(len(self.ids))]
        return np.stack(takes) * self._added(self.truth)

    @cached_property
    def plug_in(self):
        """The values that the records allow, by the true coefficients, (n, n)."""
        return self._added(self.records)

    @cached_property
    def plain(self):
        """Scores that need no model, by name: (n, n), or (n,) where they are the same for all."""
        features, n = GraphFeatures(self.graph), len(self.ids)
        a, b = np.divmod(np.arange(n * n), n)
        return {
            "random": np.random.default_rng(self.seed).random((n, n)),
            "popularity": self.graph.degree,
            "gain alone": SIGNALS["gain"].values(features, a, b).reshape(n, n),
            "satisfaction alone": features.satisfaction.mean,
        }


class Lists:
    """Lists of ten new collaborators for every partner, without capacities or within them."""

    def __init__(self, world, ranker, *, limited):
        self.world, self.ranker, self.reranking = world, ranker, Reranking(limited=limited)
        builder = self.builder(ranker)
        graph, n = world.graph, world.graph.n_partners
        self.sources = builder.sources(None)
        a, b = np.repeat(self.sources, n), np.tile(np.arange(n), len(self.sources))
        permits = builder.finder.permits(a, b)
        permits &= builder.ledger.permits(a, b, include_known=False)
        permits &= (a != b) & (entries_at(graph.adjacency, a, b) == 0)
        self.permits = permits.reshape(len(self.sources), n)
        self.capacity = builder.capacity

    def builder(self, ranker, weight=None):
        """What makes a model's lists."""
        request = Request(uplift_weight=weight, reranking=self.reranking)
        return ranker.builder(request.on(self.world.graph))

    def value(self, rows, columns):
        """Mean value of a place in a list; an empty place adds nothing."""
        return float(self.world.values[rows, columns].sum() / (K * len(self.sources)))

    def of_model(self, ranker, weight=None):
        """Value of a model's lists at a weight of benefit."""
        builder = self.builder(ranker, weight)
        lists, _ = builder.settled(RankedLists.joined(builder.pools(self.sources, K)), K)
        return self.value(lists.sources, lists.targets)

    def of_scores(self, scores):
        """Value of the lists of the highest scores, (n, n) or the same for all."""
        n = self.world.graph.n_partners
        scores = np.where(self.permits, np.broadcast_to(scores, (n, n))[self.sources], -np.inf)
        depth = K if self.capacity is None else n
        best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        rows = np.repeat(np.arange(len(self.sources)), depth)
        columns, found = best.ravel(), np.isfinite(scores[rows, best.ravel()])
        rows, columns = rows[found], columns[found]
        if self.capacity is not None:
            utility = scores[rows, columns]
            utility = utility - utility.min() + 1e-6
            kept = allocated(rows, columns, utility, self.capacity, K)
            rows, columns = rows[kept], columns[kept]
        return self.value(self.sources[rows], columns)


def planted_values(world, fitted, shipped, *, limited):
    """Value of a place in lists of ten, by method."""
    fitted, shipped = GraphRanker(fitted, world.graph), GraphRanker(shipped, world.graph)
    lists = Lists(world, fitted, limited=limited)
    return {
        **{name: lists.of_scores(scores) for name, scores in world.plain.items()},
        "likelihood alone": lists.of_model(fitted, 0.0),
        "fitted model": lists.of_model(fitted),
        "model default": lists.of_model(shipped),
        "plug-in": lists.of_scores(world.plug_in),
        "oracle": lists.of_scores(world.values),
    }


def share(value, random, plug_in):
    """How far on the way from random lists to those that the records allow."""
    return (value - random) / (plug_in - random)
