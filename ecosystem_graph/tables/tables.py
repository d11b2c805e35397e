"""The tables of one ecosystem, read and found sound."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Self

import polars as pl

from ecosystem_graph.errors import HistoryError, UnknownValueError
from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.messages.wording import first_few
from ecosystem_graph.tables.presence import Absent
from ecosystem_graph.tables.roles import ROLE, plain_role
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.events import last_credible
from ecosystem_graph.tables.schema.vocabulary import LATEST

#: What is gone by where a table is not given.
_FALLBACKS = {
    "partner_capabilities": "what a partner holds is inferred from the deals it won",
    "territories": "a partner's country stands for its territory",
    "deals": "lists come from capabilities and markets alone",
    "deal_requirements": "what partners hold stands for what customers ask for",
    "offerings": "partners compete by the capabilities they declare, if they declare any",
    "csat": "nothing is known of customer satisfaction",
    "objectives": "nobody is known to aim at anything",
    "restrictions": "no pair is ruled out",
}


_SEAT = ("deal_id", "partner_id", "role")

#: Why seats on deals are left out whose roles are ignored.
_IGNORED = "seats in roles that are no collaboration"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Tables(Mapping[str, pl.DataFrame]):
    """Every table by name, in the declared columns and types; one that was not given is empty.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        The tables themselves; `tables["deals"]` is the way to them.
    source : str
        Where they were read from.
    provided : tuple of str
        Names of the tables that were given.
    as_of : date or None
        The day the source says it should be seen from.
    digests : dict of str to str
        SHA-256 of each table given: of the file's bytes, or of the dataframe written as CSV.
    notes : tuple of Note
        What was worth knowing while reading.
    set_aside : dict of str to int
        Rows quarantined, per table.
    lost_seats : DataFrame of deal_id, partner_id, role
        Seats on deals that went to the quarantine: a deal that lost one is no smaller team.
    left_out : dict of str to int
        Rows that were not there on the day, or could not be placed in time, by reason.
    absent : Absent
        The partners and deals among them.
    ignored_roles : tuple of str
        Roles on deals that are no collaboration, in lower case and order; their seats are gone.
    """

    frames: Mapping[str, pl.DataFrame]
    source: str = "tables"
    provided: tuple[str, ...] = ()
    as_of: date | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    set_aside: Mapping[str, int] = field(default_factory=dict)
    lost_seats: pl.DataFrame = field(
        default_factory=lambda: TABLES["deal_partners"].create_empty().select(*_SEAT)
    )
    left_out: Mapping[str, int] = field(default_factory=dict)
    absent: Absent = field(default_factory=Absent)
    ignored_roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := set(self.frames) - set(TABLES):
            raise ValueError(f"unknown tables {sorted(unknown)}: known are {list(TABLES)}.")
        frames = {
            name: self.frames[name] if name in self.frames else schema.create_empty()
            for name, schema in TABLES.items()
        }
        object.__setattr__(self, "frames", frames)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def __len__(self) -> int:
        return len(self.frames)

    def __repr__(self) -> str:
        rows = "\n".join(
            f"  {name:<21}{frame.height:>10,} rows"
            for name, frame in self.frames.items()
            if name in self.provided or not frame.is_empty()
        )
        return f"Tables of {self.source}\n{rows}"

    def missing(self) -> dict[str, str]:
        """Tables that were not given and would have told something, with what stands in for it.

        Examples
        --------
        >>> Tables({}, provided=("deals", "deal_requirements")).missing()["territories"]
        "a partner's country stands for its territory"
        """
        return {name: cost for name, cost in _FALLBACKS.items() if name not in self.provided}

    def replaced(self, frames: Mapping[str, pl.DataFrame], **facts: Any) -> Self:
        """Copy with other frames, and other facts about them, in place of those named."""
        return replace(self, frames={**self.frames, **frames}, **facts)

    def roles(self) -> list[str]:
        """Roles on deals there are, in lower case and order."""
        role = self["deal_partners"].select(ROLE).to_series().drop_nulls()
        return role.unique().sort().to_list()

    def without_roles(self, roles: Iterable[str]) -> Self:
        """Copy without the seats on deals of roles that are no collaboration.

        The deals stay, and so do their other seats: such a seat makes no joint win, and does not
        count for the size of a team, for ties or for trust.

        Parameters
        ----------
        roles : iterable of str
            Upper or lower case, and blanks around it, make no difference.

        Returns
        -------
        Tables
            `left_out` counts the seats.

        Raises
        ------
        UnknownValueError
            If nobody has a seat in one of the roles.

        Examples
        --------
        >>> seats = {"deal_id": ["d", "d"], "partner_id": ["a", "b"], "role": ["Supply ", "lead"]}
        >>> tables = Tables({"deal_partners": pl.DataFrame(seats)}).without_roles(["supply"])
        >>> tables["deal_partners"]["partner_id"].to_list(), tables.left_out
        (['b'], {'seats in roles that are no collaboration': 1})
        """
        asked = [roles] if isinstance(roles, str) else roles
        wanted = sorted({plain_role(role) for role in asked} - set(self.ignored_roles))
        if not wanted:
            return self
        seats = self["deal_partners"]
        known = self.roles()
        if unknown := [role for role in wanted if role not in known]:
            hints = "".join(did_you_mean(role, known) for role in unknown)
            named = ", ".join(map(repr, unknown))
            some = first_few(list(map(repr, known)), 20)
            there = f"roles there are: {some}" if known else "no seat says in which role it is"
            raise UnknownValueError(f"no partner is on a deal in the role {named}; {there}.{hints}")
        kept = seats.filter(~ROLE.is_in(wanted).fill_null(False))
        n = self.left_out.get(_IGNORED, 0) + seats.height - kept.height
        return self.replaced(
            {"deal_partners": kept},
            lost_seats=self.lost_seats.filter(~ROLE.is_in(wanted).fill_null(False)),
            left_out={**self.left_out, _IGNORED: n},
            ignored_roles=tuple(sorted({*self.ignored_roles, *wanted})),
        )

    def default_as_of(self) -> date:
        """Day to see the ecosystem from when nobody names one.

        The source's own `as_of`, else the day after the last won or lost deal or response, or
        after the last partner joined if that is later. A lone day far beyond all others moves
        nothing.

        Raises
        ------
        HistoryError
            If nothing has a date.
        """
        if self.as_of is not None:
            return self.as_of
        decided = pl.col("outcome").cast(pl.String).is_in(["won", "lost"])
        days = pl.concat(
            [
                self["deals"].filter(decided)["closed_on"].rename("day"),
                self["csat"]["responded_on"].rename("day"),
                self["partners"]["joined_on"].rename("day"),
            ]
        )
        last = last_credible(self.frames)
        latest = (days if last is None else days.filter(days <= last)).max()
        if not isinstance(latest, date):
            raise HistoryError(
                f"{self.source} has no closed deal, no response and nobody that joined with a "
                "date: say which day to see it from.",
                remedy="as_of",
            )
        return min(latest + timedelta(days=1), LATEST)
