"""Capabilities: held, declared, alike within communities."""

import polars as pl
import pytest

from ecosystem_graph.synthetic.assumptions.parameters import (
    AS_OF,
)


def test_a_third_of_what_partners_hold_is_undeclared(made, tables):
    declared = tables["partner_capabilities"]
    held = made.truth["held"]
    told = held.join(declared, on=["partner_id", "capability_id"], how="semi").height
    assert 1 - told / held.height == pytest.approx(1 / 3, abs=0.05)
    untrue = declared.join(held, on=["partner_id", "capability_id"], how="anti").height
    assert 0.01 < untrue / declared.height < 0.10
    assert declared.height == pytest.approx(10 * tables["partners"].height, rel=0.1)
    assert 0.03 < (declared["valid_to"] < AS_OF).sum() / declared.height < 0.2


def test_portfolios_overlap_within_communities(made):
    held = made.truth["held"].join(made.truth["partners"], on="partner_id")
    shares = held.group_by("community", "capability_id").len()
    sizes = made.truth["partners"].group_by("community").len("members")
    inside = shares.join(sizes, on="community").select(
        (pl.col("len") * (pl.col("len") - 1)).sum()
        / (sizes["members"] * (sizes["members"] - 1)).sum()
    )
    counts = held.group_by("capability_id").len()["len"].cast(pl.Float64)
    anywhere = (counts * (counts - 1)).sum() / (
        made.tables["partners"].height * (made.tables["partners"].height - 1)
    )
    assert inside.item() > 1.5 * anywhere
