"""Later deals that two tasks rank for."""

from datetime import date

import pytest

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation.backtests.later_deals import later_deals
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.progress import silent
from ecosystem_graph.recommending import load_model

CUTOFF = date(2025, 1, 1)


@pytest.fixture
def tables(make_tables):
    return make_tables(
        wins={"before": "ann bob"},
        deals={"soon": {"closed_on": "2025-02-01"}, "late": {"closed_on": "2027-02-01"}},
        deal_partners={
            "soon": {"ann": "lead", "bob": "member"},
            "late": {"bob": "lead", "ann": "member"},
        },
        deal_requirements={"before": "crm", "soon": "crm", "late": "crm"},
    )


def found(tables, **protocol):
    later = later_deals(tables, BacktestProtocol(CUTOFF, **protocol), load_model("default"), silent)
    return later.deals.needs.leads.tolist(), later.deals.members.toarray().tolist()


def test_the_lead_is_given_and_the_other_members_are_hidden(tables):
    leads, members = found(tables, horizon_days=365)
    assert leads == [0]
    assert members == [[0.0, 1.0]]


def test_without_a_horizon_all_later_deals_count(tables):
    assert sorted(found(tables)[0]) == [0, 1]
    assert len(found(tables, n_lists=1)[0]) == 1


def test_without_a_later_deal_there_is_nothing_to_test_on(tables):
    with pytest.raises(HistoryError, match="no deal won after 2025-01-01 names a lead"):
        found(tables, horizon_days=10)
