"""The partners that pass every filter of a request."""

import pytest

from ecosystem_graph import Request
from ecosystem_graph.errors import UnknownValueError
from ecosystem_graph.recommending.requests.filters import open_to


@pytest.fixture
def graph(make_graph):
    kinds = {"ann": "reseller; MSP", "bob": "reseller", "cy": "ISV"}
    return make_graph(partners={name: {"type": kind} for name, kind in kinds.items()})


def test_without_a_filter_there_is_no_mask(graph):
    assert open_to(graph, Request()) is None


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ({"types": ["MSP"]}, [True, False, False]),
        ({"types": ["MSP", "ISV"]}, [True, False, True]),
        ({"types": ["reseller"], "exclude": ["ann"]}, [False, True, False]),
        ({"candidates": ["cy", "ann"], "types": ["reseller"]}, [True, False, False]),
    ],
)
def test_a_partner_passes_that_meets_every_filter(graph, filters, passing):
    assert open_to(graph, Request(**filters)).tolist() == passing


def test_a_value_that_nobody_has_is_refused(graph):
    with pytest.raises(UnknownValueError, match=r"resellr.*reseller"):
        open_to(graph, Request(types=["resellr"]))
