"""Reranking options, and which of them differ from their defaults."""

import pytest

from ecosystem_graph.lists.reranking.options import MOST_DAYS, PLAIN, UNLIMITED, Reranking


def test_requested_are_the_options_that_reorder_and_differ_from_the_default():
    assert PLAIN.requested() == {}
    assert UNLIMITED.requested() == {"limited": False}
    assert Reranking(rest_days=3, stale_days=4).requested() == {}
    assert Reranking(reciprocal=True, diverse=True, capacity=0, exposure_price=0.5).requested() == {
        "reciprocal": True,
        "diverse": True,
        "capacity": 0,
        "exposure_price": 0.5,
    }


@pytest.mark.parametrize(
    "options",
    [
        {"capacity": -1},
        {"exposure_price": -0.1},
        {"exposure_price": float("inf")},
        {"exposure_price": float("nan")},
        {"rest_days": -1},
        {"stale_days": MOST_DAYS + 1},
    ],
)
def test_what_is_out_of_range_is_refused_by_name(options):
    ((name, _),) = options.items()
    with pytest.raises(ValueError, match=name):
        Reranking(**options)


def test_the_ends_of_each_range_are_allowed():
    Reranking(capacity=0, exposure_price=0.0, rest_days=0, stale_days=0)
    assert MOST_DAYS == 36_500
    Reranking(rest_days=MOST_DAYS, stale_days=MOST_DAYS)
