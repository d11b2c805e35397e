import pytest

from ecosystem_graph.errors import DataError

SHEET = "Deal,Customer,Value,Closed\n"
MAPPING = """
schema = 1
[settings]
{settings}
[tables.partners.one]
from = "deals"
columns = {{ partner_id = {{ const = "p" }}, name = {{ const = "p" }} }}
[tables.deals.one]
from = "deals"
columns.deal_id = "Deal"
columns.customer_id = "Customer"
columns.amount = "Value"
columns.closed_on = "Closed"
columns.outcome = {{ const = "won" }}
[tables.deal_partners.one]
from = "deals"
columns = {{ deal_id = "Deal", partner_id = {{ const = "p" }} }}
"""


def problems(exports, rows, settings=""):
    with pytest.raises(DataError) as caught:
        exports({"deals.csv": SHEET + rows}, MAPPING.format(settings=settings))
    return [(problem.row, problem.column, problem.kind) for problem in caught.value.problems]


def test_undecided_dates_are_asked_once_for_the_column(exports):
    rows = "d1,c,1,03/04/2026\nd2,c,1,04/05/2026\n"
    assert problems(exports, rows) == [(None, "closed_on", "order of dates")]
    decided = exports({"deals.csv": SHEET + rows}, MAPPING.format(settings='date_order = "mdy"'))
    assert [day.month for day in decided.tables["deals"]["closed_on"]] == [3, 4]


def test_two_orders_in_one_column_are_a_problem(exports):
    rows = "d1,c,1,13/04/2026\nd2,c,1,04/13/2026\n"
    assert problems(exports, rows) == [(None, "closed_on", "order of dates")]


def test_undecided_numbers_are_asked_once_for_the_column(exports):
    rows = 'd1,c,"1,234",2026-01-01\nd2,c,"2,345",2026-01-01\n'
    assert problems(exports, rows) == [(None, "amount", "decimal sign")]


def test_a_value_that_cannot_be_read_is_a_problem_of_its_row(exports):
    rows = "d1,c,12k,2026-01-01\nd2,c,1,soon\n"
    assert problems(exports, rows) == [
        (2, "amount", "not a number"),
        (3, "closed_on", "not a date"),
    ]


def test_ids_that_lost_digits_or_the_case_of_their_letters_are_refused(exports):
    assert set(problems(exports, "1.23E+17,c,1,2026-01-01\n")) == {
        (None, "deal_id", "shortened by a spreadsheet")
    }
    upper = "006A000000KQZBGIAZ,c,1,2026-01-01\n006A000000KQZBHIAZ,c,1,2026-01-01\n"
    assert set(problems(exports, upper)) == {(None, "deal_id", "ids in one case")}


def test_an_instant_is_its_day_in_the_time_zone_of_the_settings(exports):
    rows = "d1,c,1,2026-01-31T23:30:00Z\nd2,c,1,2026-01-31\n"
    mapping = MAPPING.format(settings='timezone = "Europe/Berlin"')
    tables = exports({"deals.csv": SHEET + rows}, mapping).tables
    assert [str(day) for day in tables["deals"]["closed_on"]] == ["2026-02-01", "2026-01-31"]
