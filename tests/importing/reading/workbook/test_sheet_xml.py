import io
import zipfile

from ecosystem_graph.importing.reading.workbook.sheet_xml import SheetXml, sheet_xml

BOOK = """<?xml version="1.0"?><workbook
 xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{entity}
<sheets><sheet name="Deals &amp; more" sheetId="1" r:id="rId7"/></sheets></workbook>"""
LINKS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId7" Target="{target}"/></Relationships>"""


def archive(sheet, target="worksheets/any.xml", book=BOOK):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("xl/workbook.xml", book.format(entity=""))
        parts.writestr("xl/_rels/workbook.xml.rels", LINKS.format(target=target))
        parts.writestr("xl/worksheets/any.xml", sheet)
    return stream


def test_a_sheet_is_found_by_its_name_and_its_part_by_either_kind_of_path():
    sheet = '<sheetData><row r="1"><c r="AB12" s="1" t="e"><v>#REF!</v></c></row></sheetData>'
    for target in ("worksheets/any.xml", "/xl/worksheets/any.xml"):
        found = sheet_xml(archive(sheet, target), "Deals & more")
        assert found.errors == ((12, 27, "#REF!"),)
    assert sheet_xml(archive(sheet), "Other") == SheetXml()


def test_cells_are_found_across_the_pieces_in_which_a_sheet_is_read(monkeypatch):
    module = "ecosystem_graph.importing.reading.workbook.sheet_xml"
    monkeypatch.setattr(f"{module}._CHUNK", 100)
    monkeypatch.setattr(f"{module}._LONGEST_CELL", 150)
    cells = "".join(f'<c r="A{n}" t="e"><v>#N/A</v></c>' for n in range(1, 60))
    sheet = f'<row r="1" hidden="1">{cells}</row><row hidden="0"/><row spans="1" hidden="1"/>'
    found = sheet_xml(archive(sheet), "Deals & more")
    assert [row for row, *_ in found.errors] == list(range(1, 60))
    assert found.n_hidden_rows == 2


def test_an_archive_with_entities_or_none_at_all_tells_nothing():
    evil = BOOK.replace('<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY e "e">]>')
    assert sheet_xml(archive("<c/>", book=evil), "Deals & more") == SheetXml()
    assert sheet_xml(io.BytesIO(b"no archive"), "Deals") == SheetXml()
