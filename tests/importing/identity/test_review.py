import polars as pl
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing.identity.directory import FREE_MAIL, PartnerDirectory
from ecosystem_graph.importing.identity.duplicates import likely_duplicates
from ecosystem_graph.importing.identity.review import Review, match_questions

PARTNERS = pl.DataFrame(
    [("p-1", "Alder Ltd", "GB"), ("p-2", "Alder N.V.", "NL"), ("p-3", "Sopra Steria", "FR")],
    schema=["partner_id", "name", "country"],
    orient="row",
)
WAYS = ["crm", "name"]


def questions(*values, decisions=None):
    known = PartnerDirectory(PARTNERS, system="crm")
    if decisions is not None:
        known = PartnerDirectory(PARTNERS, system="crm", decisions=decisions)
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String}).with_columns(
        input=pl.lit("csat"),
        row=pl.int_range(2, len(values) + 2),
        ways=pl.concat_list(map(pl.lit, WAYS)),
    )
    return match_questions(frame, known)


def decide(review, **answers):
    """Answer a question by the value and the candidate it is about, such as `Alder p-1`."""
    lines = review.matches.path.read_text().splitlines()
    for number, line in enumerate(lines):
        fields = line.split(",")
        answer = answers.get(f"{fields[1]}_{fields[5]}".replace(" ", "_").replace("-", ""))
        lines[number] = f"{answer}{line}" if answer else line
    review.matches.path.write_text("\n".join(lines) + "\n")


def test_a_question_lists_the_value_its_rows_and_each_candidate():
    assert questions("Alder", "alder ", "Sopra Stria", "Nobody", None).rows() == [
        ("Alder", "csat", "2", "2", "p-1", "Alder Ltd", "GB", "name", "100"),
        ("Alder", "csat", "2", "2", "p-2", "Alder N.V.", "NL", "name", "100"),
        ("Sopra Stria", "csat", "1", "4", "p-3", "Sopra Steria", "FR", "spelling", "96"),
    ]


def test_an_address_that_anybody_can_have_is_no_question():
    free = PartnerDirectory(PARTNERS.with_columns(name=pl.lit("Free Mail")), system="crm")
    frame = pl.DataFrame({"value": [FREE_MAIL], "input": ["csat"], "row": [2], "ways": [WAYS]})
    assert match_questions(frame, free).is_empty()


def test_nothing_to_decide_gives_no_question():
    assert questions().is_empty()
    assert questions("Nobody").columns == questions("Alder").columns


def pairs(decisions):
    nothing = pl.DataFrame(schema=dict.fromkeys(("system", "value", "partner_id"), pl.String))
    twins = PARTNERS.with_columns(country=pl.lit("GB"))
    return likely_duplicates(twins, nothing, pl.Series([], dtype=pl.String), decisions)


def test_a_name_in_two_countries_is_decided_once_and_for_all(tmp_path):
    review = Review(tmp_path / "acme.review")
    assert review.complete(questions("Alder"), pairs(review.decisions())) == (2, 1)
    decide(review, Alder_p2="yes")
    answered = review.matches.path.read_bytes()
    decisions = review.decisions()
    known = PartnerDirectory(PARTNERS, system="crm", decisions=decisions)
    found = known.match(pl.DataFrame({"name": ["ALDER"]}), WAYS, source="csat")
    assert found.rows() == [("p-2", "decision", "ALDER")]
    assert review.complete(questions("Alder"), pairs(decisions)) == (0, 0)
    assert review.matches.path.read_bytes() == answered


def test_a_refused_candidate_is_not_asked_about_again(tmp_path):
    review = Review(tmp_path)
    review.matches.complete(questions("Alder"))
    decide(review, Alder_p1="no")
    left = questions("Alder", decisions=review.decisions())
    assert left["candidate_id"].to_list() == ["p-2"]


def test_contradictions_are_problems_all_at_once(tmp_path):
    review = Review(tmp_path)
    review.matches.path.write_text(
        "decision,value,input,candidate_id\n"
        "yes,Alder,csat,p-1\nnew,ALDER,csat,p-2\nyes,Alder,deals,p-2\n"
    )
    review.duplicates.path.write_text(
        "decision,partner_id,other_id\nsame,p-1,p-2\ndifferent,p-2,p-1\nfamily,p-1,p-3\n"
    )
    with pytest.raises(DataError) as caught:
        review.decisions()
    assert [str(problem) for problem in caught.value.problems] == [
        "matches.csv:3  'ALDER' is decided to mean several partners: let one decision stay.",
        "duplicates.csv:3  'p-2' and 'p-1' are decided on in two ways: let one stay.",
    ]


def test_duplicates_are_read_by_decision(tmp_path):
    review = Review(tmp_path)
    review.duplicates.path.write_text(
        "decision,partner_id,other_id\nSame,p-1,p-2\n,p-1,p-4\nfamily,p-1,p-3\n"
    )
    decisions = review.decisions()
    assert decisions.pairs("same").rows() == [("p-1", "p-2")]
    assert decisions.pairs("family").rows() == [("p-1", "p-3")]
