"""Shares sum to one, and the first and last day frame the quarters."""

from datetime import date, timedelta

import pytest

from ecosystem_graph.synthetic.assumptions import parameters


@pytest.mark.parametrize(
    "name", ["TYPES", "TIERS", "STATUSES", "EVIDENCE", "LEVELS", "MEETING", "KINDS"]
)
def test_shares_sum_to_one(name):
    shares = getattr(parameters, name)
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) > 0


def test_days_count_from_1970_and_quarters_fill_the_time_between():
    assert date(1970, 1, 1) + timedelta(days=parameters.START) == parameters.FIRST_DAY
    assert date(1970, 1, 1) + timedelta(days=parameters.END) == parameters.AS_OF
    years = parameters.AS_OF.year - parameters.FIRST_DAY.year
    assert 4 * years == parameters.QUARTERS
