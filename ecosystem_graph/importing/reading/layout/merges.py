"""Cells of data under a merge -> the value of the merge."""

import polars as pl

from ecosystem_graph.importing.reading.grid import Grid


def filled_under_merges(grid: Grid, first: int) -> tuple[pl.DataFrame, int]:
    """Cells with the value of a merge in all it covers, and how many merges there are.

    Parameters
    ----------
    grid : Grid
    first : int
        First row of data, as a spreadsheet numbers it; merges above it are left as they are.

    Examples
    --------
    >>> import numpy as np
    >>> cells = pl.DataFrame({"0": ["Deal", "d-1", None], "1": ["Partner", "Acme", "Bolt"]})
    >>> grid = Grid(cells, np.arange(1, 4), merged=((2, 0, 3, 0),))
    >>> filled_under_merges(grid, 2)[0].rows()
    [('Deal', 'Partner'), ('d-1', 'Acme'), ('d-1', 'Bolt')]
    """
    cells = grid.cells
    start = int(grid.rows[0]) if len(grid.rows) else 1
    columns: dict[str, list[str | None]] = {}
    n_filled = 0
    for top, left, bottom, right in grid.merged:
        if top < first or top - start >= cells.height or left >= cells.width:
            continue
        n_filled += 1
        value = cells[top - start, left]
        for name in cells.columns[left : right + 1]:
            if name not in columns:
                columns[name] = cells[name].to_list()
            end = min(bottom - start + 1, cells.height)
            columns[name][top - start : end] = [value] * (end - top + start)
    filled = [pl.Series(name, texts, dtype=pl.String) for name, texts in columns.items()]
    return cells.with_columns(filled), n_filled
