"""The rows of an answer: who, at which rank, and what stands behind it."""

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
from ecosystem_graph.signals import GraphFeatures, PairFeatures
from ecosystem_graph.signals.competition.competition import head_on, standing_in
from ecosystem_graph.signals.competition.contested import contested_labels, substitute_labels
from ecosystem_graph.signals.features.requirements import Requirements

#: What is told of a collaborator beside its name.
_TOLD = ("type", "tier", "country")

#: Capabilities named per row.
_NAMED_CAPABILITIES = 5

#: Shared collaborators named per row.
_NAMED_COLLABORATORS = 3

#: Contested market cells named per row.
_NAMED_CELLS = 5

#: Lines of business from which on nothing is said of how few there are.
_ENOUGH_LINES = 2.5

#: Share of business from which two partners count as head-on rivals.
_HEAD_ON = 0.5


def rows(
    features: GraphFeatures,
    ranked: RankedLists,
    chance: Probability | None = None,
    met: Mapping[str, NDArray[np.bool_]] = MappingProxyType({}),
    requirement: Requirements | None = None,
) -> pl.DataFrame:
    """Everything an answer says about each pair, ids in place of positions.

    Columns that the tables say nothing about are left out.

    Parameters
    ----------
    features : GraphFeatures
    ranked : RankedLists
    chance : Probability, optional
        Of a joint win of each pair.
    met : mapping of str to ndarray of bool, shape (n_pairs,)
        Further flags: those of the ledger of introductions, and `beyond_learnt`.
    requirement : Requirements, optional
        The one the list is for; the rows then say what each partner covers of it.

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
    """Names of the two, and what the table of partners says of the collaborator, if of anybody."""
    partners = graph.tables["partners"]
    told = [name for name in _TOLD if partners[name].null_count() < partners.height]
    return {
        "partner_name": graph.index.labels(a, names=True),
        "collaborator_name": graph.index.labels(b, names=True),
        **{f"collaborator_{name}": gathered(partners[name], b) for name in told},
    }


def _measured(pairs: PairFeatures) -> dict[str, pl.Series]:
    """Numbers about each pair, those that the tables can tell."""
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


def _covered(
    features: GraphFeatures, requirement: Requirements, targets: NDArray[np.intp]
) -> pl.Series:
    """Ids of what each partner has of what a requirement asks for."""
    one = np.zeros(len(targets), dtype=np.intp)
    held = largest_terms(requirement.asked, features.firmly_held, one, targets, _NAMED_CAPABILITIES)
    return _lists(features.graph.taxonomy.ids, held)


def empty_rows(
    features: GraphFeatures, *, calibrated: bool = False, requirement: Requirements | None = None
) -> pl.DataFrame:
    """No rows, in the columns and types that rows would have, with probabilities or without."""
    chance = Probability.from_parts(0) if calibrated else None
    return rows(features, RankedLists.nobody(), chance, requirement=requirement)


def _capabilities(
    features: GraphFeatures, lacking: NDArray[np.intp], holding: NDArray[np.intp]
) -> pl.Series:
    """Ids of what one side lacks, is in demand, and the other holds; most wanted first."""
    found = largest_terms(
        features.gaps, features.firmly_held, lacking, holding, _NAMED_CAPABILITIES
    )
    return _lists(features.graph.taxonomy.ids, found)


def _reasons(pairs: PairFeatures, ranked: RankedLists) -> pl.Series:
    """Up to eight facts about each row, in words; a fact there is none of is left out."""
    features, a, b = pairs.features, pairs.sources, pairs.targets
    graph = features.graph
    shared = largest_terms(features.ties, features.ties, a, b, _NAMED_COLLABORATORS)
    asked = largest_terms(features.delivered_share, features.delivered, a, b, 1)
    missing, best = ranked.full or (np.zeros(len(a), dtype=np.intp), np.full(len(a), -1))
    facts = pl.DataFrame(
        {
            "together": entries_at(graph.joint_wins, a, b).astype(np.int64),
            "n_shared": pairs.shared.number.astype(np.int64),
            "shared": _in_lists(graph.index.labels(shared, names=True), shared.shape),
            "asked": _lists(pl.Series(graph.taxonomy.names, dtype=pl.String), asked),
            "won": np.diff(graph.incidence.indptr)[b].astype(np.int64),
            "answers": features.satisfaction.n_responses[b],
            "satisfied": (100 * features.satisfaction.mean[b]).round().astype(np.int64),
            "lines": _few_lines(pairs),
            "instead": substitute_labels(features, a, b),
            "missing": missing,
            "best_missing": graph.index.labels(best, names=True),
        }
    )
    told = [
        pl.when(pl.col("together") > 0).then(_counted("together", "joint win", " so far")),
        pl.when(pl.col("n_shared") > 0).then(
            _counted("n_shared", "shared collaborator", ": ") + pl.col("shared").list.join(", ")
        ),
        pl.when(pl.col("asked").list.len() > 0).then(
            "both win deals asking for " + pl.col("asked").list.join("")
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
    return facts.select(evidence=pl.concat_list(told).list.drop_nulls())["evidence"]


def _counted(column: str, thing: str, then: str) -> pl.Expr:
    many = pl.when(pl.col(column) == 1).then(pl.lit("")).otherwise(pl.lit("s"))
    return pl.format("{} {}{}{}", pl.col(column), pl.lit(thing), many, pl.lit(then))


def _few_lines(pairs: PairFeatures) -> NDArray[np.int64]:
    """Lines of business that competition with each collaborator rests on, 0 where enough do."""
    markets, a, b = pairs.features.markets, pairs.sources, pairs.targets
    ours, theirs = head_on(markets, a, b), head_on(markets, b, a)
    lines = np.where(ours >= theirs, markets.lines[a], markets.lines[b])
    few = (np.maximum(ours, theirs) > 0) & (lines < _ENOUGH_LINES)
    return np.where(few, np.maximum(lines.round(), 1), 0).astype(np.int64)


def _flags(
    pairs: PairFeatures, ranked: RankedLists, met: Mapping[str, NDArray[np.bool_]]
) -> pl.Series:
    """What a person should know before introducing the two, and what moved the row."""
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
    places = [np.where(there, place, -1) for place, there in enumerate(raised.values())]
    return _lists(pl.Series(list(raised)), np.stack(places, axis=1))


def _lists(labels: pl.Series, positions: NDArray[np.integer]) -> pl.Series:
    """Labels at the positions of each row, as a list; -1 is nobody.

    Examples
    --------
    >>> _lists(pl.Series(["x", "y"]), np.array([[1, 0], [1, -1]])).to_list()
    [['y', 'x'], ['y']]
    """
    return _in_lists(gathered(labels, positions), positions.shape)


def _in_lists(labels: pl.Series, shape: tuple[int, ...]) -> pl.Series:
    """A column cut into lists of so many, without its nulls."""
    return labels.reshape(shape).arr.to_list().list.drop_nulls()
