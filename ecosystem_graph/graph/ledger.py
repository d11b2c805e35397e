"""Introductions made so far, and which new ones they rule out."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import entries_at, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.graph.ecosystem import EcosystemGraph

#: Days for which a pair is not proposed again after an introduction was declined or lost.
REST_DAYS = 365

#: Days for which an undecided introduction counts against the capacity of both sides.
STALE_DAYS = 90

#: Status bits of a pair, by increasing weight; a pair has those of all its introductions.
_DECLINED_BEFORE, _LOST_BEFORE, _DECLINED, _LOST, _WON, _UNDER_WAY = (1 << n for n in range(6))


@dataclass(frozen=True, eq=False)
class Ledger:
    """Introductions made so far, as of the day of a graph; who was introduced to whom is the same.

    Attributes
    ----------
    pairs : csr_array of shape (n_partners, n_partners)
        Symmetric status bits, 0 for pairs without any that matters.
    places_taken : ndarray of int, shape (n_partners,)
        Undecided introductions of each partner within the last `stale_days`.
    rest_days, stale_days : int
    """

    pairs: csr_array
    places_taken: NDArray[np.int64]
    rest_days: int = REST_DAYS
    stale_days: int = STALE_DAYS

    @classmethod
    def from_graph(
        cls, graph: EcosystemGraph, rest_days: int = REST_DAYS, stale_days: int = STALE_DAYS
    ) -> Self:
        """Read the introductions in a graph's tables.

        - `proposed` and `introduced`: under way. So is `accepted`, until the two win together.
        - `won`: the two know each other, even if no deal shows it.
        - `declined` and `lost`: the two rest for `rest_days` from `decided_on`, and may then be
          proposed again.

        A pair that was introduced more than once is under way as long as one of them is.

        Parameters
        ----------
        graph : EcosystemGraph
        rest_days, stale_days : int
            >= 0.

        Returns
        -------
        Ledger

        Raises
        ------
        ValueError
            If a number of days is below 0.
        """
        for name, days in (("rest_days", rest_days), ("stale_days", stale_days)):
            if days < 0:
                raise ValueError(f"{name} must be 0 or more. Got {days!r}.")
        n, rows = graph.n_partners, graph.tables["introductions"]
        taken = _places_taken(graph, rows, stale_days)
        ids = graph.tables["partners"]["partner_id"]
        known = pl.all_horizontal(
            pl.col(side).is_in(ids.implode()) for side in ("partner_id", "collaborator_id")
        )
        rows = rows.filter(known)
        a, b = (encode(rows[side], ids) for side in ("partner_id", "collaborator_id"))
        know = entries_at(graph.joint_wins, a, b) > 0
        meaning = _meaning(rows, know, graph.as_of, rest_days)
        return cls(_or_together(a, b, meaning, n), taken, rest_days, stale_days)

    def permits(
        self, sources: NDArray[np.intp], targets: NDArray[np.intp], *, include_known: bool = False
    ) -> NDArray[np.bool_]:
        """Whether each pair may be proposed anew, shape (n_pairs,).

        Parameters
        ----------
        sources, targets : ndarray of shape (n_pairs,)
            Positions.
        include_known : bool, default False
            Whether pairs that won after an introduction are permitted.
        """
        barring = _UNDER_WAY | _DECLINED | _LOST | (0 if include_known else _WON)
        permitted: NDArray[np.bool_] = (self._bits(sources, targets) & barring) == 0
        return permitted

    def flags(
        self, sources: NDArray[np.intp], targets: NDArray[np.intp]
    ) -> dict[str, NDArray[np.bool_]]:
        """Whether each pair declined, or lost, before: flag name -> array of shape (n_pairs,)."""
        bits = self._bits(sources, targets)
        return {
            "declined_before": (bits & (_DECLINED_BEFORE | _DECLINED)) > 0,
            "lost_before": (bits & (_LOST_BEFORE | _LOST)) > 0,
        }

    def declined(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each pair declined within the last `rest_days`, shape (n_pairs,)."""
        resting: NDArray[np.bool_] = (self._bits(sources, targets) & _DECLINED) > 0
        return resting

    @property
    def excluded(self) -> csr_array:
        """1 where two may not be proposed to each other as new, (n_partners, n_partners)."""
        barring = (self.pairs.data & (_UNDER_WAY | _DECLINED | _LOST | _WON)) > 0
        matrix = self.pairs.copy()
        matrix.data = barring.astype(np.float64)
        matrix.eliminate_zeros()
        return matrix

    @property
    def left_out(self) -> dict[str, int]:
        """Number of pairs that each reason excludes from lists of new collaborators."""
        bits, left = self.pairs.data, {}
        for reason, mask in (
            ("pairs with an introduction under way", _UNDER_WAY),
            ("pairs introduced that won since", _WON),
            ("pairs resting after an introduction declined or lost", _DECLINED | _LOST),
        ):
            out = (bits & mask) > 0
            left[reason], bits = int(out.sum()) // 2, bits[~out]
        return {reason: n for reason, n in left.items() if n}

    def why_barred(
        self, graph: EcosystemGraph, source: int, target: int, *, include_known: bool = False
    ) -> list[str]:
        """Every introduction that rules out proposing two partners to each other, in words."""
        ids = graph.tables["partners"]["partner_id"]
        pair = [ids[source], ids[target]]
        rows = graph.tables["introductions"].filter(
            pl.col("partner_id").is_in(pair), pl.col("collaborator_id").is_in(pair)
        )
        know = np.full(rows.height, graph.joint_wins[source, target] > 0)
        means = _meaning(rows, know, graph.as_of, self.rest_days)
        reasons = []
        for row, meaning in zip(rows.iter_rows(named=True), means.tolist(), strict=True):
            since = f"{row['introduction_id']}, {row['status']} on "
            if meaning == _UNDER_WAY:
                day = row["decided_on"] or row["introduced_on"]
                reasons.append(f"an introduction of the two is under way ({since}{day})")
            if meaning == _WON and not include_known:
                reasons.append(f"the two were introduced and won ({since}{row['decided_on']})")
            if meaning in (_DECLINED, _LOST):
                ended = row["decided_on"] or row["introduced_on"]
                rests = f"the two rest for {self.rest_days} days after an introduction that was "
                reasons.append(f"{rests}{row['status']} ({row['introduction_id']}, on {ended})")
        return reasons

    def _bits(self, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.int64]:
        if not self.pairs.nnz:
            return np.zeros(len(sources), dtype=np.int64)
        bits: NDArray[np.int64] = entries_at(self.pairs, sources, targets).astype(np.int64)
        return bits


