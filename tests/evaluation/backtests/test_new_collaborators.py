from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.backtests import new_collaborators as backtesting
from ecosystem_graph.evaluation.baselines.methods import available_baselines
from ecosystem_graph.evaluation.holdout import holdout_of
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.recommending import load_model

CUTOFF = date(2025, 1, 1)
CIRCLES = {name: [f"{name}{n}" for n in range(8)] for name in "abcde"}


@pytest.fixture(scope="module")
def followed_by(make_tables):
    """Circles that are chains of wins in 2023; a, b and c win as a whole in 2024, and then ..."""

    def followed_by(**later):
        chains = {f"{a}-{b}": [a, b] for circle in CIRCLES.values() for a, b in pairwise(circle)}
        days = dict.fromkeys(chains, "2023-06-01") | dict.fromkeys(later, "2025-06-01")
        return make_tables(
            wins=chains | {name: CIRCLES[name] for name in "abc"} | later,
            deals={deal: {"closed_on": day} for deal, day in days.items()},
            deal_requirements={deal: f"cap-{deal[0]}" for deal in chains},
        )

    return followed_by


@pytest.fixture(scope="module")
def whole_circles(followed_by):
    return followed_by(later_d=CIRCLES["d"], later_e=CIRCLES["e"])


@pytest.fixture(scope="module")
def result(whole_circles):
    return backtest(whole_circles, BacktestProtocol(CUTOFF))


@pytest.fixture
def default():
    """The model that ships: it needs no history to learn from."""
    return load_model("default")


@pytest.fixture
def ranked(monkeypatch):
    """What each baseline is asked and answers: (sources, lists), in the order they run."""
    seen = []

    def spy(scorer, sources, *setting):
        seen.append((sources, rank_all(scorer, sources, *setting)))
        return seen[-1][1]

    rank_all = backtesting.rank_all
    monkeypatch.setattr(backtesting, "rank_all", spy)
    return seen


def test_the_model_finds_what_was_planted_and_chance_does_not(result):
    ndcg = {name: outcome.metrics["ndcg"].estimate for name, outcome in result.results.items()}
    assert ndcg["model"] > 0.9
    assert ndcg["random"] < 0.5
    assert result.results["model"].metrics["hit_rate"].estimate == 1.0


def test_the_setting_is_told(result):
    assert (result.cutoff, result.until, result.k) == (CUTOFF, None, 10)
    assert result.n_partners == 40
    assert result.n_sources == 16
    # Seven others in a circle, of which the ends of the chain know one and the rest two.
    assert result.n_true == pytest.approx(7 - 14 / 8)


def test_the_model_stands_first_and_beside_every_baseline(result):
    assert list(result.results) == ["model", *available_baselines()]
    best = max(
        available_baselines(), key=lambda name: result.results[name].metrics["ndcg"].estimate
    )
    assert result.best_baseline == best
    ndcg = {name: result.results[name].metrics["ndcg"].estimate for name in ("model", best)}
    assert result.ratio.estimate == pytest.approx(ndcg["model"] / ndcg[best])
    for outcome in result.results.values():
        for interval in outcome.metrics.values():
            assert 0 <= interval.low <= interval.estimate <= interval.high <= 1


def without_seconds(result):
    return replace(
        result,
        results={name: replace(one, seconds=0.0) for name, one in result.results.items()},
    )


def test_the_same_seed_gives_the_same_result(whole_circles):
    few, names = BacktestProtocol(CUTOFF, n_lists=7, seed=3), ["random", "adamic_adar"]
    once, again = (backtest(whole_circles, few, baselines=names) for _ in range(2))
    assert without_seconds(once) == without_seconds(again)


def test_what_happens_after_the_cutoff_changes_the_truth_and_no_list(
    followed_by, whole_circles, ranked
):
    across = {f"later-{n}": [f"d{n}", f"e{n}"] for n in range(8)}
    results = [
        backtest(
            tables, BacktestProtocol(CUTOFF), baselines=["random", "popularity", "adamic_adar"]
        )
        for tables in (whole_circles, followed_by(**across))
    ]
    for (sources, lists), (later_sources, later_lists) in zip(ranked[:3], ranked[3:], strict=True):
        np.testing.assert_array_equal(sources, later_sources)
        np.testing.assert_array_equal(lists, later_lists)
    exposures = [
        [(one.coverage, one.gini, one.max_load) for one in result.results.values()]
        for result in results
    ]
    assert exposures[0] == exposures[1]
    assert results[0].n_candidates == results[1].n_candidates
    assert results[1].n_true == 1.0
    ndcg = [result.results["model"].metrics["ndcg"].estimate for result in results]
    assert ndcg[0] > ndcg[1]


