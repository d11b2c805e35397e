from pathlib import Path

from ecosystem_graph.importing import describe_source

EXPORTS = Path(__file__).parents[1] / "exports" / "salesforce"


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
        assert accounts[name].personal == "never read"
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


def test_values_that_look_personal_are_not_shown(tmp_path):
    rows = "".join(f"d-{n},ann{n}@example.com,x\n" for n in range(5))
    (tmp_path / "deals.csv").write_text(f"Deal,Who,Note\n{rows}")
    who = columns_of(describe_source(tmp_path), "deals.csv")["Who"]
    assert (who.personal, who.examples) == ("values that look like an e-mail address", ())


def test_an_assumed_encoding_is_asked_about_wherever_in_the_file_it_shows(tmp_path):
    rows = "".join(f"d-{n},Acme\n" for n in range(100_000)) + "d-x,Café\n"
    (tmp_path / "deals.csv").write_bytes(f"Deal,Partner\n{rows}".encode("cp1252"))
    described = describe_source(tmp_path)
    assert described.inputs[0].encoding == "cp1252"
    assert "read as cp1252, in which it holds 'Café'" in described.questions[0]
    assert 'Add: [settings] encoding = "cp1250"' in described.questions[0]


def test_a_file_that_cannot_be_read_is_described_with_the_reason(tmp_path):
    (tmp_path / "a.csv").write_text("Deal,Note\n1,x\n" * 90_000 + '2,"never closed\n')
    (tmp_path / "b.csv").write_text("1,2\n3,4\n")
    described = describe_source(tmp_path)
    assert "never closes it" in described.inputs[0].unreadable
    assert "no row that is surely a header" in described.inputs[1].unreadable
    questions = "\n".join(described.questions)
    assert questions.count("never closes it") == 1
    assert "[inputs.b] header = [1]" in questions


def test_describing_writes_nothing(tmp_path):
    (tmp_path / "deals.csv").write_text("Deal\n1\n")
    describe_source(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["deals.csv"]
