import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ecosystem_graph"

#: Ground floor first: a floor imports only from itself and from floors before it.
FLOORS = [
    "printable",
    "printing",
    "errors",
    "arguments",
    "progress",
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
    "evaluation",
    "jobs",
    "report",
    "exporting",
    "exchange",
    "cli",
]

FORBIDDEN_CALLS = {"print", "eval", "exec", "compile", "__import__"}
FORBIDDEN_CALLS |= {"time.time", "time.monotonic", "time.strftime"}
FORBIDDEN_METHODS = {"now", "utcnow", "today", "localtime"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


#: Every node of each module's syntax tree: code inside functions and under TYPE_CHECKING as well.
NODES = {
    module_name(path): list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    for path in PACKAGE.rglob("*.py")
    if "_shipped" not in path.parts
}


def nodes_of(kind):
    """Each node of a kind with the name of its module."""
    return [
        (module, node) for module in sorted(NODES) for node in NODES[module] if type(node) is kind
    ]


def names_imported(node):
    """What an import statement names, in full."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def modules_imported(module):
    """Modules of this package that a module imports, wherever in it."""
    names = set().union(*map(names_imported, NODES[module]))
    ours = {name for name in names if name.split(".")[0] == "ecosystem_graph"}
    return {name if name in NODES else name.rpartition(".")[0] for name in ours}


def floor(module):
    return FLOORS.index(module.split(".")[1])


def dotted(node):
    """Dotted name of an expression, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return getattr(node, "id", "")


def test_every_floor_is_known():
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert found - {"__init__", "__pycache__", "_shipped"} <= set(FLOORS)


def test_a_floor_imports_only_from_floors_before_it():
    for module in set(NODES) - {"ecosystem_graph"}:
        for name in modules_imported(module):
            assert name != "ecosystem_graph", f"{module} imports the front door, which is for users"
            assert floor(name) <= floor(module), f"{module} imports {name}, which is above it"


def test_no_modules_import_each_other_in_a_circle():
    modules = set(NODES) - {"ecosystem_graph"}
    imports = {module: modules_imported(module) for module in modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {' <- '.join(error.args[1])}")


def test_imports_name_the_module_in_full():
    for module, node in nodes_of(ast.ImportFrom):
        assert node.level == 0, f"{module} line {node.lineno}: a relative import"


def test_nothing_prints_reads_the_clock_or_runs_what_it_reads():
    for module, call in nodes_of(ast.Call):
        name = dotted(call.func)
        where = f"{module} line {call.lineno} calls {name}"
        assert name not in FORBIDDEN_CALLS, where
        assert name.split(".")[-1] not in FORBIDDEN_METHODS, where
        for keyword in call.keywords:
            if keyword.arg == "allow_pickle":
                assert getattr(keyword.value, "value", None) is False, where


def test_nothing_imports_pickle_the_clock_or_outside_the_command_line_click():
    for module in NODES:
        for name in set().union(*map(names_imported, NODES[module])):
            assert name.split(".")[0] not in FORBIDDEN_MODULES, f"{module} imports {name}"
            assert name.split(".")[0] != "time" or name == "time.perf_counter", module
            assert name.split(".")[0] != "click" or ".cli" in module, f"{module} imports {name}"


def test_only_the_command_line_and_its_reports_name_options():
    for module, node in nodes_of(ast.Constant):
        if module.split(".")[1:2] not in (["cli"], ["report"]):
            option = re.search(r"(?<![-\w])--[a-z]", str(node.value))
            assert not option, f"{module} line {node.lineno} names an option of the command line"


@pytest.mark.parametrize("folder", ["datasets", "models"])
def test_data_folders_are_not_packages(folder):
    assert list((ROOT / folder).rglob("__init__.py")) == []
