"""A signal without a meaning is refused when it is made."""

import numpy as np
import pytest

from ecosystem_graph.signals import GraphFeatures, RequirementSignal, Signal

FACTS = {
    "name": "account_overlap",
    "description": "accounts of both",
    "unit": "accounts, >= 0",
    "group": "accounts",
    "scale": "log",
    "of": lambda pairs: pairs.targets - pairs.sources,
}


@pytest.mark.parametrize("kind", [Signal, RequirementSignal])
@pytest.mark.parametrize(
    ("field", "value", "error", "message"),
    [
        ("name", "account overlap", ValueError, "must be an identifier.*Got 'account overlap'"),
        ("name", "lambda", ValueError, "must be an identifier.*Got 'lambda'"),
        ("name", "", ValueError, "name of signal '' is empty"),
        ("name", 7, TypeError, "name of a signal must be text. Got 7"),
        ("description", "  ", ValueError, "description of signal 'account_overlap' is empty"),
        ("unit", None, TypeError, "unit of a signal must be text. Got None"),
        ("group", "", ValueError, "group of signal 'account_overlap' is empty"),
        ("scale", "sqrt", ValueError, "one of 'log', 'linear'. Got 'sqrt'"),
        ("direction", 2, ValueError, "direction of signal 'account_overlap'.*-1, 0, 1. Got 2"),
        ("of", np.zeros(3), TypeError, "of, of signal 'account_overlap', must be a function"),
    ],
)
def test_what_has_no_meaning_is_refused(kind, field, value, error, message):
    kind(**FACTS)
    with pytest.raises(error, match=message):
        kind(**{**FACTS, field: value})


def test_the_values_are_those_of_its_function(make_graph):
    features = GraphFeatures(make_graph(wins=["ann bob cy"]))
    values = Signal(**FACTS).values(features, np.array([0, 1]), np.array([2, 2]))
    assert values.tolist() == [2, 1]
