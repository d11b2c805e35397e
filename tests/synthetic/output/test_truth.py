"""The ground truth agrees with the tables."""

import numpy as np
import polars as pl


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
