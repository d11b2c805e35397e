import pytest

from ecosystem_graph.errors import ArtifactError, UnknownPartnerError
from ecosystem_graph.exporting.run_rows import read_run

FIRST = "001x0000002xLCV"


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_a_run_of_any_format_is_read_with_the_names_that_the_tables_have(run, tables, kind):
    found = read_run(run(("p-3", "p-1"), ("p-1", FIRST), kind=kind), tables)
    first = found.rows.row(0, named=True)
    assert (first["partner_id"], first["rank"]) == ("p-1", 1)
    assert (first["partner_name"], first["partner_tier"]) == ("=Alder*", "Gold")
    assert (first["collaborator_name"], first["collaborator_country"]) == ("Birch", "DE")
    assert first["gaps_filled"] == ["Backup", "c-9"]
    assert first["evidence"] == ["5 deals won", "satisfaction 81 %"]
    assert found.record["as_of"] == "2026-01-01"


def test_lists_of_some_partners_are_read(run, tables):
    found = read_run(run(("p-3", "p-1"), ("p-1", FIRST)), tables, ["p-3"])
    assert found.rows["partner_id"].to_list() == ["p-3"]


def test_a_partner_without_a_list_is_refused_with_a_hint(run, tables):
    with pytest.raises(UnknownPartnerError, match="no partner 'p-9' has a list"):
        read_run(run(("p-3", "p-1")), tables, ["p-9"])


def test_a_partner_that_the_tables_do_not_have_is_refused(run, tables):
    with pytest.raises(ArtifactError, match=r"names 1 partner that .* does not have: 'p-8'"):
        read_run(run(("p-3", "p-8")), tables)


def test_a_folder_that_is_no_run_is_refused(tmp_path, tables):
    with pytest.raises(ArtifactError, match="is not a run"):
        read_run(tmp_path, tables)
