"""Options become a request: each reaches the field it sets."""

import io

import click
import pytest

from ecosystem_graph import Request, Reranking
from ecosystem_graph.cli import main
from ecosystem_graph.cli.requests import lines_of, request_of


def test_options_set_the_fields_they_are_for_and_others_stay():
    options = {
        "k": 4,
        "territory": ("DE",),
        "kind": ("reseller",),
        "tier": ("gold",),
        "country": ("FR",),
        "candidates": io.StringIO("p-1\n\n p-2 \n"),
        "exclude": ("p-3",),
        "capacity": 2,
        "rest_days": 9,
        "model": "default",
    }
    request = request_of(options, partners=["p-9"])
    assert request == Request(
        k=4,
        partners=["p-9"],
        territories=["DE"],
        types=["reseller"],
        tiers=["gold"],
        countries=["FR"],
        candidates=["p-1", "p-2"],
        exclude=["p-3"],
        reranking=Reranking(capacity=2, rest_days=9),
    )
    assert options == {"model": "default"}


def test_what_a_request_refuses_is_wrong_usage():
    with pytest.raises(click.UsageError, match="capacity must be 0 or more"):
        request_of({"capacity": -1})


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_that_names_nobody_is_refused(content):
    with pytest.raises(click.BadParameter, match="names no partner"):
        lines_of(io.StringIO(content), "--candidates")


@pytest.mark.parametrize("command", ["recommend", "explain", "team"])
def test_every_command_that_ranks_takes_every_filter(command):
    options = {option for one in main.commands[command].params for option in one.opts}
    assert {"--territory", "--type", "--tier", "--country", "--candidates", "--exclude"} <= options


@pytest.mark.parametrize("option", [("--capacity", "0"), ("--diverse",), ("--reciprocal",)])
@pytest.mark.parametrize(
    "command", [("recommend", "horizon2020"), ("explain", "horizon2020", "a", "b", "--why-not")]
)
def test_one_list_for_a_requirement_is_not_reordered(ask, command, option):
    done = ask(*command, "--deal", "d-1", *option)
    assert done.exit_code == 2
    assert f"{option[0]} cannot be combined with --deal or --requirement" in done.stderr
