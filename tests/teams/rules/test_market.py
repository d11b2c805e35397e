"""The market of a requirement: who is active in its territory, and who sells the same there."""

import numpy as np
import pytest

from ecosystem_graph.teams.rules.market import TeamMarket

#: Ann is in Bavaria, bob in Germany, cy in France; the territory of dan is not on record.
PARTNERS = {
    "ann": {"country": "DE-BY"},
    "bob": {"country": "DE"},
    "cy": {"country": "FR"},
    "dan": {},
}
OFFERINGS = {"ann": "vpn", "bob": "vpn lan", "cy": "vpn", "dan": "lan"}
ANN, BOB, CY, DAN = range(4)


@pytest.fixture
def market_of(make_graph):
    graph = make_graph(partners=PARTNERS, offerings=OFFERINGS)
    return lambda territory: TeamMarket.of(graph, territory)


def contested(market, *pairs):
    left, right = np.array(pairs).T
    return market.contested(left, right).tolist()


@pytest.mark.parametrize(
    ("territory", "active"),
    [
        (None, [True, True, True, True]),
        ("DE", [True, True, False, True]),
        ("DE-BY", [True, True, False, True]),
        ("DE-BE", [False, True, False, True]),
        ("FR", [False, False, True, True]),
    ],
)
def test_a_country_counts_for_its_regions_and_a_region_for_its_country(
    market_of, territory, active
):
    assert market_of(territory).active.tolist() == active


def test_two_that_sell_the_same_product_contest_the_market_if_both_are_active(market_of):
    pairs = [(ANN, BOB), (ANN, CY), (BOB, DAN), (ANN, DAN)]
    assert contested(market_of("DE"), *pairs) == [True, False, True, False]


def test_without_a_territory_they_must_meet_somewhere_unless_one_is_not_on_record(market_of):
    pairs = [(BOB, CY), (BOB, DAN), (BOB, BOB)]
    assert contested(market_of(None), *pairs) == [False, True, True]


def test_the_products_of_both_are_named(make_graph, market_of):
    graph = make_graph(partners=PARTNERS, offerings=OFFERINGS)
    assert graph.products[market_of("DE").shared(ANN, BOB)].tolist() == ["vpn"]
    assert graph.products[market_of("DE").shared(ANN, DAN)].tolist() == []


def test_without_offerings_nothing_is_contested(make_graph):
    market = TeamMarket.of(make_graph(partners="ann bob"), None)
    assert contested(market, (0, 1)) == [False]