def test_every_method_is_asked_about_the_same_partners_drawn_once(whole_circles, default, ranked):
    result = backtest(whole_circles, BacktestProtocol(CUTOFF, n_lists=5), model=default)
    drawn = ranked[0][0]
    assert result.n_sources == len(drawn) == 5
    for sources, lists in ranked:
        np.testing.assert_array_equal(sources, drawn)
        assert lists.shape == (5, 10)
    backtest(
        whole_circles,
        BacktestProtocol(CUTOFF, n_lists=5, seed=1),
        model=default,
        baselines=["random"],
    )
    assert ranked[-1][0].tolist() != drawn.tolist()


LATER = ["cy", "jo", "bob", "out", "sub", "nop", "eve"]
POSITIONS = sorted(["ann", "dan", *LATER])


@pytest.fixture
def small(make_tables):
    """Ann later wins with everybody; of them, only Cy and Jo count.

    Bob is known, Out opted out, Sub is of one family with Ann, Nop is not to be paired with her,
    and Eve was not known yet; Dan takes part, and nothing becomes of it.
    """
    before = {
        "b1": "ann bob",
        "b2": "ann bob",
        "b3": "bob cy",
        "b4": "out bob",
        "b5": "dan sub nop",
    }
    later = {f"later-{one}": f"ann {one}" for one in LATER}
    return make_tables(
        wins=before | later,
        deals={deal: {"closed_on": "2024-06-01"} for deal in before}
        | {deal: {"closed_on": "2025-06-01"} for deal in later},
        partners={
            "out": {"participates": False},
            "sub": {"parent_id": "ann"},
            "jo": {"joined_on": "2024-12-31"},
        },
        restrictions={"nop": {"ann": "do_not_pair"}},
    )


def test_baselines_rank_exactly_the_eligible_partners_that_were_known(small, default, ranked):
    result = backtest(small, BacktestProtocol(CUTOFF, k=9), model=default)
    assert result.n_partners == len({"ann", "bob", "cy", "dan", "jo", "nop", "sub"})
    for sources, lists in ranked:
        asked = {
            POSITIONS[source]: {POSITIONS[place] for place in row if place >= 0}
            for source, row in zip(sources, lists, strict=True)
        }
        assert asked == {
            "ann": {"cy", "dan", "jo"},
            "cy": {"ann", "dan", "jo", "nop", "sub"},
            "jo": {"ann", "bob", "cy", "dan", "nop", "sub"},
        }
    for outcome in result.results.values():
        assert outcome.metrics["recall"].estimate == 1.0
        assert outcome.coverage == 1.0


def test_the_truth_is_new_joint_wins_of_partners_that_may_be_proposed(small, default):
    result = backtest(small, BacktestProtocol(CUTOFF), model=default, baselines=["random"])
    assert result.n_sources == 3
    assert result.n_true == pytest.approx(4 / 3)  # Ann with Cy and Jo, either of them with Ann


def test_the_cold_slice_is_those_with_at_most_one_joint_win(small, default):
    result = backtest(small, BacktestProtocol(CUTOFF, k=1), model=default, baselines=["popularity"])
    assert result.n_cold == 2  # Cy won once, Jo never, Ann twice
    # Bob knows most; next come Dan, Nop and Sub with two each, then Ann and Cy with one.
    assert result.results["popularity"].cold["hit_rate"].estimate == 0.0
    assert set(result.results["model"].cold) == set(result.results["model"].metrics)


def test_nobody_in_the_cold_slice_is_told(make_tables, default):
    wins = {f"{pair}{n}": pair for pair in ("ann bob", "bob cy") for n in (1, 2)}
    tables = make_tables(
        wins=wins | {"later": "ann cy"}, deals={"later": {"closed_on": "2025-02-01"}}
    )
    result = backtest(tables, BacktestProtocol(CUTOFF), model=default, baselines=["random"])
    assert result.n_cold == 0
    assert result.results["model"].cold == {}


