"""Every question there is about sound tables, with options drawn at random."""

from datetime import timedelta

from attacks.ecosystems import DAYS, FIRST, SKILLS, draw
from attacks.promises import finite, finite_facts, must, ordered
from ecosystem_graph.errors import EcosystemGraphError
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.backtests.tasks import repeat_backtest, requirement_backtest
from ecosystem_graph.evaluation.backtests.teams import team_backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.jobs import TeamOptions, explain_pair, form_teams, run, train, why_not_listed
from ecosystem_graph.recommending import Request, load_model
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.report import (
    backtest_text,
    explanation_text,
    run_json,
    run_text,
    task_text,
    team_backtest_text,
    team_run_text,
    why_not_text,
)


def ask_everything(rng, tables, told):
    """Ask a few of the questions below; how many were answered, the others refused."""
    answered = []
    for question, share in QUESTIONS.items():
        if rng.random() >= share:
            continue
        told.append(question.__name__)
        try:
            question(rng, tables, told)
            answered.append(question.__name__)
        except EcosystemGraphError as error:
            must(str(error), "an error that says something")
    return f"asked {len(answered)}"


def lists(rng, tables, told):
    chosen = {
        "k": int(rng.choice([1, 3, 10])),
        "include_known": bool(rng.random() < 0.2),
        "max_competition": [None, None, 0.0, 0.5][rng.integers(4)],
        "territories": [(), (), (), ("DE",)][rng.integers(4)],
        "reciprocal": bool(rng.random() < 0.2),
        "diverse": bool(rng.random() < 0.2),
        "capacity": [None, None, 0, 2][rng.integers(4)],
        "exposure_price": [0.0, 0.0, 1.0][rng.integers(3)],
    }
    on = {
        "as_of": day(rng),
        "model": ["default", "default", "default", None][rng.integers(4)],
    }
    told.append(f"{chosen} {on}")
    done = run(tables, Request.of(**chosen), **on)
    finite(done.recommendations)
    finite_facts(done.record)
    ordered(done.recommendations)
    must(run_text(done, everybody=True), "a text")
    must(run_json(done), "JSON")


def need(rng, tables, told):
    request = Request(**what_for(rng, tables, told))
    done = run(tables, request, as_of=day(rng), model="default")
    finite(done.recommendations)
    must(run_text(done, everybody=True), "a text")


def pair(rng, tables, told):
    ids = tables["partners"]["partner_id"].to_list()
    a, b = draw(rng, ids, 2)
    told.append(f"{a} {b}")
    on = {"as_of": day(rng), "model": "default"}
    explanation, graph = explain_pair(tables, a, b, **on)
    must(explanation_text(explanation), "a text")
    absent, graph = why_not_listed(tables, a, b, Request(k=3), **on)
    must(why_not_text(absent, graph), "a text")


def teams(rng, tables, told):
    chosen = what_for(rng, tables, told)
    needs = {"one": chosen["requirement"]} if "requirement" in chosen else None
    request = Request(deal=chosen.get("deal"))
    options = TeamOptions(size=[None, None, 2, 5][rng.integers(4)], seconds=0.2)
    done = form_teams(tables, needs, request, options=options, as_of=day(rng), model="default")
    finite_facts(done.record)
    must(team_run_text(done), "a text")


def past(rng, tables, told):
    kind = rng.integers(4)
    ask, text = [
        (backtest, backtest_text),
        (repeat_backtest, task_text),
        (requirement_backtest, task_text),
        (team_backtest, team_backtest_text),
    ][kind]
    protocol = BacktestProtocol(day(rng) or FIRST + timedelta(1_500), n_lists=20)
    model = load_model("default") if rng.random() < 0.7 else None
    told.append(f"{ask.__name__} fitted={model is None}")
    must(text(ask(tables, protocol, model=model)), "a text")


def learn(rng, tables, told):
    as_of = day(rng) or tables.default_as_of()
    train(tables, as_of)


QUESTIONS = {lists: 0.8, need: 0.3, pair: 0.4, teams: 0.3, past: 0.15, learn: 0.1}


def day(rng):
    """Any day of the history, or long before or after it; None for the usual one."""
    return [None, None, FIRST + timedelta(int(rng.integers(-10, DAYS + 900)))][rng.integers(3)]


def what_for(rng, tables, told):
    deals = tables["deals"]["deal_id"].to_list()
    if deals and rng.random() < 0.5:
        deal = deals[rng.integers(len(deals))]
        told.append(f"for {deal}")
        return {"deal": deal}
    ids = tables["partners"]["partner_id"].to_list()
    asked = Requirement(
        capabilities={skill: 1.0 for skill in SKILLS if rng.random() < 0.4} or {"wireless": 1.0},
        territory=[None, "DE", "XX"][rng.integers(3)],
        lead=[None, ids[rng.integers(len(ids))]][rng.integers(2)],
    )
    told.append(f"for {asked}")
    return {"requirement": asked}
