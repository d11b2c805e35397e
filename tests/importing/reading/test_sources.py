import polars as pl
import pytest

from ecosystem_graph import DataError
from ecosystem_graph.importing.reading.raw_table import InputOptions
from ecosystem_graph.importing.reading.sources import find_inputs


def test_a_folder_is_listed_by_name_and_notes_to_oneself_are_passed_over(tmp_path):
    for name in ["b.csv", "a.tsv", "_old.csv", ".hidden.csv", "~$a.csv", "readme.md", "crm/c.csv"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_inputs(tmp_path)
    assert [(location.name, location.file) for location in found] == [
        ("a", "a.tsv"),
        ("b", "b.csv"),
        ("c", "crm/c.csv"),
    ]


def test_dataframes_are_inputs_by_their_names():
    (location,) = find_inputs({"deals": pl.DataFrame({"id": [1]})})
    assert (location.name, location.kind) == ("deals", "dataframe")


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing does not exist"):
        find_inputs(tmp_path / "nothing")


@pytest.mark.parametrize("pattern", ["deals*.csv", "crm/Deals FY26.csv", "CRM/*.CSV", "*"])
def test_a_pattern_fits_a_file_in_any_case_with_or_without_its_folder(tmp_path, pattern):
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm/Deals FY26.csv").touch()
    (location,) = find_inputs(tmp_path)
    assert location.fits(InputOptions(files=(pattern,)))
    assert not location.fits(InputOptions(files=("partners*.csv",)))
