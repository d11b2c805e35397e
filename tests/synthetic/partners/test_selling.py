"""Offerings and territories: rivals have the same."""

import polars as pl


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
