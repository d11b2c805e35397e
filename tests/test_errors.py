import inspect

import pytest

from ecosystem_graph import errors
from ecosystem_graph.errors import DataError, EcosystemGraphError, Problem


def test_a_problem_shows_its_file_its_row_and_its_message():
    assert str(Problem("deals", "deals.csv", 2, "x", "v", "x is odd.")) == "deals.csv:2  x is odd."
    assert str(Problem("deals", "deals.csv", None, None, None, "empty.")) == "deals.csv  empty."


def test_control_characters_in_a_problem_are_escaped():
    shown = str(
        Problem("deals", "deals.csv", 2, "x", None, "x '\x1b[2J\r\n\u202eevil\x9b' is odd.")
    )
    assert shown == r"deals.csv:2  x '\x1b[2J\r\n\u202eevil\u009b' is odd."


def test_a_data_error_carries_every_problem_in_order():
    problems = [Problem("t", "t.csv", row, None, None, "wrong.") for row in (3, 1)]
    error = DataError("2 problems", problems, remedy="quarantine")
    assert error.problems == tuple(problems)
    assert (str(error), error.remedy) == ("2 problems", "quarantine")


@pytest.mark.parametrize(
    "error",
    [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if "Error" in str(kind)],
)
def test_every_error_a_user_can_fix_has_one_base_and_stands_in_the_tree(error):
    if error is not errors.ForkedError:
        assert issubclass(error, EcosystemGraphError)
    assert error.__name__ in errors.__doc__
