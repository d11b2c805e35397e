import polars as pl

from ecosystem_graph.tables.roles import ROLE, plain_role


def test_a_role_is_the_same_whatever_its_case_and_the_blanks_around_it():
    seats = pl.DataFrame({"role": ["Lead", " lead ", None]})
    assert seats.select(ROLE).to_series().to_list() == ["lead", "lead", None]
    assert plain_role(" LEAD ") == "lead"
