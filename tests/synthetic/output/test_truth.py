"""What is planted can be found: in the truth exactly, in the tables within what chance leaves."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.synthetic.assumptions.parameters import (
    ACCEPTING,
    AS_OF,
    CHOOSING,
    WINNING,
)
from ecosystem_graph.synthetic.deals import teams as forming
from ecosystem_graph.synthetic.deals.history import JointWins
from ecosystem_graph.synthetic.draws import Groups, Sets
from ecosystem_graph.synthetic.partners.population import population
from ecosystem_graph.tables import read_tables

N = 2000


@pytest.fixture(scope="module")
def made():
    return synthetic(N, seed=0)


@pytest.fixture(scope="module")
def tables(made):
    return read_tables(made.tables)


@pytest.fixture(scope="module")
def decided(made, tables):
    """Deals won or lost, with what decided them."""
    deals = tables["deals"].filter(pl.col("outcome").is_in(["won", "lost"]))
    return deals.join(made.truth["teams"], on="deal_id").with_columns(
        won=pl.col("outcome") == "won"
    )


@pytest.fixture(scope="module")
def joint_wins(tables):
    """Pairs of partners per won deal, each once."""
    won = tables["deals"].filter(pl.col("outcome") == "won")
    rows = tables["deal_partners"].join(won, on="deal_id", how="semi")
    pairs = rows.join(rows, on="deal_id", suffix="_2")
    return pairs.filter(pl.col("partner_id") < pl.col("partner_id_2"))


def test_few_partners_do_much_of_the_business(tables):
    rows = tables["deal_partners"]["partner_id"].value_counts(sort=True)["count"]
    assert rows.sum() == pytest.approx(10 * N, rel=0.1)
    assert 0.15 < rows[: N // 100].sum() / rows.sum() < 0.45
    assert rows.median() < 0.7 * rows.mean()


def test_most_teams_are_small_and_some_are_large(tables):
    sizes = tables["deal_partners"]["deal_id"].value_counts()["count"]
    assert (sizes <= 8).mean() > 0.98
    assert 30 < sizes.max() <= 60


def test_most_partners_have_a_few_answers(tables):
    per_partner = tables["csat"]["partner_id"].value_counts()["count"]
    assert len(per_partner) > 0.65 * N
    assert 1 <= per_partner.median() <= 5
    assert set(tables["csat"]["kind"]) == {"csat_mean", "csat_top2", "nps"}
    assert (tables["csat"]["n"] == 1).mean() > 0.9


def test_answers_tell_quality_and_those_of_one_customer_are_alike(made, tables):
    answers = (
        tables["csat"]
        .filter(pl.col("kind") == "csat_mean")
        .join(made.truth["partners"], on="partner_id")
        .join(made.truth["customers"], on="customer_id")
    )
    assert 4.2 < answers["score"].mean() < 4.7
    assert answers.select(pl.corr("score", "quality")).item() > 0.3
    assert answers.select(pl.corr("score", "mood")).item() > 0.3


def test_a_third_of_what_partners_hold_is_undeclared(made, tables):
    declared = tables["partner_capabilities"]
    held = made.truth["held"]
    told = held.join(declared, on=["partner_id", "capability_id"], how="semi").height
    assert 1 - told / held.height == pytest.approx(1 / 3, abs=0.05)
    untrue = declared.join(held, on=["partner_id", "capability_id"], how="anti").height
    assert 0.01 < untrue / declared.height < 0.10
    assert declared.height == pytest.approx(10 * N, rel=0.1)
    assert 0.03 < (declared["valid_to"] < AS_OF).sum() / declared.height < 0.2


def test_gaps_are_in_demand_and_not_held(made):
    gaps, held = made.truth["gaps"], made.truth["held"]
    assert gaps.join(held, on=["partner_id", "capability_id"], how="semi").is_empty()
    assert gaps["partner_id"].n_unique() > 0.99 * N
    assert (gaps["demand"] > 0).all()


def test_portfolios_overlap_within_communities(made):
    held = made.truth["held"].join(made.truth["partners"], on="partner_id")
    shares = held.group_by("community", "capability_id").len()
    sizes = made.truth["partners"].group_by("community").len("members")
    inside = shares.join(sizes, on="community").select(
        (pl.col("len") * (pl.col("len") - 1)).sum()
        / (sizes["members"] * (sizes["members"] - 1)).sum()
    )
    counts = held.group_by("capability_id").len()["len"].cast(pl.Float64)
    anywhere = (counts * (counts - 1)).sum() / (N * (N - 1))
    assert inside.item() > 1.5 * anywhere


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


def test_gaps_are_told_as_the_reason_of_deals_that_lacked_something(decided):
    told = decided.filter(pl.col("lost_reason") == "capability_gap")
    assert told.height > 100
    assert told["coverage"].max() < 1


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


def test_the_truth_of_coverage_and_quality_is_that_of_the_whole_team(made, tables):
    everyone = pl.concat(
        [tables["deal_partners"].select("deal_id", "partner_id"), made.truth["untagged"]]
    )
    quality = (
        everyone.join(made.truth["partners"], on="partner_id")
        .group_by("deal_id")
        .agg(pl.col("quality").mean())
    )
    held = everyone.join(made.truth["held"], on="partner_id").select("deal_id", "capability_id")
    coverage = (
        tables["deal_requirements"]
        .join(held.unique(), on=["deal_id", "capability_id"], how="semi")
        .group_by("deal_id")
        .agg(covered=pl.col("weight").sum())
    )
    told = (
        made.truth["teams"]
        .join(quality, on="deal_id", how="left")
        .join(coverage, on="deal_id", how="left")
    )
    np.testing.assert_allclose(told["quality"], told["mean_quality"], atol=1e-5)
    np.testing.assert_allclose(told["covered"].fill_null(0), told["coverage"], atol=0.005)
    assert (
        everyone["deal_id"]
        .value_counts()
        .join(told, on="deal_id")
        .select((pl.col("count") == pl.col("size")).all())
        .item()
    )


def test_joint_wins_are_explained_by_communities_and_repeat(made, joint_wins):
    of = dict(made.truth["partners"].select("partner_id", "community").iter_rows())
    alike = joint_wins["partner_id"].replace_strict(of) == joint_wins[
        "partner_id_2"
    ].replace_strict(of)
    shares = made.truth["partners"]["community"].value_counts()["count"] / N
    assert alike.mean() > 4 * (shares**2).sum()
    distinct = joint_wins.n_unique(["partner_id", "partner_id_2"])
    assert distinct < 0.9 * joint_wins.height


def test_a_few_joint_wins_lack_a_partner(made, joint_wins, tables):
    untagged = made.truth["untagged"]
    won = tables["deals"].filter(pl.col("outcome") == "won")
    joint = made.truth["teams"].filter(pl.col("size") > 1).join(won, on="deal_id", how="semi")
    members = (joint["size"] - 1).sum()
    assert untagged.height / members == pytest.approx(0.05, abs=0.015)
    assert untagged.join(joint, on="deal_id", how="anti").is_empty()


def test_rivals_sell_the_same_in_the_same_markets_and_seldom_work_together(
    made, tables, joint_wins
):
    for name, column in (("offerings", "product_id"), ("territories", "territory")):
        owned = dict(tables[name].group_by("partner_id").agg(pl.col(column).sort()).iter_rows())
        for left, right in made.truth["rivals"].iter_rows():
            assert owned[left] == owned[right]
    rivals = made.truth["rivals"].rename({"collaborator_id": "partner_id_2"})
    together = joint_wins.join(rivals, on=["partner_id", "partner_id_2"], how="semi").height
    assert together < 0.3 * rivals.height


def test_nobody_is_introduced_who_takes_no_part_or_is_kept_from_the_other(tables):
    introduced = tables["introductions"].select("partner_id", "collaborator_id")
    out = tables["partners"].filter(
        ~pl.col("participates") | (pl.col("status").cast(pl.String) != "active")
    )
    assert 0.02 * N < out.height < 0.12 * N
    for column in introduced.columns:
        assert introduced.join(out, left_on=column, right_on="partner_id", how="semi").is_empty()
    pairs = tables["restrictions"].select("partner_id", "collaborator_id")
    turned = pairs.select(partner_id="collaborator_id", collaborator_id="partner_id")
    for barred in (pairs, turned):
        assert introduced.join(barred, on=introduced.columns, how="semi").is_empty()
    assert tables["introductions"]["status"].n_unique() == 6


def test_introductions_that_were_won_or_lost_are_of_two_that_won_or_lost_a_deal_since(tables):
    told = tables["introductions"].select(
        "introduction_id", "partner_id", "collaborator_id", "introduced_on", "decided_on", "status"
    )
    rows, deals = tables["deal_partners"], tables["deals"]
    mine = rows.select("deal_id", "partner_id")
    theirs = rows.select("deal_id", collaborator_id="partner_id")
    for end in ("won", "lost"):
        of_end = told.filter(pl.col("status") == end)
        together = (
            of_end.join(mine, on="partner_id")
            .join(theirs, on=["deal_id", "collaborator_id"])
            .join(deals.filter(pl.col("outcome") == end), on="deal_id")
            .filter(
                pl.col("introduced_on") < pl.col("opened_on"),
                pl.col("closed_on") == pl.col("decided_on"),
            )
        )
        assert of_end.height > 50
        assert together["introduction_id"].n_unique() == of_end.height


def test_acceptance_of_introductions_goes_by_community_and_rivalry(made, tables):
    of = dict(made.truth["partners"].select("partner_id", "community").iter_rows())
    told = tables["introductions"].filter(~pl.col("status").is_in(["proposed", "introduced"]))
    near = told["partner_id"].replace_strict(of) == told["collaborator_id"].replace_strict(of)
    accepted = (told["status"].cast(pl.String) != "declined").to_numpy()
    odds = [accepted[side].mean() / (1 - accepted[side].mean()) for side in (near, ~near)]
    assert np.log(odds[0] / odds[1]) == pytest.approx(ACCEPTING["same_community"], abs=0.4)


def test_restrictions_are_of_both_kinds_and_some_have_ended(tables):
    restrictions = tables["restrictions"]
    assert set(restrictions["kind"]) == {"do_not_pair", "exclusive"}
    ended = restrictions["valid_to"].is_not_null().mean()
    assert 0.15 < ended < 0.5


def test_tier_goes_by_size_and_hardly_by_quality(made, tables):
    tiers = pl.Enum(["Member", "Select", "Premier", "Gold"])
    rows = (
        tables["partners"]
        .join(made.truth["partners"], on="partner_id")
        .with_columns(
            rank=pl.col("tier").cast(tiers).to_physical(), log_activity=pl.col("activity").log()
        )
    )
    assert rows.select(pl.corr("rank", "log_activity", method="spearman")).item() > 0.15
    assert abs(rows.select(pl.corr("rank", "quality")).item()) < 0.2


def test_names_are_all_different(tables):
    assert tables["partners"]["name"].is_unique().all()


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
