"""What trust, satisfaction and rivalry of one pair rest on, worked out by hand.

Ann and bob won together a year ago and lost together, with cy, 540 days ago. Ann and cy won on
2024-06-01, cy and bob a year ago.
"""

import numpy as np
import pytest

from ecosystem_graph.ranking.explanation.pair_facts import belief, rivalry, trust
from ecosystem_graph.signals import GraphFeatures

YEAR, SUMMER, LONG_AGO = (0.5 ** (days / 540) for days in (365, 214, 540))

#: Of each pair; a team of three gives each pair half.
LOST = LONG_AGO / 2


@pytest.fixture(scope="module")
def features(make_graph):
    graph = make_graph(
        wins={"ann-bob": "ann bob", "ann-cy": "ann cy", "cy-bob": "cy bob"},
        deals={
            "ann-bob": {"closed_on": "2024-01-02"},
            "cy-bob": {"closed_on": "2024-01-02"},
            "lost": {"outcome": "lost", "closed_on": "2023-07-11"},
        },
        deal_partners={"lost": "ann bob cy"},
    )
    return GraphFeatures(graph)


def pair(features, a, b):
    return tuple(features.graph.index.positions([a, b]).reshape(2, 1))


@pytest.mark.parametrize(
    ("a", "b", "with_cy", "of_cy"), [("ann", "bob", SUMMER, YEAR), ("bob", "ann", YEAR, SUMMER)]
)
def test_trust_is_of_their_own_outcomes_and_of_what_cy_vouches_for(features, a, b, with_cy, of_cy):
    told = trust(features, *pair(features, a, b))
    assert (told.wins, told.losses) == pytest.approx((YEAR, LOST))
    assert (told.prior_wins, told.prior_losses) == (2.0, 2.0)  # too few pairs to estimate others
    vouched = with_cy / (with_cy + LOST + 2) * of_cy
    assert told.hearsay == pytest.approx(4 * vouched / (4 + vouched))
    wins = 2 + YEAR + told.hearsay
    assert told.mean == pytest.approx(wins / (wins + 2 + LOST))


def test_propagated_trust_goes_from_the_partner_to_the_collaborator(features):
    ties = np.array([[0, YEAR, SUMMER], [YEAR, 0, YEAR], [SUMMER, YEAR, 0]])
    steps = ties / ties.sum(axis=1, keepdims=True)
    ends = 0.3 * np.linalg.inv(np.eye(3) - 0.7 * steps)
    for a, b, end in (("ann", "bob", ends[0, 1]), ("bob", "ann", ends[1, 0])):
        assert trust(features, *pair(features, a, b)).propagated == pytest.approx(end, abs=1e-3)
    assert ends[1, 0] > ends[0, 1] + 0.01


def test_satisfaction_is_that_of_the_partner_asked_for(make_graph):
    answers = [
        {"partner_id": partner, "customer_id": f"{partner}-{n}", "score": score}
        for partner, scores in {"ann": (5, 5, 5, 5), "bob": (1, 2)}.items()
        for n, score in enumerate(scores)
    ]
    features = GraphFeatures(make_graph(csat=answers))
    ann, bob = (belief(features, place) for place in features.graph.index.positions(["ann", "bob"]))
    assert (ann.n_responses, bob.n_responses) == (4, 2)
    assert ann.mean > bob.mean + 0.05
    assert 0 < ann.low < ann.mean
    assert 0 < bob.low < bob.mean


#: Of business that others share, without knowledge of a partner: 1.5 lines met by two partners,
#: and a hundred pairs that share nothing.
USUAL = 1.5 / 102


def test_rivalry_is_told_from_both_sides(make_graph):
    """Ann sells two products in two territories, bob one of them in one."""
    features = GraphFeatures(
        make_graph(
            offerings={"ann": "vpn suite", "bob": "vpn"},
            territories={"ann": "DE FR", "bob": "FR"},
        )
    )
    of_ann = 1 / 4 * (2 + USUAL / 2) / 2.5
    of_bob = 1 * (1 + USUAL / 2) / 1.5
    told = rivalry(features, *pair(features, "ann", "bob"))
    back = rivalry(features, *pair(features, "bob", "ann"))
    assert (told.share, told.share_of_collaborator) == pytest.approx((of_ann, of_bob))
    assert (back.share, back.share_of_collaborator) == pytest.approx((of_bob, of_ann))
    assert (told.lines, told.lines_of_collaborator) == (2.0, 1.0)
    assert (back.lines, back.lines_of_collaborator) == (1.0, 2.0)
    assert told.competition == back.competition == pytest.approx(of_bob)
    assert told.contested == back.contested == ("vpn @ FR",)
    assert (told.opposite_sides, told.substitutes, told.instead) == (0.0, 0.0, None)


def test_opposite_sides_of_a_tender_are_half_a_chance_of_rivalry(make_graph):
    graph = make_graph(
        deals={
            "won": {"customer_id": "c", "closed_on": "2024-12-31"},
            "lost": {"customer_id": "c", "closed_on": "2024-12-31", "outcome": "lost"},
        },
        deal_partners={"won": "ann", "lost": "bob"},
        deal_requirements={"won": "crm", "lost": "crm"},
    )
    told = rivalry(GraphFeatures(graph), *graph.index.positions(["ann", "bob"]).reshape(2, 1))
    assert told.opposite_sides == told.competition == pytest.approx(0.5, abs=1e-3)
    assert told.share == told.share_of_collaborator == 0


def test_of_what_no_table_tells_there_are_no_facts(make_graph):
    features = GraphFeatures(make_graph(partners="ann bob"))
    assert trust(features, *pair(features, "ann", "bob")) is None
    assert belief(features, 0) is None
    assert rivalry(features, *pair(features, "ann", "bob")) is None
