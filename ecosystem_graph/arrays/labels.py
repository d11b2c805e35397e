"""Labels such as ids, and their positions: a column of one turned into the other."""

import numpy as np
import polars as pl
from numpy.typing import NDArray


def encode(values: pl.Series, labels: pl.Series) -> NDArray[np.intp]:
    """Positions of values among unique labels.

    Raises
    ------
    ValueError
        If a value is not one of them.

    Examples
    --------
    >>> encode(pl.Series(["b", "a", "b"]), pl.Series(["a", "b"]))
    array([1, 0, 1])
    """
    # A join takes two fifths of the time that a cast to an enumeration of the labels does.
    positions = labels.alias("label").to_frame().with_row_index("position")
    wanted = values.alias("label").to_frame()
    found = wanted.join(positions, on="label", how="left", maintain_order="left")["position"]
    if found.null_count():
        unknown = wanted.filter(found.is_null())["label"].first()
        raise ValueError(f"every value must be one of {len(labels):,} labels. Got {unknown!r}.")
    return found.to_numpy().astype(np.intp)


def gathered(labels: pl.Series, positions: NDArray[np.integer]) -> pl.Series:
    """Labels at many positions, in one column; null where a position is -1.

    Examples
    --------
    >>> gathered(pl.Series(["a", "b"]), np.array([1, -1])).to_list()
    ['b', None]
    """
    indices = pl.Series(positions.ravel().astype(np.int64))
    return labels.gather(indices.set(indices < 0, None))
