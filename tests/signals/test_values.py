"""What each signal says of two pairs of one small ecosystem, worked out by hand.

Five partners. Of the deals won, ann and cy share the first, a year old; bob and cy the second, 540
days; bob, cy and dee the third, two years; eve won alone, a year ago. Bob and dee lost one
together. So ann and bob are new to each other and share cy; cy and dee know each other and share
bob.
"""

from math import log, sqrt

import numpy as np
import pytest

from ecosystem_graph.signals import SIGNALS, GraphFeatures

PARTNERS = {
    "ann": {"type": "ISV", "country": "DE"},
    "bob": {"type": "MSP", "country": "FR"},
    "cy": {"type": "ISV", "country": "DE"},
    "dee": {"type": "MSP; ISV", "country": "DE"},
    "eve": {},
}
DEALS = {
    "d-1": {"closed_on": "2024-01-02", "territory": "DE"},
    "d-2": {"closed_on": "2023-07-11", "territory": "FR"},
    "d-3": {"closed_on": "2023-01-02", "territory": "DE"},
    "d-4": {"closed_on": "2024-01-02", "territory": "FR"},
    "lost": {"closed_on": "2023-07-11", "outcome": "lost", "territory": "FR"},
}
TEAMS = {"d-1": "ann cy", "d-2": "bob cy", "d-3": "bob cy dee", "d-4": "eve", "lost": "bob dee"}
REQUIRED = {"d-1": "crm", "d-2": "crm iam", "d-3": "iam", "d-4": "erp", "lost": "iam"}
HELD = {
    "ann": {"crm": "certified"},
    "bob": {"iam": "certified", "erp": "self_declared"},
    "cy": {"crm": "certified"},
    "dee": {"iam": "certified"},
}
SOLD = {"ann": "suite vault", "bob": "vault", "cy": "suite", "dee": "vault"}
AIMS = [
    {"partner_id": "ann", "kind": "capability", "target": "iam", "weight": 3.0},
    {"partner_id": "ann", "kind": "territory", "target": "IT", "weight": 1.0},
    {"partner_id": "bob", "kind": "territory", "target": "DE"},
    {"partner_id": "dee", "kind": "capability", "target": "crm"},
    {"partner_id": "cy", "kind": "capability", "target": "iam"},
]
ANSWERS = [
    {"partner_id": partner, "customer_id": f"{partner}-{n}", "score": score}
    for partner, scores in {
        "ann": (5, 5, 4),
        "bob": (2, 3, 2),
        "cy": (4, 4, 5),
        "dee": (3, 3, 4),
    }.items()
    for n, score in enumerate(scores)
]


def left(days, half_life=540):
    """What is left of a deal's weight."""
    return 0.5 ** (days / half_life)


# Ties: a deal of m partners gives each of its pairs 1 / (m - 1) of what is left of it.
ANN_CY = left(365)
BOB_CY = left(540) + left(730) / 2
DEE = left(730) / 2  # with bob, and with cy
CY_ALL, BOB_ALL, DEE_ALL = ANN_CY + BOB_CY + DEE, BOB_CY + DEE, 2 * DEE

# Trust: even odds worth four outcomes, for there are too few pairs to learn others; a shared
# collaborator vouches for its own wins by the partner's belief in it, wins / (wins + losses + 2).
HEARD_OF_BOB = ANN_CY / (ANN_CY + 2) * BOB_CY
HEARD_OF_DEE = BOB_CY / (BOB_CY + 2) * DEE


def hearsay(heard):
    return 4 * heard / (4 + heard)


# Deals a year ago and more, halved every year.
LATELY = {"d-1": 0.5, "d-2": left(540, 365), "d-3": 0.25}

# What joint deals won asked for, by what is left of them, and the deals that asked at all.
NEEDS = {
    "ann": {"crm": left(365)},
    "bob": {"crm": left(540), "iam": left(540) + left(730)},
    "cy": {"crm": left(365) + left(540), "iam": left(540) + left(730)},
    "dee": {"iam": left(730)},
}
RARITY = {"crm": log(5 / 3), "iam": log(5 / 3), "erp": log(5 / 2)}  # of 4 won deals


def unit(row):
    length = sqrt(sum(value * value for value in row.values()))
    return {key: value / length for key, value in row.items()}


def dot(one, other):
    return sum(value * other.get(key, 0.0) for key, value in one.items())


TOPICS = {
    partner: unit({c: sqrt(need) * RARITY[c] for c, need in needs.items()})
    for partner, needs in NEEDS.items()
}


def around(**shares):
    """Topics of those a partner works with, by the share of its ties they have."""
    total = {"crm": 0.0, "iam": 0.0}
    for partner, share in shares.items():
        for capability, value in TOPICS[partner].items():
            total[capability] += share * value
    return unit(total)


