"""Rows of a result: both partners, rank, score, signals, evidence and flags."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.csr import entries_at
from ecosystem_graph.arrays.labels import gathered
from ecosystem_graph.arrays.list_kernels import largest_terms
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking import Probability
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.competition.competition import head_on, standing_in
from ecosystem_graph.signals.competition.contested import contested_labels, substitute_labels
from ecosystem_graph.signals.features.requirements import Requirements

#: Columns of `partners` shown of a collaborator beside its name.
_SHOWN = ("type", "tier", "country")

#: Capabilities named per row.
_NAMED_CAPABILITIES = 5

#: Shared collaborators named per row.
_NAMED_COLLABORATORS = 3

#: Contested market cells named per row.
_NAMED_CELLS = 5

#: Lines of business from which on a small number of them is no longer part of the evidence.
_ENOUGH_LINES = 2.5

#: Share of business from which two partners count as head-on rivals.
_HEAD_ON = 0.5


def rows(
    features: GraphFeatures,
    ranked: RankedLists,
    chance: Probability | None = None,
    met: Mapping[str, NDArray[np.bool_]] = MappingProxyType({}),
    requirement: Requirements | None = None,
    benefit: Benefit | None = None,
) -> pl.DataFrame:
    """All columns of each pair, with ids instead of positions.

    Columns for which the tables hold no data are left out.

    Parameters
    ----------
    features : GraphFeatures
    ranked : RankedLists
    chance : Probability, optional
        Of a joint win of each pair.
    met : mapping of str to ndarray of bool, shape (n_pairs,)
        Further flags: those of the ledger of introductions, and `beyond_learnt`.
    requirement : Requirements, optional
        The requirement the list is for; adds the column of what each partner covers of it.
    benefit : Benefit, optional
        Adds the columns of what each introduction adds.

    Returns
    -------
    polars.DataFrame
        One row per pair, in the order of `ranked`.
    """
    graph = features.graph
    a, b = ranked.sources, ranked.targets
    pairs = PairFeatures(features, a, b)
    columns = {
        "partner_id": graph.index.labels(a),
        "rank": pl.Series(ranked.ranks),
        "collaborator_id": graph.index.labels(b),
        **_who(graph, a, b),
        "score": pl.Series(ranked.scores),
    }
    if chance is not None:
        columns |= {
            "probability": pl.Series(chance.mean),
            "probability_low": pl.Series(chance.low),
            "probability_high": pl.Series(chance.high),
            "probability_n": pl.Series(chance.n),
        }
    if benefit is not None and benefit.known:
        columns |= _added(benefit, a, b)
    columns |= _measured(pairs)
    if features.demand.nnz:
        columns |= {
            "gaps_filled": _capabilities(features, a, b),
            "brings": _capabilities(features, b, a),
        }
    if features.markets.known:
        columns["contested"] = contested_labels(features, a, b, _NAMED_CELLS)
    if requirement is not None:
        columns["covers"] = _covered(features, requirement, b)
    columns["evidence"] = _reasons(pairs, ranked)
    columns["flags"] = _flags(pairs, ranked, met)
    return pl.DataFrame(columns)


def _who(graph: EcosystemGraph, a: NDArray[np.intp], b: NDArray[np.intp]) -> dict[str, pl.Series]:
    """Names of both, and the columns of `partners` that are not empty, of the collaborator."""
    partners = graph.tables["partners"]
    shown = [name for name in _SHOWN if partners[name].null_count() < partners.height]
    return {
        "partner_name": graph.index.labels(a, names=True),
        "collaborator_name": graph.index.labels(b, names=True),
        **{f"collaborator_{name}": gathered(partners[name], b) for name in shown},
    }


def _measured(pairs: PairFeatures) -> dict[str, pl.Series]:
    """Numeric columns of each pair, those that the tables hold data for."""
    features, b = pairs.features, pairs.targets
    relationships, belief = features.relationships, features.satisfaction
    columns: dict[str, NDArray[np.generic]] = {}
    if features.demand.nnz:
        columns |= {"gain": pairs.gain, "reciprocal_gain": pairs.reciprocal_gain}
    if features.markets.known:
        columns["competition"] = pairs.competition
    if relationships.known:
        vouched = pairs.shared.vouched
        columns |= {
            "trust": pairs.trust,
            "trust_n": relationships.evidence(pairs.sources, b, vouched),
        }
    if belief.known:
        columns |= {
            "satisfaction": belief.mean[b],
            "satisfaction_low": belief.low[b],
            "satisfaction_n": belief.n_responses[b],
        }
    return {name: pl.Series(values) for name, values in columns.items()}


def _added(benefit: Benefit, a: NDArray[np.intp], b: NDArray[np.intp]) -> dict[str, pl.Series]:
    """What introducing the collaborator adds to each side's probability of winning."""
    ours = benefit.uplift(a, b)
    return {
        "uplift": pl.Series(ours.mean),
        "uplift_low": pl.Series(ours.low),
        "uplift_high": pl.Series(ours.high),
        "reciprocal_uplift": pl.Series(benefit.uplift(b, a).mean),
    }


def _covered(
    features: GraphFeatures, requirement: Requirements, targets: NDArray[np.intp]
) -> pl.Series:
    """Ids of the required capabilities that each partner holds."""
    one = np.zeros(len(targets), dtype=np.intp)
    held = largest_terms(requirement.asked, features.firmly_held, one, targets, _NAMED_CAPABILITIES)
    return _lists(features.graph.taxonomy.ids, held)


