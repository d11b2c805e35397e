"""Properties that are computed once, ahead of their use if they are worth it."""

from graphlib import CycleError
from threading import Barrier

import pytest

from ecosystem_graph.signals.features.feature import compute_ahead, feature, features_of


class Squares:
    """Counts what it computes."""

    def __init__(self):
        self.computed = []

    @feature()
    def side(self):
        self.computed.append("side")
        return 3

    @feature("side", ahead=True)
    def area(self):
        self.computed.append("area")
        return self.side**2

    @feature("area", ahead=True)
    def volume(self):
        self.computed.append("volume")
        return self.area * self.side

    @feature()
    def idle(self):
        self.computed.append("idle")


def test_a_feature_is_computed_when_read_and_kept():
    squares = Squares()
    assert squares.computed == []
    assert (squares.area, squares.area, squares.side) == (9, 9, 3)
    assert squares.computed == ["area", "side"]


def test_the_features_of_a_class_are_listed_in_their_order():
    assert list(features_of(Squares)) == ["side", "area", "volume", "idle"]
    assert features_of(Squares)["volume"].needs == ("area",)


def test_what_is_worth_it_is_computed_ahead_after_what_it_needs_and_nothing_else():
    squares = Squares()
    compute_ahead(squares)
    assert squares.computed == ["side", "area", "volume"]
    assert vars(squares)["volume"] == 27


def test_features_that_do_not_need_each_other_are_computed_side_by_side():
    both = Barrier(2, timeout=20)

    class Two:
        @feature(ahead=True)
        def one(self):
            return both.wait()

        @feature(ahead=True)
        def other(self):
            return both.wait()

    two = Two()
    compute_ahead(two)
    assert sorted((two.one, two.other)) == [0, 1]


def test_features_that_need_each_other_in_a_circle_are_refused():
    class Circle:
        one = feature("other", ahead=True)(lambda circle: circle.other)
        other = feature("one")(lambda circle: circle.one)

    with pytest.raises(CycleError):
        compute_ahead(Circle())


def test_an_error_reaches_the_caller():
    class Broken:
        one = feature(ahead=True)(lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        compute_ahead(Broken())