COMPANY = {
    "ann": around(cy=1.0),
    "bob": around(cy=BOB_CY / BOB_ALL, dee=DEE / BOB_ALL),
    "cy": around(ann=ANN_CY / CY_ALL, bob=BOB_CY / CY_ALL, dee=DEE / CY_ALL),
    "dee": around(bob=0.5, cy=0.5),
}

ISV = {"ann": 1.0, "cy": 1.0, "dee": 0.5}
MSP = {"bob": 1.0, "dee": 0.5}
TIES = {("ann", "cy"): ANN_CY, ("bob", "cy"): BOB_CY, ("bob", "dee"): DEE, ("cy", "dee"): DEE}


def lift(these, those, groups):
    """Log of what two groups won together over what their totals would give, 5 added to both."""

    def seen(left_group, right_group):
        return sum(
            tie * (left_group.get(a, 0) * right_group.get(b, 0))
            + tie * (left_group.get(b, 0) * right_group.get(a, 0))
            for (a, b), tie in TIES.items()
        )

    total = {
        name: sum(seen(group, other) for other in groups.values()) for name, group in groups.items()
    }
    expected = total[these] * total[those] / sum(total.values())
    return log((seen(groups[these], groups[those]) + 5) / (expected + 5))


TYPES = {"ISV": ISV, "MSP": MSP}
PLACES = {"DE": {"ann": 1.0, "cy": 1.0, "dee": 1.0}, "FR": {"bob": 1.0}}

#: Signal -> what it says of ann and bob, and of cy and dee.
BY_HAND = {
    "common_neighbours": (1, 1),
    "adamic_adar": (1 / log(3), 1 / log(2)),
    "resource_allocation": (1 / 3, 1 / 2),
    "tie_strength": (0, DEE),
    "shared_tie_strength": (ANN_CY * BOB_CY / CY_ALL, BOB_CY * DEE / BOB_ALL),
    "trust": (
        (2 + hearsay(HEARD_OF_BOB)) / (4 + hearsay(HEARD_OF_BOB)) - 0.5,
        (2 + DEE + hearsay(HEARD_OF_DEE)) / (4 + DEE + hearsay(HEARD_OF_DEE)) - 0.5,
    ),
    "objectives": (
        # bob serves 3/4 of what ann is after, ann all of what bob is; cy and dee all, both ways.
        2 * 0.75 * 1.0 / 1.75,
        1.0,
    ),
    "shared_demand": (
        NEEDS["ann"]["crm"] * NEEDS["bob"]["crm"] / 5,
        NEEDS["cy"]["iam"] * NEEDS["dee"]["iam"] / 5,
    ),
    "topic_activity": (
        LATELY["d-2"] / sqrt(5),
        (LATELY["d-2"] + LATELY["d-3"])
        / (LATELY["d-1"] + 2 * LATELY["d-2"] + LATELY["d-3"])
        * LATELY["d-3"]
        / sqrt(5),
    ),
    "neighbour_topics": (dot(COMPANY["ann"], COMPANY["bob"]), dot(COMPANY["cy"], COMPANY["dee"])),
    "territory_overlap": (0, 1),
    "territory_affinity": (lift("DE", "FR", PLACES), lift("DE", "DE", PLACES)),
    "type_affinity": (
        lift("ISV", "MSP", TYPES),
        (lift("ISV", "MSP", TYPES) + lift("ISV", "ISV", TYPES)) / 2,
    ),
    "popularity": (2, 2),
    "activity": (LATELY["d-2"] + LATELY["d-3"], LATELY["d-3"]),
    "seats": (LATELY["d-2"] + 2 * LATELY["d-3"], 2 * LATELY["d-3"]),
    "team_size": (2.5, 3),
    "met_type": (1.5, 1.0),
    "met_territory": (2, 1),
    "new_collaborators": (0, 0),
    "days_since_joint_win": (540, 730),
    "growth": (log(5 / 8), log(5 / 7)),
    "popularity_gap": (
        abs(log(4) - log(3)),
        abs((ANN_CY * log(2) + BOB_CY * log(3) + DEE * log(3)) / CY_ALL - log(3)),
    ),
    "popularity_gap_back": (
        abs((BOB_CY * log(4) + DEE * log(3)) / BOB_ALL - log(2)),
        abs((log(3) + log(4)) / 2 - log(4)),
    ),
    "own_popularity": (1, 3),
    "own_activity": (LATELY["d-1"], sum(LATELY.values())),
    "own_seats": (LATELY["d-1"], LATELY["d-1"] + LATELY["d-2"] + 2 * LATELY["d-3"]),
    "own_team_size": (2, 7 / 3),
}


