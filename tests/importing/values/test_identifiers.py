import polars as pl

from ecosystem_graph.importing.values.identifiers import in_form


def test_a_domain_digits_and_a_salesforce_id_have_one_form():
    assert in_form(pl.Series(["http://www.acme.com/x", "Acme"]), "domain").to_list() == [
        "acme.com",
        None,
    ]
    assert in_form(pl.Series(["15-048-3782", "-"]), "digits").to_list() == ["150483782", None]
    ids = pl.Series(["001A0000006Vm9r", "001A0000006Vm9rIAC", "p-1", None])
    assert in_form(ids, "salesforce_id").to_list() == [
        "001A0000006Vm9rIAC",
        "001A0000006Vm9rIAC",
        "p-1",
        None,
    ]
