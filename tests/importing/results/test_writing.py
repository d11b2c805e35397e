import json
import tomllib
from datetime import date

import polars as pl
import pytest

from ecosystem_graph.errors import OutputError
from ecosystem_graph.tables import read_tables

FILES = {"deals.csv": "Deal,Partner\nd1,=1+1\nd2,Acme\n"}
MAPPING = """
schema = 1
[tables.partners.one]
from = "deals"
columns = { partner_id = "Partner", name = "Partner" }
[tables.deals.one]
from = "deals"
columns = { deal_id = "Deal", outcome = { const = "open" } }
[tables.deal_partners.one]
from = "deals"
columns = { deal_id = "Deal", partner_id = "Partner" }
"""


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_folder_holds_the_tables_and_the_account_of_the_import(exports, tmp_path, format):
    imported = exports(FILES, MAPPING)
    folder = imported.write(tmp_path / "out", format=format, as_of=date(2026, 1, 1))
    assert {path.name for path in folder.iterdir()} == {
        "_import",
        "datapackage.json",
        f"partners.{format}",
        f"deals.{format}",
        f"deal_partners.{format}",
    }
    account = json.loads((folder / "_import" / "import.json").read_text())
    assert account["made_by"] == "ecosystem-graph import"
    assert account["inputs"][0]["file"] == "deals.csv"
    assert len(account["inputs"][0]["sha256"]) == 64
    mapping = tomllib.loads((folder / "_import" / "mapping.toml").read_text())
    assert mapping == tomllib.loads(MAPPING)
    provenance = pl.read_parquet(folder / "_import" / "provenance.parquet")
    assert provenance.filter(table="deals").select("key", "row").rows() == [("d1", 2), ("d2", 3)]
    assert read_tables(folder).as_of == date(2026, 1, 1)


def test_a_name_that_is_a_formula_goes_in_and_out_as_it_is(exports, tmp_path):
    folder = exports(FILES, MAPPING).write(tmp_path / "out", format="csv")
    assert read_tables(folder)["partners"]["name"].to_list() == ["=1+1", "Acme"]


def test_a_folder_that_exists_is_not_touched_unless_it_is_an_import(exports, tmp_path):
    imported = exports(FILES, MAPPING)
    imported.write(tmp_path / "out")
    with pytest.raises(OutputError, match="exists already"):
        imported.write(tmp_path / "out")
    imported.write(tmp_path / "out", overwrite=True)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        imported.write(tmp_path / "out", overwrite=True)
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
