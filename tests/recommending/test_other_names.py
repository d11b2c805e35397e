"""Other ids change names and nothing else: the same pairs at the same scores."""

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.signals.network.embedding import _EXACT
from ecosystem_graph.synthetic import synthetic

DAY = "2026-01-01"

#: Columns that name partners, but for the parents of capabilities.
NAMING = ("partner_id", "collaborator_id", "parent_id")


def invented(n, seed=0):
    """Tables of an invented ecosystem, the same under ids of another order, and who is who."""
    frames = synthetic(n, seed).tables
    ids = frames["partners"]["partner_id"]
    chance = np.random.default_rng(seed).permutation(len(ids))
    new = pl.Series([f"q-{place:05}" for place in chance])
    renamed = {
        name: frame.with_columns(
            pl.col(column).replace(ids, new)
            for column in NAMING
            if column in frame.columns and name != "capabilities"
        )
        for name, frame in frames.items()
    }
    return read_tables(frames), read_tables(renamed), dict(zip(new, ids, strict=True))


def lists(recommender, tables, who=None):
    graph = EcosystemGraph.from_tables(tables, DAY)
    rows = recommender.recommend(graph, k=10).select("partner_id", "collaborator_id", "score")
    return rows if who is None else rows.with_columns(pl.exclude("score").replace(who))


def alike(plain, renamed, within):
    """Share of rows that are in both, at scores less than so much apart."""
    both = plain.join(renamed, on=["partner_id", "collaborator_id"], suffix="_renamed")
    apart = (both["score"] - both["score_renamed"]).abs()
    return (apart <= within).sum() / max(plain.height, renamed.height)


@pytest.mark.parametrize("n", [300, 1_100])
def test_a_model_lists_the_same_partners_at_the_same_scores(n):
    assert 300 <= _EXACT < 1_100  # once decomposed exactly, once by projections
    tables, renamed, who = invented(n)
    default = Recommender.load("default")
    assert alike(lists(default, tables), lists(default, renamed, who), within=1e-5) > 0.99


def test_what_is_learnt_lists_the_same_partners_at_the_same_scores():
    tables, renamed, who = invented(400, seed=1)
    plain = lists(Recommender().fit(tables, DAY), tables)
    other = lists(Recommender().fit(renamed, DAY), renamed, who)
    assert alike(plain, other, within=1e-3) > 0.99
