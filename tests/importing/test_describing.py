from pathlib import Path

from ecosystem_graph.importing import describe_source

EXPORTS = Path(__file__).parent / "exports" / "salesforce"


def columns_of(described, file):
    (one,) = [one for one in described.inputs if one.file == file]
    return {column.name: column for column in one.columns}


def test_every_column_says_where_it_goes_and_personal_ones_show_no_value():
    described = describe_source(EXPORTS)
    assert described.presets == ("salesforce",)
    assert described.questions == ()
    accounts = columns_of(described, "Account.csv")
    assert "partners.country" in accounts["BILLINGCOUNTRY"].used_for
    assert accounts["BILLINGCOUNTRY"].examples == ("Germany", "Austria", "United Kingdom")
    assert accounts["OWNERSHIP"].examples == ("Private",)
    for name in ("PHONE", "OWNERID", "DESCRIPTION", "BILLINGSTREET"):
        assert accounts[name].personal
        assert accounts[name].examples == ()
    assert "PHONE -> personal: never read" in str(described)
    assert "OWNERSHIP -> not used" in str(described)


def test_what_an_import_would_ask_is_listed_with_its_answer(tmp_path):
    deals = "Id,AccountId,StageName,CloseDate\n1,c,Verbal,03/04/2026\n"
    (tmp_path / "Opportunity.csv").write_text(deals)
    (tmp_path / "colours.csv").write_text("Colour\nred\n")
    questions = "\n".join(describe_source(tmp_path).questions)
    assert "'Verbal' (1 row)" in questions
    assert 'date_order = "dmy" or "mdy"' in questions
    assert "colours.csv  fits no preset" in questions


def test_a_source_that_no_preset_knows_is_described_all_the_same(tmp_path):
    (tmp_path / "colours.csv").write_text("Colour\nred\n")
    described = describe_source(tmp_path)
    assert described.presets == ()
    assert columns_of(described, "colours.csv")["Colour"].examples == ("red",)
    assert described.to_dict()["inputs"][0]["rows"] == 1
