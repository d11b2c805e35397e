import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import OutputError
from ecosystem_graph.importing.identity.review_file import review_file

COLUMNS = ["value", "rows", "candidate_id"]


@pytest.fixture
def file(tmp_path):
    return review_file(tmp_path / "r" / "matches.csv", COLUMNS, ["value", "candidate_id"], ["yes"])


def questions(*rows):
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


ACME, BIRCH = ("Acmee", "3", "p-1"), ("Birch; Data", "1", "p-2")


def test_questions_are_added_undecided_and_asked_once(file):
    assert file.complete(questions(ACME)) == 1
    assert file.path.read_text() == "decision,value,rows,candidate_id\n,Acmee,3,p-1\n"
    assert file.complete(questions(("Acmee", "4", "p-1"), BIRCH)) == 1
    rows, problems = file.read()
    assert problems == []
    assert rows.rows() == [(None, *ACME, 2), (None, *BIRCH, 3)]


def test_nothing_is_written_where_nothing_is_asked(file):
    assert file.complete(questions()) == 0
    assert not file.path.parent.exists()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("decision,value,rows,candidate_id\nyes,Ünal,3,p-1\n", "utf-8"),
        ("decision;value;rows;candidate_id\r\nYES;Ünal;3;p-1\r\n", "cp1252"),
        ("decision;value;rows;candidate_id\r\nYes;Ünal;3;p-1", "utf-8-sig"),
        ("decision\tvalue\trows\tcandidate_id\r\n yes\tÜnal\t3\tp-1\r\n", "utf-16"),
        ("Candidate ID,value,note,decision\np-1,Ünal,sure,yes\n", "utf-8"),
    ],
)
def test_a_file_grows_in_the_form_in_which_it_was_saved(file, text, encoding):
    file.path.parent.mkdir()
    before = text.encode(encoding)
    file.path.write_bytes(before)
    assert file.complete(questions(("Ünal", "9", "p-1"), ("Öz; Co", "1", "p-2"))) == 1
    after = file.path.read_bytes()
    assert after.startswith(before)
    rows, problems = file.read()
    assert problems == []
    assert rows.select("decision", "value", "candidate_id").rows() == [
        ("yes", "Ünal", "p-1"),
        (None, "Öz; Co", "p-2"),
    ]
    assert file.complete(questions(("Öz; Co", "1", "p-2"))) == 0
    assert file.path.read_bytes() == after


def test_a_formula_is_not_one_in_a_spreadsheet_and_the_value_again_when_it_is_read(file):
    asked = questions(*((f"{sign}1+1", "1", "p-1") for sign in ("=", "+", "-", "@", "'=")))
    file.complete(asked)
    fields = file.path.read_text().replace("\n", ",").split(",")
    assert not any(field.startswith(("=", "+", "-", "@")) for field in fields)
    assert file.read()[0].select(COLUMNS).equals(asked)


def test_an_answer_that_is_none_is_a_problem_with_its_row(file):
    file.complete(questions(ACME, BIRCH))
    file.path.write_text(file.path.read_text().replace("\n,", "\nyess,"))
    _, problems = file.read()
    assert [str(problem) for problem in problems] == [
        f"matches.csv:{row}  decision 'yess' is none of yes. Did you mean 'yes'? Leave it empty to "
        "decide later."
        for row in (2, 3)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("decision,worth\nyes,3\n", "has no column 'value', 'candidate_id'"),
        ("decision,value,candidate_id\nyes,a\n", "2 fields found"),
        ("PK\x03\x04", "is a workbook"),
    ],
)
def test_a_file_that_is_no_review_is_a_problem_and_stays_as_it_is(file, text, message):
    file.path.parent.mkdir()
    file.path.write_text(text)
    rows, problems = file.read()
    assert rows.is_empty()
    assert message in problems[0].message


def test_a_letter_that_the_file_cannot_hold_is_refused_and_nothing_is_written(file):
    file.path.parent.mkdir()
    before = "decision,value,candidate_id\nyes,Ünal,p-1\n".encode("cp1252")
    file.path.write_bytes(before)
    with pytest.raises(OutputError, match="save it as 'CSV UTF-8'"):
        file.complete(questions(("株式会社", "1", "p-2")))
    assert file.path.read_bytes() == before
    assert [path.name for path in file.path.parent.iterdir()] == ["matches.csv"]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1)


@settings(max_examples=50)
@given(values=st.lists(TEXT, max_size=4))
def test_any_value_is_read_as_it_was_written_but_for_blanks(tmp_path_factory, values):
    file = review_file(tmp_path_factory.mktemp("r") / "m.csv", COLUMNS, ["value"], ["yes"])
    plain = {" ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", value).split()) for value in values}
    asked = questions(*((value, "1", "p-1") for value in sorted(plain - {""})))
    file.complete(asked)
    rows, problems = file.read()
    assert problems == []
    assert rows["value"].to_list() == asked["value"].to_list()
    assert file.complete(asked) == 0
