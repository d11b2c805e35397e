"""Partners that were asked for and have no list."""

import pytest

from ecosystem_graph import Recommender
from ecosystem_graph.errors import NoPartWarning, UnknownPartnerError


def test_the_library_warns_of_who_takes_no_part_and_serves_the_others(make_graph):
    graph = make_graph(
        wins=["ann bob", "bob cy"],
        partners={"ann": {"status": "suspended"}, "zoe": {"joined_on": "2026-05-01"}},
    )
    recommender = Recommender.load("default")
    with pytest.warns(NoPartWarning, match=r"^without a list: ann is suspended\.$"):
        rows = recommender.recommend(graph, partners=["ann", "cy"])
    assert "ann" not in rows["partner_id"]
    with pytest.raises(UnknownPartnerError, match="'zoe' joins on 2026-05-01"):
        recommender.recommend(graph, partners=["zoe"])
