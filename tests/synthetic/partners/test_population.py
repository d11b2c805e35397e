"""Partners: few are very active, and tiers follow size."""

import polars as pl
import pytest


def test_few_partners_do_much_of_the_business(tables):
    rows = tables["deal_partners"]["partner_id"].value_counts(sort=True)["count"]
    assert rows.sum() == pytest.approx(10 * tables["partners"].height, rel=0.1)
    assert 0.15 < rows[: tables["partners"].height // 100].sum() / rows.sum() < 0.45
    assert rows.median() < 0.7 * rows.mean()


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