def test_candidates_are_counted_with_what_they_hold(small, default):
    result = backtest(small, BacktestProtocol(CUTOFF), model=default, baselines=["random"])
    assert result.n_candidates == pytest.approx((3 + 5 + 6) / 3)
    assert result.candidate_recall == 1.0


def test_few_candidates_hold_fewer_of_the_new_collaborators(small, default):
    # The one candidate of Ann is Cy, that of Cy is Ann; that of Jo, who knows nobody, is Bob.
    narrow = default.with_params(n_candidates=1)
    result = backtest(small, BacktestProtocol(CUTOFF), model=narrow, baselines=["random"])
    assert result.n_candidates == 1.0
    assert result.candidate_recall == pytest.approx((1 / 2 + 1 + 0) / 3)


@pytest.mark.parametrize(("horizon_days", "n_true"), [(30, 1.0), (31, 4 / 3), (10**9, 4 / 3)])
def test_wins_after_the_horizon_do_not_count(make_tables, default, horizon_days, n_true):
    tables = make_tables(
        wins={"b1": "ann bob", "b2": "bob cy", "b3": "bob dan", "l1": "ann cy", "l2": "ann dan"},
        deals={"l1": {"closed_on": "2025-01-30"}, "l2": {"closed_on": "2025-01-31"}},
    )
    result = backtest(
        tables,
        BacktestProtocol(CUTOFF, horizon_days=horizon_days),
        model=default,
        baselines=["random"],
    )
    assert result.n_true == pytest.approx(n_true)


def test_nothing_to_test_on_is_an_error(make_tables, default):
    with pytest.raises(HistoryError, match=r"nothing to test on: no partner known at 2025-01-01"):
        backtest(make_tables(wins=["ann bob"]), BacktestProtocol(CUTOFF), model=default)


def test_too_little_to_learn_from_is_an_error(small):
    with pytest.raises(HistoryError, match="too little history to learn from"):
        backtest(small, BacktestProtocol(CUTOFF))


@pytest.mark.parametrize("names", [["adamic"], []])
def test_baselines_that_are_not_there_are_refused(small, default, names):
    with pytest.raises(ValueError, match=r"baselines must be some of random, .* Got \["):
        backtest(small, BacktestProtocol(CUTOFF), model=default, baselines=names)


def test_a_model_that_knows_the_answers_is_refused(small, default):
    default = replace(default, fitted_as_of=date(2025, 1, 2))
    with pytest.raises(HistoryError, match="on data after the cutoff 2025-01-01"):
        backtest(small, BacktestProtocol(CUTOFF), model=default)


def test_progress_names_every_method(small, default):
    told = []
    backtest(small, BacktestProtocol(CUTOFF), model=default, progress=told.append)
    assert told == ["model", *available_baselines(), "probabilities"]


def test_whoever_was_introduced_before_the_cutoff_is_neither_proposed_nor_counted(make_tables):
    rows = {
        "wins": {"then": "ann bob", "cy": "cy di", "later": "ann cy di"},
        "deals": {
            "then": {"closed_on": "2024-01-31"},
            "cy": {"closed_on": "2024-02-28"},
            "later": {"closed_on": "2025-05-31"},
        },
    }
    met = {"partner_id": "cy", "collaborator_id": "ann", "introduced_on": "2024-11-30"}

    def asked(*introductions):
        tables = make_tables(**rows, introductions=introductions)
        graph = EcosystemGraph.from_tables(tables, CUTOFF)
        holdout = holdout_of(tables, graph, BacktestProtocol(CUTOFF, n_lists=10))
        truth, ids = holdout.truth.tocoo(), holdout.graph.index.ids
        places = zip(holdout.sources[truth.row], truth.col, strict=True)
        true = {(ids[a], ids[b]) for a, b in places}
        shut = {(ids[a], ids[b]) for a, b in zip(*holdout.excluded.nonzero(), strict=True)}
        return true, shut

    before, _ = asked()
    assert before == {("ann", "cy"), ("cy", "ann"), ("ann", "di"), ("di", "ann")}
    after, shut = asked({**met, "status": "introduced"})
    assert after == {("ann", "di"), ("di", "ann")}
    assert {("ann", "cy"), ("cy", "ann")} <= shut
    # What is decided or made after the cutoff is not known at it.
    late, _ = asked({**met, "introduced_on": "2025-01-31", "status": "introduced"})
    assert late == before
