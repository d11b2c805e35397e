from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.graph.matrices import (
    EVIDENCE_STRENGTH,
    age_in_days,
    deal_incidence,
    declared_strength,
    industry_shares,
    inferred_strength,
    label_matrix,
    offering_matrix,
    requirement_weights,
    territory_shares,
    won_deals,
)

AB = pl.Series("partner_id", ["a", "b"])


def test_ages_count_days_up_to_the_date():
    dates = pl.Series([date(2024, 12, 31), date(2024, 1, 1)])
    assert age_in_days(dates, date(2025, 1, 1)).tolist() == [1.0, 366.0]


def test_more_wins_by_smaller_teams_give_more_strength_up_to_a_half():
    won, required = csr_array([[1.0, 1.0], [1.0, 0.0]]), csr_array([[1.0], [1.0]])
    both, one = inferred_strength(won, required, np.array([2.0, 1.0])).toarray().ravel()
    assert one == 0.5 * (1 - 2**-0.5)
    assert both == 0.5 * (1 - 2**-1.5)


def test_only_won_deals_with_a_date_count_in_the_order_of_their_ids(make_tables):
    deals = {"b": {}, "a": {}, "lost": {"outcome": "lost"}, "undated": {"closed_on": None}}
    assert won_deals(make_tables(deals=deals))["deal_id"].to_list() == ["a", "b"]


def test_a_partner_in_two_roles_is_on_a_deal_once_and_unknown_partners_are_left_out(make_tables):
    rows = [("d", "a", "lead"), ("d", "a", "resell"), ("d", "b", None), ("e", "b", None)]
    tables = make_tables(
        partners="a b",
        deals=["d", "e"],
        deal_partners=[
            dict(zip(("deal_id", "partner_id", "role"), row, strict=True)) for row in rows
        ],
    )
    incidence = deal_incidence(tables, AB, pl.Series(["d", "e"]))
    assert incidence.toarray().tolist() == [[1, 0], [1, 1]]
    alone = deal_incidence(tables, AB[:1], pl.Series(["d", "e"]))
    assert alone.toarray().tolist() == [[1, 0]]


def test_requirements_weigh_one_unless_a_weight_is_given(make_tables):
    tables = make_tables(deals=["d"], deal_requirements={"d": {"x": 3.0, "y": None}})
    weights = requirement_weights(tables, pl.Series(["d"]), pl.Series(["x", "y"]))
    assert weights.toarray().tolist() == [[3.0, 1.0]]


@pytest.mark.parametrize("evidence", EVIDENCE_STRENGTH)
def test_a_declared_capability_has_the_strength_of_its_evidence(make_tables, evidence):
    tables = make_tables(partners="a b", partner_capabilities={"b": {"x": evidence}})
    strength = declared_strength(tables["partner_capabilities"], AB, pl.Series(["x"])).toarray()
    assert strength.tolist() == [[0.0], [EVIDENCE_STRENGTH[evidence]]]


def test_industries_are_shares_of_a_partners_deals_that_name_one():
    deals = pl.DataFrame({"industry": ["y", "x", None, "x"]})
    names, shares = industry_shares(deals, csr_array([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0]]))
    assert names.tolist() == ["x", "y"]
    np.testing.assert_allclose(shares.toarray(), [[2 / 3, 1 / 3], [0, 0]])


def test_products_are_sorted_and_each_is_sold_or_not(make_tables):
    tables = make_tables(partners="a b", offerings={"a": ["y", "x"], "b": "y"})
    products, sold = offering_matrix(tables, AB)
    assert products.tolist() == ["x", "y"]
    assert sold.toarray().tolist() == [[1, 1], [0, 1]]


def test_a_partner_without_territories_has_its_country(make_tables):
    tables = make_tables(
        partners={"a": {"country": "FR"}, "b": {"country": "FR"}},
        territories={"a": {"DE": 0.2, "AT": 0.6}},
    )
    codes, shares = territory_shares(tables, tables["partners"])
    assert codes.tolist() == ["AT", "DE", "FR"]
    np.testing.assert_allclose(shares.toarray(), [[0.75, 0.25, 0], [0, 0, 1]])


def test_a_label_matrix_has_its_values_at_the_pairs_of_labels():
    labels = pl.Series(["p", "q"])
    matrix = label_matrix(pl.Series(["q"]), labels, pl.Series(["p"]), labels, pl.Series([3]))
    assert matrix.toarray().tolist() == [[0, 0], [3, 0]]
    assert label_matrix(pl.Series([], dtype=pl.String), labels, labels[:0], labels).nnz == 0
