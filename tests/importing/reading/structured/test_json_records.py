import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.json_records import json_records

DEAL = {"Id": "d-1", "LifeCycle": {"Stage": "Launched", "Review": {"Status": None}}}
FLAT = {"Id": "d-1", "LifeCycle.Stage": "Launched", "LifeCycle.Review.Status": None}


@pytest.mark.parametrize(
    "value",
    [
        DEAL,
        [DEAL],
        {"deals": [DEAL]},
        {"version": "2.0", "opportunities": [DEAL]},
        {"results": [DEAL], "paging": {"next": "x"}, "errors": [{"a": 1}]},
    ],
)
def test_the_list_of_records_is_found(value):
    assert json_records(json.dumps(value)) == ([FLAT], [1])


def test_the_list_may_be_named_by_its_path():
    text = json.dumps({"data": {"open": [{"a": 1}], "won": [{"a": 2}, {"a": 3}]}})
    assert json_records(text, "data.won") == ([{"a": "2"}, {"a": "3"}], [1, 2])
    with pytest.raises(UnreadableInputError, match=r"has no 'lost'.*Found: open, won"):
        json_records(text, "data.lost")


def test_several_lists_are_asked_about():
    with pytest.raises(UnreadableInputError, match="several lists of records: a, b") as caught:
        json_records('{"a": [{"x": 1}], "b": [{"y": 2}]}')
    assert caught.value.answer == 'rows = "a"'


def test_each_line_is_a_record_numbered_by_its_line():
    records, numbers = json_records('{"a": 1}\n\n{"a": true}\n')
    assert (records, numbers) == ([{"a": "1"}, {"a": "true"}], [1, 3])
    with pytest.raises(UnreadableInputError, match="is not JSON in line 2"):
        json_records('{"a": 1}\n{"a": }\n')


def test_numbers_stay_as_they_are_written():
    text = '[{"id": 12345678901234567890, "amount": 1.50, "rate": 1e3, "none": NaN}]'
    assert json_records(text)[0] == [
        {"id": "12345678901234567890", "amount": "1.50", "rate": "1e3", "none": None}
    ]


def test_lists_are_joined_and_those_of_objects_field_by_field():
    text = '[{"tags": ["a", null, "b"], "spend": [{"n": 1, "c": "EUR"}, {"n": 2}], "none": []}]'
    assert json_records(text)[0] == [{"tags": "a;b", "spend.n": "1;2", "spend.c": "EUR"}]


def test_each_element_makes_a_row_with_what_stands_around_it():
    text = '[{"Id": "d-1", "P": {"Name": "x", "Spend": [{"n": 1}, {"n": 2}]}}, {"Id": "d-2"}]'
    records, numbers = json_records(text, each="P.Spend")
    assert records == [
        {"Id": "d-1", "P.Name": "x", "P.Spend.n": "1"},
        {"Id": "d-1", "P.Name": "x", "P.Spend.n": "2"},
    ]
    assert numbers == [1, 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "holds str '1' in its list of records"),
        ("12", "holds no records"),
        ("[", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_what_holds_no_records_is_refused(text, message):
    with pytest.raises(UnreadableInputError, match=message):
        json_records(text)


@given(st.text(st.sampled_from('[]{}",:1a\n. '), max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        records, numbers = json_records(text)
    except UnreadableInputError:
        return
    assert len(records) == len(numbers)
