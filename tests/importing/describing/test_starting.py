import tomllib

from ecosystem_graph.importing.describing.description import (
    ColumnDescription,
    InputDescription,
    SourceDescription,
)
from ecosystem_graph.importing.describing.starting import starter_mapping
from ecosystem_graph.importing.mapping.presets import load_mapping


def columns(*names, personal=()):
    return tuple(
        ColumnDescription(name, personal="never read" if name in personal else "") for name in names
    )


def loaded(tmp_path, *inputs, questions=(), presets=("salesforce",)):
    text = starter_mapping(SourceDescription(inputs, questions, presets))
    (tmp_path / "first.toml").write_text(text, encoding="utf-8")
    return text, load_mapping(tmp_path / "first.toml")


def test_a_first_mapping_can_be_loaded_and_proposes_the_likeliest_table(tmp_path):
    deals = columns("Deal ID", "Outcome", "Amount\n(EUR)", "Owner", personal=["Owner"])
    text, mapping = loaded(
        tmp_path,
        InputDescription('old "deals".csv', header=(1,), columns=deals),
        InputDescription("Account.csv", input="account", columns=columns("Id")),
        questions=("a question\nin two lines",),
    )
    assert mapping.presets == ("salesforce",)
    assert mapping.inputs["olddeals"].options.files == ('old "deals".csv',)
    assert "# ? a question in two lines" in text
    assert "Owner" not in text
    assert "Account.csv" not in text
    lines = [line for line in text.splitlines() if line.startswith(("# columns.", "# from", "# ["))]
    rule = "\n".join(line.removeprefix("# ") for line in lines)
    assert tomllib.loads(rule)["tables"]["deals"]["olddeals"]["columns"]["deal_id"] == "Deal ID"


def test_sheets_of_a_workbook_are_inputs_of_their_own(tmp_path):
    sheets = [
        InputDescription("crm/book.xlsx", sheet, header=(4, 5), columns=columns("Deal"))
        for sheet in ("Deals FY26", "Deals FY25")
    ]
    text, mapping = loaded(tmp_path, *sheets)
    assert {name: one.options.sheet for name, one in mapping.inputs.items() if "book" in name} == {
        "book": "Deals FY26",
        "book_dealsfy25": "Deals FY25",
    }
    assert text.count("# header = [4, 5]") == 2


def test_an_input_has_no_name_of_another(tmp_path):
    account = InputDescription("Account.csv", input="account", columns=columns("Id"))
    others = [
        InputDescription(file, columns=columns("Id")) for file in ("account.csv", "a/account.csv")
    ]
    _, mapping = loaded(tmp_path, account, *others)
    assert {"account_2", "account_3"} <= set(mapping.inputs)


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    text, mapping = loaded(tmp_path, InputDescription("x.csv", unreadable="has no\nheader."))
    assert "# ? has no header." in text
    assert mapping.inputs["x"].options.files == ("x.csv",)
