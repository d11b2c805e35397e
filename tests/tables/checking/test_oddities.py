from ecosystem_graph.tables.checking.examination import check_tables

MADE = "introduction_id,partner_id,collaborator_id,introduced_on,status\n"


def told(folder, column):
    notes = check_tables(folder).notes
    return [str(note) for note in notes if note.column == column]


def test_an_introduction_won_without_a_won_deal_of_the_two_is_told(acme):
    folder = acme(
        introductions=MADE
        + "i-1,p-1,p-2,2024-01-01,won\ni-2,p-1,p-3,2024-01-01,won\ni-3,p-2,p-3,2024-01-01,lost\n"
    )
    assert told(folder, "status") == [
        "introductions.csv  status won, but the two share no won deal: 'p-1' and 'p-3' (rows: 1). "
        "Put both on the deal in deal_partners."
    ]


def test_nothing_is_said_of_wins_where_no_deals_are_given(acme):
    folder = acme(
        deals=None,
        deal_partners=None,
        introductions=MADE + "i-1,p-1,p-2,2024-01-01,won\n",
    )
    assert told(folder, "status") == []
