from datetime import UTC, date, datetime

import polars as pl
import pytest

from ecosystem_graph.tables.cleaning.converting import converted
from ecosystem_graph.tables.opening.raw_table import ROW, RawTable
from ecosystem_graph.tables.schema.definitions import TABLES

REQUIRED = {
    "partners": {"partner_id": "p", "name": "Acme"},
    "deals": {"deal_id": "d", "outcome": "won"},
}


def conversion(table, column, values):
    """Values of one column, and the problems, with the required ones filled in."""
    given = pl.Series(column, values)
    frame = pl.DataFrame({ROW: range(1, len(given) + 1)}).with_columns(
        **{name: pl.lit(value) for name, value in REQUIRED[table].items() if name != column}
    )
    frame = frame.with_columns(given)
    columns = tuple(name for name in frame.columns if name != ROW)
    typed, problems, notes = converted(RawTable(table, f"{table}.csv", frame, columns))
    assert notes == []
    return typed[column].to_list(), [str(problem) for problem in problems]


MIDNIGHT = datetime(2024, 1, 31)


@pytest.mark.parametrize(
    ("column", "given", "taken"),
    [
        ("opened_on", ["2024-01-31", " 2024-02-29 ", "", None], 2),
        ("opened_on", ["2024-01-31T00:00:00", "2024-01-31 00:00", "2024-01-31T00:00:00.000Z"], 3),
        ("opened_on", [date(2024, 1, 31), None], 1),
        ("opened_on", [MIDNIGHT, None], 1),
        ("opened_on", [MIDNIGHT.replace(tzinfo=UTC)], 1),
        ("opened_on", [None, None], 0),
        ("amount", ["1", "2.5", "1e3", "-0", "", None], 4),
        ("amount", [1, 2, None], 2),
        ("amount", [1.5, float("nan"), None], 1),
        ("customer_id", [1, 2, None], 2),
        ("customer_id", ["a", " b ", "  "], 2),
        ("outcome", ["won", " lost "], 2),
    ],
)
def test_what_means_the_same_is_taken(column, given, taken):
    values, problems = conversion("deals", column, given)
    assert problems == []
    assert sum(value is not None for value in values) == taken


