"""Partner ids and names (strings, outside) to positions (integers, inside) and back."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.fingerprints import hashed
from ecosystem_graph.arrays.labels import encode, gathered
from ecosystem_graph.errors import UnknownPartnerError
from ecosystem_graph.tables.messages.notes import did_you_mean
from ecosystem_graph.tables.presence import Absent


class PartnerIndex:
    """Partner ids in sorted order; a partner's position is its index in that order.

    Because the order is that of the ids, breaking a tie by position breaks it by partner id,
    and the order of rows in the tables cannot change a result.

    Parameters
    ----------
    partner_ids : iterable of str
        The partners, each once, in any order.
    names : iterable of str, optional
        Their names in the same order; by default their ids.
    absent : Absent, optional
        Explains an id or name that no partner has.
    other_ids : polars.DataFrame, optional
        Further ids of the partners, `value` and `partner_id`.

    Examples
    --------
    >>> index = PartnerIndex(["p-2", "p-1"], names=["Zeta", "Acme"])
    >>> index.position("p-2"), index.position("Acme")
    (1, 0)
    >>> index.ids[[1, 0]].tolist()
    ['p-2', 'p-1']
    """

    def __init__(
        self,
        partner_ids: Iterable[str],
        names: Iterable[str] | None = None,
        absent: Absent | None = None,
        other_ids: pl.DataFrame | None = None,
    ) -> None:
        ids = _strings(partner_ids)
        frame = pl.DataFrame({"id": ids, "name": ids if names is None else _strings(names)})
        frame = frame.sort("id")
        if frame["id"].n_unique() < len(ids):
            raise ValueError("partner ids must be unique.")
        self._ids = frame["id"]
        self._names = frame["name"]
        self._absent = absent
        self._other_ids = other_ids

    def __len__(self) -> int:
        return len(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartnerIndex) and self._ids.equals(other._ids)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"PartnerIndex({len(self):,} partners)"

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Partner ids by position, an array of str."""
        return self._ids.to_numpy()

    @cached_property
    def hashes(self) -> NDArray[np.uint64]:
        """Hash of each id by position: the same wherever and whenever it is made."""
        return hashed(self._ids)

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Partner names by position, an array of str."""
        return self._names.to_numpy()

    def labels(self, positions: NDArray[np.integer], *, names: bool = False) -> pl.Series:
        """Ids at many positions, or names; null where a position is -1.

        Examples
        --------
        >>> PartnerIndex(["p-1", "p-2"]).labels(np.array([1, -1])).to_list()
        ['p-2', None]
        """
        return gathered(self._names if names else self._ids, positions)

    def encode(self, partner_ids: pl.Series) -> NDArray[np.intp]:
        """Positions of a column of ids, all of which must be known.

        Parameters
        ----------
        partner_ids : polars.Series of str

        Returns
        -------
        ndarray of shape (len(partner_ids),)
        """
        return encode(partner_ids, self._ids)

    def position(self, partner: str) -> int:
        """Position of one partner, named by one of its ids or its exact name.

        Parameters
        ----------
        partner : str
            Its id, or another one of it; failing that, a name that only one partner has.

        Returns
        -------
        int

        Raises
        ------
        UnknownPartnerError
            If no partner or more than one has it, or the partner is not there on the date.
        """
        for partner_id in (partner, *self._known_as(partner)):
            position = self._ids.search_sorted(partner_id)
            if position < len(self) and self._ids[position] == partner_id:
                return int(position)
        matches = (self._names == partner).arg_true()
        if len(matches) == 1:
            return int(matches[0])
        if len(matches) > 1:
            some = ", ".join(self._ids.gather(matches[:5]).to_list())
            raise UnknownPartnerError(
                f"the name {partner!r} belongs to {len(matches)} partners ({some}). Use the id."
            )
        why = self._absent.why_no_partner(partner) if self._absent else None
        raise UnknownPartnerError(
            why
            or f"no partner {partner!r} among {len(self):,} partners.{self._suggestion(partner)}"
        )

    def positions(self, partners: Iterable[str]) -> NDArray[np.intp]:
        """Positions of several partners, or of one, each named by id or exact name.

        Raises
        ------
        UnknownPartnerError
            Naming every partner that could not be found, not just the first.
        """
        found, problems = [], []
        for partner in [partners] if isinstance(partners, str) else partners:
            try:
                found.append(self.position(partner))
            except UnknownPartnerError as error:
                problems.append(str(error))
        if problems:
            raise UnknownPartnerError("\n".join(problems))
        return np.array(found, dtype=np.intp)

    def _known_as(self, other_id: str) -> list[str]:
        """Id of the partner with this other id, if only one has it."""
        if self._other_ids is None:
            return []
        owners = self._other_ids.filter(pl.col("value") == other_id)["partner_id"].unique()
        return owners.to_list() if len(owners) == 1 else []

    def _suggestion(self, partner: str) -> str:
        labels = pl.concat([self._ids, self._names.rename("partner_id")]).unique()
        return did_you_mean(partner, labels) or " Ids and exact names are accepted."


def _strings(values: Iterable[str]) -> pl.Series:
    values = values if isinstance(values, pl.Series) else list(values)
    return pl.Series("partner_id", values, dtype=pl.String)
