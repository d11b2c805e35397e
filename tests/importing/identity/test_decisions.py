import polars as pl

from ecosystem_graph.importing.identity.decisions import Decisions, decision_keys


def decisions(*rows):
    columns = ["decision", "value", "input", "candidate_id"]
    return Decisions(
        pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"),
        pl.DataFrame(
            [("same", "p-1", "p-2"), ("different", "p-1", "p-3"), (None, "p-1", "p-4")],
            schema=dict.fromkeys(["decision", "partner_id", "other_id"], pl.String),
            orient="row",
        ),
    )


def chosen(decided, value, source="badges"):
    return decided.chosen(pl.Series([value], dtype=pl.String), source).to_list()[0]


def test_a_decision_holds_in_its_input_or_everywhere_if_it_names_none():
    decided = decisions(
        ("yes", "Acmee", "badges", "p-1"), ("yes", "Birch", "", "p-2"), ("yes", "Elm", None, "p-3")
    )
    assert chosen(decided, "acmee ") == "p-1"
    assert chosen(decided, "Acmee", "deals") is None
    assert chosen(decided, "Birch", "deals") == "p-2"
    assert chosen(decided, "Elm", "deals") == "p-3"


def test_what_is_refused_or_open_chooses_nobody():
    decided = decisions(("no", "Acmee", "", "p-1"), (None, "Birch", "", "p-2"))
    assert chosen(decided, "Acmee") is None
    assert chosen(decided, "Birch") is None
    assert decided.refused("badges").rows() == [("acmee", "p-1")]


def test_spellings_of_a_new_partner_that_differ_in_case_are_one_partner():
    decided = decisions(("new", "Acme Plus", "badges", "p-1"), ("new", "ACME  plus", "", "p-1"))
    assert decided.new_partners().rows() == [("name:Acme Plus", "Acme Plus", "acme plus")]
    assert chosen(decided, "acme plus", "deals") == "name:Acme Plus"


def test_pairs_are_those_of_one_decision():
    assert decisions().pairs("same").rows() == [("p-1", "p-2")]
    assert decisions().pairs("family").is_empty()


def test_an_empty_value_has_no_decision():
    assert decision_keys(pl.Series([None, " "], dtype=pl.String)).to_list() == [None, ""]
    assert chosen(decisions(("yes", "Acmee", "", "p-1")), None) is None
