import json

import polars as pl
import pytest

from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.schema.definitions import TABLES

CSAT = "response_id,partner_id,responded_on,score,scale_min,scale_max,kind,n\n"
MADE = "introduction_id,partner_id,collaborator_id,introduced_on,decided_on,status\n"


def messages(folder):
    return [str(problem) for problem in check_tables(folder).problems]


def test_sound_tables_have_no_problem(acme):
    report = check_tables(acme())
    assert report.problems == ()
    assert report.rows == {
        "partners": 3,
        "capabilities": 1,
        "partner_capabilities": 1,
        "deals": 2,
        "deal_partners": 3,
    }


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        (
            "deals",
            "deal_id,closed_on,outcome\nd-1,1024-01-01,won\nd-2,,won\n",
            ":2  closed_on 1024-01-01 is out of range: 1970-01-01 to 2200-12-31.",
        ),
        (
            "territories",
            "partner_id,territory,share\np-1,DE,1.2\n",
            ":2  share 1.2 is out of range: 0 to 1.",
        ),
        (
            "deal_requirements",
            "deal_id,capability_id,weight\nd-1,crm,-2\n",
            ":2  weight -2.0 is out of range: 0 to 1,000,000,000,000.",
        ),
        (
            "partner_capabilities",
            "partner_id,capability_id,valid_from,valid_to\np-1,crm,2024-02-01,2024-01-01\n",
            ":2  valid_to 2024-01-01 is before valid_from 2024-02-01.",
        ),
        (
            "offerings",
            "partner_id,product_id,since,until\np-1,x,2024-02-01,2024-01-01\n",
            ":2  until 2024-01-01 is before since 2024-02-01.",
        ),
        ("csat", CSAT + "r,p-1,2024-01-01,6,1,5,mean,2\n", ":2  score 6.0 is off its scale: 1.0 "),
        ("csat", CSAT + "r,p-1,2024-01-01,5,5,5,mean,2\n", ":2  scale_min 5.0 is not below "),
        (
            "csat",
            CSAT + "r,p-1,2024-01-01,5,1,5,mean,0\n",
            ":2  n 0 is out of range: 1 to 1,000,000,000.",
        ),
        ("csat", CSAT + "r,p-1,2024-01-01,80,0,100,Percent,\n", ":2  kind 'Percent' says neither"),
        ("csat", CSAT + "r,p-1,2024-01-01,80,0,100,%,\n", ":2  kind '%' says neither"),
        ("csat", CSAT + "r,p-1,,80,0,100,mean,\n", ":2  responded_on is empty."),
        (
            "introductions",
            MADE + "i,p-1,p-1,2024-01-02,,introduced\n",
            ":2  collaborator_id 'p-1' is the partner itself",
        ),
        (
            "introductions",
            MADE + "i,p-1,p-2,2024-01-02,2024-01-01,won\n",
            ":2  decided_on 2024-01-01 is before introduced_on 2024-01-02.",
        ),
        (
            "restrictions",
            "partner_id,collaborator_id,kind\np-1,p-1,do_not_pair\n",
            ":2  collaborator_id 'p-1' is the partner itself",
        ),
        (
            "objectives",
            "partner_id,kind,target\np-1,country,DE\n",
            ":2  kind 'country' is not allowed: one of capability, territory, industry.",
        ),
        ("partners", "partner_id,name\n", "  has no rows"),
    ],
)
def test_what_cannot_be_is_a_problem(acme, table, text, message):
    assert any(told.startswith(f"{table}.csv{message}") for told in messages(acme(**{table: text})))


def test_a_share_of_the_two_best_answers_is_a_measure_of_its_own(acme):
    assert messages(acme(csat=CSAT + "r,p-1,2024-01-01,0.8,0,1,csat_top2,\n")) == []


def test_problems_of_every_table_come_in_the_order_of_tables_and_rows(acme):
    folder = acme(
        partners="partner_id,name\np-1,\np-2\np-3,Core\n",
        deals="deal_id,outcome\nd-1,\nd-2,open\nd-2,withdrawn\n",
    )
    places = [told.split("  ")[0] for told in messages(folder)]
    assert places == [
        "partners.csv:2",
        "partners.csv:3",
        "deals.csv:2",
        "deals.csv:4",
        "deal_partners.csv:3",
    ]


def test_deal_partners_need_the_deals_they_refer_to(acme):
    assert messages(acme(deals=None)) == [
        "deal_partners.csv  deal_id refers to deals, which is not there: add that table or leave "
        "deal_partners.csv out."
    ]


def test_capabilities_need_no_catalogue(acme):
    assert messages(acme(capabilities=None)) == []


