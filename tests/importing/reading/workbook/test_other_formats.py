import base64
import io
import zipfile
import zlib

import pytest

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.workbook.workbook import grid_of_sheet, sheet_names

#: A workbook of Excel 97, compressed: "Customer" merged over "Name" and "Closed", one row below.
XLS = (
    "eNrtWEtoE0EY/mabNA+aV02FVAihYNXaHsSLl3bVRHtKqF58IGhqVpCmiST1oAetrTkKgifFS6EevFS9+EARvXkQWvQg"
    "CEKieBBPgoKHNus//+5qGhUa0EJ1vmX+mfkfM//OP6/dhflIdeZOdw1NGEIb6qYP7Q08QcnnVMIguWnKopN7KZkKawo+"
    "LwWy3Y2HgeceGUMZ7xo03HY9JQq8pXQEp5ApFozEKmI3+5AV0odBogLXiRNEjL3qZHqc6Tqmt1jzEdOdzLnEdJB0q+Iw"
    "5vVM3w57Fh/UelgWhGz3Htu8Zs42dOGZnMXnLwtL141dpZPZ/BoTxF0dmAUFdNgoGCVZD+EG/MAhwkA6PZBKVRGlYM/i"
    "i5kAPjur+klC8VeXL0D8r8v5nt/wvRTEZv4VzQVMwjzGi6SCAGIuKXEjZWTz5UWa026u8v6cPF2eKI4bJVKRYsoy2XGD"
    "Fn0yXywbOaonsyc++OVGzxtDeNnGEOAF00E0hxCXI7xswtT04s1PL9KjI/pR5kzyYWAdGRulhzBxQVqQcZAlbd9pH1ts"
    "ZTrFrW7gcjfTKLlOee9Il13YO806F1naS/1sZ7zUNzWUN1O58nHf/Xjlnb6FynPDtbPRuVf6DHroCMuRvXym0S/6xbWr"
    "Eg90Jxf29vKGaeynrcarhW3fTftcDGFJLi4eD4nH/PYaj47UFr/QlrwIU6vmjKVVk7Ztdl9ak/U5zc+8COK2vhUJOcqW"
    "TKM3mFrQ8N7uB9zikNaJu9KQNsgf8ENBQUFBQUFBQeE/guCLqnURd9nfCfKq77H/6yxRqqvfJP8s9qNIzwR9VO5BgfIS"
    "zrQ0f9bDLZy2xAptnP+FEgeo9xLGMMp+jLU8f+lTTTS+z4oNw39uCbXaf70VP/9y/98Aj4/ZGw=="
)

ODS = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Deals">'
    '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>{rows}'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)
CELL = "<table:table-cell office:value-type={}><text:p>{}</text:p></table:table-cell>"
MANIFEST = """<manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def text(shown):
    return CELL.format('"string"', shown)


def test_a_workbook_of_excel_97_is_read_with_its_merges():
    data = zlib.decompress(base64.b64decode(XLS))
    (sheet,) = sheet_names(data)
    grid = grid_of_sheet(data, sheet.name)
    assert grid.cells.rows() == [
        (None, "Customer", None),
        ("Deal", "Name", "Closed"),
        ("7", "Café", "2026-03-31"),
    ]
    assert grid.merged == ((1, 1, 1, 2),)


def test_a_workbook_of_open_document_is_read_with_its_own_rows():
    number = CELL.format('"float" office:value="12"', "12,00")
    day = CELL.format('"date" office:date-value="2026-03-31"', "31.03.26")
    rows = ["".join(map(text, ("Deal", "Amount", "Closed"))), text("d-1") + number + day]
    content = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", MANIFEST)
        parts.writestr("content.xml", ODS.format(rows=content))
    data = stream.getvalue()
    assert [sheet.name for sheet in sheet_names(data)] == ["Deals"]
    grid = grid_of_sheet(data, "Deals")
    assert grid.rows.tolist() == [1, 2, 3, 4]
    assert grid.cells.rows()[2:] == [("Deal", "Amount", "Closed"), ("d-1", "12", "2026-03-31")]


def test_a_password_is_named_as_what_stands_in_the_way():
    # An encrypted workbook is a compound file with a stream of this name.
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(UnreadableInputError, match="is protected by a password: save it without"):
        sheet_names(data)
