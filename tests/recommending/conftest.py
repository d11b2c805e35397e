"""An ecosystem that teaches, and ecosystems of every shape for what holds in all of them."""

from itertools import pairwise

import pytest
from hypothesis import strategies as st

from ecosystem_graph import Recommender

AS_OF = "2025-01-01"
PARTNERS = [f"p{n}" for n in range(8)]


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
