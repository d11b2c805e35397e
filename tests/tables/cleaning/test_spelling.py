from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.reading import read_tables

WON = "deal_id,closed_on,outcome,territory,industry,lost_reason\n"


def told(tables):
    return [str(note) for note in tables.notes]


def test_names_of_countries_are_their_codes_in_every_column_of_markets(acme):
    folder = acme(
        partners="partner_id,name,country\np-1,A,United States\np-2,B,USA\np-3,C,US\n",
        deals=WON + "d-1,2024-01-01,won,GERMANY,,\nd-2,2024-01-01,lost,Deutschland,,\n",
        territories="partner_id,territory\np-1,us-new york\np-2,Czech Republic\n",
        objectives="partner_id,kind,target\np-1,territory,france\np-1,industry,France\n",
    )
    tables = read_tables(folder)
    assert tables["partners"]["country"].to_list() == ["US", "US", "US"]
    assert tables["deals"]["territory"].to_list() == ["DE", "DE"]
    assert tables["territories"]["territory"].to_list() == ["US-NY", "CZ"]
    assert tables["objectives"]["target"].to_list() == ["FR", "France"]
    assert (
        "deals.csv  territory: country names read as ISO 3166 codes: 'Deutschland' as DE, "
        "'GERMANY' as DE (rows: 2)"
    ) in told(tables)


def test_markets_of_the_vendors_own_are_written_as_most_rows_have_them(acme):
    folder = acme(
        partners="partner_id,name,country\np-1,A,SF Bay\np-2,B,Sf-Bay\np-3,C,SF BAY\n",
        territories="partner_id,territory\np-1,SF Bay\np-2,sf  bay\np-3,SF Bay East\n",
    )
    tables = read_tables(folder)
    assert tables["partners"]["country"].to_list() == ["SF Bay"] * 3
    assert tables["territories"]["territory"].to_list() == ["SF Bay", "SF Bay", "SF Bay East"]
    assert (
        "partners.csv  country: spellings of one word read as one: 'SF BAY' as SF Bay, 'Sf-Bay' as "
        "SF Bay (rows: 2)"
    ) in told(tables)


def test_a_partner_in_one_market_under_two_names_is_there_once(acme):
    folder = acme(territories="partner_id,territory\np-1,US\np-1,United States\np-1,USA\n")
    tables = read_tables(folder)
    assert tables["territories"].rows() == [("p-1", "US", None)]
    assert any(
        "equal to an earlier one in every column count once (rows: 2)" in n for n in told(tables)
    )


def test_one_market_with_two_shares_is_a_problem(acme):
    folder = acme(territories="partner_id,territory,share\np-1,US,0.5\np-1,USA,0.2\n")
    (problem,) = check_tables(folder).problems
    assert "duplicate key" in problem.message


def test_words_that_mean_the_same_are_one_word(acme):
    folder = acme(
        deals=WON
        + "d-1,2024-01-01,lost,,Health Care,Capability Gap\n"
        + "d-2,2024-01-01,lost,,health-care,Partner Gap\n",
        csat="response_id,partner_id,responded_on,score,scale_min,scale_max,kind\n"
        "r-1,p-1,2024-01-01,4,1,5,csat_mean\nr-2,p-1,2024-01-01,4,1,5,CSAT Mean\n"
        "r-3,p-1,2024-01-01,4,1,5,csat_mean\nr-4,p-1,2024-01-01,4,1,5,NPS\n",
    )
    tables = read_tables(folder)
    assert tables["deals"]["lost_reason"].to_list() == ["capability_gap", "Partner Gap"]
    assert tables["deals"]["industry"].unique().to_list() == ["Health Care"]
    assert tables["csat"]["kind"].to_list() == ["csat_mean"] * 3 + ["NPS"]


def test_certificates_that_nobody_vouches_for_are_said_to_count_less(acme):
    folder = acme(partner_capabilities="partner_id,capability_id\np-1,crm\n")
    assert (
        "partner_capabilities.csv  evidence is not given, so these count for less than a "
        "certificate: write certified, reference, self_declared or inferred (rows: 1)"
    ) in told(read_tables(folder))
