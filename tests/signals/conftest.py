"""Ecosystems of every shape, and what to hold them against."""

import numpy as np
import pytest
from hypothesis import strategies as st

PARTNERS = [f"p{n}" for n in range(8)]
DEALS = [f"d{n}" for n in range(6)]
CAPABILITIES = ["crm", "erp", "iam"]
PAST = ["2019-03-01", "2023-05-01", "2024-06-30", "2024-12-31"]


def some(keys, values, most=5):
    """Dictionaries with some of the keys."""
    return st.dictionaries(st.sampled_from(keys), values, max_size=most)


@st.composite
def any_ecosystem(draw):
    features = st.sampled_from(["certified", "reference", "self_declared", "inferred", None])
    partner = st.fixed_dictionaries(
        {
            "type": st.sampled_from([None, "ISV", "MSP", "ISV; MSP"]),
            "country": st.sampled_from([None, "DE", "FR"]),
        }
    )
    deal = st.fixed_dictionaries(
        {
            "closed_on": st.sampled_from(PAST),
            "territory": st.sampled_from([None, "DE", "FR", "IT"]),
        }
    )
    rows = {
        "partners": st.fixed_dictionaries(dict.fromkeys(PARTNERS, partner)),
        "deals": st.fixed_dictionaries(dict.fromkeys(DEALS, deal)),
        "wins": some(DEALS, st.lists(st.sampled_from(PARTNERS), unique=True), most=len(DEALS)),
        "partner_capabilities": some(PARTNERS, some(CAPABILITIES, features)),
        "deal_requirements": some(DEALS, some(CAPABILITIES, st.sampled_from([None, 1.0, 2.5]))),
        "territories": some(PARTNERS, some(["DE", "FR", "XK"], st.sampled_from([None, 0.3, 0.7]))),
    }
    return {table: draw(strategy) for table, strategy in rows.items()}


@pytest.fixture(scope="session")
def ecosystems():
    """Strategy for the arguments of `make_tables` and `make_graph`; nothing is yet to come."""
    return any_ecosystem()


@pytest.fixture(scope="session")
def every_pair():
    """Sources and targets of all ordered pairs of n positions, a partner and itself included."""
    return lambda n: tuple(np.indices((n, n)).reshape(2, -1))


@pytest.fixture(scope="session")
def pair():
    """Sources and targets of one pair, by the ids of the two."""
    return lambda graph, a, b: tuple(graph.index.positions([a, b]).reshape(2, 1))
