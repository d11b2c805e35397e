"""Values of introductions by hand, in worlds of a few partners."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from planted_value import Belief, Lists, PlantedWorld, acceptance, added, share
from scipy.special import expit

from ecosystem_graph import GraphRanker, load_model
from ecosystem_graph.synthetic import synthetic

WINNING = {"intercept": -1.0, "coverage": 2.0, "mean_quality": 4.0, "rivals": -0.5}
ALIKE = np.full(3, 0.5)
NOBODY = np.zeros((3, 3), dtype=bool)
#: Partner 0 can do the first of two capabilities, 1 the second, 2 both.
HELD = np.array([[True, False], [False, True], [True, True]])
BOTH = (np.array([0, 1]), np.array([0.25, 0.75]))


def test_a_partner_adds_what_it_covers_and_the_other_lacks():
    found = added(WINNING, 0.5, Belief(HELD, ALIKE, NOBODY), 0, [BOTH])
    gap = expit(-1 + 2 * 1.0) - expit(-1 + 2 * 0.25)
    assert found == pytest.approx([0.0, gap, gap])


def test_needs_are_averaged():
    covered = (np.array([0]), np.array([1.0]))
    belief = Belief(HELD, ALIKE, NOBODY)
    one, two = (added(WINNING, 0.5, belief, 0, needs) for needs in ([BOTH], [BOTH, covered]))
    assert two == pytest.approx(one / 2)


def test_quality_counts_as_the_mean_of_the_two():
    belief = Belief(np.ones((3, 2), dtype=bool), np.array([0.5, 0.75, 0.25]), NOBODY)
    found = added(WINNING, 0.5, belief, 0, [BOTH])
    expected = [expit(1 + 4 * change) - expit(1) for change in (0, 0.125, -0.125)]
    assert found == pytest.approx(expected)


def test_rivals_win_less():
    rivals = NOBODY.copy()
    rivals[0, 2] = rivals[2, 0] = True
    found = added(WINNING, 0.5, Belief(np.ones((3, 2), dtype=bool), ALIKE, rivals), 0, [BOTH])
    assert found == pytest.approx([0, 0, expit(0.5) - expit(1)])


def test_acceptance_is_by_community_and_rivalry():
    rivals = NOBODY.copy()
    rivals[0, 1] = rivals[1, 0] = True
    accepting = {"intercept": 0.2, "same_community": 0.8, "rivals": -1.5}
    found = acceptance(accepting, np.array([0, 0, 1]), rivals, 0)
    assert found == pytest.approx([expit(1.0), expit(-0.5), expit(0.2)])


def test_the_share_is_nothing_at_random_and_all_at_the_plug_in():
    assert [share(value, 0.02, 0.1) for value in (0.02, 0.06, 0.1)] == pytest.approx([0, 0.5, 1])


@pytest.fixture(scope="module")
def world():
    return PlantedWorld(synthetic(150, seed=3), seed=3)


def test_needs_are_recent_deals_with_shares_that_add_up(world):
    assert len(world.needs) == 150
    assert {len(needs) for needs in world.needs} == {12}
    shares = [weights.sum() for needs in world.needs for _, weights in needs]
    assert shares == pytest.approx(np.ones(len(shares)))


def test_a_partner_with_many_deals_needs_what_its_own_required(world):
    made = world.made.tables
    recent = made["deals"].filter(pl.col("opened_on") >= date(2024, 1, 1)).select("deal_id")
    rows = (
        made["deal_partners"]
        .join(recent, on="deal_id")
        .join(made["deal_requirements"], on="deal_id")
    )
    deals = rows.group_by("partner_id").agg(pl.col("deal_id").n_unique()).sort("deal_id")
    busiest, n = deals.row(-1)
    assert n >= 12
    own = set(rows.filter(pl.col("partner_id") == busiest)["capability_id"])
    place = world.graph.index.position(busiest)
    asked = {world.capabilities[int(at)] for needs, _ in world.needs[place] for at in needs}
    assert asked <= own


def test_true_values_read_the_truth_and_the_plug_in_the_records(world):
    models = world.made.models
    value = acceptance(
        models["accepting"],
        world.made.truth["partners"].sort("partner_id")["community"].to_numpy(),
        world.truth.rivals,
        7,
    ) * added(models["winning"], models["mean_quality"], world.truth, 7, world.needs[7])
    assert world.values[7] == pytest.approx(value)
    assert world.records.held.sum() < world.truth.held.sum()
    assert not world.records.rivals.any()


@pytest.mark.parametrize("limited", [False, True])
def test_lists_are_those_of_eligible_new_collaborators(world, limited):
    ranker = GraphRanker(load_model("default"), world.graph)
    lists = Lists(world, ranker, limited=limited)
    assert not lists.permits[np.arange(len(lists.sources)), lists.sources].any()
    assert not (lists.permits & (world.graph.adjacency[lists.sources].toarray() > 0)).any()
    oracle, least = lists.of_scores(world.values), lists.of_scores(-world.values)
    assert oracle > lists.of_model(ranker) > least
    if not limited:
        open_to = np.where(lists.permits, world.values[lists.sources], -np.inf)
        assert oracle == pytest.approx(np.sort(open_to, axis=1)[:, -10:].mean())


def test_lists_within_capacity_hold_nobody_too_often(world, monkeypatch):
    lists = Lists(world, GraphRanker(load_model("default"), world.graph), limited=True)
    listed = []
    monkeypatch.setattr(lists, "value", lambda rows, columns: listed.append(columns))
    lists.of_scores(world.values)
    assert (np.bincount(listed[0], minlength=150) <= lists.capacity).all()
