"""A request is checked when it is made, and found on a graph once."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from ecosystem_graph import Request, Requirement, Reranking, UnknownPartnerError, UnknownValueError


@pytest.fixture(scope="module")
def graph(make_graph):
    return make_graph(
        partners={
            "ann": {
                "name": "Ann & Co",
                "type": "reseller;builder",
                "tier": "gold",
                "country": "DE",
            },
            "bob": {"type": "builder", "tier": "silver", "country": "FR"},
            "cy": {"type": "distributor", "country": "DE"},
        },
        territories={"bob": {"FR": 1.0}},
        wins=["ann bob", "bob cy"],
    )


def open_to(graph, **options):
    mask = Request.of(**options).on(graph).open_to
    return None if mask is None else set(graph.index.ids[mask])


def test_filters_of_a_request_hold_together(graph):
    assert open_to(graph) is None
    assert open_to(graph, types=["builder"]) == {"ann", "bob"}
    assert open_to(graph, types=["builder"], tiers=["gold", "silver"]) == {"ann", "bob"}
    assert open_to(graph, types=["builder"], countries=["Germany"]) == {"ann"}
    assert open_to(graph, candidates=["bob", "cy"], exclude=["cy"]) == {"bob"}
    assert open_to(graph, candidates=["Ann & Co"]) == {"ann"}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"types": ["bilder"]}, UnknownValueError, "no partner has the type 'bilder'.*'builder'"),
        ({"tiers": ["bronze"]}, UnknownValueError, "no partner has the tier 'bronze'"),
        ({"countries": ["US"]}, UnknownValueError, "no partner has the country 'US'"),
        ({"exclude": ["nobody"]}, UnknownPartnerError, "'nobody'"),
        ({"candidates": ["nobody"]}, UnknownPartnerError, "'nobody'"),
    ],
)
def test_what_nobody_has_or_is_is_named(graph, options, error, message):
    with pytest.raises(error, match=message):
        Request.of(**options).on(graph)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"k": 0}, ValueError, "k must be at least 1"),
        ({"types": "builder"}, TypeError, r"types must be a list of texts.*\['builder'\]"),
        ({"exclude": [7]}, TypeError, "each of exclude must be text. Got int"),
        ({"pair_rule": "never"}, TypeError, "pair_rule must be callable. Got str"),
        ({"reranking": {}}, TypeError, "reranking must be a Reranking. Got dict"),
        ({"requirement": {}}, TypeError, "requirement must be a Requirement. Got dict"),
        ({"capacity": -1}, ValueError, "capacity must be 0 or more"),
        (
            {"deal": "d-1", "requirement": Requirement({"crm": 1.0})},
            ValueError,
            "deal and requirement exclude each other",
        ),
        (
            {"partners": ["a"], "changed_since": date(2025, 1, 1)},
            ValueError,
            "changed_since chooses the partners",
        ),
        ({"uplift_weight": -1.0}, ValueError, "uplift_weight must be"),
        ({"uplift_weight": 1_001.0}, ValueError, "uplift_weight must be"),
        ({"uplift_weight": float("nan")}, ValueError, "uplift_weight must be"),
        ({"uplift_weight": "6"}, TypeError, "uplift_weight must be"),
        ({"capcity": 3}, TypeError, r"unknown option 'capcity'\..*'capacity'"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(options, error, message):
    with pytest.raises(error, match=message):
        Request.of(**options)


def test_options_of_lists_stand_beside_those_of_the_request():
    asked = Request.of(k=3, diverse=True, reranking=Reranking(capacity=2))
    assert asked == Request(k=3, reranking=Reranking(diverse=True, capacity=2))
    with pytest.raises(FrozenInstanceError):
        asked.k = 4


def test_parameters_are_plain_and_do_not_depend_on_the_order_of_words(graph):
    first = Request(types=["builder", "distributor"], partners=["cy", "Ann & Co"]).on(graph)
    second = Request(types=["distributor", "builder"], partners=["ann", "cy", "ann"]).on(graph)
    assert first.parameters() == second.parameters()
    assert first.parameters()["partners"] == ["ann", "cy"]
    assert first.parameters()["pair_rule"] is None


def test_the_weight_of_uplift_is_a_parameter_where_it_is_asked_for(graph):
    assert "uplift_weight" not in Request().on(graph).parameters()
    for weight in (0.0, 2.5, 1_000.0):
        assert Request(uplift_weight=weight).on(graph).parameters()["uplift_weight"] == weight


def test_whom_new_events_touch_needs_the_tables(graph):
    with pytest.raises(ValueError, match="changed_since needs the tables"):
        Request(changed_since=date(2024, 1, 1)).on(graph)


def test_a_list_for_one_requirement_is_not_reordered(graph):
    for options in ({"deal": "d-1"}, {"requirement": Requirement({"crm": 1.0}, lead="ann")}):
        with pytest.raises(ValueError, match=r"is not reordered\. Got diverse"):
            Request.of(diverse=True, **options).on(graph)
