"""Teams and their back-test as text."""

import pytest

from ecosystem_graph.jobs import form_teams
from ecosystem_graph.report.team_text import team_run_text
from ecosystem_graph.teams import read_requirements

LONG = "Société anonyme de conseil en systèmes d'information et de télécommunications " * 2


@pytest.fixture
def told(make_tables, tmp_path):
    """Text of a run over lines of requirements, in a wordy ecosystem."""
    capabilities = {f"cap-{n}": {"name": f"Capability of a certain length {n}"} for n in range(9)}
    tables = make_tables(
        partners={name: {"name": LONG + name, "country": "FR"} for name in ("ann", "bob", "cy")},
        wins=["ann bob", "bob cy"],
        capabilities=capabilities,
        partner_capabilities={"bob": list(capabilities)[:8], "cy": list(capabilities)[1:8]},
        csat=[{"partner_id": "bob", "customer_id": "c", "score": 5.0}],
        offerings={"ann": "lan", "bob": "vpn", "cy": "vpn"},
    )

    def told(*lines):
        path = tmp_path / "needs.jsonl"
        path.write_text("\n".join(lines))
        asked = read_requirements(path)
        return team_run_text(form_teams(tables, asked, as_of="2025-01-01", model="default"))

    return told


ASKED = ", ".join(f'"cap-{n}"' for n in range(9))
ALL = f'{{"capabilities": [{ASKED}], "lead": "ann", "territory": "DE"}}'


def test_every_line_fits_however_long_the_names(told):
    text = told(ALL)
    assert all(len(line) <= 100 for line in text.splitlines())
    assert "no business in the territory on record" in text
    assert "(1 answer)" in text


def test_the_objective_is_told_term_by_term_and_what_is_missing_with_its_reason(told):
    text = told(ALL)
    assert "Objective" in text
    assert "coverage +" in text
    assert "size -0.50" in text
    assert "Capability of a certain length 8: no partner holds it" in text


def test_of_many_the_first_three_are_shown(told):
    text = told(*[ALL] * 5)
    assert text.startswith("As of 2025-01-01: 5 teams for 5 requirements, 10 seats.")
    assert text.count("\n== ") == 3
    assert "not proven" in text
