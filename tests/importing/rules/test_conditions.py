import pytest

SHEET = "Deal,Flag,Kind\nd1,TRUE,a\nd2,yes,B\nd3,1,\nd4,False,c\nd5,,A\n"
OTHER = "Key\nA\nc\n"
MAPPING = """
schema = 1
[tables.partners.one]
from = "deals"
columns = {{ partner_id = {{ const = "p" }}, name = {{ const = "p" }} }}
[tables.deals.one]
from = "deals"
{condition}
columns = {{ deal_id = "Deal", outcome = {{ const = "open" }} }}
[tables.deal_partners.one]
from = "deals"
{condition}
columns = {{ deal_id = "Deal", partner_id = {{ const = "p" }} }}
"""


@pytest.mark.parametrize(
    ("condition", "kept", "reason"),
    [
        ('where = { Flag = "true" }', "d1 d2 d3", "Flag is not true"),
        ("where = { Flag = true }", "d1 d2 d3", "Flag is not true"),
        ('where = { Flag = ["0"] }', "d4", "Flag is not 0"),
        ('where = { Flag = { not = ["false"] } }', "d1 d2 d3 d5", "Flag is false"),
        ("where = { Flag = { empty = true } }", "d5", "Flag is not empty"),
        ("where = { Flag = { empty = false } }", "d1 d2 d3 d4", "Flag is empty"),
        ('where = { Kind = ["A", ""] }', "d1 d3 d5", "Kind is not A or empty"),
        ('where = { Kind = { in = "keys.Key" } }', "d4 d5", "Kind is not in keys.Key"),
        ('where = { "Gone?" = { not = ["x"] } }', "d1 d2 d3 d4 d5", None),
        ('where = { Flag = "yes", Kind = "b" }', "d2", "Flag is not yes"),
        (
            'any = [{ Flag = "no" }, { Kind = "a", Flag = "1" }]',
            "d1 d4",
            "none of the conditions of tables.deals.one.any holds",
        ),
    ],
)
def test_rows_that_fulfil_the_conditions_are_kept_and_others_have_a_reason(
    exports, condition, kept, reason
):
    files = {"deals.csv": SHEET, "keys.csv": OTHER}
    imported = exports(files, MAPPING.format(condition=condition))
    assert imported.tables["deals"]["deal_id"].to_list() == kept.split()
    (rule,) = [one for one in imported.account.rules if one.table == "deals"]
    assert reason is None or reason in rule.left_out
    assert sum(rule.left_out.values()) == 5 - len(kept.split())
