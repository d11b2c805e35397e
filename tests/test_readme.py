import re
import shlex
from pathlib import Path

import pytest

from ecosystem_graph.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def shell_lines(command):
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.split()[:1] == [command]]


def section(heading):
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("line", shell_lines("ecosystem-graph"))
def test_the_commands_of_the_readme_parse(line):
    _, name, *arguments = shlex.split(line, comments=True)
    main.commands[name].make_context(name, arguments)


@pytest.mark.parametrize("line", shell_lines("make"))
def test_the_targets_of_the_readme_are_there(line):
    _, target, *_ = shlex.split(line, comments=True)
    assert f"\n{target}:" in (ROOT / "Makefile").read_text()


def test_the_command_table_is_that_of_the_command_line():
    rows = [row for row in section("Commands").splitlines() if row.startswith("| `")]
    told = [name for row in rows for name in re.findall(r"`([a-z-]+)", row.split("|")[1])]
    assert sorted(told) == sorted(main.commands)


def test_the_readme_names_every_column_of_an_answer(make_graph):
    from ecosystem_graph import Recommender

    rows = Recommender.load("default").recommend(
        make_graph(wins=["ann bob", "bob cy"], deal_requirements={"d-1": "crm"})
    )
    named = re.findall(r"^\| ([a-z_, ]+) \|", section("Output"), re.MULTILINE)
    assert set(rows.columns) <= {column for cell in named for column in cell.split(", ")}


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "collaborator_id" in printed
    assert re.search(r"^[+-]\d+\.\d\d  \w", printed, re.MULTILINE)
    assert (tmp_path / "runs" / "model" / "weights.npz").is_file()
