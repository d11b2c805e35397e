import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.checking.relations import cycles
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.schema.columns import references
from ecosystem_graph.tables.schema.definitions import TABLES

BOUND = "partner_id,collaborator_id,kind,valid_from,valid_to\n"


def messages(folder):
    return [str(problem) for problem in check_tables(folder).problems]


def test_empty_parts_of_a_key_are_alike(acme):
    folder = acme(
        partner_capabilities="partner_id,capability_id,valid_from,level\n"
        "p-1,crm,,\np-1,crm,2024-01-01,\np-1,crm,,high\n",
    )
    assert messages(folder) == [
        "partner_capabilities.csv:4  duplicate key: partner_id 'p-1', capability_id 'crm', "
        "valid_from empty is already in row 2."
    ]


def test_a_reference_to_nothing_is_told_with_a_near_match(acme):
    folder = acme(
        deal_partners="deal_id,partner_id\nd-1,p-11\nd-1,p-1\nd-9x,p-2\n",
        capabilities="capability_id\nwireless\n",
        partner_capabilities="partner_id,capability_id\np-1,wireles\n",
    )
    assert messages(folder) == [
        "partner_capabilities.csv:2  capability_id 'wireles' is not in capabilities.csv. "
        "Did you mean 'wireless'?",
        "deal_partners.csv:2  partner_id 'p-11' is not in partners.csv.",
        "deal_partners.csv:4  deal_id 'd-9x' is not in deals.csv.",
    ]


@pytest.mark.parametrize(
    ("ids", "given", "said"),
    [
        (["Acme", "Bolt"], "ACME", "where 'Acme' is: the two differ only in case."),
        (["AB 12", "Bolt"], "AB12", "where 'AB 12' is: the two differ only in blanks."),
        (["00123", "00124"], "123", "where '00123' is: a spreadsheet cuts leading zeros"),
        (["00101", "102"], "101.0", "where '00101' is: an id is no number with decimals."),
        (["p-1", "p-2"], "acme inc", "is a name in partners.csv, an id belongs here: 'p-1'."),
        (["900150983", "2"], "9,00151E+08", "was shortened by a spreadsheet"),
        (["Acme", "ACME"], "acme", "is not in partners.csv."),
    ],
)
def test_what_systems_do_to_ids_is_recognised(acme, ids, given, said):
    names = ["Acme Inc", "Bolt"]
    rows = "".join(f"{id_},{name}\n" for id_, name in zip(ids, names, strict=True))
    folder = acme(
        partners="partner_id,name\n" + rows,
        partner_capabilities=f'partner_id,capability_id\n"{given}",crm\n{ids[1]},crm\n',
        deal_partners="deal_id,partner_id\n",
    )
    (told,) = messages(folder)
    assert told.startswith(f"partner_capabilities.csv:2  partner_id '{given}' ")
    assert said in told


def test_rows_whose_ids_were_changed_in_one_way_are_told_once(acme):
    ids = [f"{number:05}" for number in range(400)]
    folder = acme(
        partners="partner_id,name\n" + "".join(f"{id_},N{id_}\n" for id_ in ids),
        partner_capabilities="partner_id,capability_id\n"
        + "".join(f"{int(id_)},crm\n" for id_ in ids),
        deal_partners="deal_id,partner_id\n",
    )
    (cause,) = check_tables(folder).causes()
    assert (cause.kind, cause.rows) == ("differs in leading zeros", 400)


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        ("partners", "partner_id,name,parent_id\np-1,A,p-7x\np-2,B,\np-3,C,\n", "parent_id 'p-7x'"),
        ("capabilities", "capability_id,replaced_by\ncrm,erp\n", "replaced_by 'erp'"),
        ("partner_capabilities", "partner_id,capability_id\np-1,erp\n", "capability_id 'erp'"),
        ("restrictions", BOUND + "p-1,p-x,do_not_pair,,\n", "collaborator_id 'p-x'"),
    ],
)
def test_references_of_every_kind_are_checked(acme, table, text, message):
    (told,) = messages(acme(**{table: text}))
    assert told.startswith(f"{table}.csv:2  {message} is not in ")


