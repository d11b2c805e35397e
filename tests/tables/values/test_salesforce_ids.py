import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.tables.values.salesforce_ids import full_salesforce_ids

SHORT = st.text(string.ascii_letters + string.digits, min_size=15, max_size=15)


def check_characters(short):
    """Bit by bit, as the rule is written: the first letter of five is the lowest bit."""
    alphabet = string.ascii_uppercase + "012345"
    fives = [short[start : start + 5] for start in range(0, 15, 5)]
    return "".join(
        alphabet[sum(2**place for place in range(5) if five[place] in string.ascii_uppercase)]
        for five in fives
    )


@given(st.lists(SHORT, max_size=8))
def test_both_forms_become_the_one_with_check_characters(short):
    full = [id_ + check_characters(id_) for id_ in short]
    assert full_salesforce_ids(pl.Series(short, dtype=pl.String)).to_list() == full
    assert full_salesforce_ids(pl.Series(full, dtype=pl.String)).to_list() == full


@pytest.mark.parametrize(
    "text", ["001x0000002xLCAAAM", "001x0000002xLC", "001x0000002xLC-", "", "é" * 15, None]
)
def test_what_is_no_salesforce_id_has_no_full_form(text):
    assert full_salesforce_ids(pl.Series([text], dtype=pl.String)).to_list() == [None]


def test_ids_that_differ_in_case_alone_stay_different():
    full = full_salesforce_ids(pl.Series(["001x0000002xLCa", "001x0000002xLCA"]))
    assert full.to_list() == ["001x0000002xLCaAAM", "001x0000002xLCAAA2"]
