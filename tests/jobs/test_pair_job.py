"""Questions about one pair from tables: by the model that would rank it, or by a run."""

from datetime import date

import pytest

from ecosystem_graph import ArtifactError, Output, Request, UnknownPartnerError, run
from ecosystem_graph.jobs import explain_pair, why_not_listed

AS_OF = date(2025, 1, 1)


@pytest.fixture(scope="module")
def written(taught, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = run(
        taught, Request.of(k=3, capacity=2), as_of=AS_OF, model="default", output=Output(folder)
    )
    return folder, done


def test_the_score_is_that_of_the_list_it_would_be_in(taught):
    row = run(taught, Request(partners=["d4"], k=1), as_of=AS_OF, model="default").recommendations
    explanation, graph = explain_pair(
        taught, "d4", row["collaborator_id"][0], as_of="2025-01-01", model="default"
    )
    assert explanation.score == row["score"][0]
    assert graph.as_of == AS_OF


def test_what_became_of_a_pair_is_read_off_a_run(taught, written):
    folder, done = written
    rows = done.recommendations
    listed = rows.row(0, named=True)
    why, _ = why_not_listed(taught, listed["partner_id"], listed["collaborator_id"], run=folder)
    assert why.listed
    assert (why.made.run_id, why.made.rank) == (done.record["run_id"], 1)
    moved = next(
        (a, b)
        for a in rows["partner_id"].unique().sort()
        for b in rows["collaborator_id"].unique().sort()
        if a != b and not ((rows["partner_id"] == a) & (rows["collaborator_id"] == b)).any()
    )
    assert not why_not_listed(taught, *moved, run=folder)[0].listed


def test_a_run_on_other_tables_and_what_is_no_run_are_refused(make_tables, written, tmp_path):
    other = make_tables(wins=["d4 d5"])
    with pytest.raises(ArtifactError, match="was made on other tables"):
        why_not_listed(other, "d4", "d5", run=written[0])
    with pytest.raises(ArtifactError, match="is not a run"):
        why_not_listed(other, "d4", "d5", run=tmp_path)


def test_a_slip_is_found_before_anything_is_learnt(taught, monkeypatch):
    monkeypatch.setattr("ecosystem_graph.jobs.pair_job.choose_model", None)
    for ask in (explain_pair, why_not_listed):
        with pytest.raises(UnknownPartnerError, match="'nobody'"):
            ask(taught, "d4", "nobody", as_of=AS_OF)


def test_two_names_of_one_partner_are_found_before_anything_is_learnt(taught, monkeypatch):
    monkeypatch.setattr("ecosystem_graph.jobs.pair_job.choose_model", None)
    for ask in (explain_pair, why_not_listed):
        with pytest.raises(UnknownPartnerError, match="are the same partner"):
            ask(taught, "d4", "Partner d4", as_of=AS_OF)


def test_a_run_with_a_rule_that_it_does_not_hold_is_not_answered_for(taught, tmp_path):
    def nobody(partners, collaborators):
        return (partners == collaborators).to_numpy()

    output = Output(tmp_path / "run")
    run(taught, Request(pair_rule=nobody), as_of=AS_OF, model="default", output=output)
    with pytest.raises(ArtifactError, match=r"a pair rule of the caller's, .*nobody"):
        why_not_listed(taught, "d4", "a3", run=output.target)
