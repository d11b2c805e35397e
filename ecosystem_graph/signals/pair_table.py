"""A vendor's own numbers about pairs of partners, as the function of a signal."""

import polars as pl
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, tidy
from ecosystem_graph.arrays.typing import Values
from ecosystem_graph.errors import SignalError
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures


class PairTable:
    """Numbers about pairs of partners from a table, one row per pair, such as account overlaps.

    It is the function of a :class:`Signal`: called with pairs it gives the number of each, and 0
    for pairs without a row. Rows of one pair add up; partners that a graph does not have are left
    out.

    Parameters
    ----------
    rows : polars.DataFrame
        With columns `partner_id` and `collaborator_id`, and the others that are named here.
    value : str
        Column of numbers, finite.
    known_on : str, optional
        Column of dates: a row counts on graphs as of a later day only, as a deal does. Without it
        every row counts at any time, and learning on the past sees numbers of today.
    symmetric : bool, default True
        Whether a row holds for its two partners either way.

    Raises
    ------
    ValueError
        If a column is missing, of another type, or empty in some row.

    Examples
    --------
    >>> overlaps = pl.DataFrame(
    ...     {"partner_id": ["ann"], "collaborator_id": ["bob"], "accounts": [12]}
    ... )
    >>> account_overlap = PairTable(overlaps, value="accounts")
    """

    def __init__(
        self, rows: pl.DataFrame, value: str, *, known_on: str | None = None, symmetric: bool = True
    ) -> None:
        types: dict[str, tuple[str, bool]] = {}
        for column in ("partner_id", "collaborator_id"):
            types[column] = ("text", rows.schema.get(column) == pl.String)
        types[value] = ("numbers", value in rows.columns and rows[value].dtype.is_numeric())
        if known_on is not None:
            types[known_on] = ("dates", rows.schema.get(known_on) == pl.Date)
        for column, (kind, holds) in types.items():
            if column not in rows.columns:
                raise ValueError(f"no column {column!r}. There are {', '.join(rows.columns)}.")
            if not holds:
                raise ValueError(f"{column} must be {kind}. Got {rows.schema[column]}.")
            if rows[column].null_count():
                raise ValueError(f"{column} is empty in {rows[column].null_count():,} rows.")
        numbers = rows[value].cast(pl.Float64)
        if not numbers.is_finite().all():
            raise ValueError(f"{value} must be finite in every row.")
        self._rows = rows.select(
            "partner_id",
            "collaborator_id",
            value=numbers,
            known_on=pl.lit(None, pl.Date) if known_on is None else pl.col(known_on),
        )
        self._symmetric = symmetric

    def __call__(self, pairs: PairFeatures) -> Values:
        """The number of each pair, shape (n_pairs,)."""
        return entries_at(pairs.features.derived(self.matrix), pairs.sources, pairs.targets)

    def matrix(self, features: GraphFeatures) -> csr_array:
        """The numbers known on the day of a graph, shape (n_partners, n_partners).

        Raises
        ------
        SignalError
            If the graph has none of the partners.
        """
        graph = features.graph
        ids = pl.Series(graph.index.ids, dtype=pl.String)
        place = pl.DataFrame({"id": ids, "place": pl.arange(len(ids), eager=True)})
        found = (
            self._rows.join(place.rename({"place": "source"}), left_on="partner_id", right_on="id")
            .join(place.rename({"place": "target"}), left_on="collaborator_id", right_on="id")
            .sort("source", "target", "value")  # sums do not depend on the order of the rows
        )
        if found.is_empty() and not self._rows.is_empty():
            first = self._rows.row(0)[:2]
            raise SignalError(
                f"the graph has the partners of none of the {self._rows.height:,} pairs, such as "
                f"{first[0]!r} and {first[1]!r}: the ids must be those of the table partners."
            )
        known = found.filter((pl.col("known_on") < graph.as_of).fill_null(True))
        values, source, target = (known[name].to_numpy() for name in ("value", "source", "target"))
        shape = (len(ids), len(ids))
        matrix = csr_array((values, (source, target)), shape=shape)
        if self._symmetric:
            matrix = csr_array(matrix + matrix.T)
        return tidy(matrix)
