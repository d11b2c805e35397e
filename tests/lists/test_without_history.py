"""Capabilities alone rank by what they fill, whatever a model learnt of joint wins elsewhere."""

import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Recommender

WORDS = ["crm", "erp", "iam", "sap", "vpn"]
HELD = {f"p-{n:02}": dict.fromkeys(WORDS[n % 3 : n % 7], "certified") for n in range(1, 30)}


@pytest.fixture(scope="module")
def tables(make_tables):
    return make_tables(partners=" ".join(HELD), partner_capabilities=HELD)


def lists_of(tables, price):
    recommender = Recommender.load("default").set_params(competition_price=price)
    graph = EcosystemGraph.from_tables(tables, "2025-01-01")
    return recommender, graph, recommender.recommend(graph, k=20)


def test_lists_are_in_the_order_of_the_gap_filled(tables):
    _, _, rows = lists_of(tables, price=0)
    assert rows["gain"].n_unique() > 5
    for _, some in rows.group_by("partner_id"):
        apart = some.filter(pl.col("competition").round(9) == 0).sort("rank")
        assert apart["gain"].round(9).is_sorted(descending=True)


def test_a_rival_that_fills_as_much_comes_later(tables):
    _, _, rows = lists_of(tables, price=1.5)
    assert rows["competition"].max() > 0.2
    for _, some in rows.group_by("partner_id", pl.col("gain").round(9)):
        assert some.sort("rank")["competition"].round(9).is_sorted()


def test_what_is_explained_is_the_gap_and_adds_up(tables):
    recommender, graph, rows = lists_of(tables, price=1.5)
    one, other, score = rows.select("partner_id", "collaborator_id", "score").row(0)
    explanation = recommender.explain(graph, one, other)
    counted = {part.signal for part in explanation.contributions if part.log_odds}
    assert counted <= {"adds_coverage", "adds_competition", "competition"}
    total = explanation.intercept + sum(part.log_odds for part in explanation.contributions)
    assert total == explanation.score == score


def test_one_joint_win_is_history(make_tables):
    tables = make_tables(wins=["p-01 p-02"], partner_capabilities=HELD)
    recommender, graph, _ = lists_of(tables, price=0)
    explanation = recommender.explain(graph, "p-04", "p-09")
    counted = {part.signal for part in explanation.contributions if part.log_odds}
    assert {"own_popularity", "profile_similarity"} < counted
