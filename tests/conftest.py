"""Small ecosystems for tests: a test states what matters, the rest is filled in."""

from collections.abc import Mapping
from itertools import count, pairwise

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.tables import TABLES

settings.register_profile("ecosystem_graph", deadline=None)  # first calls compile
settings.load_profile("ecosystem_graph")

AS_OF = "2025-01-01"
PARTNERS = [f"p{n}" for n in range(8)]
CLOSED_ON = "2024-06-01"

#: What a row says when the test does not; `{}` stands for its number.
DEFAULTS = {
    "csat": {
        "response_id": "r-{}",
        "responded_on": "2024-06-15",
        "score": 4.0,
        "scale_min": 1.0,
        "scale_max": 5.0,
        "kind": "csat_mean",
    },
    "introductions": {
        "introduction_id": "i-{}",
        "introduced_on": "2024-06-15",
        "status": "introduced",
    },
    "objectives": {"kind": "capability"},
    "restrictions": {"kind": "do_not_pair"},
}

#: Tables whose rows can be written {this: {that: value}}, and which column the value is.
LINKS = {
    "partner_capabilities": ("partner_id", "capability_id", "evidence"),
    "offerings": ("partner_id", "product_id", "role"),
    "territories": ("partner_id", "territory", "share"),
    "deal_partners": ("deal_id", "partner_id", "role"),
    "deal_requirements": ("deal_id", "capability_id", "weight"),
    "restrictions": ("partner_id", "collaborator_id", "kind"),
}

#: Tables whose rows can be written {this: {column: value}}.
THINGS = {"partners": "partner_id", "capabilities": "capability_id", "deals": "deal_id"}


#: Tables whose rows may name deals.
DEAL_TABLES = ("deal_partners", "deal_requirements", "csat")


def tables(partners=(), wins=(), **others):
    """Tables with the rows a test is about, and whatever else those need to be sound.

    Partners and deals that any row names are there without being listed, and somebody is there if
    nobody else is. A partner is named like its id; a deal is won on 2024-06-01 unless it says
    otherwise.

    - `partners="ann bob"`, or with columns `partners={"ann": {"status": "closed"}}`;
    - `wins=["ann bob", "bob cy"]` won by teams as d-1 and d-2, or by id `wins={"d": "ann bob"}`;
    - `deals={"d-1": {"closed_on": "2023-01-31"}}` says more about them, or adds others;
    - `partner_capabilities={"ann": "crm erp"}`, `deal_requirements={"d-1": "crm"}`,
      `offerings={"ann": "vpn"}`, `territories={"ann": {"DE": 0.7, "FR": 0.3}}`,
      `restrictions={"ann": {"bob": "exclusive"}}`: text is a list of words, and a value is the
      evidence, weight, role, share or kind, or a whole row as a dict;
    - any table as a list of rows (dicts) or as a dataframe.
    """
    given = {**others, "partners": partners}
    rows = {table: _rows(table, value) for table, value in given.items()}
    teams = wins if isinstance(wins, Mapping) else {f"d-{n}": w for n, w in enumerate(wins, 1)}
    rows["deal_partners"] = rows.get("deal_partners", []) + _rows("deal_partners", teams)
    rows["deals"] = _with_deals(rows, teams)
    rows["partners"] = _with_everybody(rows)
    needed = () if rows.get("partner_capabilities") else ("deals", "deal_partners")
    return read_tables(
        {table: _frame(table, some) for table, some in rows.items() if some or table in needed}
    )


def graph(as_of=AS_OF, **rows):
    """Graph of such tables, as of 2025-01-01 unless the test says otherwise."""
    return EcosystemGraph.from_tables(tables(**rows), as_of)


@pytest.fixture(scope="session")
def make_tables():
    return tables


@pytest.fixture(scope="session")
def make_graph():
    return graph


def _words(value):
    return value.split() if isinstance(value, str) else value


def _rows(table, value):
    if isinstance(value, pl.DataFrame):
        return value.to_dicts()
    if table in THINGS:
        rows = _things(THINGS[table], _words(value))
    elif isinstance(value, Mapping):
        rows = list(_links(*LINKS[table], value))
    else:
        rows = list(value)
    return [_completed(table, row, n) for row, n in zip(rows, count(1), strict=False)]


def _things(key, value):
    if isinstance(value, Mapping):
        return [{key: this, **columns} for this, columns in value.items()]
    return [this if isinstance(this, Mapping) else {key: this} for this in value]


def _links(first, second, column, value):
    for this, those in value.items():
        for that in _words(those):
            said = those[that] if isinstance(those, Mapping) else {}
            said = said if isinstance(said, Mapping) else {column: said}
            yield {first: this, second: that, **said}


