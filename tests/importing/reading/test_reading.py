from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import find_inputs


def read(tmp_path, data, name="deals.csv", **how):
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (location,) = find_inputs(tmp_path / name)
    return read_input(location, **how)


def test_each_row_of_a_file_knows_its_row_in_a_spreadsheet(tmp_path):
    table = read(tmp_path, 'Id,Name\n1,"a\nb"\n\n2,\n')
    assert table.frame.rows() == [("1", "a\nb"), ("2", None)]
    assert table.rows.tolist() == [2, 4]


def test_only_wanted_columns_are_kept_and_all_are_named(tmp_path):
    table = read(tmp_path, "Id,E-mail,Stage_Name__c\n1,a@b.c,Won\n", columns=["StageName", "ID"])
    assert table.frame.columns == ["Id", "Stage_Name__c"]
    assert table.layout.headers == ("Id", "E-mail", "Stage_Name__c")
