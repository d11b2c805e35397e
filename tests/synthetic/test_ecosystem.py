"""All draws of one ecosystem."""

import numpy as np
import pytest

from ecosystem_graph.synthetic.ecosystem import drawn


@pytest.fixture(scope="module")
def stages():
    return []


@pytest.fixture(scope="module")
def numbers(stages):
    return drawn(60, 3, lambda *step: stages.append(step))


def test_progress_names_every_stage_and_counts_the_deals(numbers, stages):
    names = list(dict.fromkeys(stage for stage, *_ in stages))
    assert names[0] == "drawing partners"
    done = [step[1:] for step in stages if len(step) == 3]
    assert done[-1][0] == done[-1][1]
    assert len(done) > 1
    assert [first for first, _ in done] == sorted(first for first, _ in done)


def test_every_row_names_a_partner_that_exists(numbers):
    n = numbers.people.n
    assert n == 60
    for frame in (numbers.gaps, numbers.objectives):
        assert frame["partner"].is_between(0, n - 1).all()
    for frame in (numbers.introductions, numbers.restrictions, numbers.rivals):
        for column in ("partner", "other"):
            assert frame[column].is_between(0, n - 1).all()
        assert (frame["partner"] != frame["other"]).all()


def test_rivals_sell_the_same_products_in_the_same_territories(numbers):
    left, right = (numbers.rivals[column].to_numpy() for column in ("partner", "other"))
    assert len(left)
    assert (left < right).all()
    np.testing.assert_array_equal(numbers.product[left], numbers.product[right])
    np.testing.assert_array_equal(numbers.where.territory[left], numbers.where.territory[right])


@pytest.mark.parametrize("n", [1, 0, -3])
def test_fewer_than_two_partners_are_no_ecosystem(n):
    with pytest.raises(ValueError, match=f"n_partners must be 2 or more. Got {n}"):
        drawn(n, 0, lambda *step: None)
