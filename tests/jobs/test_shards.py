"""A run in shards: what is finished is never done again, and parts make the whole."""

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from ecosystem_graph import EcosystemGraph, GraphRanker, Request, Stages
from ecosystem_graph.jobs.backend import Backend
from ecosystem_graph.jobs.shard_files import read_parts
from ecosystem_graph.jobs.shards import Shards, finished_lists
from ecosystem_graph.lists.listing import listing


@pytest.fixture
def shards_of(recommender, taught, tmp_path):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    ranker = GraphRanker(recommender.model_, graph)

    def shards_of(size, **options):
        builder = ranker.builder(Request.of(k=3, **options).on(graph))
        sources = np.flatnonzero(builder.finder.eligibility.takes_part)
        return Shards(builder, 3, sources, tmp_path / str(size), size)

    return shards_of


@pytest.mark.parametrize("options", [{}, {"capacity": 2}, {"include_known": True}])
@pytest.mark.parametrize("size", [7, 50, 4_096])
def test_shards_of_any_size_hold_the_rows_of_all_at_once(shards_of, size, options):
    shards = shards_of(size, **options)
    assert np.concatenate([shards.partners(n) for n in range(len(shards))]).tolist() == list(
        range(50)
    )
    summary = finished_lists(shards, Backend(), Stages())
    whole = listing(shards.builder, shards.sources, 3)
    assert_frame_equal(read_parts(shards.files("rows")), whole.rows)
    assert summary == whole.allocation


def test_what_is_finished_is_not_done_again(shards_of):
    first = shards_of(16)
    finished_lists(first, Backend(), Stages())
    last = first.file("rows", 3)
    before = {path: path.stat().st_mtime_ns for path in first.files("lists")}
    last.unlink()
    again = shards_of(16)
    assert (again.missing("lists"), again.missing("rows")) == ([], [3])
    finished_lists(again, Backend(), Stages())
    assert last.exists()
    assert before == {path: path.stat().st_mtime_ns for path in again.files("lists")}


def test_nobody_to_list_is_one_empty_shard(shards_of):
    shards = shards_of(16)
    nobody = Shards(shards.builder, 3, np.array([], dtype=np.intp), shards.folder / "none", 16)
    assert len(nobody) == 1
    finished_lists(nobody, Backend(), Stages())
    assert read_parts(nobody.files("rows")).height == 0
