"""Z-scores by hand: on a graph, then within lists of two and one candidates."""

from math import exp, log, sqrt

import numpy as np
import pytest

from ecosystem_graph.ranking.standardizer import (
    ListScale,
    ListScales,
    Scale,
    list_starts,
    list_z_scores,
)

#: On a log scale, linear, and of the partner alone (log scale).
NAMES = ("adamic_adar", "gain", "own_activity")
VALUES = np.array([[1.0, 0.2, 4.0], [3.0, 0.4, 4.0], [0.0, 0.9, 0.0]])
SOURCES = np.array([2, 2, 5])

#: Typical values are medians of the positive ones: 2, 0.4 and 4.
LOGS = [log(1.5), log(2.5), 0.0]
OWN = [log(2.0), log(2.0), 0.0]


def mean(values):
    return sum(values) / len(values)


def deviation(values):
    return sqrt(mean([(value - mean(values)) ** 2 for value in values]))


def z_scores(values):
    return [(value - mean(values)) / deviation(values) for value in values]


@pytest.fixture
def scale():
    return Scale.of(NAMES, VALUES)


def test_a_scale_is_the_median_of_positive_values_and_mean_and_deviation_of_transformed(scale):
    assert scale.typical.tolist() == [2.0, 0.4, 4.0]
    columns = LOGS, VALUES[:, 1].tolist(), OWN
    assert scale.centre == pytest.approx([mean(column) for column in columns])
    assert scale.spread == pytest.approx([deviation(column) for column in columns])


def test_z_scores_are_deviations_from_the_mean(scale):
    by_hand = np.column_stack([z_scores(LOGS), z_scores(VALUES[:, 1].tolist()), z_scores(OWN)])
    assert scale.z_scores(VALUES) == pytest.approx(by_hand)
    assert scale.column_z_scores(1, VALUES[:, 1]) == pytest.approx(by_hand[:, 1])


def test_a_value_follows_from_its_z_score(scale):
    z = scale.z_scores(VALUES)
    back = [[scale.value(column, z[row, column]) for column in range(3)] for row in range(3)]
    assert np.array(back) == pytest.approx(VALUES)
    one_up = 2.0 * (exp(deviation(LOGS) + mean(LOGS)) - 1.0)
    assert scale.value(0, 1.0) == pytest.approx(one_up)


def test_a_negative_value_on_a_log_scale_counts_as_none(scale):
    assert scale.column_z_scores(0, np.array([-1.0])) == scale.column_z_scores(0, np.array([0.0]))


def test_what_never_varies_has_z_scores_of_0(scale):
    constant = Scale.of(NAMES, np.full((4, 3), 0.7))
    assert constant.spread.tolist() == [1.0, 1.0, 1.0]
    assert constant.z_scores(np.full((1, 3), 0.7)) == pytest.approx(0.0, abs=1e-12)


def test_without_pairs_a_scale_changes_linear_signals_in_nothing():
    nobody = Scale.of(NAMES, np.empty((0, 3)))
    assert nobody.typical.tolist() == nobody.spread.tolist() == [1.0, 1.0, 1.0]
    assert nobody.centre.tolist() == [0.0, 0.0, 0.0]


def test_lists_are_shrunk_towards_the_graph_by_twenty_candidates():
    z = np.asfortranarray([[1.0, -2.0, 3.0], [4.0, 0.0, 3.0], [5.0, 1.0, 7.0]])
    weight = np.array([1.0, 2.5, 4.0])
    lists = ListScale.of(NAMES, z, SOURCES, weight)
    assert lists.sources.tolist() == [2, 5]
    first, second = (1 + 2.5 * 4) / 23.5, 4 * 5 / 24
    assert lists.centre[:, 0] == pytest.approx([first, second])
    assert lists.centre[:, 1] == pytest.approx([-2 / 23.5, 4 / 24])
    variance = ((1 - first) ** 2 + 2.5 * (4 - first) ** 2 + 20) / 23.5
    assert lists.spread[:, 0] == pytest.approx(
        [sqrt(variance), sqrt((4 * (5 - second) ** 2 + 20) / 24)]
    )
    # A signal of the partner alone is not compared within its list.
    assert lists.centre[:, 2].tolist() == [0.0, 0.0]
    assert lists.spread[:, 2].tolist() == [1.0, 1.0]


def test_a_list_compares_its_own_pairs_alone():
    lists = ListScale(
        np.array([2, 5]),
        np.array([[1.0, 0.0], [10.0, 0.0]], dtype=np.float32),
        np.array([[2.0, 1.0], [4.0, 1.0]], dtype=np.float32),
    )
    z = np.asfortranarray([[5.0, 1.0], [18.0, 2.0], [5.0, 3.0], [7.0, 4.0]])
    lists.apply(z, np.array([2, 5, 3, 9]))
    # Neither 3 nor 9 has a list.
    assert z.tolist() == [[2.0, 1.0], [2.0, 2.0], [5.0, 3.0], [7.0, 4.0]]


def test_without_any_list_nothing_changes():
    nobody = np.empty(0, dtype=np.intp)
    lists = ListScale.of(NAMES, np.empty((0, 3)), nobody, np.empty(0))
    z = np.ones((2, 3))
    lists.apply(z, np.array([0, 1]))
    assert z.tolist() == np.ones((2, 3)).tolist()


def test_list_z_scores_are_those_of_the_graph_within_each_list(scale):
    weight = np.array([1.0, 2.5, 1.0])
    z = scale.z_scores(VALUES)
    ListScale.of(NAMES, z, SOURCES, weight).apply(z, SOURCES)
    assert list_z_scores(scale, VALUES, SOURCES, weight).tolist() == z.tolist()


def test_scales_of_lists_are_kept_by_partner():
    lists = ListScale(
        np.array([1, 3]),
        np.array([[1.0], [2.0]], dtype=np.float32),
        np.array([[3.0], [4.0]], dtype=np.float32),
    )
    kept = ListScales(5, 1)
    kept.add(lists, np.array([1, 2, 3]))
    assert kept.made.tolist() == [False, True, True, True, False]
    asked = kept.of(np.array([0, 1, 2, 3]))
    assert asked.sources.tolist() == [0, 1, 2, 3]
    assert asked.centre[:, 0].tolist() == [0.0, 1.0, 0.0, 2.0]
    assert asked.spread[:, 0].tolist() == [1.0, 3.0, 1.0, 4.0]


def test_lists_start_where_the_source_changes():
    start, of_list = list_starts(np.array([0, 0, 3, 3, 3, 4]))
    assert start.tolist() == [0, 2, 5]
    assert of_list.tolist() == [0, 0, 1, 1, 1, 2]
