"""Introductions: who is introduced, who accepts, and what follows."""

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.synthetic.assumptions.parameters import (
    ACCEPTING,
)


def test_nobody_is_introduced_who_takes_no_part_or_is_kept_from_the_other(tables):
    introduced = tables["introductions"].select("partner_id", "collaborator_id")
    out = tables["partners"].filter(
        ~pl.col("participates") | (pl.col("status").cast(pl.String) != "active")
    )
    assert 0.02 * tables["partners"].height < out.height < 0.12 * tables["partners"].height
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
