"""The help: whole summaries, and options that say on their own what they do."""

import click
import pytest

from ecosystem_graph.cli import main

OPTIONS = [
    (name, option)
    for name, command in main.commands.items()
    for option in command.params
    if isinstance(option, click.Option)
]


def test_no_summary_of_a_command_is_cut(ask):
    assert "..." not in ask("--help").stdout.split("Commands:")[1]


@pytest.mark.parametrize("name", main.commands)
def test_a_summary_is_short(name):
    assert 0 < len(main.commands[name].short_help or "") < 45


@pytest.mark.parametrize(
    ("name", "option"), OPTIONS, ids=[f"{name} {option.opts[0]}" for name, option in OPTIONS]
)
def test_the_help_of_an_option_is_a_sentence_of_its_own(name, option):
    sentence, *_ = (option.help or "").split("  [")
    assert len(sentence.split()) > 1
    assert sentence[0].isupper()
    assert sentence.endswith(".")
