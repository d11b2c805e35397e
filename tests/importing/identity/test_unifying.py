import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.unifying import unified_partners


def frame(columns, *rows):
    return pl.DataFrame(rows, schema=dict.fromkeys(columns.split(), pl.String), orient="row")


def unified(n, aliases=(), merged=(), decided=(), sources=None):
    partners = pl.DataFrame({"partner_id": [f"p-{number}" for number in range(n)]})
    if sources is not None:
        partners = partners.with_columns(source=pl.Series(sources))
    decisions = Decisions(duplicates=frame("decision partner_id other_id", *decided))
    return unified_partners(
        partners, frame("system value partner_id", *aliases), frame("old new", *merged), decisions
    )


def test_a_record_that_the_system_merged_is_the_one_it_was_merged_into():
    found = unified(3, merged=[("p-0", "p-2"), ("gone", "p-0")])
    assert found.kept.rows() == [("gone", "p-2"), ("p-0", "p-2")]
    assert found.reasons == {"merged": 2}
    assert found.renamed(pl.Series("id", ["gone", "p-1", None])).to_list() == ["p-2", "p-1", None]


def test_one_number_of_a_company_makes_one_partner_whatever_its_form():
    found = unified(3, [("duns", "15-048-3782", "p-2"), ("duns", "150483782", "p-1")])
    assert found.kept.rows() == [("p-2", "p-1")]
    assert found.reasons == {"duns": 1}


def test_one_domain_or_name_makes_nothing_of_two_partners():
    same = [(system, "acme.com", id_) for system in ("domain", "name") for id_ in ("p-0", "p-1")]
    assert unified(2, same).kept.is_empty()


def test_one_value_in_two_systems_is_a_coincidence():
    assert unified(2, [("prm", "77", "p-0"), ("tax", "77", "p-1")]).kept.is_empty()


def test_a_number_that_very_many_have_is_no_number():
    crowd = [("duns", "000000000", f"p-{number}") for number in range(21)]
    assert unified(21, crowd).kept.is_empty()
    assert unified(21, crowd[:20]).kept.height == 19


def test_the_record_of_the_earlier_source_stays_and_then_the_smaller():
    shared = [("duns", "150483782", f"p-{number}") for number in range(3)]
    assert unified(3, shared).kept.rows() == [("p-1", "p-0"), ("p-2", "p-0")]
    later = unified(3, shared, sources=[2, 1, 1])
    assert later.kept.rows() == [("p-0", "p-1"), ("p-2", "p-1")]


def test_decisions_put_partners_together_or_keep_them_apart():
    shared = [("duns", "150483782", "p-0"), ("duns", "150483782", "p-1")]
    assert unified(2, shared, decided=[("different", "p-1", "p-0")]).kept.is_empty()
    found = unified(3, decided=[("same", "p-2", "p-0"), (None, "p-1", "p-2")])
    assert found.kept.rows() == [("p-2", "p-0")]
    assert found.reasons == {"same": 1}


def test_a_family_is_a_parent_and_its_subsidiary_even_after_they_were_put_together_with_others():
    decided = [("family", "p-0", "p-3"), ("same", "p-1", "p-3"), ("family", "p-0", "p-2")]
    found = unified(4, decided=[*decided, ("same", "p-0", "p-2")])
    assert found.parents.rows() == [("p-1", "p-0")]


PAIR = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=40)
@given(st.lists(PAIR, max_size=8))
def test_records_linked_in_any_way_are_one_partner(pairs):
    decided = [("same", f"p-{one}", f"p-{other}") for one, other in pairs]
    ids = pl.Series([f"p-{number}" for number in range(8)])
    renamed = unified(8, decided=decided).renamed(ids).to_list()
    smallest = list(range(8))
    for _ in range(8):
        for one, other in pairs:
            smallest[one] = smallest[other] = min(smallest[one], smallest[other])
    assert renamed == [f"p-{number}" for number in smallest]
    again = unified(8, decided=[*reversed(decided)])
    assert again.renamed(ids).to_list() == renamed
