import xlsxwriter

from ecosystem_graph import import_tables

MAPPING = """
schema = 1
[inputs.facts]
file = "facts.xlsx"
[tables.partners.all]
from = "partners"
columns.partner_id = "Id"
columns.name = "Name"
[tables.partner_capabilities.all]
from = "facts"
columns.partner_id = "Partner"
columns.capability_id = "Badge"
"""


def test_an_import_says_what_reading_assumed(tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING)
    source = tmp_path / "exports"
    source.mkdir()
    (source / "partners.csv").write_bytes("Id,Name\np-1,Café\np-2,Bolt\n".encode("cp1252"))
    with xlsxwriter.Workbook(source / "facts.xlsx") as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_column("B1", ["Badge", "crm", "erp", "web"])
        sheet.write_column("A1", ["Partner", None, None, "p-2"])
        sheet.merge_range("A2:A3", "p-1")
    imported = import_tables(source, tmp_path / "m.toml")
    assert imported.tables["partners"]["name"].to_list() == ["Café", "Bolt"]
    facts = imported.tables["partner_capabilities"]
    assert facts["partner_id"].to_list() == ["p-1", "p-1", "p-2"]
    notes = "\n".join(imported.account.notes)
    assert "partners.csv is not UTF-8: read as cp1252, in which it holds 'Café'." in notes
    assert 'name it: [settings] encoding = "cp1250"' in notes
    assert "facts.xlsx [S]: 1 merge of cells: each cell takes the merge's value." in notes
