import ast
import inspect
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import pytest
from click.testing import CliRunner

import ecosystem_graph
from ecosystem_graph import errors
from ecosystem_graph.cli import main

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).parent / "ecosystem-graph"
HEAVY = ["numpy", "scipy", "polars", "sklearn", "numba", "networkx", "dataframely", "joblib"]


def modules_after(statements):
    """Which of the heavy packages a fresh interpreter has loaded after some statements."""
    code = f"{statements}\nimport sys; sys.stdout.write(' '.join(set(sys.modules) & set({HEAVY})))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd="/"
    )
    return done.stdout.split()


def test_all_is_sorted_and_is_what_is_public():
    assert ecosystem_graph.__all__ == sorted(ecosystem_graph.__all__)
    assert dir(ecosystem_graph) == ecosystem_graph.__all__
    for name in set(ecosystem_graph.__all__) - {"__version__"}:
        assert getattr(ecosystem_graph, name).__name__ == name
    assert ecosystem_graph.__version__ == version("ecosystem-graph")


def test_type_checkers_see_the_names_that_are_public():
    tree = ast.parse(Path(ecosystem_graph.__file__).read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.asname: f"{node.module}.{alias.name}"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == {
        name: f"ecosystem_graph.{home}.{name}" for name, home in ecosystem_graph._HOMES.items()
    }


def test_every_error_is_public():
    raised = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__ == errors.__name__
    }
    assert raised <= set(ecosystem_graph.__all__)


def test_every_public_name_and_method_says_what_it_is():
    for name in set(ecosystem_graph.__all__) - {"__version__"}:
        value = getattr(ecosystem_graph, name)
        named = {name: value}
        if inspect.isclass(value):
            members = {k: v for k, v in vars(value).items() if not k.startswith("_")}
            named |= {f"{name}.{k}": v for k, v in members.items() if inspect.isroutine(v)}
        for what, one in named.items():
            assert inspect.getdoc(one), f"{what} has no docstring"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'ecosystem_graph' has no attribute 'recomend'"):
        _ = ecosystem_graph.recomend


def test_the_package_is_typed():
    assert (Path(ecosystem_graph.__file__).parent / "py.typed").is_file()


def test_the_version_is_the_one_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert version("ecosystem-graph") == project["version"]
    told = CliRunner().invoke(main, ["--version"]).output
    assert told == f"ecosystem-graph, version {project['version']}\n"


def test_importing_the_package_loads_nothing_heavy():
    assert modules_after("import ecosystem_graph") == []


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in main.commands)])
def test_help_loads_nothing_heavy(arguments):
    code = f"""
import contextlib, io
from ecosystem_graph.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main({arguments}, standalone_mode=False)
"""
    assert modules_after(code) == []


def test_help_is_instant():
    seconds = []
    for _ in range(5):
        started = perf_counter()
        subprocess.run([COMMAND, "--help"], check=True, capture_output=True)
        seconds.append(perf_counter() - started)
    assert min(seconds) < 0.3


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_an_example(name):
    told = CliRunner().invoke(main, [name, "--help"], terminal_width=100)
    assert told.exit_code == 0
    assert "Example" in told.output
    assert f"ecosystem-graph {name}" in told.output.split("Example")[1]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_examples_of_a_command_are_real(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "first").mkdir(parents=True)
    example = main.commands[name].help.split("Example")[1]
    for line in example.splitlines():
        if line.strip().startswith("ecosystem-graph"):
            _, command, *arguments = line.split()
            main.commands[command].make_context(command, arguments)


def test_no_command_is_a_wrong_usage():
    assert CliRunner().invoke(main, []).exit_code == 2
    assert CliRunner().invoke(main, ["recomend"]).exit_code == 2


def test_every_module_can_be_imported_where_there_is_no_fcntl():
    code = (
        "import sys, warnings; warnings.simplefilter('ignore'); sys.modules['fcntl'] = None\n"
        "import importlib, pkgutil, ecosystem_graph\n"
        "for module in pkgutil.walk_packages(ecosystem_graph.__path__, 'ecosystem_graph.'):\n"
        "    importlib.import_module(module.name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
