import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.reading.raw_table import RawTable, folded_field, numbered_names


def test_names_of_one_field_in_any_system_fold_alike():
    names = ["StageName", "STAGENAME", "stage_name", "Stage_Name__c", "Stage Name", " stage-name "]
    assert {folded_field(name) for name in names} == {"stagename"}


def test_letters_of_other_scripts_are_kept():
    assert folded_field("Straße (Firma)") == "strassefirma"
    assert folded_field("会社 名") == "会社名"


@given(st.lists(st.sampled_from(["", "Step", "step", "Step #2", "Column 2", None, "Deal", "#"])))
def test_numbered_names_are_distinct_also_after_folding(names):
    numbered = numbered_names(names)
    assert len(numbered) == len(names)
    assert len(set(numbered)) == len(names)
    folded = [folded_field(name) for name in numbered if folded_field(name)]
    assert len(set(folded)) == len(folded)


def test_a_first_name_stays_and_the_next_is_numbered():
    assert numbered_names(["Step #", "Step #"]) == ["Step #", "Step # #2"]


def test_a_column_is_found_by_its_folded_name_alone():
    table = RawTable("a", "a.csv", None, pl.DataFrame({"STAGE_NAME": ["Won"]}), np.array([2]))
    assert table.field_named("StageName") == "STAGE_NAME"
    assert table.field_named("Stage") is None
