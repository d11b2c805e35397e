"""Ecosystems of every shape, and an additive ranker to score them with."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from ecosystem_graph.ranking import AdditiveRanker, Scale
from ecosystem_graph.signals import SIGNALS

AS_OF = "2025-01-01"
PARTNERS = [f"p{n}" for n in range(9)]
DEALS = [f"d{n}" for n in range(5)]


def some(keys, values, most=4):
    """Dictionaries with some of the keys."""
    return st.dictionaries(st.sampled_from(keys), values, max_size=most)


@st.composite
def any_ecosystem(draw):
    partner = {
        "country": st.sampled_from([None, "DE", "FR"]),
        "status": st.sampled_from([None, "active", "active", "suspended"]),
        "participates": st.sampled_from([None, True, True, False]),
    }
    columns = st.fixed_dictionaries(partner)
    parents = [draw(st.sampled_from([None, None, *PARTNERS[place:]])) for place in range(1, 10)]
    deal = st.fixed_dictionaries(
        {
            "closed_on": st.sampled_from(["2024-06-30", "2024-12-31", AS_OF]),
            "outcome": st.sampled_from(["won", "won", "lost"]),
        }
    )
    words = st.lists(st.sampled_from(["crm", "erp", "iam"]), unique=True)
    kind = st.sampled_from(["do_not_pair", "do_not_pair", "exclusive"])
    rows = {
        "deals": st.fixed_dictionaries(dict.fromkeys(DEALS, deal)),
        "wins": some(DEALS, st.lists(st.sampled_from(PARTNERS), unique=True, max_size=4)),
        "partner_capabilities": some(PARTNERS, words),
        "deal_requirements": some(DEALS, words),
        "restrictions": some(list(pairwise(PARTNERS)), kind).map(
            lambda kinds: {a: {b: kind} for (a, b), kind in kinds.items()}
        ),
    }
    partners = {
        key: {**draw(columns), "parent_id": p} for key, p in zip(PARTNERS, parents, strict=True)
    }
    return {"partners": partners, **{table: draw(strategy) for table, strategy in rows.items()}}


@pytest.fixture(scope="session")
def ecosystems():
    """Strategy for the arguments of `make_tables` and `make_graph`, seen from 2025-01-01."""
    return any_ecosystem()


@pytest.fixture(scope="session")
def any_ranker():
    """A ranker that weighs every signal it could learn, by numbers drawn at random."""
    rng = np.random.default_rng(5)
    names = tuple(name for name, signal in SIGNALS.items() if signal.learnt)
    n = len(names)
    scale = Scale(
        names,
        typical=rng.uniform(0.1, 3.0, n),
        centre=rng.normal(size=n),
        spread=rng.uniform(0.1, 2.0, n),
    )
    reach = rng.uniform(-4.0, -1.0, n), rng.uniform(1.0, 5.0, n)
    return AdditiveRanker(names, rng.normal(size=n), -2.5, scale, *reach)
