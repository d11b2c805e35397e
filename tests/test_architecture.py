import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ecosystem_graph"

#: Ground floor first: a floor imports only from itself and from floors before it.
FLOORS = [
    "errors",
    "arguments",
    "files",
    "tables",
    "importing",
    "synthetic",
    "arrays",
    "graph",
    "signals",
    "ranking",
    "lists",
    "recommending",
    "teams",
    "program",
    "audiences",
    "introductions",
    "jobs",
    "evaluation",
    "report",
    "exchange",
    "cli",
]

#: Imports for the type checker alone that look up instead of down: module -> what it imports.
LOOKING_UP = {"ecosystem_graph.errors": "ecosystem_graph.tables.problems"}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): ast.parse(path.read_text(encoding="utf-8"))
    for path in PACKAGE.rglob("*.py")
    if "_shipped" not in path.parts
}


def imported(nodes):
    """Modules of this package that import statements name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the module in full"
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else node.module for name in full]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "ecosystem_graph")


def at_import_time(nodes):
    """Statements that run when a module is imported."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            yield from at_import_time(node.orelse)
            continue
        yield node
        yield from at_import_time(ast.iter_child_nodes(node))


def floor(module):
    return FLOORS.index(module.split(".")[1])


def named(node):
    """Dotted name of an expression, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return getattr(node, "id", "")


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"ecosystem_graph"}))
def test_a_floor_imports_only_from_floors_before_it(module):
    for name in imported(ast.walk(MODULES[module])):
        assert name != "ecosystem_graph", "the package's own front door is for its users"
        if LOOKING_UP.get(module) != name:
            assert floor(name) <= floor(module), f"{module} imports {name}"


def test_what_looks_up_is_for_the_type_checker_alone():
    for module, name in LOOKING_UP.items():
        assert name not in imported(at_import_time(MODULES[module].body))


def test_every_floor_is_known():
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert there - {"__init__", "__pycache__", "_shipped"} <= set(FLOORS)


def test_no_modules_import_each_other_in_a_circle():
    imports = {module: set(imported(at_import_time(tree.body))) for module, tree in MODULES.items()}
    TopologicalSorter(imports).prepare()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_prints_reads_the_clock_or_runs_what_it_reads(module):
    calls = [node for node in ast.walk(MODULES[module]) if isinstance(node, ast.Call)]
    names = {named(call.func) for call in calls}
    assert not names & {"print", "eval", "exec", "compile", "__import__"}
    assert not {name.split(".")[-1] for name in names} & {"now", "utcnow", "today", "localtime"}
    assert not names & {"time.time", "time.monotonic", "time.strftime"}
    for call in calls:
        for keyword in call.keywords:
            if keyword.arg == "allow_pickle":
                assert isinstance(keyword.value, ast.Constant)
                assert keyword.value.value is False


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_imports_pickle_or_the_clock(module):
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names}
            assert not names & {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"}
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            assert {alias.name for alias in node.names} == {"perf_counter"}
        if isinstance(node, ast.ImportFrom):
            assert node.module not in {"pickle", "shelve", "marshal"}


def test_only_the_command_line_speaks_to_the_user():
    for module, tree in MODULES.items():
        if not module.startswith("ecosystem_graph.cli"):
            assert "click" not in {
                alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.Import)
                for alias in node.names
            }


def test_only_the_command_line_and_its_reports_name_options():
    for module, tree in MODULES.items():
        if module.split(".")[1:2] not in (["cli"], ["report"]):
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            named = [text for text in texts if re.search(r"(?<![-\w])--[a-z]", str(text))]
            assert named == [], f"{module} names an option of the command line"


@pytest.mark.parametrize("folder", ["datasets", "models"])
def test_data_folders_are_not_packages(folder):
    assert list((ROOT / folder).rglob("__init__.py")) == []
