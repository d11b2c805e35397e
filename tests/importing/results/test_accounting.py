"""Every row is accounted for: where it was read, what was written, what was left out and why."""

import polars as pl

from ecosystem_graph.importing import import_tables

MAPPING = """schema = 1

[tables.partners.list]
from = "partners"
columns.partner_id = "No"
columns.name = "Name"

[tables.partner_capabilities.skills]
from = "partners"
columns.partner_id = "No"
columns.capability_id = "Skill"
"""


def imported(tmp_path, rows):
    (tmp_path / "partners.csv").write_text("No,Name,Skill,Phone\n" + "\n".join(rows) + "\n")
    (tmp_path / "acme.toml").write_text(MAPPING)
    return import_tables([tmp_path / "partners.csv"], tmp_path / "acme.toml")


def test_rows_read_are_those_written_and_those_left_out_by_reason(tmp_path):
    account = imported(
        tmp_path, ["1,Ann,crm,555", "2,Bob,erp,556", "2,Bob,erp,556"]
    ).account.to_dict()
    assert [rule["table"] for rule in account["rules"]] == ["partners", "partner_capabilities"]
    for rule in account["rules"]:
        assert rule["read"] == 3
        assert rule["written"] + sum(rule["left_out"].values()) == 3
    (source,) = account["inputs"]
    assert list(source["never_read"]) == ["Phone"]


def test_provenance_names_the_file_and_row_of_each_row_written(tmp_path):
    provenance = imported(tmp_path, ["1,Ann,crm,555", "2,Bob,erp,556"]).provenance
    rows = provenance.filter(pl.col("table") == "partners").select("key", "file", "row").sort("key")
    assert rows.rows() == [("1", "partners.csv", 2), ("2", "partners.csv", 3)]