def test_what_is_odd_but_usable_is_no_problem(acme):
    folder = acme(
        partners='\ufeffpartner_id,name,country\r\np-1,"Acme, Inc.",\r\np-2,Bolt,SF Bay\r\n',
        deal_partners="deal_id,partner_id\nd-1,p-1\n",
    )
    assert messages(folder) == []


def test_notes_count_what_will_be_left_out_and_what_is_not_recognised(acme):
    folder = acme(
        deals="deal_id,closed_on,outcome,stage\nd-1,,won,5\nd-2,,lost,5\nd-3,2024-05-01,won,1\n",
        territories="partner_id,territory\np-1,Nordics\np-2,Nordics\np-2,EMEA\np-2,DE\n",
    )
    report = check_tables(folder)
    assert report.problems == ()
    assert [str(note) for note in report.notes] == [
        "partners.csv  country: no ISO 3166 code, taken as a market of its own: DACH (rows: 1)",
        "partner_capabilities.csv  evidence is not given, so these count for less than a "
        "certificate: write certified, reference, self_declared or inferred (rows: 1)",
        "territories.csv  territory: no ISO 3166 code, taken as a market of its own: EMEA, Nordics "
        "(rows: 3)",
        "deals.csv  unknown column 'stage': ignored.",
        "deals.csv  won or lost deals without closed_on are left out (rows: 2)",
    ]


def test_territories_that_mean_the_same_are_one_key(acme):
    folder = acme(territories="partner_id,territory,share\np-1,UK,0.5\np-1,GBR,0.4\n")
    assert messages(folder) == [
        "territories.csv:3  duplicate key: partner_id 'p-1', territory 'GB' is already in row 2."
    ]


def test_a_report_is_ready_for_json(acme):
    report = check_tables(acme(deals="deal_id,outcome\nd-1,wonn\nd-2,open\n"))
    told = json.loads(json.dumps(report.to_dict()))
    assert told["schema"] == 1
    assert told["problems"][0]["row"] == 2
    assert told["problems"][0]["value"] == "wonn"
    assert told["rows"]["deals"] == 2


def test_what_passes_the_check_passes_the_declarations_too(acme):
    from ecosystem_graph.tables.reading import read_tables

    tables = read_tables(acme(offerings="partner_id,product_id,role\np-1,x,\np-1,x,sell\n"))
    assert all(TABLES[name].is_valid(frame) for name, frame in tables.items())


def test_frames_count_their_rows_from_one():
    frames = {
        "partners": pl.DataFrame({"partner_id": ["p-1", "p-1"], "name": ["A", "B"]}),
        "partner_capabilities": pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["crm"]}),
    }
    assert messages(frames) == ["partners:2  duplicate key: partner_id 'p-1' is already in row 1."]


def test_a_bad_byte_in_a_column_nobody_reads_spoils_nothing(acme):
    folder = acme(partners=b"partner_id,name,stra\xdfe\np-1,A,B\xfcchel\np-2,B,\np-3,Caf\xe9,\n")
    problems = check_tables(folder).problems
    assert [(problem.row, problem.column, problem.kind) for problem in problems] == [
        (4, "name", "not UTF-8")
    ]


def test_a_day_that_cannot_be_read_is_told_once(acme):
    folder = acme(deals="deal_id,closed_on,outcome\nd-1,44571,won\nd-2,,lost\n")
    report = check_tables(folder)
    assert len(report.problems) == 1
    assert [note.message for note in report.notes if note.column == "closed_on"] == [
        "won or lost deals without closed_on are left out (rows: 1)"
    ]


def test_many_unknown_columns_are_told_at_once(acme):
    folder = acme(partners="partner_id,name,a,b,c,d,contry\np-1,A,1,2,3,4,\np-2,B\np-3,C\n")
    notes = [note.message for note in check_tables(folder).notes if note.table == "partners"]
    assert notes == [
        "unknown column 'contry': ignored. Did you mean 'country'?",
        "4 unknown columns: ignored. They are 'a', 'b', 'c', 'd'.",
    ]


def test_null_in_a_reference_leads_to_what_to_do(acme):
    folder = acme(partners="partner_id,name,parent_id\np-1,A,NULL\np-2,B,\np-3,C,\n")
    (problem,) = check_tables(folder).problems
    assert problem.kind == "missing value as a word"
    assert problem.message == (
        "parent_id 'NULL' is not in partners.csv. Write nothing for a missing value."
    )


def test_upper_case_headers_lose_no_deal(acme):
    folder = acme(
        deals="DEAL_ID,Opened On,Closed On,OUTCOME\nd-1,2024-01-10,2024-06-30,Won\n"
        "d-2,2024-05-01,2024-05-31,LOST\n"
    )
    report = check_tables(folder)
    assert report.problems == ()
    assert [note for note in report.notes if note.table == "deals"] == []
