import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.directory import FREE_MAIL, PartnerDirectory

PARTNERS = pl.DataFrame(
    [
        ("001x0000002xLCVAA2", "Acme, Inc.", "US"),
        ("001x0000002xLCaAAM", "Alder N.V.", "NL"),
        ("001x0000002wKdQAAU", "ALDER Ltd", "GB"),
        ("001x0000003fMnZAAU", "Sopra Steria", "FR"),
    ],
    schema=["partner_id", "name", "country"],
    orient="row",
)
ACME, ALDER_NL, ALDER_GB, SOPRA = PARTNERS["partner_id"]
ALIASES = pl.DataFrame(
    [
        ("domain", "acme.com", ACME),
        ("domain", "alder.com", ALDER_NL),
        ("domain", "alder.com", ALDER_GB),
        ("prm", "77", SOPRA),
        ("salesforce", "001x0000009zZzZ", SOPRA),
        ("name", "Steria SA", SOPRA),
    ],
    schema=["system", "value", "partner_id"],
    orient="row",
)
DEALS = pl.DataFrame(
    [("d-1", ACME), ("d-2", ACME), ("d-2", SOPRA), ("d-1", ACME)],
    schema=["deal_id", "partner_id"],
    orient="row",
)
WAYS = ["salesforce", "deal", "domain", "name"]


def decided(*rows):
    columns = ["decision", "value", "input", "candidate_id"]
    return Decisions(pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row"))


def directory(*decisions):
    return PartnerDirectory(PARTNERS, ALIASES, "salesforce", DEALS, decided(*decisions))


def match(*values, ways=WAYS, known=None, **options):
    frame = pl.DataFrame({"field": values}, schema={"field": pl.String})
    return (known or directory()).match(frame, ways, **options).rows()


@pytest.mark.parametrize(
    ("value", "partner_id", "how"),
    [
        ("001x0000002xLCV", ACME, "salesforce"),
        ("001x0000002xLCVAA2", ACME, "salesforce"),
        ("001x0000009zZzZ", SOPRA, "salesforce"),
        ("d-1", ACME, "deal"),
        ("d-2", None, None),
        ("https://www.acme.com", ACME, "domain"),
        ("alder.com", None, None),
        ("ACME", ACME, "name"),
        ("Steria", SOPRA, "name"),
        ("SopraSteria S.A.", SOPRA, "name"),
        ("alder", None, None),
        ("Acmee", None, None),
        ("77", None, None),
    ],
)
def test_a_value_means_a_partner_if_it_equals_what_is_known_of_one_alone(value, partner_id, how):
    assert match(value) == [(partner_id, how, value)]


def test_a_system_that_is_not_named_is_not_tried():
    assert match("77", ways=["prm"]) == [(SOPRA, "prm", "77")]


def test_a_name_of_two_partners_means_the_one_in_the_country_of_the_row():
    rows = match("Alder", "Alder", "Alder", countries=pl.Series(["GB", "FR", None]))
    assert [partner for partner, *_ in rows] == [ALDER_GB, None, None]


def test_fields_are_tried_from_left_to_right():
    values = pl.DataFrame(
        {"Id": ["x", None, ACME], "Company": ["Sopra Steria", "Acme", "Sopra Steria"]}
    )
    assert directory().match(values, WAYS).rows() == [
        (SOPRA, "name", "Sopra Steria"),
        (ACME, "name", "Acme"),
        (ACME, "salesforce", ACME),
    ]


def test_what_is_to_be_decided_is_the_value_that_is_alike_to_a_partner():
    values = pl.DataFrame({"Id": ["x-99", "x-98"], "Company": ["Sopra Stria", "Nobody"]})
    assert directory().match(values, WAYS)["value"].to_list() == ["Sopra Stria", "x-98"]


def test_of_an_address_of_a_person_only_the_domain_is_written_down():
    rows = match("Ann.Bee@acme.com", "ann@nobody.org", "ann@gmail.com")
    assert rows == [
        (ACME, "domain", "acme.com"),
        (None, None, "nobody.org"),
        (None, None, FREE_MAIL),
    ]


def test_a_value_that_was_decided_means_the_partner_that_was_chosen():
    known = directory(("yes", "Sopra Stria", "csat", SOPRA), ("yes", "Alder", "", ALDER_NL))
    assert match("sopra stria", known=known, source="csat") == [(SOPRA, "decision", "sopra stria")]
    assert match("Sopra Stria", known=known, source="deals")[0][0] is None
    assert match("Alder", known=known, source="deals")[0][0] == ALDER_NL


def test_a_partner_that_was_decided_to_be_new_is_one_of_the_partners():
    known = directory(("new", "Birch Data", "csat", SOPRA)).with_new_partners()
    assert known.partners.rows()[-1] == ("name:Birch Data", "Birch Data", None)
    assert match("BIRCH DATA Ltd", known=known) == [("name:Birch Data", "name", "BIRCH DATA Ltd")]
    assert known.with_new_partners().partners.equals(known.partners)


def proposals(*values, known=None, source=""):
    return (known or directory()).proposals(pl.Series(values), WAYS, source=source).rows()


def test_several_equal_partners_are_proposed_before_those_that_are_merely_alike():
    assert proposals("Alder", "Sopra Stria") == [
        ("Alder", ALDER_GB, "ALDER Ltd", "GB", "name", 100),
        ("Alder", ALDER_NL, "Alder N.V.", "NL", "name", 100),
        ("Sopra Stria", SOPRA, "Sopra Steria", "FR", "spelling", 96),
    ]
    assert [row[4] for row in proposals("alder.com")] == ["domain", "domain"]


def test_what_was_refused_is_not_proposed_again_in_that_input():
    known = directory(("no", "Alder", "csat", ALDER_GB), ("no", "Sopra Stria", "", SOPRA))
    assert [row[1] for row in proposals("Alder", "Sopra Stria", known=known, source="csat")] == [
        ALDER_NL
    ]
    assert len(proposals("Alder", known=known, source="deals")) == 2


def test_three_partners_are_proposed_at_most():
    many = pl.DataFrame(
        {
            "partner_id": ["p-4", "p-2", "p-3", "p-1"],
            "name": ["Alder"] * 4,
            "country": ["GB", "NL", "FR", "DE"],
        }
    )
    assert [row[1] for row in proposals("Alder", known=PartnerDirectory(many))] == [
        "p-1",
        "p-2",
        "p-3",
    ]


def test_an_empty_directory_knows_nobody():
    assert match("Acme", None, known=PartnerDirectory()) == [(None, None, "Acme"), (None,) * 3]
    assert proposals("Acme", known=PartnerDirectory()) == []


@settings(max_examples=20)
@given(st.permutations(range(7)), st.permutations(range(4)))
def test_the_order_of_rows_and_partners_makes_no_difference(rows, partners):
    values = pl.Series(["Acme", "alder.com", "Alder", "d-1", "Sopra Stria", "x", None])
    known = directory()
    other = PartnerDirectory(PARTNERS[list(partners)], ALIASES, "salesforce", DEALS)
    frame = values.to_frame("field")
    assert other.match(frame[list(rows)], WAYS).equals(known.match(frame, WAYS)[list(rows)])
    assert other.proposals(values, WAYS).equals(known.proposals(values, WAYS))
