"""Results print the text that is registered for their class."""

import subprocess
import sys

from ecosystem_graph.printing import Printed, print_as

PRINT_A_TEAM_BACKTEST = """
import sys
from datetime import date
from ecosystem_graph.evaluation.backtests.teams import MEASURES, TeamBacktest
from ecosystem_graph.evaluation.bootstrap import Interval
assert "ecosystem_graph.report" not in sys.modules
one = Interval(0.5, 0.25, 0.75)
metrics = {"model": dict.fromkeys(MEASURES, one)}
print(TeamBacktest(date(2025, 1, 1), date.max, 9, 3, 2.5, metrics, "past_partners", one))
"""


def test_a_result_without_a_text_prints_as_its_repr():
    class Plain(Printed):
        def __repr__(self):
            return "Plain()"

    assert str(Plain()) == "Plain()"


def test_a_notebook_shows_the_text_with_markup_escaped():
    class Answer(Printed):
        pass

    print_as(Answer, lambda answer: "a <b> & c")
    assert Answer()._repr_html_() == "<pre>a &lt;b&gt; &amp; c</pre>"


def test_a_result_prints_in_a_process_that_has_not_imported_the_texts():
    done = subprocess.run(
        [sys.executable, "-c", PRINT_A_TEAM_BACKTEST], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Back-test of teams at 2025-01-01, all later deals: 9 partners.")
