"""Seats on deals in roles that are no collaboration."""

import json

import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.errors import DataError, UnknownValueError
from ecosystem_graph.signals import GraphFeatures

SEATS = {
    "deal_id": ["d-1", "d-1", "d-1", "d-2", "d-2"],
    "partner_id": ["ann", "bob", "cy", "ann", "cy"],
    "role": ["lead", "resale", " Distribution", "lead", "DISTRIBUTION"],
}
FRAMES = {
    "partners": pl.DataFrame({"partner_id": ["ann", "bob", "cy"], "name": ["Ann", "Bob", "Cy"]}),
    "deals": pl.DataFrame(
        {"deal_id": ["d-1", "d-2"], "outcome": "won", "closed_on": ["2024-05-01", "2024-06-01"]}
    ),
    "deal_partners": pl.DataFrame(SEATS),
}
WITHOUT = pl.DataFrame(SEATS).head(2).vstack(pl.DataFrame(SEATS)[3])


def graph_of(**options):
    return EcosystemGraph.from_tables(read_tables(FRAMES, **options), "2025-01-01")


@pytest.mark.parametrize("role", ["distribution", "Distribution ", "DISTRIBUTION"])
def test_seats_in_an_ignored_role_make_no_joint_win_and_no_larger_team(role):
    graph = graph_of(ignored_roles=[role])
    bare = EcosystemGraph.from_tables(
        read_tables({**FRAMES, "deal_partners": WITHOUT}), "2025-01-01"
    )
    assert graph.n_deals == 2
    assert graph.team_size.tolist() == [2, 1]
    assert graph.degree.tolist() == [1, 1, 0]
    assert (GraphFeatures(graph).ties != GraphFeatures(bare).ties).nnz == 0


def test_they_are_counted_and_the_roles_are_known_by():
    tables = read_tables(FRAMES, ignored_roles=["distribution"])
    assert tables.ignored_roles == ("distribution",)
    assert tables.left_out == {"rows of deal_partners in ignored roles": 2}
    assert graph_of(ignored_roles=["distribution"]).tables.left_out == tables.left_out


def test_ignoring_a_role_again_or_none_changes_nothing():
    tables = read_tables(FRAMES, ignored_roles=["distribution"])
    assert tables.without_roles(["Distribution"]) is tables
    assert tables.without_roles("distribution") is tables
    assert read_tables(tables) is tables


def test_a_role_nobody_has_is_refused_with_those_there_are():
    with pytest.raises(UnknownValueError) as caught:
        read_tables(FRAMES, ignored_roles=["distributon", "resale"])
    text = str(caught.value)
    assert "the role 'distributon'" in text
    assert "'distribution', 'lead', 'resale'" in text
    assert "Did you mean 'distribution'?" in text


def test_without_any_role_there_is_none_to_ignore():
    frames = {**FRAMES, "deal_partners": FRAMES["deal_partners"].drop("role")}
    with pytest.raises(UnknownValueError, match="no row of deal_partners has a role"):
        read_tables(frames, ignored_roles=["lead"])


def written(folder, descriptor):
    for name, frame in FRAMES.items():
        frame.write_csv(folder / f"{name}.csv")
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder


def test_a_data_package_may_state_them_and_more_may_be_added(tmp_path):
    folder = written(tmp_path, {"ignored_roles": ["Distribution"]})
    assert read_tables(folder).ignored_roles == ("distribution",)
    both = read_tables(folder, ignored_roles=["resale"])
    assert both.ignored_roles == ("distribution", "resale")
    assert both.left_out == {"rows of deal_partners in ignored roles": 3}


@pytest.mark.parametrize("stated", ["distribution", [1], {"a": 1}])
def test_what_a_data_package_states_otherwise_is_a_problem(tmp_path, stated):
    folder = written(tmp_path, {"ignored_roles": stated})
    with pytest.raises(DataError, match="ignored_roles must be a list"):
        read_tables(folder)


def test_a_role_stated_that_nobody_has_is_noted_and_stops_nothing(tmp_path):
    tables = read_tables(written(tmp_path, {"ignored_roles": ["distribution", "referral"]}))
    assert tables.ignored_roles == ("distribution",)
    assert "no partner is on a deal in the role 'referral'" in str(tables.notes[-1])
