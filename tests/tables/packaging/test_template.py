import errno
import os

import pytest

from ecosystem_graph.errors import OutputError
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.packaging.template import data_dictionary, write_template
from ecosystem_graph.tables.schema.definitions import TABLES


def test_a_template_holds_every_table_with_its_header(tmp_path):
    paths = write_template(tmp_path / "new" / "acme")
    assert [path.name for path in paths] == [
        *(f"{name}.csv" for name in TABLES),
        "DATA_DICTIONARY.md",
    ]
    for name, schema in TABLES.items():
        assert (tmp_path / "new/acme" / f"{name}.csv").read_text() == (
            ",".join(schema.column_names()) + "\n"
        )


def test_a_template_that_is_filled_in_passes_the_check(tmp_path):
    write_template(tmp_path)
    assert [str(problem) for problem in check_tables(tmp_path).problems] == [
        "partners.csv  has no rows: there is nobody to pair."
    ]
    with (tmp_path / "partners.csv").open("a") as partners:
        partners.write("p-1,Acme" + "," * 10 + "\n")
    report = check_tables(tmp_path)
    assert (report.problems, report.notes) == ((), ())


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "deals.csv").write_text("mine")
    with pytest.raises(OutputError, match="is not empty"):
        write_template(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["deals.csv"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_template(tmp_path / "file")


def test_the_dictionary_tells_every_column():
    text = data_dictionary()
    for name, schema in TABLES.items():
        section = text.split(f"## {name}\n")[1].split("\n## ")[0]
        for column, declared in schema.columns().items():
            assert f"| {column} | " in section
            assert declared.description in section
    reference = "Id of the partner. Refers to `partners.partner_id`."
    assert f"| partner_id | text, key, required |  | {reference} |" in text
    assert "| share | number | 0 to 1 |" in text


@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch, there):
    folder, write = tmp_path / "acme", type(tmp_path).write_text
    if there:
        folder.mkdir()

    def full(self, *arguments, **how):
        if self.name == "csat.csv":
            write(self, "resp", **how)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, *arguments, **how)

    monkeypatch.setattr(type(tmp_path), "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_template(folder)
    assert list(tmp_path.rglob("*")) == [folder] * there


@pytest.mark.parametrize("name", ["a\0b", "x" * 5_000])
def test_a_name_nothing_can_have_is_refused(tmp_path, name):
    with pytest.raises(OutputError, match="cannot be written"):
        write_template(tmp_path / name)
