"""`evaluate`: the back-test beside the baselines."""

import json

import pytest

TRIO = {"wins": ["ann bob", "bob cy"]}
CUTOFF = ("--cutoff", "2025-01-01")


def test_evaluate_sets_the_model_beside_the_baselines(ask, rich):
    done = ask("evaluate", rich, *CUTOFF, "--baseline", "random", "--baseline", "adamic_adar")
    assert done.exit_code == 0
    methods = [line.split()[0] for line in done.stdout.splitlines() if " [" in line]
    assert methods[:3] == ["model", "random", "adamic_adar"]
    told = [line.split(":")[0] for line in done.stderr.splitlines() if " at peak" in line]
    assert told == ["model", "random", "adamic_adar", "probabilities"]


def test_evaluate_sets_other_orders_beside_the_plain_one(ask, rich):
    few = (*CUTOFF, "--baseline", "random", "--sources", 5, "--quiet")
    done = ask("evaluate", rich, *few, "--reciprocal", "--diverse", "--json")
    told = json.loads(done.stdout)["results"]
    assert list(told) == ["model", "model_reciprocal", "model_diverse", "random"]
    assert told["model_diverse"]["likeness"] <= told["model"]["likeness"]
    assert told["model_reciprocal"]["smaller_gain"] >= told["model"]["smaller_gain"]
    assert (
        json.loads(ask("evaluate", rich, *few, "--json").stdout)["results"]["model"]["metrics"]
        == told["model"]["metrics"]
    )


def test_only_lists_of_new_collaborators_are_reordered(ask, rich):
    done = ask("evaluate", rich, *CUTOFF, "--task", "repeat", "--diverse")
    assert done.exit_code == 2
    assert "--diverse cannot be combined with --task repeat" in done.stderr


def test_evaluate_as_json(ask, rich):
    few = ("--sources", 3, "-k", 5, "--horizon-days", 90, "--baseline", "random", "--quiet")
    done = ask("evaluate", rich, *CUTOFF, *few, "--json")
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert (told["k"], told["n_sources"], told["until"]) == (5, 3, "2025-04-01")
    assert set(told["results"]) == {"model", "random"}
    assert done.stderr == ""


def test_evaluate_shows_what_limits_and_prices_cost(ask, rich):
    limits = "--capacity", 3, "--capacity", 1, "--exposure-price", 0.5
    done = ask("evaluate", rich, *CUTOFF, *limits)
    assert done.exit_code == 0
    for line in ("plain ", "capacity 3 ", "capacity 1 ", "price 0.5 "):
        assert sum(row.startswith(line) for row in done.stdout.splitlines()) == 2
    told = json.loads(ask("evaluate", rich, *CUTOFF, *limits, "--json").stdout)
    assert [point["capacity"] for point in told["points"]] == [None, 3, 1, None]
    assert [point["maximal_load"] for point in told["points"][1:3]] == [3, 1]


def test_evaluate_where_nothing_follows_is_an_error(ask, folder):
    done = ask("evaluate", folder(**TRIO), *CUTOFF)
    assert done.exit_code == 1
    assert "nothing to test on" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--cutoff", "2025"),
        (*CUTOFF, "--baseline", "adamic"),
        (*CUTOFF, "--horizon-days", "0"),
        (*CUTOFF, "--sources", "0"),
        (*CUTOFF, "--capacity", "-1"),
        (*CUTOFF, "--capacity", "5", "--task", "repeat"),
        (*CUTOFF, "--exposure-price", "nan"),
        (*CUTOFF, "--exposure-price", "inf"),
        (*CUTOFF, "--exposure-price", "0.1", "--baseline", "popularity"),
    ],
)
def test_evaluate_of_wrong_usage_is_2(ask, folder, arguments):
    done = ask("evaluate", folder(**TRIO), *arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