def test_a_circle_of_owners_is_told_once_at_its_first_row(acme):
    folder = acme(
        partners="partner_id,name,parent_id\np-1,A,p-2\np-2,B,p-3\np-3,C,p-2\n",
        capabilities="capability_id,parent_id\ncrm,crm\n",
    )
    assert messages(folder) == [
        "partners.csv:3  parent_id 'p-3' leads in a circle: p-2 -> p-3 -> p-2. "
        "Cut it where it is wrong.",
        "capabilities.csv:2  parent_id 'crm' leads in a circle: crm -> crm. "
        "Cut it where it is wrong.",
    ]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=13))
def test_circles_agree_with_networkx(parents):
    frame = pl.DataFrame(
        {
            "partner_id": [str(position) for position in range(len(parents))],
            "parent_id": [None if parent is None else str(parent) for parent in parents],
            ROW: range(len(parents)),
        },
        schema={"partner_id": pl.String, "parent_id": pl.String, ROW: pl.Int64},
    )
    (reference,) = references(TABLES["partners"])
    ours = [problem.row for problem in cycles(TypedTable("partners", "partners", frame), reference)]
    graph = nx.DiGraph(
        [(child, parent) for child, parent in enumerate(parents) if parent is not None]
    )
    assert ours == sorted(min(cycle) for cycle in nx.simple_cycles(graph))


@pytest.mark.parametrize(
    "rows",
    [
        "p-1,p-2,exclusive,,\np-1,p-3,exclusive,2024-01-01,\n",
        "p-1,p-3,exclusive,2024-01-01,2024-01-31\np-1,p-2,exclusive,2024-01-31,\n",
        "p-1,p-2,exclusive,2024-01-01,2024-12-31\np-1,p-3,exclusive,2024-02-01,2024-02-02\n",
    ],
)
def test_two_exclusivities_at_once_are_a_problem(acme, rows):
    (told,) = messages(acme(restrictions=BOUND + rows))
    assert told.startswith("restrictions.csv:3  'p-1' is exclusive to 'p-")
    assert "(row 2)" in told


@pytest.mark.parametrize(
    "rows",
    [
        "p-1,p-2,exclusive,,2024-01-31\np-1,p-3,exclusive,2024-02-01,\n",
        "p-1,p-2,exclusive,,\np-1,p-2,exclusive,2024-02-01,\n",
        "p-1,p-2,exclusive,,\np-2,p-3,exclusive,,\np-1,p-3,do_not_pair,,\n",
    ],
)
def test_exclusivities_that_do_not_clash_are_fine(acme, rows):
    assert messages(acme(restrictions=BOUND + rows)) == []


def test_a_target_without_its_key_is_told_once_and_not_per_row(acme):
    (told,) = messages(acme(partners="id,name\n1,Acme\n2,Bolt\n"))
    assert told.startswith("partners.csv  column 'partner_id' is missing.")


def test_an_empty_target_leaves_every_reference_dangling(acme):
    assert len(messages(acme(deals="deal_id,outcome\n"))) == 3


def test_one_capability_cannot_replace_itself_by_way_of_another(acme):
    folder = acme(capabilities="capability_id,replaced_by\ncrm,erp\nerp,crm\n")
    (told,) = messages(folder)
    assert told.startswith("capabilities.csv:2  replaced_by 'erp' leads in a circle")


def test_rows_that_refer_into_a_file_cut_short_or_empty_are_no_problems_of_their_own(tmp_path):
    held = "partner_id,capability_id\n" + "".join(f"p-{n},k\n" for n in range(1, 9))
    (tmp_path / "partner_capabilities.csv").write_text(held)
    partners = tmp_path / "partners.csv"
    partners.write_text('partner_id,name\np-1,A\np-2,"B\np-3,C\n')
    assert [problem.message for problem in check_tables(tmp_path).problems] == [
        "opens a quote in row 3 and never closes it."
    ]
    partners.write_text("partner_id,name\n")
    assert [problem.message for problem in check_tables(tmp_path).problems] == [
        "has no rows: there is nobody to pair."
    ]
