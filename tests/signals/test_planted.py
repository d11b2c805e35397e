"""What is planted in a synthetic ecosystem is found from its tables alone."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import roc_auc_score

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.synthetic import synthetic

N = 2000


@pytest.fixture(scope="module")
def made():
    return synthetic(N, seed=0)


@pytest.fixture(scope="module")
def tables(made):
    return read_tables(made.tables)


@pytest.fixture(scope="module")
def features(tables):
    return GraphFeatures(EcosystemGraph.from_tables(tables))


def pairs_of(graph, rivals):
    sides = (graph.index.encode(rivals[side]) for side in ("partner_id", "collaborator_id"))
    return tuple(sides)


def test_competition_tells_rivals_from_others(made, features):
    rivals = pairs_of(features.graph, made.truth["rivals"])
    others = np.random.default_rng(0).permuted(np.tile(np.arange(N), (2, 1)), axis=1)
    values = [SIGNALS["competition"].values(features, *pairs) for pairs in (rivals, others)]
    labels = np.repeat([1, 0], [len(part) for part in values])
    assert roc_auc_score(labels, np.concatenate(values)) >= 0.95


def test_the_gap_most_in_demand_is_mostly_among_the_five_named(made, features):
    graph = features.graph
    best = made.truth["gaps"].sort("demand", descending=True).group_by("partner_id").first()
    places = graph.index.encode(best["partner_id"])
    wanted = graph.taxonomy.ids.search_sorted(best["capability_id"]).to_numpy()
    named = largest_per_row(features.gaps, 5).astype(bool)
    hit = np.asarray(named[places, wanted]).ravel()
    assert hit.mean() > 0.7


@pytest.mark.slow
def test_the_price_keeps_rivals_out_of_lists(made, tables):
    graph = EcosystemGraph.from_tables(tables)
    key = csr_array((np.ones(len(made.truth["rivals"])), pairs_of(graph, made.truth["rivals"])))
    key.resize((N, N))
    rivals = csr_array(key + key.T)
    model = Recommender(uplift_weight=0).fit(tables)
    listed = {}
    for price in (0.0, model.competition_price):
        rows = model.set_params(competition_price=price).recommend(graph)
        places = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
        listed[price] = np.asarray(rivals[tuple(places)]).sum()
    assert listed[0.0] >= 10
    assert listed[model.competition_price] <= listed[0.0] / 10
