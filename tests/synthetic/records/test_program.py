"""Gaps are in demand, and restrictions of both kinds."""


def test_gaps_are_in_demand_and_not_held(made):
    gaps, held = made.truth["gaps"], made.truth["held"]
    assert gaps.join(held, on=["partner_id", "capability_id"], how="semi").is_empty()
    assert gaps["partner_id"].n_unique() > 0.99 * made.tables["partners"].height
    assert (gaps["demand"] > 0).all()


def test_restrictions_are_of_both_kinds_and_some_have_ended(tables):
    restrictions = tables["restrictions"]
    assert set(restrictions["kind"]) == {"do_not_pair", "exclusive"}
    ended = restrictions["valid_to"].is_not_null().mean()
    assert 0.15 < ended < 0.5
