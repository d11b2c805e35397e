"""Points of having two partners in one team, and whether they are barred."""

import numpy as np
import pytest

from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.teams import TeamWeights
from ecosystem_graph.teams.rules.admission import Admission
from ecosystem_graph.teams.rules.pairing import (
    Pairing,
    competition,
    mutual_trust,
)

ANN, BOB, CY = np.array([0]), np.array([1]), np.array([2])


@pytest.fixture
def pairing_of(make_graph):
    def pairing_of(n_seats=1, weights=None, **rows):
        admission = Admission(GraphFeatures(make_graph(**{"partners": "ann bob cy", **rows})))
        weights = weights or TeamWeights()
        return Pairing(admission, admission.market(None), weights, n_seats)

    return pairing_of


def test_strangers_have_no_points(pairing_of):
    points, barred = pairing_of(wins=["ann bob"])(ANN, CY)
    assert points.tolist() == [0.0]
    assert barred.tolist() == [False]


def test_joint_wins_have_points_shared_among_the_seats(pairing_of):
    pairing = pairing_of(wins=["ann bob", "ann bob"])
    assert pairing(ANN, BOB)[0] == pytest.approx(TeamWeights().trust * np.log(3.0))
    spread = pairing_of(n_seats=4, wins=["ann bob", "ann bob"])
    assert spread(ANN, BOB)[0] == pytest.approx(pairing(ANN, BOB)[0] / 4)
    assert pairing(ANN, BOB)[0] <= pairing.limit
    assert spread.limit == pytest.approx(pairing.limit / 4)


def test_trust_is_the_mean_of_both_directions(pairing_of):
    pairing = pairing_of(wins=["ann bob", "bob cy"])
    features = pairing.admission.features
    assert mutual_trust(features, ANN, BOB) == pytest.approx(mutual_trust(features, BOB, ANN))


def test_competition_costs_points(pairing_of):
    rows = {"partner_capabilities": {"ann": "crm", "bob": "crm", "cy": "erp"}}
    pairing = pairing_of(**rows)
    share = competition(pairing.admission.features, ANN, BOB)
    assert share > 0
    assert pairing(ANN, BOB)[0] == pytest.approx(-TeamWeights().competition * share)
    free = pairing_of(weights=TeamWeights(competition=0.0), **rows)
    assert free(ANN, BOB)[0] == 0.0


def test_a_restriction_bars_a_pair(pairing_of):
    _, barred = pairing_of(restrictions={"ann": "bob"})(np.array([0, 0]), np.array([1, 2]))
    assert barred.tolist() == [True, False]
