import pytest

from ecosystem_graph.errors import ArtifactError, OutputError
from ecosystem_graph.exporting import export_recommendations

SHORT = "001x0000002xLCV"


@pytest.mark.parametrize(
    ("to", "name"), [("xlsx", "a.xlsx"), ("hubspot", "a.csv"), ("markdown", "a.md")]
)
def test_an_export_is_one_file_of_the_same_bytes_each_time(run, tables, tmp_path, to, name):
    folder = run(("p-1", SHORT), ("p-3", "p-1"))
    assert export_recommendations(folder, tables, to, tmp_path / name) == [tmp_path / name]
    first = (tmp_path / name).read_bytes()
    export_recommendations(folder, tables, to, tmp_path / name, overwrite=True)
    assert (tmp_path / name).read_bytes() == first


def test_salesforce_gets_a_field_map_beside_the_file(run, tables, tmp_path):
    folder, old = run(("p-1", SHORT)), run((SHORT, "p-1"), ("p-1", SHORT), name="old")
    written = export_recommendations(
        folder, tables, "salesforce", tmp_path / "a.csv", partners=["p-1"], since=old
    )
    assert [path.name for path in written] == ["a.csv", "a.sdl"]
    # The list of another partner is not asked for, in either run.
    assert "false" not in written[0].read_text()


def test_nothing_is_written_where_an_id_is_missing(run, tables, tmp_path):
    with pytest.raises(ArtifactError, match="no id of salesforce"):
        export_recommendations(run(("p-1", "p-3")), tables, "salesforce", tmp_path / "a.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"run"}


def test_a_file_is_replaced_only_if_asked_and_a_run_never(run, tables, tmp_path):
    folder = run(("p-1", SHORT))
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        export_recommendations(folder, tables, "markdown", tmp_path / "a.md")
    with pytest.raises(OutputError):
        export_recommendations(folder, tables, "markdown", folder / "a.md", overwrite=True)
    (tmp_path / "b").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        export_recommendations(folder, tables, "markdown", tmp_path / "b", overwrite=True)
    assert (tmp_path / "a.md").read_text() == "mine"


@pytest.mark.parametrize("options", [{"since": "old"}, {"mapping": "names.toml"}])
def test_what_goes_with_a_crm_alone_is_refused_for_others(run, tables, tmp_path, options):
    with pytest.raises(ValueError, match="goes with salesforce"):
        export_recommendations(run(("p-1", SHORT)), tables, "xlsx", tmp_path / "a.xlsx", **options)


def test_a_target_that_is_not_known_is_refused(run, tables, tmp_path):
    with pytest.raises(ValueError, match="to must be one of"):
        export_recommendations(run(("p-1", SHORT)), tables, "pdf", tmp_path / "a.pdf")
