"""The tables of one ecosystem, read and checked."""

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

#: What is used instead of a table that is not given.
_FALLBACKS = {
    "partner_capabilities": "the capabilities of a partner are inferred from the deals it won",
    "territories": "the country of a partner is its only territory",
    "deals": "recommendations are based on capabilities and markets alone",
    "deal_requirements": "demand is estimated from the capabilities partners have",
    "offerings": "partners compete by the capabilities they declare, if they declare any",
    "csat": "customer satisfaction is not known",
    "objectives": "the objectives of partners are not known",
    "restrictions": "no pair is ruled out",
}


_SEAT = ("deal_id", "partner_id", "role")

#: Reason for leaving out rows of `deal_partners` with an ignored role.
_IGNORED = "rows of deal_partners in ignored roles"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Tables(Mapping[str, pl.DataFrame]):
    """Every table by name, with the declared columns and types; one that was not given is empty.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        The tables by name; also available as `tables["deals"]`.
    source : str
        Where they were read from.
    provided : tuple of str
        Names of the tables that were given.
    as_of : date or None
        Default of `as_of` that the source states.
    digests : dict of str to str
        SHA-256 of each table given: of the file's bytes, or of the dataframe written as CSV.
    notes : tuple of Note
        Notes from reading the tables.
    set_aside : dict of str to int
        Rows quarantined, per table.
    lost_seats : DataFrame of deal_id, partner_id, role
        Rows of `deal_partners` in quarantine: they still count for the size of a team.
    left_out : dict of str to int
        Rows that were not known on the date, or have no date, by reason.
    absent : Absent
        The partners and deals among them.
    ignored_roles : tuple of str
        Roles that do not count as collaboration, in lower case and order; their rows are gone.
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
        """Tables that were not given, with what is used instead.

        Examples
        --------
        >>> Tables({}, provided=("deals", "deal_requirements")).missing()["territories"]
        'the country of a partner is its only territory'
        """
        return {name: cost for name, cost in _FALLBACKS.items() if name not in self.provided}

    def replaced(self, frames: Mapping[str, pl.DataFrame], **facts: Any) -> Self:
        """Copy with some frames and facts replaced."""
        return replace(self, frames={**self.frames, **frames}, **facts)

    def roles(self) -> list[str]:
        """Roles on deals, in lower case and order."""
        role = self["deal_partners"].select(ROLE).to_series().drop_nulls()
        return role.unique().sort().to_list()

    def without_roles(self, roles: Iterable[str]) -> Self:
        """Copy without the rows of `deal_partners` in roles that do not count as collaboration.

        The deals and the other partners on them are kept. A partner in an ignored role shares no
        joint win and does not count for the size of a team, for ties or for trust.

        Parameters
        ----------
        roles : iterable of str
            Case and surrounding blanks do not matter.

        Returns
        -------
        Tables
            `left_out` counts the rows.

        Raises
        ------
        UnknownValueError
            If no partner is on a deal in one of the roles.

        Examples
        --------
        >>> seats = {"deal_id": ["d", "d"], "partner_id": ["a", "b"], "role": ["Supply ", "lead"]}
        >>> tables = Tables({"deal_partners": pl.DataFrame(seats)}).without_roles(["supply"])
        >>> tables["deal_partners"]["partner_id"].to_list(), tables.left_out
        (['b'], {'rows of deal_partners in ignored roles': 1})
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
            given = f"the roles given are {some}" if known else "no row of deal_partners has a role"
            raise UnknownValueError(f"no partner is on a deal in the role {named}; {given}.{hints}")
        kept = seats.filter(~ROLE.is_in(wanted).fill_null(False))
        n = self.left_out.get(_IGNORED, 0) + seats.height - kept.height
        return self.replaced(
            {"deal_partners": kept},
            lost_seats=self.lost_seats.filter(~ROLE.is_in(wanted).fill_null(False)),
            left_out={**self.left_out, _IGNORED: n},
            ignored_roles=tuple(sorted({*self.ignored_roles, *wanted})),
        )

    def default_as_of(self) -> date:
        """Default of `as_of`: the day after the last event.

        The `as_of` that the source states, else the day after the last won or lost deal, response
        or joining partner. A lone date far beyond all others does not count.

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
                f"{self.source} has no date of a closed deal, a response or a joining partner: say "
                "up to which date to use it.",
                remedy="as_of",
            )
        return min(latest + timedelta(days=1), LATEST)
