import pytest

from ecosystem_graph.tables.opening.opened import opened


def messages(source):
    return [str(problem) for problem in opened(source).problems]


def test_an_empty_folder_is_told_what_is_expected(tmp_path):
    assert messages(tmp_path) == [
        "partners.csv  is missing: the partners of the ecosystem are required. Found: no tables. "
        "`ecosystem-graph template DIR` writes every table with its header.",
        "deals.csv  is missing: deals.csv + deal_partners.csv or partner_capabilities.csv is "
        "required. Found: no tables. `ecosystem-graph template DIR` writes every table with its "
        "header.",
    ]


def test_either_deals_with_partners_or_capabilities_must_be_there(acme):
    folder = acme(partner_capabilities=None, deal_partners=None)
    assert [message.split(":")[0] for message in messages(folder)] == [
        "deal_partners.csv  is missing"
    ]


@pytest.mark.parametrize(
    "left_out",
    [["partner_capabilities"], ["deals", "deal_partners"]],
)
def test_either_of_the_two_is_enough(acme, left_out):
    assert messages(acme(**dict.fromkeys(left_out))) == []
