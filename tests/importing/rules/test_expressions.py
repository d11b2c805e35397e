import pytest

from ecosystem_graph.errors import DataError

SHEET = "Deal,Stage,Tags,Partner 1,Partner 2,Web,List\n"
SHEET += (
    'd1,Won,x; y;;x,Acme,Bond,https://www.acme.example/x,a b\nd2,Dead,,Bond,,,"SOL-1, USD, 2"\n'
)
CODES = "Code,Area,Name,Rank\nWon,N,signed,1\nWon,N,sealed,2\nDead,N,gone,1\nDead,S,away,1\n"
MAPPING = """
schema = 1
[lookups.name]
from = "codes"
key = "Code"
value = "Name"
[lookups.highest]
from = "codes"
key = "Code"
value = "Name"
highest = "Rank"
[lookups.north]
from = "codes"
where = {{ Area = "N" }}
key = {{ text = "{{Code}} {{Area}}" }}
value = "Name"
highest = "Rank"
[tables.partners.one]
from = "deals"
columns = {{ partner_id = "Partner *", name = "Partner *" }}
[tables.deals.one]
from = "deals"
columns.deal_id = "Deal"
columns.outcome = {{ const = "open" }}
columns.lost_reason = {expression}
[tables.deal_partners.one]
from = "deals"
columns = {{ deal_id = "Deal", partner_id = "Partner *" }}
"""


def reasons(exports, expression):
    files = {"deals.csv": SHEET, "codes.csv": CODES}
    imported = exports(files, MAPPING.format(expression=expression))
    return imported.tables["deals"].select("deal_id", "lost_reason").rows()


@pytest.mark.parametrize(
    ("expression", "first", "second"),
    [
        ('"Stage"', "Won", "Dead"),
        ('"Gone?"', None, None),
        ('{ const = "x" }', "x", "x"),
        ('{ text = "{Deal}/{Tags}" }', "d1/x; y;;x", None),
        ('{ text = "no field" }', "no field", "no field"),
        ('{ first = ["Gone?", "Tags", "Stage"] }', "x; y;;x", "Dead"),
        ('{ field = "Stage", values = { WON = "good" }, otherwise = "bad" }', "good", "bad"),
        ('{ field = "Stage", values = { won = "good" }, otherwise = "keep" }', "good", "Dead"),
        ('{ field = "Tags", values = { "" = "none" }, otherwise = "some" }', "some", "none"),
        ('{ field = "Web", as = "domain" }', "acme.example", None),
        ('{ field = "List", part = 1 }', "a b", "SOL-1"),
        ('{ field = "List", part = 2 }', None, "USD"),
        ('{ field = "Stage", lookup = "name" }', None, None),
        ('{ field = "Stage", lookup = "highest" }', "sealed", None),
        ('{ text = "{Stage} N", lookup = "north" }', "sealed", "gone"),
    ],
)
def test_an_expression_gives_its_value_for_each_row(exports, expression, first, second):
    assert reasons(exports, expression) == [("d1", first), ("d2", second)]


def test_a_value_that_is_not_listed_is_asked_once_and_only_where_it_counts(exports):
    asked = '{ first = ["Tags", { field = "Stage", values = { x = "y" } }] }'
    with pytest.raises(DataError) as caught:
        reasons(exports, asked)
    (problem,) = caught.value.problems
    assert "'Dead' (1 row)" in problem.message
    assert "Won" not in problem.message


def test_a_list_and_columns_side_by_side_make_a_row_for_each_distinct_part(exports):
    mapping = (
        MAPPING.format(expression='"Stage"')
        + """
[tables.deal_requirements.tags]
from = "deals"
columns = { deal_id = "Deal", capability_id = { field = "Tags", split = ";" } }
"""
    )
    imported = exports({"deals.csv": SHEET, "codes.csv": CODES}, mapping)
    wanted = imported.tables["deal_requirements"].select("deal_id", "capability_id").rows()
    assert wanted == [("d1", "x"), ("d1", "y")]
    seats = imported.tables["deal_partners"].select("deal_id", "partner_id").rows()
    assert seats == [("d1", "Acme"), ("d1", "Bond"), ("d2", "Bond")]
    (rule,) = [one for one in imported.account.rules if one.table == "deal_requirements"]
    assert (rule.read, rule.written, rule.rows) == (2, 1, 2)
    assert rule.left_out == {"capability_id is empty": 1}