@pytest.mark.parametrize(
    ("table", "column", "given", "message"),
    [
        ("deals", "opened_on", "2024-02-30", "opened_on '2024-02-30' is not a date"),
        ("deals", "opened_on", "31.01.2024", "opened_on '31.01.2024' is an ambiguous date"),
        ("deals", "amount", "1,200", "amount '1,200' could be 1200 or 1.200"),
        ("deals", "amount", "1,20,000", "amount '1,20,000' is not a number"),
        ("deals", "amount", "€ 5", "amount '€ 5' is not a number"),
        ("deals", "amount", "nan", "amount 'nan' is not a number"),
        ("deals", "amount", "inf", "amount 'inf' is not a number"),
        ("deals", "amount", float("inf"), "amount 'inf' is not a number"),
        (
            "deals",
            "outcome",
            "wonn",
            "outcome 'wonn' is not allowed: one of won, lost, open, withdrawn. Did you mean 'won'?",
        ),
        ("partners", "participates", "perhaps", "participates 'perhaps' is not true or false"),
        ("partners", "participates", 2, "participates '2' is not true or false"),
        ("partners", "intro_capacity", "2.5", "intro_capacity '2.5' is not a whole number"),
        ("partners", "intro_capacity", 1e300, "is not a whole number"),
        ("partners", "name", " ", "name is empty."),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_row(table, column, given, message):
    values, problems = conversion(table, column, [given])
    assert values == [None]
    assert len(problems) == 1
    assert problems[0].startswith(f"{table}.csv:1  ")
    assert message in problems[0]


@pytest.mark.parametrize(
    ("table", "column", "given", "message"),
    [
        ("deals", "opened_on", 45_000, "column 'opened_on' is of type Int64: date is wanted."),
        ("deals", "amount", True, "column 'amount' is of type Boolean: number is wanted."),
        ("deals", "outcome", 1, "column 'outcome' is of type Int64: choice is wanted."),
        ("deals", "customer_id", 1.5, "column 'customer_id' is of type Float64: text is wanted."),
        ("partners", "type", ["isv"], "column 'type' is of type List(String): text is wanted."),
        ("partners", "participates", MIDNIGHT, "true or false is wanted."),
        ("partners", "intro_capacity", True, "is of type Boolean: whole number is wanted."),
    ],
)
def test_a_column_of_the_wrong_type_is_one_problem(table, column, given, message):
    values, problems = conversion(table, column, [given, given])
    assert values == [None, None]
    assert len(problems) == 1
    assert message in problems[0]


def test_categories_are_text():
    values = pl.Series(["won", None], dtype=pl.Categorical)
    assert conversion("deals", "lost_reason", values) == (["won", None], [])


def test_absent_columns_are_empty_and_of_their_type():
    raw = RawTable("partners", "partners", pl.DataFrame(REQUIRED["partners"] | {ROW: 1}), ())
    frame, problems, _ = converted(raw)
    assert [str(problem) for problem in problems] == [
        "partners  column 'partner_id' is missing. Found: none.",
        "partners  column 'name' is missing. Found: none.",
    ]
    schema = {name: column.dtype for name, column in TABLES["partners"].columns().items()}
    assert frame.drop(ROW).schema == schema
    assert frame.height == 1


def told(table, column, given):
    """Values, problems and notes of a column, the notes as text."""
    given = pl.Series(column, given)
    frame = pl.DataFrame({ROW: range(1, len(given) + 1)}).with_columns(
        **{name: pl.lit(value) for name, value in REQUIRED[table].items() if name != column}
    )
    frame = frame.with_columns(given)
    columns = tuple(name for name in frame.columns if name != ROW)
    typed, problems, notes = converted(RawTable(table, f"{table}.csv", frame, columns))
    return typed[column].to_list(), problems, [note.message for note in notes]


def test_a_time_of_day_is_cut_off_with_one_note_for_the_column():
    for given in (
        ["2024-01-31T20:47:07.000Z", "2024-01-31", "2024-01-31 00:00"],
        [MIDNIGHT.replace(hour=23, tzinfo=UTC), MIDNIGHT.replace(tzinfo=UTC), None],
    ):
        values, problems, notes = told("deals", "opened_on", given)
        assert set(values) <= {date(2024, 1, 31), None}
        assert problems == []
        assert notes == [
            "opened_on: the time of day is cut off, the date kept in its own time zone (rows: 1)"
        ]


def frame_of(table, **columns):
    frame = pl.DataFrame(columns).with_row_index(ROW, 1).cast({ROW: pl.Int64})
    return converted(RawTable(table, table, frame, tuple(columns)))


FACT = {"partner_id": "p", "capability_id": "c"}


@pytest.mark.parametrize("day", ["1900-01-01", "0001-01-01", "1899-12-30T00:00:00Z", "1965-03-04"])
def test_a_first_day_before_all_days_is_always(day):
    frame, problems, notes = frame_of("partner_capabilities", **FACT, valid_from=[day])
    assert (frame["valid_from"].to_list(), problems) == ([None], [])
    assert notes[0].message.endswith("stands for no day: open ended (rows: 1)")


@pytest.mark.parametrize(
    "day",
    ["9999-12-31", "2999-12-31", "4712-12-31", "9999-12-31T23:59:59.9999999Z", "1900-01-01",
     "0001-01-01", "1970-01-01", "99991231", "0000-00-00"],
)  # fmt: skip
def test_a_last_day_after_all_days_or_of_no_day_is_still(day):
    frame, problems, notes = frame_of("partner_capabilities", **FACT, valid_to=[day])
    assert (frame["valid_to"].to_list(), problems) == ([None], [])
    assert notes[-1].message.endswith("stands for no day: open ended (rows: 1)")


def test_open_ends_are_counted_once_per_column():
    days = ["9999-12-31", "2999-12-31", "2024-01-01", "", "9999-12-31"]
    _, _, notes = frame_of(
        "offerings", partner_id="p", product_id=["a", "b", "c", "d", "e"], until=days
    )
    assert [note.message for note in notes] == [
        "until: 2999-12-31, 9999-12-31 stand for no day: open ended (rows: 3)"
    ]


def test_a_first_day_in_the_far_future_is_no_open_end():
    frame, problems, _ = frame_of("partner_capabilities", **FACT, valid_from=["9999-12-31"])
    assert frame["valid_from"].to_list() == [date(9999, 12, 31)]  # out of range, as rules say
    assert problems == []


FAR = pl.Series([3_000_000, -800_000, 0], dtype=pl.Int32).cast(pl.Date)


@pytest.mark.parametrize(
    "given",
    [
        FAR,
        pl.Series([2**62, -(2**62), 0], dtype=pl.Int64).cast(pl.Datetime("ms")),
        pl.Series([2**62, -(2**62), 0], dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
        ["0000-01-01", "0000-12-31", "1970-01-01"],
    ],
)
def test_days_that_no_calendar_holds_are_out_of_range(given):
    values, problems, _ = told("deals", "opened_on", given)
    assert values == [None, None, date(1970, 1, 1)]
    assert {problem.kind for problem in problems} == {"out of range"}
    assert all("is out of range: 1970-01-01 to 2200-12-31" in str(each) for each in problems)
    frame, problems, _ = frame_of("partner_capabilities", **FACT, valid_to=given)
    assert (frame["valid_to"].to_list(), problems) == ([None, None, None], [])


def test_a_partner_that_joined_long_ago_is_there():
    values, problems, notes = told("partners", "joined_on", ["1965-04-01", "1911-06-16"])
    assert values == [date(1965, 4, 1), date(1911, 6, 16)]
    assert (problems, notes) == ([], [])


@pytest.mark.parametrize(
    "given",
    [
        [101.0, float("nan"), 102.0],
        pl.Series([101, None, 102], dtype=pl.Decimal(38, 0)),
        pl.Series(["101.0", None, "102.00"]).cast(pl.Decimal(10, 2)),
        pl.Series([101, None, 102], dtype=pl.UInt8),
    ],
)
def test_ids_that_became_numbers_are_ids(given):
    assert conversion("partners", "parent_id", given) == (["101", None, "102"], [])


def test_long_whole_numbers_keep_their_digits():
    long = 123_456_789_012_345_678_901
    given = pl.Series([long], dtype=pl.Int128)
    assert conversion("partners", "parent_id", given) == ([str(long)], [])
    values, problems, _ = told("partners", "parent_id", [float(long)])
    assert values == [None]
    assert "make it text before" in str(problems[0])


@pytest.mark.parametrize(
    "dtype",
    [pl.Null, pl.Float32, pl.Int8, pl.Boolean, pl.Date, pl.Datetime, pl.Time, pl.Duration,
     pl.Binary, pl.Categorical, pl.List(pl.Int64), pl.Struct({"a": pl.Int8}), pl.Decimal(5, 1)],
)  # fmt: skip
@pytest.mark.parametrize("column", ["opened_on", "amount", "industry", "lost_reason"])
def test_a_column_without_any_value_is_empty_whatever_its_type(dtype, column):
    values, problems, notes = told("deals", column, pl.Series([None, None], dtype=dtype))
    assert (values, problems, notes) == ([None, None], [], [])


def test_text_that_is_not_said_to_be_text_is_read_and_bytes_are_not():
    assert conversion("deals", "industry", [b"retail", "Caf\u00e9".encode()])[0] == [
        "retail",
        "Caf\u00e9",
    ]
    _, problems, _ = told("deals", "industry", [b"\xff"])
    assert "is of type Binary: text is wanted" in str(problems[0])


def test_stages_that_leave_no_doubt_are_taken_with_a_note_and_others_named():
    values, problems, notes = told("deals", "outcome", ["Closed Won", "closedlost", "Launched"])
    assert values == ["won", "lost", None]
    assert notes == [
        "outcome: 'Closed Won' is read as 'won', 'closedlost' is read as 'lost' (rows: 2)"
    ]
    assert str(problems[0]).endswith("one of won, lost, open, withdrawn. Is it 'won'?")


@pytest.mark.parametrize(
    ("column", "given"),
    [("opened_on", "NULL"), ("amount", "N/A"), ("outcome", "nan"), ("closed_on", "-")],
)
def test_words_for_a_missing_value_are_refused_with_what_to_do(column, given):
    _, problems, _ = told("deals", column, [given])
    assert problems[0].kind == "missing value as a word"
    assert str(problems[0]).endswith("Write nothing for a missing value.")


def test_words_for_a_missing_value_in_free_text_stay_with_a_note():
    values, problems, notes = told("partners", "tier", ["NULL", "gold", "NULL"])
    assert (values, problems) == (["NULL", "gold", "NULL"], [])
    assert notes == [
        "tier: 'NULL' stays as a word of its own: write nothing for a missing value (rows: 2)"
    ]


def test_an_id_that_is_a_word_for_a_missing_value_is_noted():
    _, problems, notes = frame_of("partners", partner_id=["NULL", "p"], name=["A", "B"])
    assert problems == []
    assert notes[0].message.startswith("partner_id: 'NULL' stays as a word of its own")


def test_namibia_beside_words_for_a_missing_value_is_told():
    assert told("partners", "country", ["NA", "NA"])[2] == []
    assert told("partners", "country", ["NA", "N/A"])[2] == [
        "country: 'N/A' and 'NA' stay as they are, NA being Namibia: write nothing for a missing "
        "value (rows: 2)"
    ]


@pytest.mark.parametrize("given", ["p\x07", "p\n1", "p\t1", "p\x851"])
def test_an_id_holds_nothing_that_steers_a_device(given):
    values, problems, _ = told("partners", "parent_id", [given])
    assert values == [None]
    assert f"U+{ord(given[1]):04X}" in str(problems[0])


def test_numbers_that_are_next_to_nothing_are_nothing():
    frame, problems, notes = frame_of(
        "deal_requirements", deal_id="d", capability_id=["a", "b"], weight=[1e-310, 1e-12]
    )
    assert (frame["weight"].to_list(), problems) == ([0.0, 1e-12], [])
    assert [note.message for note in notes] == [
        "weight: numbers below 1e-100 are taken as 0 (rows: 1)"
    ]


def test_every_problem_has_a_kind():
    _, problems, _ = frame_of(
        "deals",
        deal_id=["", "a\x07"],
        outcome=["x", "NULL"],
        amount=["x", "1,234"],
        opened_on=["44571", "01/02/2024"],
    )
    assert all(problem.kind for problem in problems)
    assert len({(problem.column, problem.kind) for problem in problems}) == 8
