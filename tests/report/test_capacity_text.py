import pytest

from ecosystem_graph.lists.capacity import OF_MEDIAN
from ecosystem_graph.report import others_capacity_text


def account(n, said=OF_MEDIAN):
    ids = [f"p{place}" for place in range(n)]
    others = {"partners": n, "first": ids[:10]}
    return {"others": others, "capacity_of_others_is": said, "capacity_of_others": 1_200}


def test_partners_whose_capacity_is_the_median_are_named_with_the_option_that_changes_it():
    assert others_capacity_text(account(2)) == (
        "2 partners state no intro_capacity (p0, p1): their capacity is set to 1,200 "
        "introductions, the median of the partners that state one. Set another default with "
        "--capacity N."
    )
    assert "(p0, p1, p2, ...)" in others_capacity_text(account(4))


@pytest.mark.parametrize("told", [None, account(0), account(2, "asked for")])
def test_capacities_that_are_stated_or_asked_for_are_not_remarked_on(told):
    assert others_capacity_text(told) is None
