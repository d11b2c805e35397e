"""Responses of customers follow the quality of partners."""

import polars as pl


def test_most_partners_have_a_few_answers(tables):
    per_partner = tables["csat"]["partner_id"].value_counts()["count"]
    assert len(per_partner) > 0.65 * tables["partners"].height
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