def _meaning(
    rows: pl.DataFrame, know: NDArray[np.bool_], day: date, rest_days: int
) -> NDArray[np.int64]:
    """Status bit that each introduction gives its pair, shape (n_rows,); 0 for none."""
    status, ended = pl.col("status").cast(pl.String), pl.coalesce("decided_on", "introduced_on")
    rests = (pl.lit(day) - ended).dt.total_days() < rest_days
    met = pl.Series("know", know)
    meanings = rows.with_columns(met).select(
        meaning=pl.when(status.is_in(["proposed", "introduced"]))
        .then(_UNDER_WAY)
        .when(status == "accepted")
        .then(pl.when("know").then(0).otherwise(_UNDER_WAY))
        .when(status == "won")
        .then(pl.when("know").then(0).otherwise(_WON))
        .when(status == "declined")
        .then(pl.when(rests).then(_DECLINED).otherwise(_DECLINED_BEFORE))
        .when(status == "lost")
        .then(pl.when(rests).then(_LOST).otherwise(_LOST_BEFORE))
        .otherwise(0)
    )
    return meanings["meaning"].cast(pl.Int64).to_numpy()


def _or_together(
    a: NDArray[np.intp], b: NDArray[np.intp], bits: NDArray[np.int64], n: int
) -> csr_array:
    """Symmetric matrix of status bits, those of all rows of a pair combined."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    key, place = np.unique(low * n + high, return_inverse=True)
    of_pair = np.zeros(len(key), dtype=np.int64)
    np.bitwise_or.at(of_pair, place, bits)
    key, of_pair = key[of_pair > 0], of_pair[of_pair > 0]
    rows, columns = np.concatenate([key // n, key % n]), np.concatenate([key % n, key // n])
    bits = np.concatenate([of_pair, of_pair])
    return tidy(csr_array((bits, (rows, columns)), shape=(n, n)))


def _places_taken(graph: EcosystemGraph, rows: pl.DataFrame, stale_days: int) -> NDArray[np.int64]:
    """Number of others each partner is being introduced to, in the graph or not."""
    age = (pl.lit(graph.as_of) - pl.col("introduced_on")).dt.total_days()
    status = pl.col("status").cast(pl.String)
    waiting = rows.filter(status.is_in(["proposed", "introduced"]) & (age <= stale_days))
    sides = ["partner_id", "collaborator_id"]
    turned = waiting.select(partner_id="collaborator_id", collaborator_id="partner_id")
    both = pl.concat([waiting.select(sides), turned]).unique()
    counts = both["partner_id"].value_counts(name="n")
    ids = graph.tables["partners"].select("partner_id")
    return (
        ids.join(counts, on="partner_id", how="left", maintain_order="left")["n"]
        .fill_null(0)
        .cast(pl.Int64)
        .to_numpy()
    )
