"""`str` of a result is the text that the command line prints."""

import json
import re
from datetime import date
from html import escape

import pytest

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.jobs import form_teams, run
from ecosystem_graph.recommending.requests.requirement import read_requirement

DAY = "2025-01-01"
DEFAULT = ("--as-of", DAY, "--model", "default", "--quiet")


@pytest.fixture
def acme(folder):
    return folder(
        partners={"ann": {"name": "Ann & Co"}},
        wins=["ann bob", "bob cy", "cy dan"],
        capabilities={"crm": {"name": "Customer relations"}},
        partner_capabilities={"bob": "crm", "cy": "crm"},
        deal_requirements={"d-1": "crm"},
    )


def test_an_explanation_prints_as_explain_does(ask, rich):
    tables = read_tables(rich)
    graph = EcosystemGraph.from_tables(tables, as_of=DAY)
    explanation = Recommender(random_state=0).fit(tables, DAY).explain(graph, "d0", "d5")
    printed = ask("explain", rich, "d0", "d5", "--as-of", DAY, "--quiet").stdout
    assert printed == f"{explanation}\n"
    assert printed.startswith("d0  with  d5\n")
    assert explanation._repr_html_() == f"<pre>{escape(str(explanation), quote=False)}</pre>"


def test_a_team_prints_as_team_does(ask, acme, tmp_path):
    file = tmp_path / "crm.json"
    file.write_text(json.dumps({"capabilities": ["crm", "none"], "lead": "ann"}))
    done = form_teams(
        read_tables(acme), {"crm": read_requirement(file)}, as_of=DAY, model="default"
    )
    printed = ask("team", acme, "--requirement", file, *DEFAULT).stdout
    assert printed == f"{done}\n"
    assert printed.startswith(f"{done.teams['crm']}\n")
    assert "1. Ann & Co (ann): lead" in printed
    assert "Customer relations (" in printed


def test_a_run_prints_as_recommend_does(ask, acme):
    done = run(read_tables(acme), as_of=DAY, model="default")
    assert ask("recommend", acme, *DEFAULT).stdout == f"{done}\n"


def without_seconds(text):
    """A back-test's text without what each method took."""
    return re.sub(r" +\d+\.\d$", "", text, flags=re.MULTILINE)


def test_a_backtest_prints_as_evaluate_does(ask, rich):
    few = ("--baseline", "random", "--sources", 5)
    printed = ask("evaluate", rich, "--cutoff", DAY, *few, "--quiet").stdout
    result = backtest(
        read_tables(rich),
        BacktestProtocol(date.fromisoformat(DAY), n_lists=5),
        baselines=["random"],
    )
    assert without_seconds(printed) == without_seconds(f"{result}\n")