def empty_rows(
    features: GraphFeatures,
    *,
    calibrated: bool = False,
    requirement: Requirements | None = None,
    benefit: Benefit | None = None,
) -> pl.DataFrame:
    """An empty frame with the columns and types of rows, with probabilities or without."""
    chance = Probability.from_parts(0) if calibrated else None
    return rows(features, RankedLists.empty(), chance, requirement=requirement, benefit=benefit)


def _capabilities(
    features: GraphFeatures, lacking: NDArray[np.intp], holding: NDArray[np.intp]
) -> pl.Series:
    """Ids of capabilities in demand that one side lacks and the other holds, by demand."""
    found = largest_terms(
        features.gaps, features.firmly_held, lacking, holding, _NAMED_CAPABILITIES
    )
    return _lists(features.graph.taxonomy.ids, found)


def _reasons(pairs: PairFeatures, ranked: RankedLists) -> pl.Series:
    """Up to eight facts about each row, in words; a fact without data is left out."""
    features, a, b = pairs.features, pairs.sources, pairs.targets
    graph = features.graph
    shared = largest_terms(features.ties, features.ties, a, b, _NAMED_COLLABORATORS)
    delivered = largest_terms(features.delivered_share, features.delivered, a, b, 1)
    missing, best = ranked.full or (np.zeros(len(a), dtype=np.intp), np.full(len(a), -1))
    facts = pl.DataFrame(
        {
            "together": entries_at(graph.joint_wins, a, b).astype(np.int64),
            "n_shared": pairs.shared.number.astype(np.int64),
            "shared": _in_lists(graph.index.labels(shared, names=True), shared.shape),
            "delivered": _lists(pl.Series(graph.taxonomy.names, dtype=pl.String), delivered),
            "won": np.diff(graph.incidence.indptr)[b].astype(np.int64),
            "answers": features.satisfaction.n_responses[b],
            "satisfied": (100 * features.satisfaction.mean[b]).round().astype(np.int64),
            "lines": _few_lines(pairs),
            "instead": substitute_labels(features, a, b),
            "missing": missing,
            "best_missing": graph.index.labels(best, names=True),
        }
    )
    sentences = [
        pl.when(pl.col("together") > 0).then(_counted("together", "joint win", " so far")),
        pl.when(pl.col("n_shared") > 0).then(
            _counted("n_shared", "shared collaborator", ": ") + pl.col("shared").list.join(", ")
        ),
        pl.when(pl.col("delivered").list.len() > 0).then(
            "both win deals asking for " + pl.col("delivered").list.join("")
        ),
        pl.when(pl.col("won") > 0).then(_counted("won", "deal", " won")),
        pl.when(pl.col("answers") > 0).then(
            pl.format("satisfaction {} %, ", "satisfied") + _counted("answers", "answer", "")
        ),
        pl.when(pl.col("lines") > 0).then(
            pl.lit("competition rests on ") + _counted("lines", "line", " of business on record")
        ),
        pl.col("instead"),
        pl.when(pl.col("missing") > 0).then(
            pl.format("instead of {} that can take no more introductions, ", "missing")
            + pl.lit("the best of them ")
            + pl.col("best_missing")
        ),
    ]
    return facts.select(evidence=pl.concat_list(sentences).list.drop_nulls())["evidence"]


def _counted(column: str, thing: str, then: str) -> pl.Expr:
    many = pl.when(pl.col(column) == 1).then(pl.lit("")).otherwise(pl.lit("s"))
    return pl.format("{} {}{}{}", pl.col(column), pl.lit(thing), many, pl.lit(then))


def _few_lines(pairs: PairFeatures) -> NDArray[np.int64]:
    """Lines of business behind the competition with each collaborator; 0 if they are enough."""
    markets, a, b = pairs.features.markets, pairs.sources, pairs.targets
    ours, theirs = head_on(markets, a, b), head_on(markets, b, a)
    lines = np.where(ours >= theirs, markets.lines[a], markets.lines[b])
    few = (np.maximum(ours, theirs) > 0) & (lines < _ENOUGH_LINES)
    return np.where(few, np.maximum(lines.round(), 1), 0).astype(np.int64)


def _flags(
    pairs: PairFeatures, ranked: RankedLists, met: Mapping[str, NDArray[np.bool_]]
) -> pl.Series:
    """Flags: cautions before an introduction, and the reranking steps that moved the row."""
    features, a, b = pairs.features, pairs.sources, pairs.targets
    belief, markets = features.satisfaction, features.markets
    raised = {
        "no_joint_win_yet": features.graph.degree[b] == 0,
        "no_answers_yet": belief.known & (belief.n_responses[b] == 0),
        "head_on_rival": markets.known & (pairs.competition >= _HEAD_ON),
        "opposite_sides": entries_at(markets.against, a, b) > 0,
        "substitutes": standing_in(markets, a, b) > 0,
        **met,
        **ranked.moved,
    }
    numbers = [np.where(mask, number, -1) for number, mask in enumerate(raised.values())]
    return _lists(pl.Series(list(raised)), np.stack(numbers, axis=1))


def _lists(labels: pl.Series, positions: NDArray[np.integer]) -> pl.Series:
    """Labels at the positions of each row, as a list; -1 is left out.

    Examples
    --------
    >>> _lists(pl.Series(["x", "y"]), np.array([[1, 0], [1, -1]])).to_list()
    [['y', 'x'], ['y']]
    """
    return _in_lists(gathered(labels, positions), positions.shape)


def _in_lists(labels: pl.Series, shape: tuple[int, ...]) -> pl.Series:
    """A column reshaped to a list for each row, nulls dropped."""
    return labels.reshape(shape).arr.to_list().list.drop_nulls()
