import pytest

from ecosystem_graph.arrays import jit
from ecosystem_graph.arrays.jit import check_alike, compiled


def test_a_function_gives_the_same_compiled():
    def triple(number):
        return 3 * number

    assert compiled(triple)(7) == 21


def test_where_no_folder_can_be_written_a_function_is_compiled_all_the_same(monkeypatch):
    njit = jit.njit

    def refusing(*, nogil, cache=False):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(nogil=nogil)

    monkeypatch.setattr(jit, "njit", refusing)
    assert compiled(lambda number: number + 1)(1) == 2


def test_sizes_that_differ_are_refused():
    check_alike("rows", 2, 2, 2)
    with pytest.raises(ValueError, match=r"rows must be equally many. Got 2, 3\."):
        check_alike("rows", 2, 3)
