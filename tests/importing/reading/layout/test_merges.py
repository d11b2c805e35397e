import numpy as np
import polars as pl

from ecosystem_graph.importing.reading.grid import Grid
from ecosystem_graph.importing.reading.layout.merges import filled_under_merges


def test_a_block_takes_its_value_and_one_that_leaves_the_sheet_is_cut():
    cells = pl.DataFrame({"0": ["h", "a", None, None], "1": ["h", None, None, "b"]})
    grid = Grid(cells, np.arange(1, 5), merged=((1, 0, 1, 1), (2, 0, 3, 1), (4, 1, 9, 5)))
    filled, n_merges = filled_under_merges(grid, 2)
    assert filled.rows() == [("h", "h"), ("a", "a"), ("a", "a"), (None, "b")]
    assert n_merges == 2
