import polars as pl
import pytest

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.exporting.record_ids import record_ids

SHORT, FULL = "001x0000002xLCV", "001x0000002xLCVAA2"


def test_an_id_of_the_form_of_the_system_is_its_own_and_others_are_aliases(tables):
    found = record_ids(pl.Series(["p-1", SHORT]), tables, "salesforce")
    assert found == {"p-1": "001x0000002xLCaAAM", SHORT: FULL}
    assert record_ids(pl.Series(["p-3"]), tables, "hubspot") == {"p-3": "13"}


def test_an_id_that_names_the_system_is_taken_without_the_name(tables):
    assert record_ids(pl.Series(["hubspot:77"]), tables, "hubspot") == {"hubspot:77": "77"}


def test_all_partners_without_an_id_are_named_at_once(tables):
    with pytest.raises(ArtifactError, match=r"2 partners .* no id of salesforce: 'p-3', 'p-9'"):
        record_ids(pl.Series(["p-1", "p-3", "p-9"]), tables, "salesforce")
