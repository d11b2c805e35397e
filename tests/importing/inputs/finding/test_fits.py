from ecosystem_graph.importing.inputs.finding.fits import fits, is_result_of_data_loader, named
from ecosystem_graph.importing.mapping.presets import load_mapping

SALESFORCE = load_mapping(None, ["salesforce"])


def best(*headers):
    return fits(headers, SALESFORCE)[0]


def test_an_input_is_recognised_in_every_way_its_fields_are_written():
    for headers in (
        ("ID", "ACCOUNTID", "STAGENAME", "CLOSEDATE"),
        ("Opportunity ID", "Account ID", "Stage", "Close Date"),
        ("id", "account_id", "stage_name", "close_date"),
    ):
        fit = best(*headers)
        assert (fit.input, fit.missing) == ("opportunity", ())


def test_the_best_fit_of_a_file_that_is_none_says_what_is_missing():
    fit = best("Id", "Colour", "StageName")
    assert (fit.input, fit.found, fit.size) == ("opportunity", ("Id", "StageName"), 4)


def test_a_file_is_an_input_by_its_name_if_the_input_names_no_files(tmp_path):
    path = tmp_path / "m.toml"
    rule = '[tables.deals.x]\nfrom = "joint deals"\ncolumns.deal_id = "Id"\n'
    path.write_text(f"schema = 1\n{rule}")
    assert named("Joint_Deals", load_mapping(path)) == "joint deals"
    path.write_text(f'schema = 1\n{rule}[inputs."joint deals"]\nfile = "x.csv"\n')
    assert named("Joint_Deals", load_mapping(path)) is None


def test_a_result_file_of_data_loader_is_no_export():
    assert is_result_of_data_loader("error0413", ["Id", "ERROR"])
    assert not is_result_of_data_loader("Opportunity", ["Id", "Status"])
    assert not is_result_of_data_loader("success", [])
