import pytest

from ecosystem_graph.errors import MappingError
from ecosystem_graph.files.small_files import toml_from
from ecosystem_graph.importing.mapping.toml.merging import Document
from ecosystem_graph.importing.mapping.toml.parsing import is_timezone, table_mapping

RULE = '[tables.deals.crm]\nfrom = "deals"\ncolumns.deal_id = "Deal"\n'


def mapping_of(text, *presets):
    documents = [Document(f"preset {n}", toml_from(one)) for n, one in enumerate(presets)]
    return table_mapping([*documents, Document("acme.toml", toml_from(text), own=True)])


def faults_of(text, *presets):
    with pytest.raises(MappingError) as caught:
        mapping_of(text, *presets)
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("schema = 2", "acme.toml: the first line must be schema = 1. Got 2."),
        ("title = 'x'", "acme.toml: the first line must be schema = 1. It is missing."),
        ("schema = 1\nsetings = 1", "acme.toml: unknown key 'setings'. Did you mean 'settings'?"),
        (
            'schema = 1\n[settings]\ndate_order = "ymd"',
            "acme.toml, settings: date_order must be one of dmy, mdy. Got 'ymd'.",
        ),
        (
            'schema = 1\n[settings]\ntimezone = "Berlin"',
            "acme.toml, settings: timezone must be a name such as Europe/Berlin. Got 'Berlin'.",
        ),
        (
            'schema = 1\n[settings]\nrepairs = ["everything"]',
            "acme.toml, settings: repairs must be among open_deal_closing",
        ),
        (
            'schema = 1\n[tables.dels.crm]\nfrom = "deals"',
            "acme.toml, tables.dels: there is no table 'dels'. Did you mean 'deals'?",
        ),
        (
            f'schema = 1\n{RULE}columns.outcom = "Stage"',
            "table deals has no column 'outcom'. Did you mean 'outcome'?",
        ),
        (
            'schema = 1\n[tables.deals.crm]\ncolumns.deal_id = "Deal"',
            "acme.toml, tables.deals.crm: from is missing",
        ),
        ('schema = 1\n[tables.deals.crm]\nfrom = "deals"', "columns are missing"),
        (
            f'schema = 1\n{RULE}columns.outcome = {{ field = "A", take = "min" }}',
            "columns.outcome: take needs group = true",
        ),
        (
            f'schema = 1\n{RULE}columns.outcome = {{ field = "A", lookup = "x" }}',
            "columns.outcome: there is no lookup 'x'. Known: none.",
        ),
        (
            f'schema = 1\n{RULE}columns.outcome = {{ field = "A", const = "x" }}',
            "exactly one of field, fields, const, text, first, count",
        ),
        (
            f'schema = 1\n{RULE}columns.outcome = {{ field = "A", otherwise = "x" }}',
            "otherwise needs values",
        ),
        (
            f'schema = 1\n{RULE}columns.outcome = {{ fields = ["A", "B"] }}',
            "several fields need `match`",
        ),
        (f'schema = 1\n{RULE}where = {{ A = {{ nt = ["x"] }} }}', "unknown key 'nt'"),
        (
            f'schema = 1\n{RULE}where = {{ A = {{ in = "B" }} }}',
            "in must name an input and a field",
        ),
        ('schema = 1\n[lookups.x]\nfrom = "a"', "lookups.x: key is missing."),
        ('schema = 1\n[inputs.x]\nquery = "select 1"', "query needs database"),
        (
            'schema = 1\n[identity]\nmerged = { from = "a" }',
            "identity.merged: from, old and new are all needed.",
        ),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_is_allowed(text, fault):
    assert any(fault in one for one in faults_of(text))


def test_every_fault_is_reported_at_once():
    text = "schema = 3\ncolour = 1\n[tables.dels.x]\nfrom = 'a'\n[settings]\ndecimal = ';'\n"
    assert len(faults_of(text)) == 4


def test_the_users_file_is_put_over_the_preset_key_by_key():
    preset = f'schema = 1\n{RULE}columns.amount = "Amount"\n[settings]\ncurrency = "USD"'
    own = 'schema = 1\n[tables.deals.crm]\ncolumns.amount = "Value"\n[settings]\ndecimal = ","'
    mapping = mapping_of(own, preset)
    (rule,) = mapping.rules
    assert rule.columns["amount"].fields[0].name == "Value"
    assert rule.columns["deal_id"].fields[0].name == "Deal"
    assert (mapping.settings.currency, mapping.settings.decimal) == ("USD", ",")
    assert rule.origin == "acme.toml"
    assert rule.own


def test_use_false_switches_a_rule_and_an_input_off():
    preset = f'schema = 1\n{RULE}[inputs.deals]\nfile = "d.csv"'
    own = "schema = 1\n[tables.deals.crm]\nuse = false\n[inputs.deals]\nuse = false"
    mapping = mapping_of(own, preset)
    assert mapping.rules == ()
    assert mapping.inputs == {}


def test_rules_come_in_the_order_of_the_tables():
    text = f'schema = 1\n{RULE}[tables.partners.crm]\nfrom = "a"\ncolumns.partner_id = "Id"\n'
    assert [rule.table for rule in mapping_of(text).rules] == ["partners", "deals"]


def test_a_time_zone_is_a_name_of_the_iana_database():
    assert is_timezone("America/Denver")
    assert not is_timezone("../etc/passwd")
    assert not is_timezone("")
