"""What is known of a shard comes back from its files as it was."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ecosystem_graph.jobs.shard_files import (
    read_lists,
    read_parts,
    read_references,
    write_lists,
    write_part,
)
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking.standardizer import ListScale


def lists_of(source, *targets):
    n = len(targets)
    return RankedLists.best(
        np.full(n, source), np.array(targets), -np.arange(n, dtype=float), np.zeros(n, bool), k=n
    )


@pytest.mark.parametrize("reordered", [False, True])
def test_lists_of_several_shards_come_back_in_their_order(tmp_path, reordered):
    shards = [lists_of(0, 3, 4), lists_of(1, 5)]
    if reordered:
        shards = [one.reordered(one.scores[::-1].copy(), "moved_by_diversity") for one in shards]
        shards = [one.with_full(one.sources, one.targets, "moved_by_capacity") for one in shards]
    paths = [tmp_path / f"{number}.npz" for number in range(2)]
    for path, one in zip(paths, shards, strict=True):
        write_lists(path, one, {})
    again, whole = read_lists(*paths), RankedLists.joined(shards)
    for name in ("sources", "targets", "ranks", "scores", "known"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    assert again.moved.keys() == whole.moved.keys()
    assert (again.full is None) == (whole.full is None)


def test_reference_distributions_come_back_by_task(tmp_path):
    scale = ListScale(np.array([4, 9]), np.ones((2, 3), "f4"), np.full((2, 3), 2, "f4"))
    write_lists(tmp_path / "0.npz", lists_of(0, 1), {"new": scale})
    again = read_references(tmp_path / "0.npz")
    assert list(again) == ["new"]
    np.testing.assert_array_equal(again["new"].sources, [4, 9])
    np.testing.assert_array_equal(again["new"].spread, scale.spread)


def test_finished_rows_come_back_of_everybody_or_of_some(tmp_path):
    rows = pl.DataFrame({"partner_id": ["a", "b"], "flags": [["x"], []]})
    paths = [tmp_path / "0.arrow", tmp_path / "1.arrow"]
    for place, path in enumerate(paths):
        write_part(path, rows[place : place + 1])
    assert_frame_equal(read_parts(paths), rows)
    assert read_parts(paths, ["b"])["partner_id"].to_list() == ["b"]
