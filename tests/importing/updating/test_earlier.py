from pathlib import Path

import pytest

from ecosystem_graph.errors import OutputError
from ecosystem_graph.importing import import_tables
from ecosystem_graph.importing.updating.earlier import EarlierImport, inputs_of

EXPORTS = Path(__file__).parents[1] / "exports"


@pytest.fixture
def folder(tmp_path):
    import_tables(EXPORTS / "salesforce").write(tmp_path / "acme", format="csv")
    return tmp_path / "acme"


def test_every_row_of_an_earlier_import_knows_its_file_and_row(folder):
    earlier = EarlierImport.read(folder)
    rows = earlier.rows("deals")
    assert rows.height == earlier.tables["deals"].height
    ((rule, given, frame),) = inputs_of(rows)
    assert (rule, given.name) == ("opportunity", "opportunity")
    assert [given.place(row) for row in range(frame.height)] == [
        (file, row) for file, row in rows.select("file", "row").iter_rows()
    ]
    assert earlier.format == "csv"


def test_a_folder_that_lost_its_provenance_is_refused(folder):
    (folder / "_import" / "provenance.parquet").unlink()
    with pytest.raises(OutputError, match="import all files anew"):
        EarlierImport.read(folder)


def test_a_folder_of_tables_that_no_import_wrote_is_refused(folder):
    (folder / "_import" / "import.json").unlink()
    with pytest.raises(OutputError, match="is not an import"):
        EarlierImport.read(folder)