@pytest.fixture(scope="module")
def features(make_graph):
    graph = make_graph(
        partners=PARTNERS,
        deals=DEALS,
        deal_partners=TEAMS,
        deal_requirements=REQUIRED,
        partner_capabilities=HELD,
        offerings=SOLD,
        objectives=AIMS,
        csat=ANSWERS,
    )
    return GraphFeatures(graph)


@pytest.fixture(scope="module")
def pairs(features):
    """Ann and bob, cy and dee."""
    positions = features.graph.index.positions
    return positions(["ann", "cy"]), positions(["bob", "dee"])


@pytest.fixture(scope="module")
def said(features, pairs):
    return lambda name: SIGNALS[name].values(features, *pairs)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_signal_says_what_is_worked_out_by_hand(said, name):
    assert said(name) == pytest.approx(BY_HAND[name], rel=1e-6, abs=1e-9)


def test_the_last_year_is_told_from_what_was_before(features):
    # Cy first won with ann a year ago to the day; of its four seats ever, that one is of the year.
    bob_and_cy = np.split(features.graph.index.positions(["bob", "cy"]), 2)
    assert SIGNALS["new_collaborators"].values(features, *bob_and_cy).tolist() == [1]
    assert SIGNALS["growth"].values(features, *bob_and_cy) == pytest.approx([log(6 / 9)])


def test_gains_are_the_demand_that_the_other_covers_better(features, pairs, said):
    demand, held = features.demand.toarray(), features.graph.held.toarray()

    def gain(ours, theirs):
        return (demand[ours] * np.maximum(held[theirs] - held[ours], 0)).sum(axis=1)

    ours, theirs = gain(*pairs), gain(*reversed(pairs))
    assert (ours > 0.1).all()
    assert (theirs > 0.1).all()
    assert said("gain") == pytest.approx(ours)
    assert said("reciprocal_gain") == pytest.approx(theirs)
    assert said("mutual_gain") == pytest.approx(2 / (1 / ours + 1 / theirs))


def test_profiles_are_compared_by_what_is_held_and_how_rare_it_is(features, pairs, said):
    held = features.graph.held.toarray()
    weighted = held * np.log(6 / (1 + (held > 0).sum(axis=0)))
    one, other = weighted[pairs[0]], weighted[pairs[1]]
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    assert said("profile_similarity") == pytest.approx((one * other).sum(axis=1) / lengths)
    assert (said("profile_similarity") > 0.01).all()


def test_satisfaction_is_that_of_the_collaborator_above_the_average(features, pairs, said):
    mean = features.satisfaction.mean
    assert said("satisfaction") == pytest.approx(mean[pairs[1]] - mean.mean())
    assert (np.abs(said("satisfaction")) > 0.005).all()


def test_answers_count_half_after_three_years(features):
    # Four partners, answers all of one day: as many customers of today as are left of three each.
    age = 200  # from 2024-06-15
    asked = features.satisfaction.n_effective[:4]
    assert asked == pytest.approx(np.full(4, 3 * left(age, 1095)))


def test_parity_is_the_difference_in_standard_deviations_of_quality(features, pairs, said):
    mean, variances = features.satisfaction.mean, features.satisfaction.variances
    apart = np.abs(mean[pairs[0]] - mean[pairs[1]])
    assert said("parity") == pytest.approx(apart / sqrt(variances.partners + variances.regions))


def test_propagated_trust_is_where_walks_along_ties_end(features, pairs, said):
    ties = features.ties.toarray()
    steps = ties / np.maximum(ties.sum(axis=1, keepdims=True), 1e-300)
    ends = 0.3 * np.linalg.inv(np.eye(5) - 0.7 * steps)
    assert said("propagated_trust") == pytest.approx(ends[pairs], abs=2e-3)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("embedding_affinity", lambda e: e.graph.adjacency),
        ("tie_affinity", lambda e: e.ties.sqrt()),
    ],
)
def test_affinities_are_the_damped_graph_itself_where_all_directions_are_kept(
    features, pairs, said, name, weights
):
    matrix = weights(features).toarray()
    degree = matrix.sum(axis=1)
    damping = np.where(degree > 0, np.maximum(degree, 1e-12), 1.0) ** -0.25
    damped = damping[:, None] * matrix * damping
    assert said(name) == pytest.approx(damped[pairs], abs=1e-5)
    assert said(name)[1] > 0.1


def test_no_signal_is_without_a_value_here(said):
    elsewhere = {
        *("gain", "reciprocal_gain", "mutual_gain", "profile_similarity", "satisfaction"),
        *("parity", "propagated_trust", "embedding_affinity", "tie_affinity", "competition"),
    }
    assert set(SIGNALS) == set(BY_HAND) | elsewhere
