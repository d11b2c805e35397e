import numpy as np

from ecosystem_graph.ranking import feature_matrix
from ecosystem_graph.signals import SIGNALS, GraphFeatures


def test_each_column_is_the_signal_named(make_graph):
    features = GraphFeatures(make_graph(wins=["ann bob", "bob cy", "bob cy di"]))
    pairs = np.array([0, 0, 2]), np.array([1, 2, 0])
    names = ["popularity", "adamic_adar", "own_popularity"]
    values = feature_matrix(features, names, *pairs)
    assert values.shape == (3, 3)
    for name, column in zip(names, values.T, strict=True):
        np.testing.assert_array_equal(column, SIGNALS[name].values(features, *pairs))
    np.testing.assert_array_equal(values[:, 0], [3, 2, 1])
    np.testing.assert_array_equal(values[:, 2], [1, 1, 2])


def test_no_pairs_have_no_values(make_graph):
    nobody = np.array([], dtype=np.intp)
    values = feature_matrix(
        GraphFeatures(make_graph(wins=["ann bob"])), list(SIGNALS), nobody, nobody
    )
    assert values.shape == (0, len(SIGNALS))
