"""Who could join a partner in serving one customer's need: candidates, learning, scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.chunks import map_chunks
from ecosystem_graph.arrays.csr import entries_at, row_of_entries, tidy
from ecosystem_graph.arrays.fingerprints import mixed, uniform
from ecosystem_graph.arrays.path_kernels import best_paths
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.ranking.candidates import CandidateFinder
from ecosystem_graph.ranking.features import feature_matrix
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.standardizer import Scale, list_z_scores
from ecosystem_graph.ranking.training.training_set import TrainingSet, fit_ranker, joined
from ecosystem_graph.signals import REQUIREMENT_SIGNALS, SIGNALS
from ecosystem_graph.signals.features.requirements import NeedPairs, Needs
from ecosystem_graph.tables import Tables
from ecosystem_graph.tables.roles import LEADING, ROLE

#: What the partners of a deal face in demand may come from that very deal: they are not read.
_LEAKING = frozenset({"gain", "reciprocal_gain", "mutual_gain"})

#: Partners looked up through what is asked for, and kept for each capability.
_THROUGH_NEED = 400
_TOP_HOLDERS = 500

#: Deals learnt from at most, and at least.
MOST_DEALS = 3_000
_FEWEST_DEALS = 50

#: Deals whose candidates tell what is usual on a graph.
_USUAL_DEALS = 200

_KEPT_OF_REST = 0.25


@dataclass(frozen=True, eq=False, slots=True)
class RequirementCandidates:
    """Candidates of needs: place of the need, position of the partner, and the lead's."""

    rows: NDArray[np.intp]
    targets: NDArray[np.intp]
    leads: NDArray[np.intp]

    def chosen(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> "RequirementCandidates":
        """Some of them: a mask, or their places."""
        return RequirementCandidates(self.rows[kept], self.targets[kept], self.leads[kept])


class RequirementRanker:
    """Finds and scores partners for needs on one graph.

    Parameters
    ----------
    finder : CandidateFinder
    """

    def __init__(self, finder: CandidateFinder) -> None:
        self.finder = finder
        learnt = [
            name for name, signal in SIGNALS.items() if signal.learnt and name not in _LEAKING
        ]
        self.names = (*learnt, *REQUIREMENT_SIGNALS)
        needs = finder.features.delivered
        open_needs = tidy(needs.multiply(finder.open_to.astype(np.float64).reshape(-1, 1)).tocsr())
        standing = finder.ground.ties.rank
        self._top_holders = largest_per_row(tidy(open_needs.T), _TOP_HOLDERS, standing)

    def candidates(self, needs: Needs) -> RequirementCandidates:
        """Partners new to the lead, those it knows, and those that serve what is asked for."""
        leads = np.unique(needs.leads)
        found = [self.finder.new(leads), self.finder.known(leads)]
        n = self.finder.features.graph.n_partners
        keys = []
        for pairs in found:
            begin = np.searchsorted(pairs.sources, needs.leads)
            size = np.searchsorted(pairs.sources, needs.leads, side="right") - begin
            rows = np.repeat(np.arange(len(needs)), size)
            within = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
            keys.append(rows * n + pairs.targets[np.repeat(begin, size) + within])
        ties = self.finder.ground.ties
        serving = best_paths(
            needs.asked,
            self._top_holders,
            np.arange(len(needs)),
            tidy(self.finder.ground.apart[needs.leads]),
            self.finder.open_to,
            _THROUGH_NEED,
            ties._replace(start=ties.rank[needs.leads]),
        )
        rows, places = np.nonzero(serving >= 0)
        keys.append(rows * n + serving[rows, places])
        once = np.unique(np.concatenate(keys))
        rows, targets = once // n, once % n
        matches = RequirementCandidates(rows, targets, needs.leads[rows])
        return matches.chosen(self.finder.permits(matches.leads, targets))

    def values(self, needs: Needs, matches: RequirementCandidates) -> NDArray[np.float64]:
        """Signals of each match, shape (n_matches, n_signals)."""
        n_pair = len(self.names) - len(REQUIREMENT_SIGNALS)
        pairs = NeedPairs(needs, matches.rows, matches.targets)
        values = np.empty((len(matches.rows), len(self.names)), order="F")
        values[:, :n_pair] = feature_matrix(
            self.finder.features, self.names[:n_pair], matches.leads, matches.targets
        )
        for column, signal in enumerate(REQUIREMENT_SIGNALS.values(), n_pair):
            values[:, column] = signal.of(pairs)
        return values

    def usual_scale(self) -> Scale:
        """What is usual among candidates of needs on the graph: those of its latest deals."""
        features = self.finder.features
        graph = features.graph
        latest = np.argsort(graph.age_days, kind="stable")
        asking = np.diff(graph.requirements.indptr)[latest] > 0
        joint = graph.team_size[latest] > 1
        deals = np.sort(latest[asking & joint][:_USUAL_DEALS])
        by_deal = tidy(graph.incidence[:, deals].T)
        # Any member may stand for whoever led; which one must not depend on what it is called.
        rows = row_of_entries(by_deal)
        members = by_deal.indices[np.lexsort((graph.fingerprints[by_deal.indices], rows))]
        leads = members[by_deal.indptr[:-1]].astype(np.intp) if len(deals) else deals
        facts = graph.deals[deals].select("territory", "industry", need_id="deal_id")
        asked = graph.tables["deal_requirements"].filter(
            pl.col("deal_id").is_in(facts["need_id"].implode())
        )
        asked = asked.select("capability_id", "weight", need_id="deal_id")
        needs = Needs.of(features, leads, facts, asked)
        return Scale.of(self.names, _in_parts(self, needs, self.candidates(needs)))

    def scored(
        self, ranker: AdditiveRanker, needs: Needs, finder: CandidateFinder | None = None
    ) -> tuple[RequirementCandidates, NDArray[np.float64]]:
        """Candidates of each need, and their scores before any policy.

        A finder that proposes only some partners changes who is found, and nobody's score.
        """
        matches = self.candidates(needs)
        values = self.values(needs, matches)
        lists, scores = ranker.listed(values, matches.rows)
        if finder is not None and finder is not self.finder:
            matches = RequirementRanker(finder).candidates(needs)
            scores = ranker.score(self.values(needs, matches), matches.rows, lists)
        return matches, scores

    def beyond(
        self, ranker: AdditiveRanker, needs: Needs, matches: RequirementCandidates
    ) -> NDArray[np.bool_]:
        """Whether any signal of each match goes beyond what was learnt on, shape (n_matches,)."""
        everybody = self.candidates(needs)
        lists = ranker.lists(self.values(needs, everybody), everybody.rows)
        past = ranker.beyond(self.values(needs, matches), matches.rows, lists)
        return np.asarray(past.any(axis=1))


@dataclass(frozen=True, eq=False, slots=True)
class LedDeals:
    """Deals with a lead and others, as of a day before they were won.

    Attributes
    ----------
    needs : Needs
    members : csr_array of shape (n_needs, n_partners)
        1 for those that won with the lead.
    open_to : ndarray of bool, shape (n_partners,)
        Partners that could have been proposed.
    """

    needs: Needs
    members: csr_array
    open_to: NDArray[np.bool_]


def led_deals(
    finder: CandidateFinder, tables: Tables, until: date, n_deals: int, rng: np.random.Generator
) -> LedDeals | None:
    """Deals won from a graph's day on and before another, whose lead is known.

    Parameters
    ----------
    finder : CandidateFinder
        Of the graph as it was on the day.
    tables : Tables
        Everything on record, later deals included.
    until : datetime.date
    n_deals : int
        Drawn at most.
    rng : numpy.random.Generator

    Returns
    -------
    LedDeals or None
        None where no deal names a lead and somebody else, both of them there on the day.
    """
    features = finder.features
    graph = features.graph
    ids = graph.tables["partners"]["partner_id"]
    won = tables["deals"].filter(
        (pl.col("outcome") == "won")
        & (pl.col("closed_on") >= graph.as_of)
        & (pl.col("closed_on") < until)
    )
    on = tables["deal_partners"].join(won, on="deal_id", how="semi")
    on = on.filter(pl.col("partner_id").is_in(ids.filter(finder.open_to).implode()))
    leading = on.filter(ROLE.is_in(LEADING))
    leads = leading.sort("partner_id").group_by("deal_id").first().select("deal_id", "partner_id")
    others = on.join(leads, on=["deal_id", "partner_id"], how="anti")
    others = others.join(leads, on="deal_id", how="semi")
    asking = tables["deal_requirements"]["deal_id"].implode()
    deals = leads.filter(
        pl.col("deal_id").is_in(others["deal_id"].implode()) & pl.col("deal_id").is_in(asking)
    ).sort("deal_id")
    if deals.is_empty():
        return None
    if deals.height > n_deals:
        deals = deals[np.sort(rng.choice(deals.height, n_deals, replace=False))]
    facts = deals.join(won, on="deal_id", maintain_order="left").select(
        "territory", "industry", need_id="deal_id"
    )
    asked = tables["deal_requirements"].filter(pl.col("deal_id").is_in(deals["deal_id"].implode()))
    asked = asked.select("capability_id", "weight", need_id="deal_id")
    needs = Needs.of(features, graph.index.encode(deals["partner_id"]), facts, asked)
    others = others.filter(pl.col("deal_id").is_in(deals["deal_id"].implode()))
    members = label_matrix(others["deal_id"], deals["deal_id"], others["partner_id"], ids)
    members.data[:] = 1.0  # in however many roles
    return LedDeals(needs, members, finder.open_to)


def need_set(matcher: RequirementRanker, deals: LedDeals, rng: np.random.Generator) -> TrainingSet:
    """Candidates of deals, with who joined: all that did, and a quarter of the rest."""
    matches = matcher.candidates(deals.needs)
    won = entries_at(deals.members, matches.rows, matches.targets) > 0
    graph = matcher.finder.features.graph
    sides = graph.fingerprints[matches.targets] + mixed(matches.rows)
    kept = np.flatnonzero(won | (uniform(mixed(sides, int(rng.integers(2**32)))) < _KEPT_OF_REST))
    kept = kept[np.lexsort((graph.standing[matches.targets[kept]], matches.rows[kept]))]
    matches, won = matches.chosen(kept), won[kept]
    scale, values = matcher.usual_scale(), _in_parts(matcher, deals.needs, matches)
    weight = np.where(won, 1.0, 1.0 / _KEPT_OF_REST)
    z = list_z_scores(scale, values, matches.rows, weight)
    return TrainingSet(scale, matches.rows, matches.targets, z, won, weight)


def fit_matcher(sets: Sequence[TrainingSet], n_deals: int) -> AdditiveRanker:
    """Learn who joins the lead of a deal, by what it asks for.

    Parameters
    ----------
    sets : sequence of TrainingSet
        From :func:`need_set`.
    n_deals : int
        Deals they hold.

    Raises
    ------
    HistoryError
        If there are fewer than 50 deals to learn from.
    """
    if n_deals < _FEWEST_DEALS:
        raise HistoryError(
            f"too little history to rank for a requirement: {n_deals} won deals with requirements "
            f"name a lead ({', '.join(LEADING)}) and somebody else, at least {_FEWEST_DEALS} are "
            "needed. Rank without one, or use a model that learnt it."
        )
    return fit_ranker(joined(sets))


def _in_parts(
    matcher: RequirementRanker, needs: Needs, matches: RequirementCandidates
) -> NDArray[np.float64]:
    """Signals of many matches, on every core."""

    def values(shard: NDArray[np.intp]) -> NDArray[np.float64]:
        here = np.zeros(len(needs), dtype=bool)
        here[shard] = True
        return matcher.values(needs, matches.chosen(here[matches.rows]))

    parts = [part for _, part in map_chunks(values, np.arange(len(needs)))]
    return np.concatenate(parts) if parts else np.empty((0, len(matcher.names)))
