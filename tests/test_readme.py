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


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_what_is_linked_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#]+)", text)
    files = [link for link in linked if not link.startswith("http")]
    assert files
    assert [link for link in files if not (ROOT / link).is_file()] == []


def test_the_readme_links_every_page_that_is_written_by_hand():
    pages = [page for page in (ROOT / "docs").rglob("*.md") if page.name != "index.md"]
    written = [page for page in pages if "<!-- generated" not in page.read_text("utf-8")]
    linked = {(ROOT / link).resolve() for link in re.findall(r"\]\((docs/[^)#]+)", README)}
    assert {page for page in written if page.name != "changelog.md"} <= linked


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "collaborator_id" in printed
    assert re.search(r"^[+-]\d+\.\d\d  \w", printed, re.MULTILINE)
    assert (tmp_path / "runs" / "model" / "weights.npz").is_file()
