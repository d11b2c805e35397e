"""Records of deals: reasons, and partners that are missing."""

import polars as pl
import pytest


def test_gaps_are_told_as_the_reason_of_deals_that_lacked_something(decided):
    told = decided.filter(pl.col("lost_reason") == "capability_gap")
    assert told.height > 100
    assert told["coverage"].max() < 1


def test_a_few_joint_wins_lack_a_partner(made, joint_wins, tables):
    untagged = made.truth["untagged"]
    won = tables["deals"].filter(pl.col("outcome") == "won")
    joint = made.truth["teams"].filter(pl.col("size") > 1).join(won, on="deal_id", how="semi")
    members = (joint["size"] - 1).sum()
    assert untagged.height / members == pytest.approx(0.05, abs=0.015)
    assert untagged.join(joint, on="deal_id", how="anti").is_empty()