def _completed(table, row, number):
    defaults = DEFAULTS.get(table, {})
    filled = {
        column: value.format(number) if isinstance(value, str) else value
        for column, value in defaults.items()
    }
    return {**filled, **row}


def _with_deals(rows, teams):
    """Deals as given, and those other tables name; won unless they say otherwise."""
    listed = {row["deal_id"]: row for row in rows.get("deals", [])}
    named = [row.get("deal_id") for table in DEAL_TABLES for row in rows.get(table, [])]
    for deal_id in [*named, *teams]:
        if deal_id is not None:
            listed.setdefault(deal_id, {"deal_id": deal_id})
    return [
        {"outcome": "won", "closed_on": None if row.get("outcome") == "open" else CLOSED_ON, **row}
        for row in listed.values()
    ]


def _with_everybody(rows):
    """Partners as given, and those other rows name; somebody if there is nobody."""
    listed = {row["partner_id"]: row for row in rows["partners"]}
    for row in [row for some in rows.values() for row in some]:
        for column in ("partner_id", "collaborator_id", "parent_id"):
            if row.get(column) and not (column == "parent_id" and "capability_id" in row):
                listed.setdefault(row[column], {"partner_id": row[column]})
    everybody = listed.values() or [{"partner_id": "somebody"}]
    return [{"name": row["partner_id"], **row} for row in everybody]


def _frame(table, rows):
    columns = dict.fromkeys(column for row in rows for column in row)
    columns = columns or TABLES[table].column_names()
    return pl.DataFrame({column: [row.get(column) for row in rows] for column in columns})


@pytest.fixture(scope="session")
def taught(make_tables):
    """Five circles of ten: each a chain of wins in 2023, three then win as a whole in 2024."""
    circles = {name: [f"{name}{n}" for n in range(10)] for name in "abcde"}
    chains = {f"{a}-{b}": [a, b] for circle in circles.values() for a, b in pairwise(circle)}
    return make_tables(
        wins=chains | {name: circles[name] for name in "abc"},
        deals={deal: {"closed_on": "2023-06-01"} for deal in chains},
        deal_requirements={deal: f"cap-{deal[0]}" for deal in chains},
        partners={
            partner: {"name": f"Partner {partner}", "type": kind, "country": country}
            for circle, country in zip(
                circles.values(), ("DE", "FR", "IT", "DE", "FR"), strict=True
            )
            for partner, kind in zip(circle, ("reseller", "integrator") * 5, strict=True)
        },
    )


@pytest.fixture(scope="session")
def recommender(taught):
    return Recommender().fit(taught, AS_OF)


def maybe(*values):
    return st.sampled_from([None, *values])


@st.composite
def partners(draw):
    columns = st.fixed_dictionaries(
        {
            "type": maybe("reseller", "reseller;integrator"),
            "country": maybe("DE", "FR", "DACH"),
            "status": maybe("active", "active", "suspended"),
            "participates": maybe(True, True, False),
        }
    )
    owners = {key: draw(maybe(*PARTNERS[place + 1 :])) for place, key in enumerate(PARTNERS)}
    return {key: {**draw(columns), "parent_id": owners[key]} for key in PARTNERS}


@pytest.fixture(scope="session")
def ecosystems():
    """Strategy for the arguments of `make_tables` and `make_graph`."""
    team = st.lists(st.sampled_from(PARTNERS), unique=True, min_size=1, max_size=4)
    day = st.sampled_from(["2023-05-01", "2024-12-31", AS_OF, "2025-06-01"])
    capabilities = st.lists(st.sampled_from(["crm", "erp", "iam"]), unique=True)
    restricted = st.dictionaries(
        st.sampled_from(PARTNERS), st.sampled_from(["do_not_pair", "exclusive"]), max_size=3
    )
    return st.fixed_dictionaries(
        {
            "partners": partners(),
            "wins": st.lists(team, max_size=5),
            "deals": st.fixed_dictionaries(
                {f"d-{n}": st.fixed_dictionaries({"closed_on": day}) for n in range(1, 6)}
            ),
            "deal_requirements": st.dictionaries(
                st.sampled_from([f"d-{n}" for n in range(1, 6)]), capabilities
            ),
            "partner_capabilities": st.dictionaries(st.sampled_from(PARTNERS), capabilities),
            "restrictions": restricted.map(
                lambda kinds: {
                    key: {PARTNERS[PARTNERS.index(key) - 1]: kind} for key, kind in kinds.items()
                }
            ),
        }
    )
