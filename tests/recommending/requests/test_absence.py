"""Partners that were asked for and have no list."""

import pytest

from ecosystem_graph import Recommender
from ecosystem_graph.errors import UnknownPartnerError


def test_the_library_warns_of_who_takes_no_part_and_serves_the_others(make_graph, caplog):
    graph = make_graph(
        wins=["ann bob", "bob cy"],
        partners={"ann": {"status": "suspended"}, "zoe": {"joined_on": "2026-05-01"}},
    )
    recommender = Recommender.load("default")
    rows = recommender.recommend(graph, partners=["ann", "cy"])
    assert caplog.messages == ["Without a list: ann is suspended."]
    assert "ann" not in rows["partner_id"]
    with pytest.raises(UnknownPartnerError, match="'zoe' joins on 2026-05-01"):
        recommender.recommend(graph, partners=["zoe"])
