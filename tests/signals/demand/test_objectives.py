import numpy as np
import pytest

from ecosystem_graph.signals.demand.objectives import alignment, objective_shares, serves


def test_an_objective_is_served_by_holding_or_working_there_and_else_by_nobody(make_graph):
    graph = make_graph(
        objectives=[
            {"partner_id": "ann", "kind": "capability", "target": "crm", "weight": 2.0},
            {"partner_id": "ann", "kind": "territory", "target": "FR", "weight": 1.0},
            {"partner_id": "ann", "kind": "capability", "target": "unheard-of", "weight": 1.0},
        ],
        partner_capabilities={"bob": {"crm": "certified"}},
        territories={"cy": "FR"},
    )
    objectives = objective_shares(graph)
    serving = serves(graph)
    ann = np.zeros(2, dtype=int)
    served = alignment(objectives, serving, ann, np.array([1, 2]))
    assert served == pytest.approx([0.5, 0.25])


def test_where_nobody_states_an_objective_none_is_served(make_graph):
    graph = make_graph(wins=["ann bob"])
    objectives = objective_shares(graph)
    serving = serves(graph)
    assert alignment(objectives, serving, np.array([0]), np.array([1])).tolist() == [0]
