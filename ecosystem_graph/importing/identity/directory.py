"""What is known of partners, and which of them the values of some fields mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

import polars as pl

from ecosystem_graph.importing.identity.decisions import Decisions, decision_keys
from ecosystem_graph.importing.identity.identifiers import DEAL, NAME, compared, domains
from ecosystem_graph.importing.identity.likeness import SPELLING, WORDS, alike

DECIDED: Final = "decision"
"""How a value was matched that somebody decided on."""

FREE_MAIL: Final = "(free e-mail)"
"""Stands for an address that tells nothing about a company."""

_MOST_PROPOSED: Final = 3
_EQUAL: Final = 100
_PARTNERS: Final = ("partner_id", "name", "country")
_ALIASES: Final = ("system", "value", "partner_id")
_DEALS: Final = ("deal_id", "partner_id")


def _nothing(*columns: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


@dataclass(frozen=True, slots=True, eq=False)
class PartnerDirectory:
    """What is known of partners.

    Attributes
    ----------
    partners : DataFrame
        partner_id, name and country (a code, or null).
    aliases : DataFrame
        system, value and partner_id: other identifiers, among them domains (system `domain`),
        D-U-N-S numbers (`duns`) and other names (`name`).
    system : str
        System whose ids are the partner ids.
    deal_partners : DataFrame
        deal_id and partner_id, as far as they are known.
    decisions : Decisions
        What was decided about values that no way of matching decides.

    Examples
    --------
    >>> directory = PartnerDirectory(
    ...     pl.DataFrame({"partner_id": ["p-1"], "name": ["Acme, Inc."], "country": ["US"]}),
    ...     pl.DataFrame({"system": ["domain"], "value": ["acme.com"], "partner_id": ["p-1"]}),
    ... )
    >>> values = pl.DataFrame({"Company": ["ACME", "Acmee"], "E-mail": [None, "ann@acme.com"]})
    >>> directory.match(values, ["name", "domain"]).rows()
    [('p-1', 'name', 'ACME'), ('p-1', 'domain', 'acme.com')]
    """

    partners: pl.DataFrame = field(default_factory=lambda: _nothing(*_PARTNERS))
    aliases: pl.DataFrame = field(default_factory=lambda: _nothing(*_ALIASES))
    system: str = ""
    deal_partners: pl.DataFrame = field(default_factory=lambda: _nothing(*_DEALS))
    decisions: Decisions = field(default_factory=Decisions)

    def with_deals(self, deal_partners: pl.DataFrame) -> Self:
        """The same, with the partners of deals: a value can then be matched by its deal."""
        return replace(self, deal_partners=deal_partners.select(_DEALS))

    def with_new_partners(self) -> Self:
        """The same, with the partners that were decided to be new."""
        new = self.decisions.new_partners().join(self.partners, on="partner_id", how="anti")
        rows = new.select("partner_id", "name", pl.lit(None, pl.String).alias("country"))
        return replace(self, partners=self.partners.select(_PARTNERS).vstack(rows))

    def match(
        self,
        values: pl.DataFrame,
        ways: Sequence[str],
        *,
        source: str = "",
        countries: pl.Series | None = None,
    ) -> pl.DataFrame:
        """Partners that rows of values mean.

        Fields are tried from left to right, each in every way, and only equality counts: an id of
        a system; `deal`, a deal that has exactly one partner; `domain`, the host of an address;
        `name`, a name that differs in form only, of one partner among all, or among those of the
        row's country. Last comes what was decided about the value.

        Parameters
        ----------
        values : DataFrame of String, shape (n_rows, n_fields)
        ways : sequence of str
            Names of systems, and `deal`, `domain` and `name`.
        source : str, optional
            Name of the input, whose decisions count.
        countries : Series of String, shape (n_rows,), optional

        Returns
        -------
        DataFrame of shape (n_rows, 3)
            partner_id (null where nobody is meant), how (the way, or `decision`), and value: what
            was matched, or what is to be decided. Of an e-mail address, value is the domain, or
            `FREE_MAIL` if anybody can have it.
        """
        empty = pl.Series([None], dtype=pl.String).new_from_index(0, values.height)
        found = {"partner_id": empty, "how": empty.clone(), "value": empty.clone()}
        for column in values.get_columns():
            for way in (*ways, DECIDED):
                rows = found["partner_id"].is_null().arg_true()
                given = column.gather(rows)
                here = None if countries is None else countries.gather(rows)
                partners = (
                    self.decisions.chosen(_shown(given), source)
                    if way == DECIDED
                    else self._meant(given, way, here)
                )
                hits = partners.is_not_null()
                rows = rows.filter(hits)
                found["partner_id"].scatter(rows, partners.filter(hits))
                found["how"].scatter(rows, way)
                found["value"].scatter(rows, _shown(given.filter(hits)))
        rows = found["partner_id"].is_null().arg_true()
        found["value"].scatter(rows, self._to_decide(values[rows], ways, source))
        return pl.DataFrame(found)

    def proposals(
        self, values: pl.Series, ways: Sequence[str], *, source: str = ""
    ) -> pl.DataFrame:
        """Partners that values may mean, three for each value at most, the most alike first.

        Parameters
        ----------
        values : Series of String
            As `match` returns them; each is looked at once.
        ways : sequence of str
        source : str, optional
            Name of the input; what was refused for it is not proposed again.

        Returns
        -------
        DataFrame
            value, candidate_id, candidate_name, candidate_country, how and likeness (0 to 100).
            `how` is the way in which several partners are equal, `spelling` or `words`.
        """
        distinct = values.drop_nulls().unique(maintain_order=True).alias("value")
        found = [self._equal_to_several(distinct, way) for way in ways if way != DEAL]
        if NAME in ways:
            found.append(alike(distinct, self._names()))
        nothing = _nothing("value", "partner_id", "how").with_columns(
            likeness=pl.lit(None, pl.Int64)
        )
        pairs = pl.concat([nothing, *found]).unique(
            ["value", "partner_id"], keep="first", maintain_order=True
        )
        pairs = pairs.with_columns(key=decision_keys(pairs["value"]))
        pairs = pairs.join(self.decisions.refused(source), on=["key", "partner_id"], how="anti")
        order = pl.DataFrame({"value": distinct}).with_row_index("order")
        merely_alike = pl.col("how").is_in([SPELLING, WORDS])
        ranked = pairs.join(order, on="value").sort(
            "order",
            merely_alike,
            "likeness",
            "partner_id",
            descending=[False, False, True, False],
        )
        best = ranked.group_by("value", maintain_order=True).head(_MOST_PROPOSED)
        return best.join(
            self.partners.unique("partner_id", keep="first"),
            on="partner_id",
            how="left",
            maintain_order="left",
        ).select(
            "value",
            candidate_id="partner_id",
            candidate_name="name",
            candidate_country="country",
            how="how",
            likeness="likeness",
        )

    def _meant(self, values: pl.Series, way: str, countries: pl.Series | None) -> pl.Series:
        """Partner that each value is equal to in one way."""
        known = self._known(way)
        one = known.filter(pl.len().over("key") == 1)
        keyed = _keyed(values, way)
        found = keyed.join(one, on="key", how="left", maintain_order="left")["partner_id"]
        if way != NAME or countries is None:
            return found
        homes = known.join(self.partners.select("partner_id", "country"), on="partner_id")
        one = homes.filter(pl.len().over("key", "country") == 1)
        there = keyed.with_columns(countries.alias("country")).join(
            one, on=["key", "country"], how="left", maintain_order="left"
        )
        return found.fill_null(there["partner_id"])

    def _known(self, way: str) -> pl.DataFrame:
        """`key`, a compared value, and `partner_id` of everybody it belongs to, each pair once."""
        if way == NAME:
            known = self._names().select(key="name", partner_id="partner_id")
        elif way == DEAL:
            known = self.deal_partners.select(key="deal_id", partner_id="partner_id")
        else:
            of_system = pl.col("system").str.to_lowercase() == way.lower()
            known = self.aliases.filter(of_system).select(key="value", partner_id="partner_id")
            if way.lower() == self.system.lower():
                own = self.partners.select(key="partner_id", partner_id="partner_id")
                known = known.vstack(own)
        return known.with_columns(key=compared(known["key"], way)).drop_nulls().unique()

    def _names(self) -> pl.DataFrame:
        """partner_id and name, other names of a partner among them."""
        others = self.aliases.filter(pl.col("system").str.to_lowercase() == NAME)
        other_names = others.select("partner_id", name="value")
        return self.partners.select("partner_id", "name").vstack(other_names).drop_nulls()

    def _equal_to_several(self, values: pl.Series, way: str) -> pl.DataFrame:
        several = self._known(way).filter(pl.len().over("key") > 1)
        pairs = _keyed(values, way).with_columns(values.alias("value")).join(several, on="key")
        return pairs.select(
            "value",
            "partner_id",
            how=pl.lit(way),
            likeness=pl.lit(_EQUAL, pl.Int64),
        )

    def _to_decide(self, values: pl.DataFrame, ways: Sequence[str], source: str) -> pl.Series:
        """Value of each row to decide on: the first with a proposal, else the first of all."""
        shown = [_shown(column) for column in values.get_columns()]
        likely = shown if len(shown) == 1 else []
        for column in shown[: len(shown) if len(shown) > 1 else 0]:
            proposed = self.proposals(column, ways, source=source)["value"]
            likely.append(column.set(~column.is_in(proposed.implode()).fill_null(False), None))
        columns = [column.alias(str(place)) for place, column in enumerate([*likely, *shown])]
        found = pl.DataFrame(columns).select(pl.coalesce(pl.all()).alias("value"))["value"]
        given = values.select(pl.any_horizontal(pl.all().str.contains("@", literal=True)))
        return found.set(found.is_null() & given.to_series().fill_null(False), FREE_MAIL)


def _keyed(values: pl.Series, way: str) -> pl.DataFrame:
    """The compared form of each value as `key`; each distinct value is worked on once."""
    distinct = values.unique().alias("value")
    keys = pl.DataFrame({"value": distinct, "key": compared(distinct, way)})
    given = pl.DataFrame({"value": values})
    return given.join(keys, on="value", how="left", maintain_order="left").select("key")


def _shown(values: pl.Series) -> pl.Series:
    """Values that may be written down: of an address of a person, the domain alone."""
    trimmed = values.str.strip_chars()
    trimmed = trimmed.set((trimmed == "").fill_null(False), None)
    personal = trimmed.str.contains("@", literal=True).fill_null(False)
    if not personal.any():
        return trimmed
    return trimmed.zip_with(~personal, domains(trimmed))
