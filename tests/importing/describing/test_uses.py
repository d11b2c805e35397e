from ecosystem_graph.importing.describing.uses import uses_by_field
from ecosystem_graph.importing.mapping.presets import load_mapping

MAPPING = """
schema = 1
[inputs.deals]
file = "deals.csv"
fields.Stage = ["Phase"]
[lookups.codes]
from = "deals"
key = "Code"
value = "Label"
[identity]
system = "own"
from = "deals"
systems = { domain = "Website?" }
merged = { from = "deals", old = "Id", new = "Master" }
[tables.deals.rule]
from = "deals"
where = { Kind = "deal" }
columns.deal_id = "Id"
columns.outcome = { first = ["Stage", { text = "{A}-{B}" }] }
"""


def test_every_part_of_a_mapping_counts_as_a_use(tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING)
    uses = uses_by_field("deals", load_mapping(tmp_path / "m.toml"))
    assert uses == {
        "id": ("deals.deal_id", "merged records"),
        "stage": ("deals.outcome",),
        "phase": ("deals.outcome",),
        "a": ("deals.outcome",),
        "b": ("deals.outcome",),
        "kind": ("rows of deals",),
        "code": ("lookup codes",),
        "label": ("lookup codes",),
        "website": ("identifier domain",),
        "master": ("merged records",),
    }
    assert uses_by_field(None, load_mapping(tmp_path / "m.toml")) == {}
