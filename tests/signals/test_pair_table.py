"""Numbers of a vendor's own about pairs, read from a table."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.errors import SignalError
from ecosystem_graph.signals import GraphFeatures, PairFeatures, PairTable

ROWS = pl.DataFrame(
    {
        "partner_id": ["ann", "bob", "ann", "ann"],
        "collaborator_id": ["bob", "cy", "bob", "stranger"],
        "accounts": [12, 3, 5, 9],
        "seen": [date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2023, 1, 1)],
    }
)


@pytest.fixture(scope="module")
def features(make_graph):
    return GraphFeatures(make_graph(partners="ann bob cy", as_of=date(2025, 1, 1)))


def dense(features, table):
    n = features.graph.n_partners
    sources, targets = np.indices((n, n)).reshape(2, -1)
    return table(PairFeatures(features, sources, targets)).reshape(n, n).tolist()


def test_rows_of_a_pair_add_up_and_hold_either_way(features):
    assert dense(features, PairTable(ROWS, "accounts")) == [[0, 17, 0], [17, 0, 3], [0, 3, 0]]


def test_rows_hold_one_way_where_that_is_said(features):
    one_way = PairTable(ROWS, "accounts", symmetric=False)
    assert dense(features, one_way) == [[0, 17, 0], [0, 0, 3], [0, 0, 0]]


def test_a_row_counts_after_the_day_it_was_known(features):
    dated = PairTable(ROWS, "accounts", known_on="seen")
    assert dense(features, dated) == [[0, 12, 0], [12, 0, 3], [0, 3, 0]]


def test_the_order_of_rows_does_not_matter(features):
    rows = ROWS.with_columns(accounts=pl.Series([0.1, 0.7, 0.2, 0.3]))
    both = [PairTable(some, "accounts").matrix(features) for some in (rows, rows.reverse())]
    assert both[0].data.tolist() == both[1].data.tolist()


def test_it_is_read_once_per_graph(features):
    table = PairTable(ROWS, "accounts")
    assert features.derived(table.matrix) is features.derived(table.matrix)


def test_ids_of_nobody_are_refused(features):
    strangers = ROWS.with_columns(partner_id=pl.lit("crm-1"))
    with pytest.raises(SignalError, match="none of the 4 pairs, such as 'crm-1' and 'bob'"):
        PairTable(strangers, "accounts").matrix(features)


def test_a_table_without_rows_is_nothing_of_anybody(features):
    assert dense(features, PairTable(ROWS.clear(), "accounts")) == [[0] * 3] * 3


@pytest.mark.parametrize(
    ("rows", "value", "message"),
    [
        (ROWS, "overlap", "no column 'overlap'. There are partner_id, collaborator_id, acc"),
        (ROWS.drop("partner_id"), "accounts", "no column 'partner_id'"),
        (ROWS, "seen", "seen must be numbers. Got Date"),
        (ROWS.with_columns(partner_id=1), "accounts", "partner_id must be text. Got Int32"),
        (
            ROWS.with_columns(accounts=pl.Series([1, None, None, 2])),
            "accounts",
            "accounts is empty in 2 rows",
        ),
        (ROWS.with_columns(accounts=float("inf")), "accounts", "accounts must be finite"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(rows, value, message):
    with pytest.raises(ValueError, match=message):
        PairTable(rows, value)


def test_days_must_be_dates():
    with pytest.raises(ValueError, match="accounts must be dates"):
        PairTable(ROWS, "accounts", known_on="accounts")
