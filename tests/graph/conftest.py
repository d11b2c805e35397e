"""Ecosystems of every shape, for properties that hold in all of them."""

import pytest
from hypothesis import strategies as st

AS_OF = "2025-01-01"
DAYS = ["2023-05-01", "2024-12-31", AS_OF, "2025-06-01"]
PARTNERS = [f"p{n}" for n in range(7)]
CAPABILITIES = [f"c{n}" for n in range(4)]
DEALS = [f"d{n}" for n in range(6)]


def maybe(values):
    return st.sampled_from([None, *values])


def some(keys, values, most=4):
    """Dictionaries with some of the keys."""
    return st.dictionaries(st.sampled_from(keys), values, max_size=most)


def no_circles(keys):
    """A parent, or none, for each key: always a later one."""
    choices = [maybe(keys[place + 1 :]) for place in range(len(keys))]
    return st.tuples(*choices).map(lambda parents: dict(zip(keys, parents, strict=True)))


@st.composite
def partners(draw):
    parents = draw(no_circles(PARTNERS))
    columns = st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Ann", "Bob", "Cy"]),
            "type": maybe(["reseller", "reseller;builder"]),
            "country": maybe(["DE", "FR", "DACH"]),
            "status": maybe(["active", "closed"]),
            "participates": maybe([True, False]),
            "intro_capacity": maybe([0, 3]),
            "joined_on": maybe(DAYS),
        }
    )
    return {key: {**draw(columns), "parent_id": parents[key]} for key in PARTNERS}


@st.composite
def capabilities(draw):
    parents = draw(no_circles(CAPABILITIES))
    names = draw(st.tuples(*[maybe(["Cloud", "Data"])] * len(CAPABILITIES)))
    return {
        key: {"parent_id": parents[key], "name": name}
        for key, name in zip(CAPABILITIES, names, strict=True)
    }


deals = st.fixed_dictionaries(
    {
        "closed_on": st.sampled_from(DAYS),
        "outcome": st.sampled_from(["won", "won", "won", "lost", "open"]),
        "territory": maybe(["DE", "FR", "IT"]),
        "industry": maybe(["retail"]),
        "amount": maybe([0.0, 12.5]),
        "currency": maybe(["EUR"]),
    }
)
held = st.fixed_dictionaries(
    {
        "evidence": maybe(["certified", "reference", "self_declared", "inferred"]),
        "valid_from": maybe(DAYS),
        "valid_to": st.none(),
    }
)
restricted = st.fixed_dictionaries(
    {
        "collaborator_id": st.sampled_from(PARTNERS),
        "kind": st.sampled_from(["do_not_pair", "exclusive"]),
        "valid_from": maybe(DAYS),
    }
)


def restrictions():
    """At most one per partner, so that no two exclusivities clash."""
    return some(PARTNERS, restricted).map(
        lambda rows: [
            {"partner_id": key, **row} for key, row in rows.items() if key != row["collaborator_id"]
        ]
    )


@st.composite
def any_ecosystem(draw):
    rows = {
        "partners": partners(),
        "capabilities": capabilities(),
        "deals": st.fixed_dictionaries(dict.fromkeys(DEALS, deals)),
        "wins": some(DEALS, st.lists(st.sampled_from(PARTNERS), unique=True), most=6),
        "partner_capabilities": some(PARTNERS, some(CAPABILITIES, held)),
        "deal_requirements": some(DEALS, some(CAPABILITIES, maybe([0.0, 1.0, 2.5]))),
        "offerings": some(PARTNERS, some(["vpn", "erp"], maybe(["resell"]))),
        "territories": some(PARTNERS, some(["DE", "FR", "XK"], maybe([0.0, 0.3, 1.0]))),
        "restrictions": restrictions(),
    }
    return {table: draw(strategy) for table, strategy in rows.items()}


@pytest.fixture(scope="session")
def ecosystems():
    """Strategy for the arguments of `make_tables` and `make_graph`."""
    return any_ecosystem()
