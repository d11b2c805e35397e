"""Teams form and win by the two models with known coefficients."""

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from ecosystem_graph.synthetic.assumptions.parameters import (
    CHOOSING,
    WINNING,
)
from ecosystem_graph.synthetic.deals import teams as forming
from ecosystem_graph.synthetic.deals.history import JointWins
from ecosystem_graph.synthetic.draws import Groups, Sets
from ecosystem_graph.synthetic.partners.population import population


def test_the_more_a_team_covers_the_more_it_wins(decided):
    rate = {
        name: decided.filter(rows)["won"].mean()
        for name, rows in {
            "none": pl.col("coverage") == 0,
            "some": pl.col("coverage").is_between(0, 0.99, closed="none"),
            "all": pl.col("coverage") > 0.99,
        }.items()
    }
    assert rate["none"] + 0.1 < rate["some"] < rate["all"] - 0.05


def test_the_coefficients_of_winning_can_be_learnt_back(made, decided):
    causes = ["coverage", "mean_quality", "mean_log1p_joint_wins"]
    learnt = LogisticRegression(C=np.inf).fit(
        decided.select(causes).to_numpy(), decided["won"].to_numpy()
    )
    np.testing.assert_allclose(learnt.coef_[0], [WINNING[name] for name in causes], atol=0.5)
    told = made.truth["teams"]
    log_odds = (
        WINNING["intercept"]
        + WINNING["coverage"] * told["coverage"]
        + WINNING["mean_quality"] * (told["mean_quality"] - made.models["mean_quality"])
        + WINNING["mean_log1p_joint_wins"] * told["mean_log1p_joint_wins"]
        + WINNING["rivals"] * told["rivals"]
    )
    np.testing.assert_allclose(log_odds, told["log_odds"], atol=1e-5)


def test_those_asked_follow_the_stated_log_odds():
    """One lead asks one of three, met equally often: shares go by the odds of `CHOOSING`."""
    people = population(4, seed=0)
    everybody = np.arange(4, dtype=np.int32)
    people.community[:] = [0, 0, 1, 1]
    people.activity[:] = 1
    people.rival_group[:] = [0, -1, 0, -1]
    people.joined[:] = 0
    alone = Groups.of(np.zeros(4, dtype=np.int32), everybody, np.ones(4, dtype=np.int32), 1)
    held = Sets.of(np.array([3], dtype=np.int32), np.array([5], dtype=np.int32), 4, 8)
    n_deals = 40_000
    zeros = np.zeros(n_deals, dtype=np.int32)
    by_community = Groups.of(np.zeros(4, dtype=np.int32), everybody, np.ones(4, dtype=np.int32), 2)
    world = forming.World(people, held, by_community, alone, alone)
    capability = np.full((n_deals, 1), 5, dtype=np.int32)
    requirements = forming.Requirements(
        zeros, zeros, capability, np.full((n_deals, 1), 0.5, dtype=np.float32)
    )
    joint = JointWins(4)
    rng = np.random.default_rng(0)
    team = forming.teams(world, joint, requirements, zeros, zeros + 2, 60, rng)
    log_odds = np.array(
        [CHOOSING["same_community"], CHOOSING["rivals"], 0.5 * CHOOSING["complementarity"]]
    )
    expected = np.exp(log_odds) / np.exp(log_odds).sum()
    shares = np.bincount(team[:, 1], minlength=4)[1:] / n_deals
    np.testing.assert_allclose(shares, expected, atol=0.01)
